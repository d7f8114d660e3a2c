"""May this specimen be asked for, received, sent on or given up? Two identifiers at every step."""

from __future__ import annotations

from collections.abc import Iterator

from wardlight.record.accession_number import AccessionNumber, looks_like_ours, read_accession
from wardlight.record.codes import Coded
from wardlight.record.downtime_number import DRILL, REAL, read_downtime_number
from wardlight.record.events.entered import Warned
from wardlight.record.events.laboratory import (
    Loss,
    SpecimenLost,
    SpecimenReceived,
    SpecimenRequested,
    SpecimenSentOut,
)
from wardlight.record.problems import Problem
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.form import Form, place_of
from wardlight.rules.laboratory.labels import label_of
from wardlight.rules.laboratory.test_menu import group_of, named_test
from wardlight.views.laboratory.laboratory import PENDING, SpecimenState, Trace, traced, traces
from wardlight.wire.entered.registration import downtime_key

NO_SUCH_REQUEST = "This request is not known here. Look on the board, or receive it as a new one."
TESTS_MAX = 60
DUPLICATE = "test-already-asked"
NUMBER = "number"  # what a device fills from its block when nothing is typed


def trace_of(request: str, ground: Ground) -> Trace | None:
    """Return the specimen of a request; None when there is none of that number."""
    return ground.views.loops.read(request, traced) if request else None


def request(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Ask for tests; the label is read at the bedside and has to be this patient's."""
    form = Form(asked, ground)
    label = form.label(asked.patient, "request")
    tests = tuple(named_test(one) for one in asked.fields.many("test")[:TESTS_MAX])
    if not tests:
        form.wrong["test"] = "Choose or write at least one test."
    said = SpecimenRequested(
        request=asked.id,
        label=label,
        tests=tuple(dict.fromkeys(tests)),
        priority=form.priority(),
        group=form.text("group") or group_of(tests),
        place=place_of(asked.patient, ground),
        callback=form.needed("callback", "Write the phone that is answered on this ward."),
        prescriber=form.text("prescriber"),
        collected=form.moment("collected"),
        collected_by=form.text("collected_by"),
        specimen=form.needed("specimen", "Write what the specimen is, and from where."),
        clinical=form.text("clinical"),
        replaces=form.text("replaces"),
    )
    return form.refusal() or Accepted(
        said=said, occurred=form.at, warnings=tuple(_asked_already(asked, said.tests, ground))
    )


def _asked_already(asked: Asked, tests: tuple[Coded, ...], ground: Ground) -> Iterator[Warned]:
    people, loops = ground.views.people, ground.views.loops
    mine = people.resolve(asked.patient)
    theirs = loops.requests_of(lambda key: people.resolve(key) == mine)
    waiting = {
        test.key()
        for trace in traces(loops, theirs)
        if trace.state in PENDING and trace.request != asked.fields.one("replaces")
        for test in trace.open_tests
    }
    again = [test.words() for test in tests if test.key() in waiting]
    if again:
        yield Warned(DUPLICATE, f"Asked for already and not resulted yet: {', '.join(again)}")


def receive(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Take a specimen in under its accession number, or turn it away with the reason.

    One that comes with a paper requisition alone begins its loop here, for the patient chosen.
    """
    trace = trace_of(asked.fields.one("request"), ground)
    if trace is None and asked.fields.one("request"):
        return Refusal(NO_SUCH_REQUEST, {"request": NO_SUCH_REQUEST})
    patient = ground.views.people.resolve(trace.patient if trace else asked.patient)
    form = Form(asked, ground)
    rejected = form.text("rejected")
    label = label_of(asked.fields) if rejected else form.label(patient, "specimen")
    if trace is not None:
        form.not_before(trace.started, "It was taken after that: check both times.")
    said = SpecimenReceived(
        request=trace.request if trace else asked.id,
        accession=_new_accession(form, trace, rejected=bool(rejected)),
        label=label,
        condition=form.text("condition"),
        rejected=rejected,
        bench=form.text("bench"),
    )
    return form.refusal() or Accepted(said=said, occurred=form.at, patient=patient)


def _new_accession(form: Form, trace: Trace | None, *, rejected: bool) -> str:
    """Return the number for this tube; noted as wrong when it is misread or another tube's.

    A tube without a label of the roll gets the number the device took from its own block.
    """
    if not form.text(NUMBER) and rejected:
        return ""
    number = accession_typed(form, NUMBER)
    others = form.ground.views.loops.numbered(number)
    if number and set(others) - {trace.request if trace else ""}:
        form.wrong[NUMBER] = "Another specimen has this number. Take the next label."
    return number


def accession_typed(form: Form, field: str = "accession") -> str:
    """Return an accession number in its one spelling; noted as wrong when its check is.

    A number the EHR's laboratory gave before it went off has no check of ours and is kept as it is.
    """
    typed = form.text(field)
    if not typed:
        form.wrong[field] = "Scan or write the accession number."
    if not looks_like_ours(typed):
        return _of_others(form, field, typed)
    number = read_accession(typed)
    if isinstance(number, Problem):
        form.wrong[field] = number.because
        return ""
    return number.text()


def _of_others(form: Form, field: str, typed: str) -> str:
    """Return a number without our prefix: the EHR's laboratory's as it is, never a patient's.

    One of a station's own block is written as the laboratory writes it: the block is the
    station's alone, so no patient has the place; only the prefix and the check differ.
    """
    of_block = read_downtime_number(typed)
    if isinstance(of_block, Problem) or typed[:2].upper() not in (REAL, DRILL):
        return " ".join(typed.split())
    if form.ground.views.people.person(downtime_key(of_block.text())) is not None:
        form.wrong[field] = "This is a patient's number. Scan the accession number."
        return ""
    return AccessionNumber(of_block).text()


def send_out(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Send a specimen on to another laboratory."""
    trace = trace_of(asked.fields.one("request"), ground)
    if trace is None:
        return Refusal(NO_SUCH_REQUEST)
    form = Form(asked, ground)
    if trace.received is None:
        form.wrong["request"] = "Receive the specimen first: it has no accession number yet."
    said = SpecimenSentOut(
        request=trace.request,
        laboratory=form.needed("laboratory", "Write where it goes."),
        courier=form.text("courier"),
        box=form.text("box"),
        temperature=form.text("temperature"),
    )
    return form.refusal() or Accepted(said=said, occurred=form.at, patient=trace.patient)


def lose(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Say that a specimen is lost, cannot be used or is no longer wanted."""
    trace = trace_of(asked.fields.one("request"), ground)
    if trace is None:
        return Refusal(NO_SUCH_REQUEST)
    form = Form(asked, ground)
    if trace.state is SpecimenState.ACKNOWLEDGED:
        form.wrong["request"] = "Its results are filed and acknowledged. Correct those instead."
    loss = Loss(form.choice("loss", tuple(Loss), "Choose lost, rejected or cancelled."))
    said = SpecimenLost(
        request=trace.request,
        loss=loss,
        reason=form.needed("reason", "Write why, for those who take it again."),
        told=form.text("told"),
    )
    return form.refusal() or Accepted(said=said, occurred=form.at, patient=trace.patient)
