"""What a packet is made of, read from the views for one transfer and its patient alone."""

from __future__ import annotations

from wardlight.paper.patient_sheets import patient_sheets
from wardlight.paper.transfers.cover import Going
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.record.sources import Site
from wardlight.views.fold import Views
from wardlight.views.imaging import Examination, ImagingState, examinations
from wardlight.views.laboratory import traces
from wardlight.views.rows import Stay
from wardlight.views.transfers import Case

_WITHOUT_READING = frozenset(
    {ImagingState.REQUESTED, ImagingState.PERFORMED, ImagingState.PRELIMINARY}
)


def going_of(views: Views, site: Site, one: Case, *, now: Instant, to: str) -> Going | None:
    """Return what is printed of a transfer; None for a patient without a stay at this site.

    `to` is the name of the hospital that takes the patient. The stay is the one the transfer
    began in, also after the patient left.
    """
    patient = views.people.resolve(one.patient)
    stay = stay_here(views, patient, site.code)
    if stay is None:
        return None
    mine = list(views.loops.requests_of(lambda key: views.people.resolve(key) == patient))
    specimens = traces(views.loops, mine)
    exams = [exam for exam in examinations(views.loops, mine) if exam.state in _WITHOUT_READING]
    whose = [trace.patient for trace in specimens]
    return Going(
        case=one,
        patient=patient,
        sheets=patient_sheets(views, site, stay, now=now),
        to=to,
        traces=specimens,
        exams=tuple(map(_words, exams)),
        sources=tuple(map(views.people.resolve, [*whose, *(exam.patient for exam in exams)])),
    )


def stay_here(views: Views, patient: PatientKey, site: str) -> Stay | None:
    """Return a patient's newest stay at a site; None when there is none."""
    return next((stay for stay in views.census.stays(patient) if stay.site == site), None)


def _words(exam: Examination) -> str:
    where = f"; images with {exam.images_with}" if exam.images_with else ""
    return f"{exam.study()}: {exam.state}{where}"
