"""What is to be given: RXE, RXO, RXC and RXR to words (HL7 v2.5.1 §4.14.1-4; interop.md §6).

Amounts stay text exactly as sent. The pharmacist's RXE counts before the prescriber's RXO; the
two are never mixed in one dose.
"""

from __future__ import annotations

from wardlight.record.events.charting import MedicationDetail, Timing
from wardlight.wire.hl7v2.charting.fields import coded, note, short, words
from wardlight.wire.hl7v2.charting.groups import Group, Row
from wardlight.wire.hl7v2.encoding import Encoding
from wardlight.wire.hl7v2.received import Received
from wardlight.wire.hl7v2.text import first_reader, prose

_PARTS = {"B": "base", "A": "additive"}  # table 0166


def medication(group: Group, timing: Timing, got: Received) -> MedicationDetail | None:
    """Return the detail of a medicine order; None when the message gives none."""
    encoding = got.message.encoding
    if group.has("RXE"):
        detail = _encoded(group.row("RXE"), group, timing, encoding)
    elif group.has("RXO"):
        detail = _prescribed(group.row("RXO"), group, timing, encoding)
    else:
        return None
    return (
        None if detail == MedicationDetail(drug=detail.drug) and not detail.drug.words() else detail
    )


def as_received(group: Group, encoding: Encoding) -> str:
    """Return the sender's own line of a medicine, and its timing, for display as sent."""
    name = "RXE" if group.has("RXE") else "RXO"
    lines = [_line(row, encoding) for row in group.all(name)[:1]]
    lines += [_line(row, encoding) for row in group.all("TQ1")]
    return " / ".join(lines)


def _encoded(rxe: Row, group: Group, timing: Timing, encoding: Encoding) -> MedicationDetail:
    read = first_reader(encoding)
    return MedicationDetail(
        drug=coded(rxe[2] or group.row("RXO")[1], encoding),
        dose=_dose(read(rxe[3]), read(rxe[4])),
        unit=short(rxe[5], encoding),
        form=words(rxe[6], encoding),
        strength=read(rxe[25]),
        strength_unit=short(rxe[26], encoding),
        rate=read(rxe[23]),
        rate_unit=short(rxe[24], encoding),
        route=_route(group, encoding),
        site=_site(group, encoding),
        instructions=_instructions(group, encoding, rxe[7]),
        indication=words(rxe[27], encoding),
        components=_components(group, encoding),
        timing=timing,
        verified=True,
    )


def _prescribed(rxo: Row, group: Group, timing: Timing, encoding: Encoding) -> MedicationDetail:
    read = first_reader(encoding)
    return MedicationDetail(
        drug=coded(rxo[1], encoding),
        dose=_dose(read(rxo[2]), read(rxo[3])),
        unit=short(rxo[4], encoding),
        form=words(rxo[5], encoding),
        strength=read(rxo[18]),
        strength_unit=short(rxo[19], encoding),
        rate=read(rxo[21]),
        rate_unit=short(rxo[22], encoding),
        route=_route(group, encoding),
        site=_site(group, encoding),
        instructions=_instructions(group, encoding, rxo[7], rxo[6]),
        indication=words(rxo[20], encoding),
        components=_components(group, encoding),
        timing=timing,
    )


def _dose(least: str, most: str) -> str:
    """Return `2`, or `2-4` where the most differs; a most of zero means not stated."""
    if not (least and most):
        return least or most
    if _same_number(least, most) or _same_number(most, "0"):
        return least
    return f"{least}-{most}"


def _same_number(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return one == other


def _route(group: Group, encoding: Encoding) -> str:
    found = (short(row[1], encoding) for row in group.all("RXR"))
    return ", ".join(dict.fromkeys(route for route in found if route))


def _site(group: Group, encoding: Encoding) -> str:
    found = (words(row[2], encoding) for row in group.all("RXR"))
    return ", ".join(dict.fromkeys(site for site in found if site))


def _instructions(group: Group, encoding: Encoding, *values: str) -> str:
    found = [words(value, encoding) for value in values]
    found += [note(row, encoding) for row in group.all("NTE")]
    return "; ".join(dict.fromkeys(text for text in found if text))


def _components(group: Group, encoding: Encoding) -> tuple[str, ...]:
    found = (_component(row, encoding) for row in group.all("RXC"))
    return tuple([text for text in found if text])


def _component(rxc: Row, encoding: Encoding) -> str:
    """Return `Sodium chloride 0.9% 1000 mL (base)` (§4.14.3)."""
    read = first_reader(encoding)
    strength = (read(rxc[5]), short(rxc[6], encoding))
    amount = (read(rxc[3]), short(rxc[4], encoding))
    part = _PARTS.get(read(rxc[1]).upper(), "")
    said = [words(rxc[2], encoding), *strength, *amount]
    if not any(said):
        return ""
    return " ".join(text for text in [*said, f"({part})" if part else ""] if text)


def _line(row: Row, encoding: Encoding) -> str:
    """Return a segment's values as sent, in their order, without the marks between them."""
    parts = (prose(field, encoding).replace(encoding.component, " ") for field in row[1:])
    return ", ".join(words for part in parts if (words := " ".join(part.split())))
