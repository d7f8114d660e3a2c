"""The demo's regional day: its forms are judged and written as everybody's are."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from hashlib import sha256
from secrets import token_hex
from typing import Protocol

from wardlight.record.codes import StayClass
from wardlight.record.entry import Draft, Entry
from wardlight.record.events.access import StaffStated
from wardlight.record.identity import PatientKey
from wardlight.record.instants import MINUTE, Clock, Instant, local
from wardlight.record.sources import Site
from wardlight.rules.asking import Accepted, Asked, Author, Fields, Ground
from wardlight.rules.judging import draft_of, judged
from wardlight.rules.site_tables import SiteTables
from wardlight.sim.regional_day import HOME, TRANSFERS, Filled, day, later
from wardlight.views.fold import Views

TURN_SECONDS = 0.5
STATION = "demo"


class Here(Protocol):
    """What the day needs of a node."""

    views: Views
    sites: dict[str, Site]
    tables: SiteTables

    @property
    def clock(self) -> Clock:
        """Return what tells the time."""

    async def write(self, draft: Draft) -> Entry:
        """Have an entry written; it is in every view when this returns."""


class RegionalDay:
    """Two emergency departments close; ambulances and fourteen patients go elsewhere."""

    def __init__(self, node: Here, people: Mapping[str, StaffStated]) -> None:
        self._node = node
        self._people = people
        self._requests: dict[int, str] = {}
        self.began = False

    async def play(self) -> None:
        """Fill in what was said until now, then let the day go on with the demo's clock."""
        self.began = True
        await self.until_now()
        await self.from_now_on(pause=TURN_SECONDS)

    async def until_now(self) -> None:
        """Fill in what was said in the last hours."""
        for one in day(self._patients()):
            await self._fill_in(one)

    async def from_now_on(self, *, pause: float) -> None:
        """Fill in the rest as its time comes; looks at the clock every `pause` seconds."""
        begin = self._node.clock()
        for one in later():
            while self._node.clock() < begin - one.ago * MINUTE:  # noqa: ASYNC110 -- simulated time
                await asyncio.sleep(pause)
            await self._fill_in(one)

    def _patients(self) -> list[PatientKey]:
        present = self._node.views.census.present(HOME)
        found = [one.patient for one in present if one.stay_class is not StayClass.EMERGENCY]
        return found[:TRANSFERS]

    async def _fill_in(self, one: Filled) -> None:
        now = self._node.clock()
        ground = self._ground(one.site, now)
        asked = self._asked(one, Instant(round(now - max(one.ago, 0) * MINUTE)))
        found = judged(asked, ground)
        assert isinstance(found, Accepted), f"the demo's own form {one.kind}: {found}"
        content = sha256(repr(asked.fields.pairs).encode()).hexdigest()[:32]
        await self._node.write(draft_of(asked, found, ground, content))
        if one.patient:
            self._requests[one.transfer] = asked.id

    def _asked(self, one: Filled, made: Instant) -> Asked:
        person = self._people[one.account]
        number = () if one.patient else self._request(one.transfer)
        return Asked(
            id=token_hex(16),
            kind=one.kind,
            site=one.site,
            author=Author(person.account, person.name, str(person.role), STATION),
            fields=Fields((*one.fields, *number, *self._promised(one))),
            patient=one.patient,
            made=made,
            skew=0,
        )

    def _promised(self, one: Filled) -> tuple[tuple[str, str], ...]:
        """Return when the next update is promised, as one writes it at that hospital."""
        if not one.next_in:
            return ()
        at = Instant(round(self._node.clock() + one.next_in * MINUTE))
        wall = local(at, self._node.sites[one.site].zone)
        return ("next_at", f"{wall:%H%M}"), ("next_on", f"{wall:%Y-%m-%d}")

    def _request(self, transfer: int) -> tuple[tuple[str, str], ...]:
        found = self._requests.get(transfer)
        return (("request", found),) if found else ()

    def _ground(self, site: str, now: Instant) -> Ground:
        return Ground(
            views=self._node.views,
            now=now,
            zone=self._node.sites[site].zone,
            site=site,
            tables=self._node.tables,
        )
