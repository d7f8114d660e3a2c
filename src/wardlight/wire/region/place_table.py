"""Towns, grid squares and corners by name, and the drives somebody knows from them."""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.places import Place, Setting, setting_of
from wardlight.record.problems import Problem
from wardlight.wire.region.rows import Cells, first_of, number_in, position_in, rows_of

PLACES, DRIVES = "places.tsv", "drive_times.tsv"
PLACES_MAX, DRIVES_MAX = 50_000, 100_000
MINUTES_MAX = 24 * 60


class ToldDrive(Struct, frozen=True, kw_only=True):
    """Minutes from a named place to a hospital; without a band nobody gave one."""

    place: str
    code: str
    minutes: float
    lo: float | None = None
    hi: float | None = None
    source: str = ""


def read_places(body: bytes) -> tuple[Place, ...] | Problem:
    """Return the places of a table; rows without a name or a position are left out."""
    rows = rows_of(body, PLACES)
    if isinstance(rows, Problem):
        return rows
    found = (_place(cells) for _, cells in rows[:PLACES_MAX])
    return tuple(one for one in found if one is not None)


def _place(cells: Cells) -> Place | None:
    name, at = first_of(cells, ("place", "name", "town")), position_in(cells)
    if not name or at is None:
        return None
    told = first_of(cells, ("setting",)).casefold()
    density = number_in(first_of(cells, ("residents_per_km2", "density")))
    named = next((one for one in Setting if one.value == told), None)
    return Place(words=name, at=at, setting=named or setting_of(density))


def read_drives(body: bytes) -> tuple[ToldDrive, ...] | Problem:
    """Return the known drives of a table; rows without minutes are left out."""
    rows = rows_of(body, DRIVES)
    if isinstance(rows, Problem):
        return rows
    found = (_drive(cells) for _, cells in rows[:DRIVES_MAX])
    return tuple(one for one in found if one is not None)


def _drive(cells: Cells) -> ToldDrive | None:
    minutes = _minutes(cells, "minutes")
    place, code = first_of(cells, ("place", "from")), first_of(cells, ("code", "to"))
    if minutes is None or not place or not code:
        return None
    lo, hi = _minutes(cells, "lo"), _minutes(cells, "hi")
    fits = lo is not None and hi is not None and lo <= minutes <= hi
    return ToldDrive(
        place=place,
        code=code,
        minutes=minutes,
        lo=lo if fits else None,
        hi=hi if fits else None,
        source=first_of(cells, ("source",)),
    )


def _minutes(cells: Cells, name: str) -> float | None:
    number = number_in(cells.get(name, ""))
    return number if number is not None and 0 <= number <= MINUTES_MAX else None
