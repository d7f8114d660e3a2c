"""The log of an emergency department: who came, when, why and how they left (domain.md E2).

It fills itself from registrations, placements and departures, and holds more than the central log
of EMTALA (42 CFR 489.20(r)(3)) and HICS 254 ask for.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from msgspec import Struct, convert, to_builtins
from msgspec.structs import replace

from wardlight.record.codes import Location, StayClass
from wardlight.record.entry import Entry
from wardlight.record.events.charting import EntryVoided
from wardlight.record.events.entered import Entered
from wardlight.record.events.registration import Leaving, PatientLeft, PatientPlaced
from wardlight.record.events.registration import PatientRegistered as Registered
from wardlight.record.events.transfers import TransferDeparted
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant

IN_LOG = frozenset({StayClass.EMERGENCY, StayClass.OBSERVATION})
LETTERS = {
    Leaving.DISCHARGED: "D",
    Leaving.TRANSFERRED: "T",
    Leaving.DIED: "M",  # morgue, as HICS 254 calls it
    Leaving.UNSEEN: "LWBS",
    Leaving.AGAINST_ADVICE: "AMA",
}
ADMITTED = "A"


class Visit(Struct, frozen=True, kw_only=True, gc=False):
    """One visit to the emergency department."""

    entry: str  # id of the registration
    patient: PatientKey
    number: str
    site: str
    arrived: Instant
    recorded: Instant
    by: str
    triage: str = ""
    reason: str = ""
    arrived_by: str = ""
    crew: str = ""
    diverted_from: str = ""
    called: str = ""
    age: str = ""
    place: Location = Location()
    roomed: Instant | None = None
    provider: str = ""
    disposition: str = ""  # A D T M LWBS AMA
    to: str = ""
    left: Instant | None = None
    left_by: str = ""  # id of the entry that says how they left

    def is_open(self) -> bool:
        """Return whether the patient is still in the department."""
        return not self.disposition


class EdLog:
    """Every visit of every site, by its registration."""

    def __init__(self) -> None:
        self._visits: dict[str, Visit] = {}
        self._newest: dict[PatientKey, str] = {}

    def take(self, entry: Entry, entered: Entered, patient: PatientKey) -> None:
        """Take an entry of staff into account; `patient` is whose it is."""
        match entered.said:
            case Registered():
                self._register(entry, entered, patient)
            case PatientPlaced():
                self._place(entry, entered.said, patient)
            case PatientLeft():
                self._leave(entry, entered, entered.said, patient)
            case TransferDeparted():
                self._leave(entry, entered, entered.said.left(), patient)
            case EntryVoided():
                self._void(entered.said.entry.partition(".")[0])
            case _:
                return

    def visits(self, site: str) -> tuple[Visit, ...]:
        """Return a site's visits in the order of arrival."""
        found = (one for one in self._visits.values() if one.site == site)
        return tuple(sorted(found, key=lambda one: (one.arrived, one.recorded, one.number)))

    def counts(self, site: str) -> Counter[str]:
        """Return how many are here, and how many left in each way."""
        return Counter(one.disposition or "here" for one in self.visits(site))

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        return {"visits": to_builtins(self._visits), "newest": self._newest}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._visits = convert(kept["visits"], dict[str, Visit])
        self._newest = kept["newest"]

    def _register(self, entry: Entry, entered: Entered, patient: PatientKey) -> None:
        said = entered.said
        assert isinstance(said, Registered), "asked before"
        if entered.corrects:
            self._void(entered.corrects.partition(".")[0])
        if said.stay_class not in IN_LOG:
            return
        self._newest[patient] = entered.id
        self._visits[entered.id] = Visit(
            entry=entered.id,
            patient=patient,
            number=said.number,
            site=entry.site,
            arrived=entry.occurred,
            recorded=entry.recorded,
            by=entered.by,
            triage=said.triage,
            reason=said.reason,
            arrived_by=said.arrived_by,
            crew=said.crew,
            diverted_from=said.diverted_from,
            called=said.called,
            age=said.age,
            place=said.place,
            roomed=entry.occurred if said.place.bed else None,
        )

    def _place(self, entry: Entry, said: PatientPlaced, patient: PatientKey) -> None:
        visit = self._open(patient)
        if visit is None:
            return
        if said.admit:
            self._put(
                replace(visit, disposition=ADMITTED, to=said.place.words(), left=entry.occurred)
            )
            return
        provider = said.attending or visit.provider
        roomed = visit.roomed or entry.occurred
        self._put(replace(visit, place=said.place, roomed=roomed, provider=provider))

    def _leave(
        self, entry: Entry, entered: Entered, said: PatientLeft, patient: PatientKey
    ) -> None:
        visit = self._open(patient)
        if visit is not None:
            letter = LETTERS[said.how]
            self._put(
                replace(
                    visit, disposition=letter, to=said.to, left=entry.occurred, left_by=entered.id
                )
            )

    def _open(self, patient: PatientKey) -> Visit | None:
        visit = self._visits.get(self._newest.get(patient, ""))
        return visit if visit is not None and visit.is_open() else None

    def _put(self, visit: Visit) -> None:
        self._visits[visit.entry] = visit

    def _void(self, entry: str) -> None:
        """Forget a visit registered in error; one whose leaving was an error is open again."""
        for one in [one for one in self._visits.values() if one.left_by == entry]:
            self._put(replace(one, disposition="", to="", left=None, left_by=""))
        visit = self._visits.pop(entry, None)
        if visit is not None and self._newest.get(visit.patient) == entry:
            del self._newest[visit.patient]
