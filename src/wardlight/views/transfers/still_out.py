"""What was asked for here and has no final answer yet: the same for screen, paper and document."""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.identity import PatientKey
from wardlight.views.fold import Views
from wardlight.views.laboratory.imaging import Examination, ImagingState, examinations
from wardlight.views.laboratory.laboratory import PENDING, Trace, traces

_ANSWERED = frozenset({ImagingState.READ, ImagingState.CANCELLED})


class StillOut(Struct, frozen=True, kw_only=True, gc=False):
    """The specimens and examinations of one patient somebody waits for, oldest first.

    What was ordered in the EHR is not among them: see `views.results`.
    """

    specimens: tuple[Trace, ...] = ()
    exams: tuple[Examination, ...] = ()


def still_out(views: Views, patient: PatientKey) -> StillOut:
    """Return what of a patient is still out, under any number they ever had."""
    mine = list(views.loops.requests_of(lambda key: views.people.resolve(key) == patient))
    return StillOut(
        specimens=tuple(one for one in traces(views.loops, mine) if one.state in PENDING),
        exams=tuple(one for one in examinations(views.loops, mine) if one.state not in _ANSWERED),
    )


def specimen_words(one: Trace) -> str:
    """Return which tests of which specimen are out, and how far it has come."""
    tests = ", ".join(test.words() for test in one.open_tests) or "specimen"
    return f"{tests}, {one.accession or 'no number yet'}, {one.state}"


def exam_words(one: Examination) -> str:
    """Return which examination has no final reading, how far it is and where its images are."""
    where = f"; images with {one.images_with}" if one.images_with else ""
    return f"{one.study()}: {one.state}{where}"
