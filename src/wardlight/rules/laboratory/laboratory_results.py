"""May this result be filed, was it told, is it acknowledged? A doubtful label stops it.

A result nobody can place is never lost: it is kept whole on the list to be matched.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from wardlight.record.codes import Coded
from wardlight.record.events.entered import Warned
from wardlight.record.events.laboratory import (
    CriticalEscalated,
    EscalationStep,
    ResultAcknowledged,
    ResultEntered,
    ResultLine,
    ResultTold,
    SpecimenReceived,
    SpecimenRequested,
    SpecimenUnmatched,
)
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Moment, local
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.form import Form
from wardlight.rules.laboratory.critical_values import flag_of
from wardlight.rules.laboratory.labels import label_of
from wardlight.rules.laboratory.laboratory import accession_typed, trace_of
from wardlight.rules.laboratory.test_menu import named_test
from wardlight.views.bedside.findings import Finding, findings
from wardlight.views.laboratory.laboratory import SpecimenState, Trace

LINES_MAX = 200
COLUMNS = ("line_test", "value", "unit", "range", "flag", "line_note", "line_code")
HOW = ("phone", "runner", "in person", "fax", "radio")
NOT_COMPARED = "not-compared"
NO_READ_BACK = "no-read-back"
REJECTED = "specimen-rejected"
ALREADY = "result-already-filed"
KEPT = "unmatched"
UNKNOWN = (
    "No specimen with this accession number is known here. Read the number again. If it stands, "
    "choose “keep to be matched”: the result is kept and shown on the list until "
    "somebody finds whose it is."
)
TWO_SPECIMENS = (
    "Two specimens carry this accession number. Nothing can be filed under it: look at both "
    "tubes and give one of them a new number."
)


def enter(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """File values under the specimen of an accession number; label and patient must agree."""
    form = Form(asked, ground)
    accession = accession_typed(form)
    if refused := form.refusal():
        return refused
    requests = ground.views.loops.numbered(accession)
    if len(requests) > 1:
        return Refusal(TWO_SPECIMENS, {"accession": "Two specimens carry it."})
    trace = trace_of(requests[0], ground) if requests else None
    if trace is None:
        return _unmatched(form, accession)
    return _filed(form, trace, accession)


def _filed(form: Form, trace: Trace, accession: str) -> Accepted | Refusal:
    patient = form.ground.views.people.resolve(trace.patient)
    label = form.label(patient, "result")
    received = trace.received.occurred if trace.received else None
    form.not_before(received, "The specimen came after that: check the time.")
    corrects = (form.asked.corrects,)
    if form.asked.corrects and not any(one.step.is_called(corrects) for one in trace.findings):
        form.wrong["accession"] = "The result to be corrected is of another specimen."
    lines = tuple(_lines(form))
    if not lines:
        form.wrong["value"] = "Write at least one test with its value."
    if refused := form.refusal():
        return refused
    flagged, words = _flagged(lines, form.ground, patient)
    said = ResultEntered(
        request=trace.request,
        accession=accession,
        label=label,
        lines=flagged,
        test=_panel(form, trace),
        collected=_collected(trace),
        specimen=_specimen(trace),
        instrument=form.text("instrument"),
        verified_by=form.text("verified_by"),
        complete=form.yes("complete"),
        matches=form.text("matches"),
    )
    warnings = (*words, *_odd(form.asked, trace, said))
    return Accepted(said=said, occurred=form.at, patient=patient, warnings=warnings)


def _lines(form: Form) -> Iterator[ResultLine]:
    rows = form.asked.fields.lines(*COLUMNS)
    for test, value, unit, range_, flag, note, code in rows[:LINES_MAX]:
        if not test:
            form.wrong["line_test"] = "Every value needs the name of its test."
        elif not value:
            form.wrong["value"] = f"{test}: write the value, or leave the line out."
        else:
            yield ResultLine(
                test=named_test(test, code),
                value=value,
                unit=unit,
                range=range_,
                flag=flag,
                note=note,
            )


def _flagged(
    lines: tuple[ResultLine, ...], ground: Ground, patient: PatientKey
) -> tuple[tuple[ResultLine, ...], tuple[Warned, ...]]:
    """Return the lines with their flags, and what of them a person has to look at."""
    limits = ground.tables.critical_values if ground.tables else ()
    age = _age_years(patient, ground)
    found = [flag_of(line, limits, age) for line in lines]
    words = [one.words for one in found if one.words]
    if not limits:
        words = ["This node has no table of critical values: mark critical ones yourself"]
    flagged = [structs.replace(line, flag=one.code) for line, one in zip(lines, found, strict=True)]
    return tuple(flagged), (Warned(NOT_COMPARED, "; ".join(words)),) if words else ()


def _age_years(patient: PatientKey, ground: Ground) -> int | None:
    person = ground.views.people.person(patient)
    if person is None or person.birth is None:
        return None
    today, born = local(ground.now, ground.zone).date(), person.birth
    before = (today.month, today.day) < (born.month or 1, born.day or 1)
    return today.year - born.year - before


def _panel(form: Form, trace: Trace) -> Coded:
    """Return the requested test these lines answer: the one chosen, or the only one."""
    chosen = named_test(form.text("panel")) if form.text("panel") else Coded()
    if chosen.words():
        return next((one for one in trace.tests if one.key() == chosen.key()), chosen)
    return trace.tests[0] if len(trace.tests) == 1 else Coded()


def _collected(trace: Trace) -> Moment | None:
    said = trace.asked.said if trace.asked else None
    return said.collected if isinstance(said, SpecimenRequested) else None


def _specimen(trace: Trace) -> str:
    said = trace.asked.said if trace.asked else None
    received = trace.received.said if trace.received else None
    kind = said.specimen if isinstance(said, SpecimenRequested) else ""
    condition = received.condition if isinstance(received, SpecimenReceived) else ""
    return ", ".join(part for part in (kind, condition) if part)


def _odd(asked: Asked, trace: Trace, said: ResultEntered) -> Iterator[Warned]:
    if trace.state is SpecimenState.REJECTED:
        yield Warned(REJECTED, "This specimen was rejected. File its result only if that was wrong")
    if asked.corrects:
        return
    filed = {
        line.test.key()
        for finding in trace.findings
        if isinstance(finding.step.said, ResultEntered)
        for line in finding.step.said.lines
    }
    again = [line.test.words() for line in said.lines if line.test.key() in filed]
    if again:
        words = f"Filed already for this specimen: {', '.join(again)}. Correct that entry instead"
        yield Warned(ALREADY, words)


def _unmatched(form: Form, accession: str) -> Accepted | Refusal:
    """Keep a result nobody can place when asked to; else have the number read again."""
    if not form.yes("keep"):
        return Refusal(UNKNOWN, {"accession": "Not known here."})
    said = SpecimenUnmatched(
        accession=accession,
        label=label_of(form.asked.fields),
        text=_as_typed(form),
        because="no specimen known here has this accession number",
        instrument=form.text("instrument"),
    )
    words = "Kept on the list to be matched. Nobody on a ward sees it until somebody matches it"
    return Accepted(said=said, occurred=form.at, warnings=(Warned(KEPT, words),))


def _as_typed(form: Form) -> str:
    rows = form.asked.fields.lines(*COLUMNS)
    return "\n".join(" | ".join(cell for cell in row if cell) for row in rows)


def _about(form: Form) -> tuple[str, tuple[Finding, ...]]:
    """Return the request and its findings the form speaks of; noted when there are none."""
    request = form.text("request")
    steps = form.ground.views.loops.steps(request) if request else ()
    wanted = set(form.asked.fields.many("result"))
    known = findings(request, steps)
    chosen = tuple(one for one in known if one.step.is_called(wanted))
    if not chosen or len(chosen) != len(wanted):
        form.wrong["result"] = "This result was corrected or is not known here. Look at it anew."
    return request, chosen


def tell(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write down who was told a result, how, and whether they read it back."""
    form = Form(asked, ground)
    request, chosen = _about(form)
    read_back = form.choice("read_back", ("yes", "no"), "Was it read back? Say yes or no.")
    said = ResultTold(
        request=request,
        results=tuple(one.step.id for one in chosen),
        to=form.needed("to", "Write the name and role of who was told."),
        how=form.choice("how", HOW, "Choose how it was told."),
        read_back=read_back == "yes",
        provider=form.text("provider"),
    )
    form.not_before(_known_since(chosen), "The result was not there yet: check the time.")
    if refused := form.refusal():
        return refused
    silent = any(one.critical for one in chosen) and not said.read_back
    words = "A critical result has to be read back. Ring again, or say why not"
    return Accepted(
        said=said,
        occurred=form.at,
        patient=_patient(chosen, ground),
        warnings=(Warned(NO_READ_BACK, words),) if silent else (),
    )


