"""Reports and their lines: FHIR DiagnosticReport and Observation.

A withdrawn line never has a value: `cancelled` when it was taken back, `entered-in-error` when it
belongs to another patient (HL7 tables 0085 and 0123). Sources:
hl7.org/fhir/R4/diagnosticreport.html, hl7.org/fhir/R4/observation.html.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wardlight.outputs.fhir.orders import orders_by_number, tests_ordered
from wardlight.outputs.fhir.subject import Row, Subject, ids, ms
from wardlight.record.codes import ResultState
from wardlight.record.events.charting import Observation
from wardlight.views.facts import ObservationFact, OrderFact, ReportFact
from wardlight.views.laboratory.reports import HIDDEN, report_time
from wardlight.wire.fhir.systems import TERMINOLOGY
from wardlight.wire.fhir.types import (
    Element,
    absent,
    clean,
    comments,
    concept,
    date_time,
    displays,
    exact_instant,
    filled,
    hl7_concept,
    numbers,
    quantity,
    required,
    token,
    words,
)

_LINE_STATUS = {
    ResultState.PENDING: "registered",
    ResultState.PRELIMINARY: "preliminary",
    ResultState.FINAL: "final",
    ResultState.CORRECTED: "corrected",
    ResultState.AMENDED: "amended",
    ResultState.WITHDRAWN: "cancelled",
    ResultState.WRONG_PATIENT: "entered-in-error",
    ResultState.NOT_STATED: "unknown",
}
_WHY_NO_VALUE = {
    ResultState.PENDING: ("temp-unknown", "Temporarily Unknown"),
    ResultState.WITHDRAWN: ("error", "Error"),
    ResultState.WRONG_PATIENT: ("error", "Error"),
}
_LABORATORY_TEXT = "LAB CH HM MB BLB CP SP CG IMM MCB MYC SR TX VR BG OSL ICU"
_LABORATORY = frozenset(_LABORATORY_TEXT.split())
_IMAGING_TEXT = "RAD RUS RX CUS CT CTH NMR MRI NMS VUS XRC IMG US"
_IMAGING = frozenset(_IMAGING_TEXT.split())
_VITAL_SIGNS_TEXT = (  # LOINC codes of the R4 vital signs profile
    "85353-1 9279-1 8867-4 2708-6 59408-5 8310-5 8302-2 29463-7 39156-5 85354-9 8480-6 8462-4"
)
_VITAL_SIGNS = frozenset(_VITAL_SIGNS_TEXT.split())
_FLAGS_TEXT = "A AA H HH L LL N < > S R I MS VS U D B W POS NEG IND DET ND"
_FLAGS = frozenset(_FLAGS_TEXT.split())
_NUMERIC = frozenset({"NM", "SN"})
_WORDS_ONLY = frozenset({"TX", "FT", "ED", "RP", "DT", "TM", "TS", "DTM", "CE", "CWE", "CNE"})


def reports(
    found: Sequence[ReportFact], orders: Sequence[OrderFact], subject: Subject
) -> list[Row]:
    """Return reports with references to their lines and to the order, where it is known."""
    ordered = orders_by_number(tests_ordered(orders), subject)
    names = _report_ids(found, subject)
    lines = _line_ids(found, subject)
    return [
        Row(report_time(report).at, _report(report, subject, name, (refs, ordered)))
        for report, name, refs in zip(found, names, lines, strict=True)
    ]


def observations(
    found: Sequence[ReportFact], orders: Sequence[OrderFact], subject: Subject
) -> list[Row]:
    """Return the lines of every report."""
    ordered = orders_by_number(tests_ordered(orders), subject)
    rows: list[Row] = []
    for report, names in zip(found, _line_ids(found, subject), strict=True):
        order = ordered.get(report.number) or ordered.get(report.other_number)
        for line, name in zip(report.observations, names, strict=True):
            at = ms(line.observation.at or report_time(report))
            rows.append(Row(at, _observation(line, report, (name, order), subject)))
    return rows


def _natural(report: ReportFact) -> tuple[str, ...]:
    collected = str(report.collected.at) if report.collected else ""
    numbered = report.number or f"{report.stamp.source} {report.stamp.occurred}"
    return numbered, report.test.key(), collected


def _report_ids(found: Sequence[ReportFact], subject: Subject) -> list[str]:
    return ids(subject, (("report", *_natural(report)) for report in found))


def _line_ids(found: Sequence[ReportFact], subject: Subject) -> list[list[str]]:
    naturals = [
        (
            "line",
            *_natural(report),
            line.observation.test.key(),
            line.observation.sub,
            str(line.repeat),
        )
        for report in found
        for line in report.observations
    ]
    names = iter(ids(subject, naturals))
    return [[next(names) for _ in report.observations] for report in found]


def _based_on(order: str | None) -> list[Element]:
    return [{"reference": f"ServiceRequest/{order}"}] if order else []


def _report(
    report: ReportFact, subject: Subject, name: str, linked: tuple[list[str], Mapping[str, str]]
) -> Element:
    lines, ordered = linked
    section = token(report.section)
    notes = "\n".join(text for note in report.notes if (text := clean(note)))
    order = ordered.get(report.number) or ordered.get(report.other_number)
    return filled(
        {
            "resourceType": "DiagnosticReport",
            "id": name,
            "meta": subject.meta(report.stamp),
            "identifier": numbers((report.number, report.other_number), subject.systems),
            "basedOn": _based_on(order),
            "status": _LINE_STATUS[report.state],
            "category": [concept(f"{TERMINOLOGY}v2-0074", section)] if section else [],
            "code": required(report.test),
            "subject": subject.reference(),
            "effectiveDateTime": date_time(report.collected, subject.zone),
            "issued": exact_instant(report.reported, subject.zone),
            "specimen": displays([report.specimen]),
            "result": [{"reference": f"Observation/{line}"} for line in lines],
            "conclusion": "" if report.state in HIDDEN else notes,
        }
    )


def _observation(
    fact: ObservationFact, report: ReportFact, named: tuple[str, str | None], subject: Subject
) -> Element:
    line = fact.observation
    hidden = line.state in HIDDEN
    specimen = displays([report.specimen])
    return filled(
        {
            "resourceType": "Observation",
            "id": named[0],
            "meta": subject.meta(fact.stamp),
            "basedOn": _based_on(named[1]),
            "status": _LINE_STATUS[line.state],
            "category": _categories(line, report),
            "code": required(line.test),
            "subject": subject.reference(),
            "effectiveDateTime": date_time(line.at or report.collected, subject.zone),
            "issued": exact_instant(report.reported, subject.zone),
            "performer": displays([line.by]) or [absent()],  # IPS asks for one, or why not
            **_value(line),
            "interpretation": [] if hidden else [_flag(flag) for flag in line.flags if clean(flag)],
            "note": [] if hidden else comments([*line.notes, _was(fact)]),
            "specimen": specimen[0] if specimen else None,
            "referenceRange": [] if hidden else [r for r in (words(line.range),) if r],
        }
    )


def _was(fact: ObservationFact) -> str:
    return f"Corrected: was {fact.was}" if clean(fact.was) else ""


def _categories(line: Observation, report: ReportFact) -> list[Element]:
    section = token(report.section).upper()
    code, display = "", ""
    if line.test.code in _VITAL_SIGNS:
        code, display = "vital-signs", "Vital Signs"
    elif section in _LABORATORY:
        code, display = "laboratory", "Laboratory"
    elif section in _IMAGING:
        code, display = "imaging", "Imaging"
    if code:
        return [hl7_concept("observation-category", code, display)]
    return [words(section)] if section else []


def _flag(flag: str) -> Element:
    code = token(flag)
    if code.upper() in _FLAGS:
        return hl7_concept("v3-ObservationInterpretation", code.upper(), text=flag)
    return words(flag)


def _value(line: Observation) -> Element:
    """Return the value: a quantity when it surely is one, else text, else why there is none."""
    if line.state not in HIDDEN and clean(line.value):
        counted = quantity(line.value, line.unit) if _is_number(line) else {}
        if counted:
            return {"valueQuantity": counted}
        unit = clean(line.unit)
        return {"valueString": f"{clean(line.value)} {unit}".strip()}
    why = _WHY_NO_VALUE.get(line.state, ("unknown", "Unknown"))
    return {"dataAbsentReason": hl7_concept("data-absent-reason", *why)}


def _is_number(line: Observation) -> bool:
    """Return whether the sender says it is a number, or at least gives it a unit.

    Text such as a room or telephone number is made of digits too.
    """
    kind = line.kind.strip().upper()
    return kind in _NUMERIC or (bool(line.unit.strip()) and kind not in _WORDS_ONLY)
