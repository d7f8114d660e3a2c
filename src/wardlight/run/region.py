"""The region of a node: what its folder `tables/` says of hospitals, places, drives and rules.

A file that cannot be used is said on the screens it is for; the rest is used all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from msgspec import structs

from wardlight.outputs.road_engine import RoadEngine
from wardlight.plan.destinations.destination_policy import FILE as POLICY
from wardlight.plan.destinations.destination_policy import read_policy
from wardlight.plan.destinations.hospital_index import HospitalIndex
from wardlight.plan.destinations.region import Engine, Region, empty_region, known_times
from wardlight.plan.transfers.transfer_policy import FILE as TRANSFER_POLICY
from wardlight.plan.transfers.transfer_policy import read_policy as read_transfer_policy
from wardlight.record.hospitals import Hospital
from wardlight.record.problems import Problem
from wardlight.run.settings import DriveTimes
from wardlight.run.site_tables import FOLDER
from wardlight.wire.region.hospital_table import FILES, read_hospital_table
from wardlight.wire.region.outline import OUTLINE, read_outline
from wardlight.wire.region.place_table import DRIVES, PLACES, read_drives, read_places

T = TypeVar("T")
BYTES_MAX = 32 * 1024 * 1024  # a larger file is not even looked into


def keep_tables(folder: Path, files: Mapping[str, str]) -> None:
    """Put tables into a node's folder, where a site would put its own (the demo)."""
    tables = folder / FOLDER
    tables.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in files.items():
        (tables / name).write_text(text, "utf-8")


def engine_of(told: DriveTimes) -> Engine | None:
    """Return the road engine the settings name; None where they name none."""
    if not told.engine:
        return None
    host, _, port = told.address.rpartition(":")
    return RoadEngine(told.engine, host.strip("[]"), int(port), timeout_s=told.timeout_seconds)


def region_of(folder: Path, engine: Engine | None = None) -> Region:
    """Return the region a node's folder describes; an empty one where it says nothing."""
    tables, notices = folder / FOLDER, list[str]()
    made = structs.replace(empty_region(), engine=engine)
    if (body := _read(tables, *FILES)) is not None:
        made = structs.replace(made, index=HospitalIndex(_hospitals(body, notices)))
    if (body := _read(tables, POLICY)) is not None:
        policy = _or_notice(read_policy(body), notices)
        made = structs.replace(made, policy=policy or made.policy)
    if (body := _read(tables, TRANSFER_POLICY)) is not None:
        weights = _or_notice(read_transfer_policy(body), notices)
        made = structs.replace(made, transfer_policy=weights or made.transfer_policy)
    places = () if (body := _read(tables, PLACES)) is None else read_places(body)
    drives = () if (body := _read(tables, DRIVES)) is None else read_drives(body)
    outline = () if (body := _read(tables, OUTLINE)) is None else read_outline(body)
    found = _or_notice(places, notices) or ()
    return structs.replace(
        made,
        places=found,
        known_times=known_times(found, _or_notice(drives, notices) or ()),
        outline=_or_notice(outline, notices) or (),
        notices=tuple(notices),
    )


def _hospitals(body: bytes, notices: list[str]) -> tuple[Hospital, ...]:
    table = _or_notice(read_hospital_table(body), notices)
    if table is None:
        return ()
    if table.refused_in_all:
        at, because = table.refused[0]
        more = f"{table.refused_in_all} lines of the hospital table are not used"
        notices.append(f"{more}, the first is line {at}: {because}")
    return table.hospitals


def _read(folder: Path, *names: str) -> bytes | None:
    """Return the first of these files there is; None when there is none that can be read."""
    for name in names:
        path = folder / name
        if path.is_file():
            with path.open("rb") as file:
                return file.read(BYTES_MAX)
    return None


def _or_notice(found: T | Problem, notices: list[str]) -> T | None:
    if isinstance(found, Problem):
        notices.append(f"{found.where} is not used: {found.because}")
        return None
    return found
