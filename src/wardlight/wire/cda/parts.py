"""The small parts of a CDA document: elements, codes, times, values (HL7 CDA R2, data types R1).

Text is escaped by the library; what XML 1.0 cannot hold at all (control characters) is left out.
What is not known is said by a null flavor: NI no information, UNK asked and not known, OTH other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import NAMESPACE_OID, uuid5
from xml.etree.ElementTree import Element, SubElement

from wardlight.record.codes import Coded
from wardlight.record.instants import (
    DIGITS_DAY,
    DIGITS_MINUTE,
    DIGITS_MONTH,
    DIGITS_SECOND,
    Instant,
    Moment,
    PartialDate,
    local,
)

CDA = "urn:hl7-org:v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SNOMED, LOINC = "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.1"
_OIDS: Mapping[str, str] = {  # HL7 table 0396 → OID
    **dict.fromkeys(("LN", "LOINC"), LOINC),
    **dict.fromkeys(("SCT", "SNM", "SNOMED", "SNOMEDCT", "SNOMED-CT"), SNOMED),
    **dict.fromkeys(("RXNORM", "RXN"), "2.16.840.1.113883.6.88"),
    **dict.fromkeys(("I10C", "I10CM", "ICD10CM", "ICD-10-CM"), "2.16.840.1.113883.6.90"),
    **dict.fromkeys(("I10", "ICD10", "ICD-10"), "2.16.840.1.113883.6.3"),
    **dict.fromkeys(("I9", "I9C", "I9CDX", "ICD9", "ICD9CM"), "2.16.840.1.113883.6.103"),
    "NDC": "2.16.840.1.113883.6.69",
    "UNII": "2.16.840.1.113883.4.9",
    "CVX": "2.16.840.1.113883.12.292",
}
# What wards write → UCUM. A unit that is not here is kept in the text of the value.
_UCUM: Mapping[str, str] = {
    **{unit.casefold(): unit for unit in ("mmol/L", "mg/dL", "g/dL", "g/L", "umol/L", "ng/mL")},
    **{unit.casefold(): unit for unit in ("U/L", "ug/L", "mg/L", "pg/mL", "mL", "L", "kg", "cm")},
    **{unit.casefold(): unit for unit in ("%", "mg", "g", "s", "fL", "pg", "mm/h")},
    "meq/l": "meq/L",
    "mmhg": "mm[Hg]",
    "mm hg": "mm[Hg]",
    "iu/l": "[IU]/L",
    "bpm": "/min",
    "/min": "/min",
    "l/min": "L/min",
    "k/ul": "10*3/uL",
    "10*3/ul": "10*3/uL",
    "c": "Cel",
    "°c": "Cel",
    "cel": "Cel",
    "f": "[degF]",
    "°f": "[degF]",
}
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
_UNHOLDABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PLAIN_CODE = re.compile(r"[^\s]{1,60}")
_PRECISION = {4: "%Y", DIGITS_MONTH: "%Y%m", DIGITS_DAY: "%Y%m%d", 10: "%Y%m%d%H%M%z"}


def text_of(text: str) -> str:
    """Return text without what XML cannot hold."""
    return _UNHOLDABLE.sub("", text)


def add(parent: Element, name: str, text: str = "", /, **attributes: str) -> Element:
    """Add an element of CDA; attributes without a value are left out."""
    kept = {key: text_of(value) for key, value in attributes.items() if value}
    child = SubElement(parent, f"{{{CDA}}}{name}", kept)
    child.text = text_of(text) or None
    return child


def typed(parent: Element, kind: str, text: str = "", /, **attributes: str) -> Element:
    """Add a value of a data type."""
    value = add(parent, "value", text, **attributes)
    value.set(f"{{{XSI}}}type", kind)
    return value


def template(parent: Element, root: str, extension: str = "") -> None:
    """Say which template of C-CDA an element follows; older readers know it without a date."""
    add(parent, "templateId", root=root)
    if extension:
        add(parent, "templateId", root=root, extension=extension)


def identified(parent: Element, *parts: str) -> None:
    """Add an id that is the same each time for the same thing and tells nothing of it."""
    add(parent, "id", root=str(uuid5(NAMESPACE_OID, "\x1f".join(map(text_of, parts)))))


def code(parent: Element, name: str, coded: Coded, /, *, kind: str = "") -> Element:
    """Add a code; one of a system without an OID is kept as its words."""
    oid = _OIDS.get(coded.system.upper(), "")
    if oid and _PLAIN_CODE.fullmatch(coded.code):
        made = add(parent, name, code=coded.code, codeSystem=oid, displayName=coded.words())
    else:
        made = add(parent, name, nullFlavor="OTH" if coded.words() else "UNK")
    if kind:
        made.set(f"{{{XSI}}}type", kind)
    if coded.words():
        add(made, "originalText", coded.words())
    return made


def stamp(at: Instant, zone: str, digits: int = DIGITS_SECOND) -> str:
    """Return a time as CDA writes it, no more exactly than it is known."""
    when = local(at, zone)
    if digits >= DIGITS_SECOND:
        return when.strftime("%Y%m%d%H%M%S%z")
    if digits >= DIGITS_MINUTE:
        return when.strftime("%Y%m%d%H%M%z")
    return when.strftime(_PRECISION.get(digits, "%Y"))


def time(parent: Element, name: str, when: Moment | None, zone: str) -> None:
    """Add a time, or that it is not known."""
    if when is None:
        add(parent, name, nullFlavor="UNK")
    else:
        add(parent, name, value=stamp(when.at, zone, when.digits))


def span(parent: Element, low: Moment | None, zone: str) -> None:
    """Add a time that something began; what has no end is still so."""
    held = add(parent, "effectiveTime")
    time(held, "low", low, zone)


def born(parent: Element, birth: PartialDate | None) -> None:
    """Add a birth date as far as it is known."""
    if birth is None:
        add(parent, "birthTime", nullFlavor="UNK")
    else:
        add(parent, "birthTime", value=birth.iso().replace("-", ""))


def measured(parent: Element, value: str, unit: str) -> None:
    """Add a value: a number with a UCUM unit as a quantity, all else as the text it was."""
    ucum = _UCUM.get(unit.strip().casefold(), "")
    if _NUMBER.fullmatch(value) and (ucum or not unit):
        typed(parent, "PQ", value=value, unit=ucum or "1")
    elif value:
        typed(parent, "ST", f"{value} {unit}".strip())
    else:
        typed(parent, "ST", nullFlavor="NI")
