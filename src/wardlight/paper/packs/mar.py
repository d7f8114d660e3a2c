"""W3, the downtime MAR: 24 hours back, 24 hours forward, the dose the nurse gives first."""

from __future__ import annotations

from typing import Any

from wardlight.paper import lengths
from wardlight.paper.head import at, badge, moment
from wardlight.paper.packs.sheets import PatientSheets, UnitPack
from wardlight.record.codes import OrderState
from wardlight.views.ages import Block
from wardlight.views.bedside.dose_times import TimesFrom
from wardlight.views.bedside.mar import CellState, MarCell, MarRow
from wardlight.views.bedside.medication_words import (
    MedicationWords,
    drug_words,
    given_words,
    medication_words,
)
from wardlight.views.facts import DoseFact, OrderFact

FORM = "W3A"
BLANK_BOXES = 4  # to write times into where the schedule is not understood
SECTIONS = (
    ("scheduled", "Scheduled"),
    ("infusion", "Infusions"),
    ("one time", "One time"),
    ("as needed", "As needed (PRN)"),
)
_MARKS = {
    CellState.GIVEN: "given",
    CellState.PARTLY: "PARTLY given",
    CellState.REFUSED: "REFUSED",
    CellState.NOT_GIVEN: "NOT GIVEN",
    CellState.UNKNOWN: "charted, not understood",
    CellState.OVERDUE: "no dose charted",
    CellState.LATE_QUESTION: "given? not known here: ask",
}


def mar(sheets: PatientSheets, pack: UnitPack) -> dict[str, Any]:
    """Return the sections of the MAR and what is said about its limits."""
    record = sheets.mar
    said = {
        "age": badge(Block.MAR, record.as_of, pack),
        "dose_feed": record.has_dose_feed,
        "blind": [at(edge, pack) for edge in record.blind] if record.blind else [],
        "sections": [
            {
                "title": title,
                "kind": kind,
                "rows": [_row(row, pack) for row in record.rows if row.section == kind],
            }
            for kind, title in SECTIONS
            if any(row.section == kind for row in record.rows)
        ],
        "unmatched": [_dose(dose, pack, named=True) for dose in record.unmatched],
        "orders_known": sheets.chart.orders_as_of is not None,
    }
    return said | {"apart": lengths.end_apart(said, pack.paper)}


def _row(row: MarRow, pack: UnitPack) -> dict[str, Any]:
    order, detail = row.order, row.order.detail
    words = MedicationWords(drug=drug_words(order.words()), as_received=order.as_received)
    if detail is not None:
        words = medication_words(detail, as_received=order.as_received, timing=order.timing)
    due = [cell for cell in row.cells if cell.state is CellState.DUE]
    past = [cell for cell in row.cells if cell.state is not CellState.DUE]
    said = {
        "dose": words.dose or "DOSE: see order",
        "drug": words.drug or drug_words(order.words()),
        "form": words.form,
        "rate": words.rate,
        "route": words.route or "route not stated",
        "frequency": words.frequency or order.timing.pattern or "frequency not stated",
        "origin": _origin(order, words),
        "indication": detail.indication if detail else "",
        "instructions": detail.instructions if detail else "",
        "components": list(detail.components) if detail else [],
        "state": _state(row),
        "last": _dose(row.last_given, pack) if row.last_given else "none on record",
        "next": at(row.next_due, pack) if row.next_due is not None else "",
        "derived": row.times_from is TimesFrom.SITE_TABLE,
        "schedule_known": row.schedule_known,
        "schedule": order.timing.pattern or order.timing.text or "not stated",
        "past": [_mark(cell, pack) for cell in past],
        "due": [at(cell.at, pack) for cell in due],
        "blanks": BLANK_BOXES if not row.schedule_known or row.section == "as needed" else 0,
    }
    return said | {"breaks": lengths.may_break(lengths.medicine_height(said))}


def _origin(order: OrderFact, words: MedicationWords) -> str:
    """Return who prescribed it, what stands in stock, and the order as it came."""
    parts = [f"prescribed by {order.prescriber}."] if order.prescriber else []
    parts += [f"Stock strength {words.strength}."] if words.strength else []
    return " ".join([*parts, f"As received: {words.as_received or order.as_received}"])


def _state(row: MarRow) -> str:
    words: list[str] = []
    if row.order.state is OrderState.HELD:
        words.append("HELD")
    if row.order.state is OrderState.UNKNOWN:
        words.append("STATE NOT KNOWN: look at the original order")
    if row.ended_by_time:
        words.append("END TIME HAS PASSED: ask")
    if row.order.detail is None:
        words.append("SEE ORIGINAL ORDER")
    return " · ".join(words)


def _mark(cell: MarCell, pack: UnitPack) -> dict[str, str]:
    dose = cell.dose
    return {
        "when": moment(dose.at, pack) if dose else at(cell.at, pack),
        "state": cell.state.value,
        "words": _MARKS[cell.state],
        "amount": given_words(dose.amount, dose.unit) if dose else "",
        "by": dose.by if dose else "",
        "reason": dose.reason if dose else "",
    }


def _dose(dose: DoseFact, pack: UnitPack, *, named: bool = False) -> str:
    name = f"{drug_words(dose.drug.words())} " if named else ""
    amount = given_words(dose.amount, dose.unit) or "amount not recorded"
    said = "" if dose.state.value == "given" else f" {dose.state.value.upper()}"
    by = f" by {dose.by}" if dose.by else ""
    return f"{name}{amount}{said} {moment(dose.at, pack)}{by}"
