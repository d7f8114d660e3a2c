"""Diet orders: ODS (HL7 v2.5.1 §4.8.1; interop.md §6)."""

from __future__ import annotations

from wardlight.record.codes import OrderKind, OrderState
from wardlight.record.events.charting import DietReported, OrderChanged
from wardlight.wire.hl7v2.charting.fields import words
from wardlight.wire.hl7v2.charting.groups import Group, Row
from wardlight.wire.hl7v2.encoding import Encoding

_TYPES = {"S": "supplement", "P": "preference"}  # table 0159; D is the diet itself
_OVER = frozenset({OrderState.STOPPED, OrderState.COMPLETED, OrderState.REPLACED})


def diets(orders: list[OrderChanged]) -> list[DietReported]:
    """Return what diet orders say; one that ends or gives way takes its diet back."""
    found = []
    for order in orders:
        if order.kind is not OrderKind.DIET:
            continue
        ends = order.state in _OVER or order.control in {"RP", "RU", "RQ"}
        text = order.what.words()
        if order.replaces and order.replaces != order.number:
            found.append(DietReported(number=order.replaces, text="", on=False))
        if text or ends:
            found.append(DietReported(number=order.number, text=text, on=not ends))
    return found


def diet_words(group: Group, encoding: Encoding) -> str:
    """Return a diet in words: `Low sodium; supplement: Protein shake`."""
    found = (_words(row, encoding) for row in group.all("ODS"))
    return "; ".join(dict.fromkeys(text for text in found if text))


def _words(ods: Row, encoding: Encoding) -> str:
    said = (words(ods[3], encoding), words(ods[4], encoding), words(ods[2], encoding))
    diet, text, period = said
    line = ", ".join(dict.fromkeys(part for part in (diet, text) if part))
    if period and line:
        line = f"{line} ({period})"
    kind = _TYPES.get(ods[1].strip().upper(), "")
    return f"{kind}: {line}" if kind and line else line
