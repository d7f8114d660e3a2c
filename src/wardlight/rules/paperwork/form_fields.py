"""Which fields of a form's file a rule reads: what goes nowhere must not look as if it did.

A site writes its own forms. A field that no rule reads would be typed from the sheet, thanked for
and lost, so such a file is named before anything is printed from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wardlight.record import catalogue
from wardlight.record.events.observations import NoteKind
from wardlight.rules.bedside.observations import CHOICES, PARTS, SIGNS

_ALWAYS = frozenset({"at", "on", "on_behalf_of"})
_DOSES = frozenset(
    {
        "amount",
        "body_site",
        "drug",
        "order",
        "rate",
        "rate_unit",
        "reason",
        "route",
        "second_check",
        "state",
        "step",
        "unit",
        "wristband_second",
    }
)
_ORDERS = frozenset(
    {
        "amount",
        "as_needed",
        "drug",
        "ending",
        "first_at",
        "first_on",
        "form",
        "indication",
        "note",
        "order",
        "order_kind",
        "pattern",
        "prescriber",
        "priority",
        "rate",
        "rate_unit",
        "read_back_by",
        "reason",
        "replaces",
        "route",
        "spoken",
        "strength",
        "text",
        "unit",
    }
)
READS: Mapping[str, frozenset[str]] = {
    catalogue.VITALS_CHARTED: frozenset({*SIGNS, *CHOICES, "note"}),
    catalogue.FLUID_CHARTED: frozenset({"flow", "route", "volume", "note"}),
    catalogue.DOSE_CHARTED: _DOSES,
    catalogue.ORDER_WRITTEN: _ORDERS,
}
"""Of the entries that are typed beside the picture; the rest is typed on screens of its own."""


def unread_fields(kind: str, fixed: Mapping[str, str], fields: Iterable[str]) -> list[str]:
    """Return the fields that no rule of such an entry reads, in order."""
    known = _of_note(fixed) if kind == catalogue.NOTE_WRITTEN else READS.get(kind)
    if known is None:
        return []
    return sorted({*fixed, *fields} - known - _ALWAYS - {""})


def _of_note(fixed: Mapping[str, str]) -> frozenset[str]:
    """Return the fields of a note: as many parts as a note of its kind has."""
    kinds = [one for one in NoteKind if one == fixed.get("note_kind")] or list(NoteKind)
    parts = max(len(PARTS[one]) for one in kinds)
    return frozenset({"note_kind", *(f"part_{at}" for at in range(parts))})