def acknowledge(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write down that the ward has seen results and answers for them."""
    form = Form(asked, ground)
    request, chosen = _about(form)
    said = ResultAcknowledged(
        request=request,
        results=tuple(one.step.id for one in chosen),
        action=form.text("action"),
    )
    form.not_before(_known_since(chosen), "The result was not there yet: check the time.")
    if refused := form.refusal():
        return refused
    patient = _patient(chosen, ground)
    if asked.patient and ground.views.people.resolve(asked.patient) != patient:
        return Refusal("STOP. This result is of another patient. Open that patient's chart.")
    return Accepted(said=said, occurred=form.at, patient=patient)


def escalate(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write down that a critical result went to the next person."""
    form = Form(asked, ground)
    request, chosen = _about(form)
    step = form.choice("step", tuple(EscalationStep), "Choose charge nurse or physician.")
    read_back = form.choice("read_back", ("yes", "no"), "Was it read back? Say yes or no.")
    said = CriticalEscalated(
        request=request,
        results=tuple(one.step.id for one in chosen),
        step=EscalationStep(step),
        to=form.needed("to", "Write the name and role of who was told."),
        read_back=read_back == "yes",
    )
    form.not_before(_known_since(chosen), "The result was not there yet: check the time.")
    return form.refusal() or Accepted(said=said, occurred=form.at, patient=_patient(chosen, ground))


def _known_since(chosen: tuple[Finding, ...]) -> int | None:
    return max((one.step.occurred for one in chosen), default=None)


def _patient(chosen: tuple[Finding, ...], ground: Ground) -> PatientKey:
    return ground.views.people.resolve(chosen[0].patient) if chosen else PatientKey("")
