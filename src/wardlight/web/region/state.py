"""What both screens of the region are made from: hospitals, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from wardlight.plan.destinations.destinations import State
from wardlight.plan.destinations.drive_time import Drive
from wardlight.plan.destinations.hospital_index import HospitalIndex
from wardlight.plan.destinations.region import Region, empty_region
from wardlight.plan.destinations.region_facts import beside_the_table, counted_at, facts_of
from wardlight.record.instants import Instant
from wardlight.views.services.service_rows import FacilityBoard
from wardlight.web.page import Desk
from wardlight.web.services.lines import names

UNPLACED_NAMED_MAX = 6


class RegionNow(Struct, frozen=True, kw_only=True):
    """The region at one moment."""

    region: Region
    index: HospitalIndex  # of the table, and of contacts that have a position
    boards: Mapping[str, FacilityBoard]
    state: State
    unplaced: tuple[str, ...]  # names of those nobody can send anybody to: no position is known

    def with_drives(self, drives: Mapping[str, Drive]) -> State:
        """Return the state with drives better than the ruler's."""
        return State(
            now=self.state.now,
            facts=self.state.facts,
            inbound=self.state.inbound,
            drives=drives,
        )

    def notices(self) -> list[str]:
        """Return what of the region's files is missing or cannot be used."""
        said = list(self.region.notices)
        if self.unplaced:
            named = ", ".join(self.unplaced[:UNPLACED_NAMED_MAX])
            more = len(self.unplaced) - UNPLACED_NAMED_MAX
            tail = f" and {more} more" if more > 0 else ""
            said.append(f"Not on the list, because nobody has said where they are: {named}{tail}")
        return said


def region_now(desk: Desk, now: Instant) -> RegionNow:
    """Return the region as it stands."""
    region = desk.region or empty_region()
    status = desk.views.service_status
    boards = status.facilities(now, names(desk))
    extra, unplaced = beside_the_table(boards, region.index.by_code)
    facts = facts_of(boards)
    return RegionNow(
        region=region,
        index=region.index.with_more(extra),
        boards={one.code: one for one in boards},
        state=State(
            now=now,
            facts=facts,
            inbound=desk.views.destinations.inbound(now, counted_at(facts)),
        ),
        unplaced=unplaced,
    )
