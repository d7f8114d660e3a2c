"""The hospitals of a region from a table a site provides, with the names public lists use.

An empty cell says nothing: it is never a no. What contradicts itself is kept with the doubt beside
it, and what cannot be placed on the map is named by its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from wardlight.record.hospitals import Hospital
from wardlight.record.problems import Problem
from wardlight.record.services import Service
from wardlight.wire.region.rows import Cells, first_of, number_in, position_in, rows_of

FILES = ("hospitals.tsv", "hospitals.csv")
HOSPITALS_MAX = 20_000
TOLD_MAX = 200  # lines that are named; the rest is counted
SPACES_MAX = 1_000
YES = frozenset({"y", "yes", "true", "1", "x"})
NO = frozenset({"n", "no", "false", "0"})
CODE = ("code", "ccn", "hifld_id", "id")
# Columns of a service, with those of public lists; a level or grade in one of them is a yes.
SERVICES: Mapping[Service, tuple[str, ...]] = {
    Service.ED: ("ed", "emergency"),
    Service.TRAUMA: ("trauma",),
    Service.STROKE: ("stroke",),
    Service.STEMI: ("stemi",),
    Service.CT: ("ct",),
    Service.CATH: ("cath lab", "cath"),
    Service.OB: ("ob",),
    Service.PAEDIATRICS: ("paediatrics", "pediatrics", "peds"),
    Service.BURN: ("burn",),
    Service.ICU: ("icu",),
    Service.OR: ("or",),
    Service.DIALYSIS: ("dialysis",),
    Service.PSYCH: ("psych",),
    Service.HELIPAD: ("helipad",),
}
SPACES = ("ed_spaces", "ed spaces", "ed_stations_2021")
_STATUS = ("status", "hifld_status")
_GRADE = re.compile(r"level|\b(?:P|C|T|ASR)SC\b|\bI{1,3}\b|\bIV\b|\bV\b", re.IGNORECASE)
_CODE = re.compile(r"[^\w.-]+")


class HospitalTable(Struct, frozen=True):
    """What a table says, and which of its lines nobody could be made of."""

    hospitals: tuple[Hospital, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()
    refused_in_all: int = 0


def read_hospital_table(body: bytes, where: str = FILES[0]) -> HospitalTable | Problem:
    """Return the hospitals of a table; a problem for a file that is none."""
    rows = rows_of(body, where)
    if isinstance(rows, Problem):
        return rows
    found: dict[str, list[Hospital]] = {}
    refused: list[tuple[int, str]] = []
    for at, cells in rows:
        made = _hospital(cells)
        if isinstance(made, str):
            refused.append((at, made))
        elif len(found) >= HOSPITALS_MAX:
            refused.append((at, f"a table holds at most {HOSPITALS_MAX:,} hospitals"))
        else:
            found.setdefault(_own_code(made, cells, found), []).append(made)
    whole = tuple(_joined(code, same) for code, same in found.items())
    return HospitalTable(whole, tuple(refused[:TOLD_MAX]), len(refused))


def _own_code(made: Hospital, cells: Cells, found: Mapping[str, list[Hospital]]) -> str:
    """Return the code of a row: several campuses of one public number are told apart."""
    if cells.get("code") or made.code not in found:
        return made.code
    other = _CODE.sub("-", first_of(cells, ("hifld_id", "id")))
    return other if other and other not in found else f"{made.code}-{len(found)}"


def _hospital(cells: Cells) -> Hospital | str:
    code = _CODE.sub("-", first_of(cells, CODE))[:40]
    name = first_of(cells, ("name", "hospital"))
    at = position_in(cells)
    if not code or not name:
        return "no code or no name"
    if at is None:
        return "no latitude and longitude that are a place"
    can = frozenset(one for one in SERVICES if _says(cells, one) is True)
    cannot = frozenset(one for one in SERVICES if _says(cells, one) is False)
    spaces = number_in(first_of(cells, SPACES))
    closed = _closed(cells)
    return Hospital(
        code=code,
        name=name,
        at=at,
        can=can,
        cannot=cannot,
        phone=cells.get("phone", ""),
        radio=cells.get("radio", ""),
        ed_spaces=int(spaces) if spaces is not None and 1 <= spaces <= SPACES_MAX else None,
        closed=closed,
        doubts=tuple(_doubts(cells, closed)),
        source=first_of(cells, ("source",)),
    )


def _says(cells: Cells, service: Service) -> bool | None:
    """Return yes or no; None where the table says nothing, or nothing that can be understood."""
    told = first_of(cells, SERVICES[service])
    if service is Service.TRAUMA and _only_children(told):
        return None
    if told.casefold() in YES or _GRADE.search(told):
        return True
    return False if told.casefold() in NO else None


def _only_children(told: str) -> bool:
    """Return whether a trauma level is one for children alone: it says nothing of adults."""
    levels = [one for one in told.casefold().split(",") if one.strip()]
    return bool(levels) and all("pediatric" in one or "paediatric" in one for one in levels)


def _closed(cells: Cells) -> str:
    if cells.get("closed_on"):
        return f"since {cells['closed_on']}"
    status = first_of(cells, _STATUS).casefold()
    return "by its table" if status.startswith("closed") else ""


def _doubts(cells: Cells, closed: str) -> Iterator[str]:
    told = cells.get("closed", "").casefold()
    if told in NO and closed:
        yield "its row says both closed and not closed"
    note = cells.get("note", "")
    for word in ("conflict", "contradict", "unverified"):
        if word in note.casefold():
            yield f"the table's own note: {note[:120]}"
            break


def _joined(code: str, same: list[Hospital]) -> Hospital:
    """Return one hospital of all rows of its code; rows that differ contradict each other."""
    first = replace(same[0], code=code)
    if len(same) == 1:
        return first
    differ = {(one.at, one.closed, one.name) for one in same}
    doubts = ("rows of its code differ in place, name or closing",) if len(differ) > 1 else ()
    return replace(
        first,
        can=frozenset().union(*(one.can for one in same)),
        cannot=frozenset().union(*(one.cannot for one in same)),
        closed=next((one.closed for one in same if one.closed), ""),
        doubts=tuple(dict.fromkeys((*doubts, *(doubt for one in same for doubt in one.doubts)))),
    )
