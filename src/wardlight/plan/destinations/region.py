"""Everything a node holds about its region, read once from the files of its folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from wardlight.plan.destinations.destination_policy import DestinationPolicy, shipped_policy
from wardlight.plan.destinations.drive_time import PINNED, Drive, KnownTime, banded, pinned
from wardlight.plan.destinations.hospital_index import HospitalIndex
from wardlight.plan.transfers.transfer_policy import TransferPolicy
from wardlight.plan.transfers.transfer_policy import shipped_policy as shipped_transfer_policy
from wardlight.record.hospitals import Hospital
from wardlight.record.places import Place, Position
from wardlight.wire.region.place_table import ToldDrive

ASKED_OF_ENGINE = 60  # nearest hospitals whose drives a road engine is asked for


class Engine(Protocol):
    """A road engine the settings name; it may be away, and then says so."""

    async def drives(
        self, origin: Place, hospitals: tuple[Hospital, ...]
    ) -> tuple[Mapping[str, Drive], str]:
        """Return the drives by hospital, and a notice for people; ({}, notice) when it is away."""


class Region(Struct, frozen=True, kw_only=True):
    """Hospitals, places, known drives, rules and an outline; each may be missing."""

    index: HospitalIndex
    policy: DestinationPolicy
    transfer_policy: TransferPolicy
    places: tuple[Place, ...] = ()
    known_times: tuple[KnownTime, ...] = ()
    outline: tuple[tuple[Position, ...], ...] = ()
    notices: tuple[str, ...] = ()  # what of the files could not be used
    engine: Engine | None = None

    def drives(self, origin: Place) -> dict[str, Drive]:
        """Return the drives somebody knows from a place."""
        return pinned(self.known_times, origin)


def empty_region() -> Region:
    """Return the region of a node whose site has provided nothing."""
    return Region(
        index=HospitalIndex(),
        policy=shipped_policy(),
        transfer_policy=shipped_transfer_policy(),
    )


def known_times(places: tuple[Place, ...], told: tuple[ToldDrive, ...]) -> tuple[KnownTime, ...]:
    """Return the drives of a table from the places they name; from others they are of no use."""
    by_name = {one.words.casefold(): one for one in places}
    return tuple(
        KnownTime(origin=by_name[one.place.casefold()], code=one.code, drive=_drive(one))
        for one in told
        if one.place.casefold() in by_name
    )


def _drive(told: ToldDrive) -> Drive:
    source = f"{PINNED}, {told.source}" if told.source else PINNED
    if told.lo is None or told.hi is None:
        return banded(told.minutes, source)
    return Drive(told.minutes, told.lo, told.hi, source)
