"""FHIR R4 data types (hl7.org/fhir/R4/datatypes.html) from codes, names, numbers and times.

Nothing becomes more exact on the way: a month stays a month, a value that is not surely a
number stays text, a code without system gets none.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Raw

from wardlight.record.codes import Coded
from wardlight.record.identity import Identifier, PersonName
from wardlight.record.instants import (
    DIGITS_DAY,
    DIGITS_MINUTE,
    DIGITS_MONTH,
    Instant,
    Moment,
    local,
)
from wardlight.wire.fhir.systems import (
    ABSENT,
    EXTENSION,
    TERMINOLOGY,
    UCUM,
    authority_system,
    code_system,
)

Element = dict[str, Any]
"""A FHIR element or resource as JSON has it."""

_ODD_SPACE = re.compile(r"[^\S \t\r\n]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_NUMBER = re.compile(r"([<>]=?|=)?\s*([+-]?)([0-9]{0,15})(?:\.([0-9]{1,15}))?")
_WIDE_MS = 1_000
_SHORT = 80
# Units whose everyday spelling is the UCUM code itself; others stay words.
_UCUM_AS_WRITTEN_TEXT = (
    "% mg g kg mL L mmol/L mg/dL g/dL g/L mg/L mmol umol/L ng/mL pg/mL ug/L mL/min mm[Hg] fL "
    "pg U/L IU/L meq/L mmol/mol cm m Cel [degF] /min kg/m2 mg/kg mg/h mL/h"
)
_UCUM_AS_WRITTEN = frozenset(_UCUM_AS_WRITTEN_TEXT.split())
_NAME_USES = {
    "L": "official",
    "D": "usual",
    "M": "maiden",
    "N": "nickname",
    "S": "anonymous",
    "B": "official",
}


def clean(text: str) -> str:
    """Return text without what FHIR forbids in a string (R4 §2.24.0.1: control characters)."""
    return _short_clean(text) if len(text) <= _SHORT else _clean(text)


def _clean(text: str) -> str:
    return _ODD_SPACE.sub(" ", _FORBIDDEN.sub("\ufffd", text)).strip()


_short_clean = lru_cache(maxsize=8_192)(_clean)  # units, codes and names come again and again


def token(text: str) -> str:
    """Return text as a FHIR code: no space at the ends, single ones inside."""
    return " ".join(clean(text).split())


def filled(fields: Mapping[str, Any]) -> Element:
    """Return the fields that say something; FHIR has no empty elements. False says something."""
    return {name: value for name, value in fields.items() if value or value is False}


def absent(reason: str = "unknown") -> Element:
    """Return an element that says why it has no value (data-absent-reason)."""
    return {"extension": [{"url": ABSENT, "valueCode": reason}]}


def extension(name: str, value: str, kind: str = "valueString") -> list[Element]:
    """Return one extension of ours, or none when there is nothing to say."""
    said = clean(value)
    return [{"url": f"{EXTENSION}{name}", kind: said}] if said else []


@lru_cache(maxsize=8_192)
def instant(at: Instant, zone: str) -> str:
    """Return an instant in the facility's zone; milliseconds only where there are any."""
    when = local(at, zone)
    offset = when.utcoffset()
    if offset is not None and offset.total_seconds() % 60:  # local mean time, before zones
        when = local(at, "UTC")
    return when.isoformat(timespec="milliseconds" if at % _WIDE_MS else "seconds")


def date_time(moment: Moment | None, zone: str) -> str:
    """Return YYYY, YYYY-MM, YYYY-MM-DD or a full time, no more exactly than it was stated.

    FHIR has no time of an hour only: such a moment is given as its day. Seconds of a moment
    stated to the minute are zero, as R4 asks for.
    """
    if moment is None:
        return ""
    if moment.digits >= DIGITS_MINUTE:
        return instant(moment.at, zone)
    day = local(moment.at, zone).date().isoformat()
    if moment.digits >= DIGITS_DAY:
        return day
    return day[:7] if moment.digits >= DIGITS_MONTH else day[:4]


def exact_instant(moment: Moment | None, zone: str) -> str:
    """Return a moment where FHIR demands a full time; "" when it is known less exactly."""
    if moment is None or moment.digits < DIGITS_MINUTE:
        return ""
    return instant(moment.at, zone)


