"""W1, the unit census: everybody on the unit by bed, with what a nurse must know first."""

from __future__ import annotations

from typing import Any

from wardlight.paper import lengths
from wardlight.paper.head import at, banner, moment
from wardlight.paper.packs.sheets import PatientSheets, UnitPack
from wardlight.views.rows import StayState

FORM = "W1A"
_CODE_STATUS_UNKNOWN = "Not recorded: treat per hospital rule"


def census(pack: UnitPack) -> list[dict[str, Any]]:
    """Return one row per patient, in the order of the beds."""
    return [_row(sheets, pack) for sheets in pack.patients]


def code_status(sheets: PatientSheets) -> list[str]:
    """Return every code status on record; none is preferred, silence is not "full code"."""
    return [fact.text for fact in sheets.chart.code_status()] or [_CODE_STATUS_UNKNOWN]


def alerts(sheets: PatientSheets) -> list[str]:
    """Return isolation, falls and the like; code status stands apart."""
    others = [fact for fact in sheets.chart.alerts if fact.alert != "code status"]
    return [f"{fact.alert}: {fact.text}" if fact.text else fact.alert for fact in others]


def _row(sheets: PatientSheets, pack: UnitPack) -> dict[str, Any]:
    stay = sheets.stay
    due = [row.next_due for row in sheets.mar.rows if row.next_due is not None]
    said = {
        **banner(sheets, pack),
        "admitted": moment(stay.admitted, pack),
        "attending": stay.attending or "Not recorded",
        "reason": stay.reason or "Not recorded",
        "code_status": code_status(sheets),
        "other_alerts": alerts(sheets),
        "diet": [fact.text for fact in sheets.chart.diet],
        "place": _place(sheets, pack),
        "pending": [order.words() for order in sheets.results.pending],
        "next_due": at(min(due), pack) if due else "none",
        "medicines": str(len(sheets.mar.rows)),
    }
    return said | {"breaks": lengths.may_break(lengths.census_row_height(said))}


def _place(sheets: PatientSheets, pack: UnitPack) -> list[str]:
    stay = sheets.stay
    words: list[str] = []
    if stay.state is StayState.ON_LEAVE:
        back = moment(stay.expected_return, pack) if stay.expected_return else "time not known"
        words.append(f"ON LEAVE until {back}")
    if stay.temporary:
        words.append(f"OFF UNIT: {stay.temporary.words()}")
    if stay.planned:
        words.append(f"planned to {stay.planned.words()}")
    if stay.expected_discharge:
        words.append(f"discharge expected {moment(stay.expected_discharge, pack)}")
    return [*words, *stay.notes]
