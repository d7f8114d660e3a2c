"""What is open, who diverts, how full it is: every hospital of the network and its neighbours.

For others who build on it:

- `views.service_status.now(key, now)` → `Standing`: how one service stands. Expiry and silence
  are worked out from `now`; NO_REPORT means that nobody's word counts any more, or ever was there.
- `.facilities(now, sites)` → `FacilityBoard`s, own sites first (`sites`: those of the node, code →
  name), then neighbours by name. `board.standing(service)`, `.takes(service)`, `.capability(…)`.
- `.facility(code, now, sites)` → one of them.
- `.history(facility, now)` → `Stretch`es of all its services; `.hours(facility, now)` → ms per
  service, state and category.
- `.ending(facility, now)` → the services somebody has to renew, let go or look at again.
- `.changes(now, since)` → `Change`s newest first, with who acknowledged them.

Nothing here writes and nothing reads a clock: two who ask for the same `now` get the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import convert, structs, to_builtins

from wardlight.record.entry import Entry
from wardlight.record.events.charting import EntryVoided
from wardlight.record.events.entered import Entered
from wardlight.record.events.services import (
    BedsCounted,
    ChangeAcknowledged,
    CrowdingCounted,
    NeighbourStated,
    ServicesSaid,
    ServiceStated,
)
from wardlight.record.instants import DAY, Instant
from wardlight.record.services import Service, ServiceKey
from wardlight.views.latest_words import LatestWords
from wardlight.views.patients.census import Census
from wardlight.views.services import service_history
from wardlight.views.services.nedocs import band_of, nedocs
from wardlight.views.services.service_rows import (
    Acknowledged,
    Beds,
    Change,
    Counted,
    FacilityBoard,
    Standing,
    Statement,
    Stretch,
)

CHANGES_FOR_MS = DAY  # how far back a dispatcher's feed goes unless asked for more
CENSUS = "census"
UNOCCUPIED = "U"  # HL7 table 0116
_ORDER = tuple(Service)
_SEP = "\0"  # between a facility and a kind of bed


class ServiceStatus:
    """What was said of services, counts and neighbours; see the module for what it answers."""

    def __init__(self, census: Census) -> None:
        """`census` is where beds are counted from while a feed says who lies where."""
        self.version = 0  # grows with every word that is taken into account
        self._census = census
        self._statements: dict[ServiceKey, list[Statement]] = {}
        self._backs: dict[str, Instant] = {}  # name of an entry that was taken back → when
        self._crowding = LatestWords[CrowdingCounted](_facility, self._is_back)
        self._beds = LatestWords[BedsCounted](_ward_kind, self._is_back)
        self._contacts = LatestWords[NeighbourStated](_code, self._is_back)
        self._seen = LatestWords[ChangeAcknowledged](_change, self._is_back)

    def take(self, entry: Entry, entered: Entered) -> None:
        """Take an entry of staff into account; what is not about services is left alone."""
        if isinstance(entered.said, ServicesSaid | EntryVoided) or entered.corrects:
            self.version += 1  # a dose or a weight makes no board anew
            self._take(entry, entered)

    def _take(self, entry: Entry, entered: Entered) -> None:
        said = entered.said
        if isinstance(said, EntryVoided):
            self._backs.setdefault(said.entry, entry.recorded)
        elif isinstance(said, ServiceStated):
            self._state(entry, entered, said)
        elif isinstance(said, CrowdingCounted):
            self._crowding.take(entry, entered, said)
        elif isinstance(said, BedsCounted):
            self._beds.take(entry, entered, said)
        elif isinstance(said, NeighbourStated):
            self._contacts.take(entry, entered, said)
        elif isinstance(said, ChangeAcknowledged):
            self._seen.take(entry, entered, said)
        if entered.corrects:
            self._backs.setdefault(entered.corrects, entry.recorded)

    def now(self, key: ServiceKey, now: Instant) -> Standing:
        """Return how a service stands; NO_REPORT for one nobody ever spoke of."""
        counts = service_history.in_force(self._standing(key), now)
        return service_history.standing(key, counts, now)

    def keys(self, facility: str) -> list[ServiceKey]:
        """Return the services of a facility that anything was ever said of, in their order."""
        found = {key for key in self._statements if key.facility == facility}
        return sorted(found, key=lambda key: (_ORDER.index(key.service), key.name))

    def ending(self, facility: str, now: Instant) -> tuple[Standing, ...]:
        """Return the services of a hospital somebody has to look at: ending, over, to review."""
        found = (self.now(key, now) for key in self.keys(facility))
        return tuple(
            one
            for one in found
            if one.is_review_due() or ((one.expired_notice or one.is_ending()) and one.is_recent())
        )

    def neighbours(self) -> tuple[NeighbourStated, ...]:
        """Return the hospitals outside the network that are kept as contacts, by name.

        What is said of how to reach a site of ours is among them; `gone` ones are not.
        """
        found = (one for one in self._known().values() if not one.gone)
        return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.code)))

    def facility(
        self, code: str, now: Instant, sites: Mapping[str, str] | None = None
    ) -> FacilityBoard:
        """Return what is known of one hospital, also when that is nothing."""
        own = sites or {}
        contact = self._known().get(code) or NeighbourStated(code=code, name="")
        services = self._services(code, now)
        crowding = self._counted(code)
        beds = (*self._by_hand(code), *(self._from_census(code) if code in own else ()))
        heard = [one.stated_at for one in services]
        heard += [crowding.at if crowding else None, *(one.at for one in beds)]
        return FacilityBoard(
            code=code,
            name=own.get(code) or contact.name or code,
            own=code in own,
            as_of=now,
            phone=contact.phone,
            radio=contact.radio,
            latitude=contact.latitude,
            longitude=contact.longitude,
            can=contact.can,
            cannot=contact.cannot,
            kept_by=contact.kept_by,
            services=services,
            crowding=crowding,
            beds=beds,
            last_heard=max((at for at in heard if at is not None), default=None),
        )

    def facilities(
        self, now: Instant, sites: Mapping[str, str] | None = None
    ) -> tuple[FacilityBoard, ...]:
        """Return every hospital: the node's own sites in their order, then the neighbours.

        One that was only ever spoken of, but is in neither list, is shown as well: nobody who
        diverts is left out because of a missing contact.
        """
        own = tuple(sites or ())
        contacts = self._known()
        gone = {code for code, one in contacts.items() if one.gone}
        others = [one.code for one in self.neighbours() if one.code not in own]
        spoken = sorted({key.facility for key in self._statements} - {*own, *others, *gone})
        return tuple(self.facility(code, now, sites) for code in (*own, *others, *spoken))

    def history(self, facility: str, now: Instant) -> tuple[Stretch, ...]:
        """Return the time lines of all services of a hospital, service by service."""
        return tuple(
            bar
            for key in self.keys(facility)
            for bar in service_history.stretches(key, self._standing(key), now)
        )

    def hours(
        self, facility: str, now: Instant
    ) -> Mapping[ServiceKey, Mapping[service_history.Sum, int]]:
        """Return the ms each service stood in each state and category, from its first word on."""
        bars = self.history(facility, now)
        return {
            key: service_history.totals(bar for bar in bars if bar.key == key)
            for key in self.keys(facility)
        }

    def changes(self, now: Instant, since: Instant | None = None) -> tuple[Change, ...]:
        """Return what changed on the board since a time (a day, unless said), newest first."""
        first = now - CHANGES_FOR_MS if since is None else since
        found = [
            structs.replace(change, acknowledged=self.acknowledgements(change.id))
            for key, statements in self._statements.items()
            for change in service_history.changes(
                key, statements, self._gone(statements), now, Instant(first)
            )
            if change.at >= first
        ]
        return tuple(sorted(found, key=lambda one: (-one.at, one.key, one.id)))

    def spoken(
        self,
    ) -> Iterator[tuple[ServiceKey, tuple[Statement, ...], Mapping[str, Instant]]]:
        """Give every service with all words on it, and when which of them were taken back."""
        for key, statements in self._statements.items():
            yield key, tuple(statements), self._gone(statements)

    def acknowledgements(self, change: str) -> tuple[Acknowledged, ...]:
        """Return who has seen a change, first the first."""
        return tuple(
            Acknowledged(one.said.by or one.by, one.at) for one in self._seen.every(change)
        )

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        statements = [one for held in self._statements.values() for one in held]
        return {
            "statements": to_builtins(statements),
            "crowding": self._crowding.snapshot(),
            "beds": self._beds.snapshot(),
            "contacts": self._contacts.snapshot(),
            "seen": self._seen.snapshot(),
            "backs": to_builtins(self._backs),
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._statements = {}
        for one in convert(kept["statements"], list[Statement]):
            self._statements.setdefault(one.said.key, []).append(one)
        self._backs.clear()
        self._backs.update(convert(kept["backs"], dict[str, Instant]))
        self._crowding.restore(kept["crowding"], CrowdingCounted)
        self._beds.restore(kept["beds"], BedsCounted)
        self._contacts.restore(kept["contacts"], NeighbourStated)
        self._seen.restore(kept["seen"], ChangeAcknowledged)

    def _state(self, entry: Entry, entered: Entered, said: ServiceStated) -> None:
        self._statements.setdefault(said.key, []).append(
            Statement(
                id=entered.name(),
                said=said,
                site=entry.site,
                stated_at=entry.occurred,
                recorded=entry.recorded,
                by=entered.by,
                role=entered.role,
                corrects=entered.corrects,
            )
        )

    def _standing(self, key: ServiceKey) -> list[Statement]:
        """Return the words on a service that were not taken back."""
        return [one for one in self._statements.get(key, ()) if not self._is_back(one.id)]

    def _gone(self, statements: Iterable[Statement]) -> dict[str, Instant]:
        """Return which of these were taken back, and when."""
        return {
            one.id: self._backs.get(one.id) or self._backs[one.id.partition(".")[0]]
            for one in statements
            if self._is_back(one.id)
        }

    def _is_back(self, name: str) -> bool:
        return name in self._backs or name.partition(".")[0] in self._backs

    def _services(self, code: str, now: Instant) -> tuple[Standing, ...]:
        keys = self.keys(code)
        ed = ServiceKey(code, Service.ED)
        return tuple(self.now(key, now) for key in (keys if ed in keys else [ed, *keys]))

    def _known(self) -> dict[str, NeighbourStated]:
        newest = ((code, self._contacts.newest(code)) for code in self._contacts.subjects())
        return {code: word.said for code, word in newest if word is not None}

    def _counted(self, code: str) -> Counted | None:
        word = self._crowding.newest(code)
        if word is None:
            return None
        score = nedocs(word.said)
        band = "" if score is None else band_of(score)
        return Counted(said=word.said, at=word.at, by=word.by, score=score, band=band)

    def _by_hand(self, code: str) -> tuple[Beds, ...]:
        kinds = (one for one in self._beds.subjects() if one.startswith(f"{code}{_SEP}"))
        newest = (word for word in map(self._beds.newest, kinds) if word is not None)
        return tuple(
            Beds(
                kind=word.said.kind,
                available=word.said.available,
                baseline=word.said.baseline,
                at=word.at,
                by=word.by,
                said=word.said,
            )
            for word in newest
        )

    def _from_census(self, code: str) -> tuple[Beds, ...]:
        """Return the taken beds of each unit, and the empty ones housekeeping has reported."""
        return tuple(
            Beds(
                kind=unit.unit or "no unit",
                available=self._reported_empty(code, unit.unit),
                baseline=None,
                at=unit.as_of,
                by=CENSUS,
                occupied=unit.patients,
                from_census=True,
            )
            for unit in self._census.units(code)
        )

    def _reported_empty(self, code: str, unit: str) -> int | None:
        """Return how many beds are said to be empty; None where no bed's state is ever sent."""
        rows = [one for one in self._census.beds(code, unit) if one.status]
        return sum(not one.stays and one.status == UNOCCUPIED for one in rows) if rows else None


def _facility(said: CrowdingCounted) -> str:
    return said.facility


def _ward_kind(said: BedsCounted) -> str:
    return f"{said.facility}{_SEP}{said.kind}"


def _code(said: NeighbourStated) -> str:
    return said.code


def _change(said: ChangeAcknowledged) -> str:
    return said.change