def period(start: Moment | None, end: Moment | None, zone: str) -> Element:
    """Return a period; an end that is not known is left out."""
    return filled({"start": date_time(start, zone), "end": date_time(end, zone)})


def coding(system: str, code: str, display: str = "") -> Element:
    """Return a code of a system named by its URI."""
    return filled({"system": system, "code": token(code), "display": clean(display)})


def concept(system: str, code: str, display: str = "", text: str = "") -> Element:
    """Return a concept with one code of a system named by its URI."""
    return filled({"coding": [coding(system, code, display)], "text": clean(text)})


def hl7_concept(name: str, code: str, display: str = "", text: str = "") -> Element:
    """Return a concept of HL7's own terminology."""
    return concept(f"{TERMINOLOGY}{name}", code, display, text)


def words(text: str) -> Element:
    """Return a concept that has only words."""
    return filled({"text": clean(text)})


def codeable(coded: Coded) -> Element:
    """Return a code as sent, with its words; {} when neither was sent."""
    code = token(coded.code)
    codings = [coding(code_system(token(coded.system)), code, coded.text)] if code else []
    return filled({"coding": codings, "text": clean(coded.words())})


def required(coded: Coded) -> Element:
    """Return a code as sent; where none was sent, that it is unknown."""
    return codeable(coded) or absent()


def identifier(
    number: Identifier, systems: Mapping[str, str], *, kind_system: str = f"{TERMINOLOGY}v2-0203"
) -> Element:
    """Return a number with who gave it out; zeros are significant."""
    kind = token(number.kind)
    return filled(
        {
            "type": {"coding": [coding(kind_system, kind)]} if kind else None,
            "system": authority_system(number.authority, systems),
            "value": clean(number.value),
        }
    )


def numbers(keys: Iterable[str], systems: Mapping[str, str]) -> list[Element]:
    """Return numbers kept as `authority|value`, each once."""
    found: dict[str, Element] = {}
    for key in keys:
        authority, _, value = key.rpartition("|")
        if clean(value):
            found[key] = identifier(Identifier(value, authority), systems)
    return list(found.values())


def human_name(name: PersonName) -> Element:
    """Return a name in its parts and as it is read out; {} when there is none."""
    parts = (name.prefix, name.given, name.middle, name.family, name.suffix)
    text = " ".join(clean(part) for part in parts if clean(part))
    if not clean(name.family + name.given + name.middle):
        return {}
    return filled(
        {
            "use": _NAME_USES.get(name.kind.upper()),
            "text": text,
            "family": clean(name.family),
            "given": [part for part in (clean(name.given), clean(name.middle)) if part],
            "prefix": [part for part in (clean(name.prefix),) if part],
            "suffix": [part for part in (clean(name.suffix),) if part],
        }
    )


def quantity(value: str, unit: str) -> Element:
    """Return `5.40 mg/dL` or `<0.5` as a quantity with its digits as sent; {} if it is no number.

    A number is written with every digit that was sent: 5.40 is measured, 5.4 is something else
    (R4 §2.24.0.1, decimal: precision is part of the value).
    """
    parts = _NUMBER.fullmatch(value.strip())
    if parts is None or not (parts[3] or parts[4]):
        return {}
    sign = "-" if parts[2] == "-" else ""
    decimals = f".{parts[4]}" if parts[4] else ""
    written = f"{sign}{int(parts[3] or '0')}{decimals}"
    return filled(
        {
            "value": Raw(written.encode("ascii")),
            "comparator": "" if parts[1] == "=" else parts[1],
            "unit": clean(unit),
            "system": UCUM if unit in _UCUM_AS_WRITTEN else "",
            "code": unit if unit in _UCUM_AS_WRITTEN else "",
        }
    )


def narrative(inner: str) -> Element:
    """Return a narrative; `inner` is XHTML whose texts went through `escaped`."""
    return {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{inner}</div>',
    }


def escaped(text: str) -> str:
    """Return text that may stand in a narrative."""
    return html.escape(clean(text), quote=True)


def comments(notes: Iterable[str]) -> list[Element]:
    """Return notes, each as it was sent."""
    return [{"text": text} for note in notes if (text := clean(note))]


def displays(names: Iterable[str]) -> list[Element]:
    """Return references to people or things that are known by name only."""
    return [{"display": text} for name in names if (text := clean(name))]
