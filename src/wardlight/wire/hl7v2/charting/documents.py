"""Letters and notes: TXA with its OBX lines (HL7 v2.5.1 §9.6.1 TXA; interop.md §6).

A document marked restricted (TXA-18, table 0272) is named but its text is not repeated on the
shared screens of a ward; the message keeps it.
"""

from __future__ import annotations

from wardlight.record.events.charting import DocumentFiled
from wardlight.wire.hl7v2.charting.fields import coded, moment_of, number_of, short, words
from wardlight.wire.hl7v2.charting.values import value_of
from wardlight.wire.hl7v2.received import Received, kind_of
from wardlight.wire.hl7v2.visit import doctor

_TITLES = {
    "AR": "Autopsy report",
    "CD": "Cardiodiagnostics",
    "CN": "Consultation",
    "DI": "Diagnostic imaging",
    "DS": "Discharge summary",
    "ED": "Emergency department report",
    "HP": "History and physical examination",
    "OP": "Operative report",
    "PC": "Psychiatric consultation",
    "PH": "Psychiatric history and physical examination",
    "PN": "Procedure note",
    "PR": "Progress note",
    "SP": "Surgical pathology",
    "TS": "Transfer summary",
}
"""Table 0270."""

_ADDENDA = frozenset({"T05", "T06"})  # beside the document they add to, never in its place
_REMOVES = "T11"
_GONE = "CA"  # table 0273: cancelled
_RESTRICTED = frozenset({"R", "V"})
RESTRICTED = "Restricted document: its text is not shown here."


def documents(got: Received) -> list[DocumentFiled]:
    """Return the document of a message with its text; none when it has no TXA."""
    found = got.message.rows("TXA", 25)
    if not found:
        return []
    txa, encoding = found[0], got.message.encoding
    authority, trigger = got.source.default_authority(), kind_of(got)[1]
    restricted = short(txa[18], encoding).upper() in _RESTRICTED
    parent = number_of(txa[13], encoding, authority)
    return [
        DocumentFiled(
            number=number_of(txa[12], encoding, authority),
            title=_title(txa, got),
            state=short(txa[17], encoding),
            written=moment_of(txa[4], got) or moment_of(txa[6], got),
            author=doctor(txa[9], encoding) or doctor(txa[5], encoding),
            text=RESTRICTED if restricted else _text(got),
            replaces="" if trigger in _ADDENDA else parent,
            removed=trigger == _REMOVES or short(txa[19], encoding).upper() == _GONE,
        )
    ]


def _title(txa: list[str], got: Received) -> str:
    """Return TXA-25, else the words of TXA-2, else what the first OBX says it is."""
    encoding = got.message.encoding
    kind = coded(txa[2], encoding)
    title = words(txa[25], encoding) or kind.text or _TITLES.get(kind.code.upper(), kind.code)
    if title:
        return title
    lines = got.message.rows("OBX", 3)
    return (words(lines[0][3], encoding) if lines else "") or "Document"


def _text(got: Received) -> str:
    encoding = got.message.encoding
    found = got.message.rows("OBX", 5)
    lines = (value_of(row[2].strip().upper(), row[5], encoding) for row in found)
    return "\n".join(lines).strip()
