"""What was taken back or corrected on one page: what it said, whose it was, who took it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from wardlight.record.events.charting import (
    ChartEvent,
    DocumentFiled,
    DoseRecorded,
    OrderChanged,
    OrderChecked,
    ResultsReported,
)
from wardlight.views.facts import TakenBack
from wardlight.web.times import Times
from wardlight.wire.entered.observations import FLUIDS, VITALS

WARD_UNITS = {"mm[Hg]": "mmHg", "Cel": "\N{DEGREE SIGN}C"}  # UCUM, and what a ward writes


class Amended(Struct, frozen=True):
    """One entry that counts no more."""

    words: str
    by: str
    because: str


def doses_amended(one: ChartEvent) -> bool:
    """Return whether something is a dose."""
    return isinstance(one, DoseRecorded)


def observations_amended(one: ChartEvent) -> bool:
    """Return whether something belongs on the page of observations."""
    return isinstance(one, ResultsReported) and one.section in (VITALS, FLUIDS)


def notes_amended(one: ChartEvent) -> bool:
    """Return whether something is a note."""
    return isinstance(one, DocumentFiled)


def orders_amended(one: ChartEvent) -> bool:
    """Return whether something belongs on the order sheet."""
    return isinstance(one, OrderChanged | OrderChecked)


def amended(
    entries: Iterable[TakenBack], belongs: Callable[[ChartEvent], bool], t: Times
) -> list[Amended]:
    """Return what was taken back of one page, newest first."""
    return [_amended(one, t) for one in entries if belongs(one.event)]


def _amended(one: TakenBack, t: Times) -> Amended:
    who = f"{one.by.said_by()}, {t.at(one.by.recorded)}"
    because = f"taken back by {who}: {one.reason}" if one.reason else f"corrected by {who}"
    by = f"{one.stamp.said_by()}, {t.at(one.stamp.occurred)}"
    return Amended(words_of(one.event), by, because)


def words_of(event: ChartEvent) -> str:
    """Return what an entry said, whole: what was wrong is still to be read."""
    match event:
        case ResultsReported():
            values = ", ".join(
                f"{line.test.words()} {line.value} {WARD_UNITS.get(line.unit, line.unit)}".strip()
                for line in event.observations
            )
            return f"{values}. {' '.join(event.notes)}".strip()
        case DoseRecorded():
            amount = f"{event.amount} {event.unit}".strip()
            said = (event.drug.words(), amount, str(event.state), event.reason, event.note)
            return " \N{MIDDLE DOT} ".join(part for part in said if part)
        case DocumentFiled():
            return f"{event.title}: {event.text}"
        case OrderChanged():
            detail = event.detail
            parts = (event.what.words(), detail.dose, detail.unit, detail.route) if detail else ()
            words = " ".join(part for part in parts if part) or event.what.words()
            why = f" ({event.reason})" if event.reason else ""
            return f"{words}: {event.state}{why}"
        case OrderChecked():
            return f"{event.what.words()}: {event.check} {event.note}".strip()
        case _:
            return type(event).__name__
