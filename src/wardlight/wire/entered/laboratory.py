"""Requests and results of the downtime loops, as the orders and reports a feed would state.

One order for each test under the request's number, so that a chart shows what is still out test
by test; results under the same number answer them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from wardlight.record.codes import Coded, OrderKind, OrderState, ResultState
from wardlight.record.events.charting import (
    Observation,
    OrderChanged,
    ResultsReported,
    Timing,
)
from wardlight.record.events.entered import Entered
from wardlight.record.events.imaging import (
    Answer,
    ImagingCancelled,
    ImagingRead,
    ImagingRequested,
    Side,
)
from wardlight.record.events.laboratory import (
    Priority,
    ResultEntered,
    ResultLine,
    SpecimenLost,
    SpecimenReceived,
    SpecimenRequested,
)
from wardlight.record.events.transfusion import (
    BloodRequested,
    BloodTested,
    TransfusionReaction,
    TransfusionStarted,
    TransfusionStopped,
)
from wardlight.record.instants import Instant, Moment

LAB, RADIOLOGY, BLOOD_BANK = "LAB", "RAD", "BLB"  # HL7 table 0074, what OBR-24 says
_PRIORITY = {Priority.STAT: "S", Priority.URGENT: "A", Priority.ROUTINE: "R"}  # HL7 table 0485
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
_CANCELLED = "CA"  # HL7 table 0119


def specimen_requested(
    entered: Entered, said: SpecimenRequested, at: Instant
) -> Iterator[OrderChanged]:
    """Give one order for each test."""
    words = [said.specimen, said.clinical, f"callback {said.callback}" if said.callback else ""]
    for test in said.tests:
        yield OrderChanged(
            number=said.request,
            control="NW",
            kind=OrderKind.LABORATORY,
            what=test,
            prescriber=said.prescriber or entered.by,
            ordered=Moment(at),
            timing=Timing(priority=_PRIORITY[said.priority]),
            full=True,
            as_received=" · ".join(word for word in words if word),
        )


def specimen_received(_: Entered, said: SpecimenReceived, __: Instant) -> Iterator[OrderChanged]:
    """Give the end of the orders of a specimen that cannot be used; else nothing has changed."""
    if said.rejected:
        yield _ended(said.request, f"specimen rejected: {said.rejected}")


def specimen_lost(_: Entered, said: SpecimenLost, __: Instant) -> Iterator[OrderChanged]:
    """Give the end of the orders of a specimen that will have no result."""
    yield _ended(said.request, f"specimen {said.loss}: {said.reason}".rstrip(": "))


def _ended(request: str, words: str) -> OrderChanged:
    return OrderChanged(
        number=request, control=_CANCELLED, state=OrderState.STOPPED, as_received=words
    )


def result_entered(entered: Entered, said: ResultEntered, at: Instant) -> Iterator[ResultsReported]:
    """Give one report: of the panel that was asked for, else one for each line."""
    state = ResultState.CORRECTED if entered.corrects else ResultState.FINAL
    panels = (
        [(said.test, said.lines)]
        if said.test.words()
        else [(line.test, (line,)) for line in said.lines]
    )
    for test, lines in panels:
        yield ResultsReported(
            number=said.request,
            test=test,
            state=state,
            collected=said.collected,
            reported=Moment(at),
            section=LAB,
            specimen=said.specimen,
            observations=tuple(_observation(line, said, state) for line in lines),
            notes=_notes(said),
        )


def _observation(line: ResultLine, said: ResultEntered, state: ResultState) -> Observation:
    return Observation(
        test=line.test,
        value=line.value,
        unit=line.unit,
        range=line.range,
        flags=(line.flag,) if line.flag else (),
        state=state,
        at=said.collected,
        kind="NM" if _NUMBER.fullmatch(line.value) else "",
        notes=(line.note,) if line.note else (),
        by=said.verified_by,
    )


def _notes(said: ResultEntered) -> tuple[str, ...]:
    facts = (
        ("Accession", said.accession),
        ("Instrument", said.instrument),
        ("Verified by", said.verified_by),
    )
    return tuple(f"{name} {value}" for name, value in facts if value)


def imaging_requested(
    entered: Entered, said: ImagingRequested, at: Instant
) -> Iterator[OrderChanged]:
    """Give an imaging order; what was asked before contrast and radiation stands in its words."""
    asked = [said.clinical, f"pregnancy {said.pregnancy}"]
    if said.contrast:
        asked += [f"contrast, allergy to it: {said.contrast_allergy}", f"eGFR {said.egfr}"]
    yield OrderChanged(
        number=said.request,
        control="NW",
        kind=OrderKind.IMAGING,
        what=_study(said.study, said.side),
        prescriber=said.prescriber or entered.by,
        ordered=Moment(at),
        timing=Timing(priority=_PRIORITY[said.priority]),
        full=True,
        as_received=" · ".join(
            word for word in asked if word and not word.endswith(Answer.DOES_NOT_APPLY)
        ),
    )


def _study(study: Coded, side: Side) -> Coded:
    if side is Side.NONE:
        return study
    return Coded(study.code, f"{study.words()}, {side}", study.system)


def imaging_cancelled(_: Entered, said: ImagingCancelled, __: Instant) -> Iterator[OrderChanged]:
    """Give the end of an imaging order."""
    yield _ended(said.request, f"not done: {said.reason}".rstrip(": "))


def imaging_read(entered: Entered, said: ImagingRead, at: Instant) -> Iterator[ResultsReported]:
    """Give a reading as a text report: preliminary until the final one."""
    state = ResultState.PRELIMINARY if said.preliminary else ResultState.FINAL
    if entered.corrects and not said.preliminary:
        state = ResultState.CORRECTED
    yield ResultsReported(
        number=said.request,
        test=said.study,
        state=state,
        collected=said.performed,
        reported=Moment(at),
        section=RADIOLOGY,
        observations=(
            Observation(
                test=Coded(text="Reading"),
                value=said.text,
                kind="TX",
                flags=("AA",) if said.critical else (),
                state=state,
                by=said.read_by or entered.by,
            ),
        ),
    )


def blood_requested(entered: Entered, said: BloodRequested, at: Instant) -> Iterator[OrderChanged]:
    """Give a request for blood as an order of the laboratory."""
    words = f"{said.product}, {said.units} units" if said.units else said.product
    yield OrderChanged(
        number=said.request,
        control="NW",
        kind=OrderKind.LABORATORY,
        what=Coded(text=words),
        prescriber=said.prescriber or entered.by,
        ordered=Moment(at),
        timing=Timing(priority=_PRIORITY[said.priority]),
        full=True,
        as_received=said.clinical,
    )


def blood_tested(entered: Entered, said: BloodTested, at: Instant) -> Iterator[ResultsReported]:
    """Give group and antibodies as a report."""
    found = (("ABO and Rh group", said.group), ("Antibody screen", said.antibodies))
    yield ResultsReported(
        number=said.request,
        test=Coded(text="Group and antibody screen"),
        state=ResultState.CORRECTED if entered.corrects else ResultState.FINAL,
        reported=Moment(at),
        section=BLOOD_BANK,
        observations=tuple(
            Observation(test=Coded(text=test), value=value, state=ResultState.FINAL, by=entered.by)
            for test, value in found
            if value
        ),
        notes=(f"Accession {said.accession}",),
    )


def bedside(
    entered: Entered,
    said: TransfusionStarted | TransfusionStopped | TransfusionReaction,
    at: Instant,
) -> Iterator[ResultsReported]:
    """Give what happened to a unit at the bedside, as lines of one report for each unit."""
    step, words = _bedside_words(said)
    yield ResultsReported(
        number=f"{said.request} {said.unit}",
        test=Coded(text=f"Transfusion, unit {said.unit}"),
        state=ResultState.FINAL,
        reported=Moment(at),
        section=BLOOD_BANK,
        observations=(
            Observation(
                test=Coded(text=step),
                value=words,
                kind="TX",
                flags=("AA",) if isinstance(said, TransfusionReaction) else (),
                state=ResultState.FINAL,
                at=Moment(at),
                by=entered.by,
            ),
        ),
    )


def _bedside_words(
    said: TransfusionStarted | TransfusionStopped | TransfusionReaction,
) -> tuple[str, str]:
    if isinstance(said, TransfusionStarted):
        return "Begun", f"checked at the bedside by {said.first} and {said.second}"
    if isinstance(said, TransfusionReaction):
        told = f"; told {said.told}" if said.told else ""
        return "Reaction", f"{said.signs}; {'stopped' if said.stopped else 'going on'}{told}"
    if said.returned:
        return "Returned", said.reason or "not used"
    words = f"stopped: {said.reason}" if said.reason else "given whole"
    return "Ended", f"{words}, {said.volume}" if said.volume else words


CHARTED: Mapping[type, Any] = {
    SpecimenRequested: specimen_requested,
    SpecimenReceived: specimen_received,
    SpecimenLost: specimen_lost,
    ResultEntered: result_entered,
    ImagingRequested: imaging_requested,
    ImagingCancelled: imaging_cancelled,
    ImagingRead: imaging_read,
    BloodRequested: blood_requested,
    BloodTested: blood_tested,
    TransfusionStarted: bedside,
    TransfusionStopped: bedside,
    TransfusionReaction: bedside,
}
