"""What a packet is made of, read from the views for one transfer and its patient alone."""

from __future__ import annotations

from wardlight.paper.packs.patient_sheets import patient_sheets
from wardlight.paper.transfers.cover import Going, NameOf
from wardlight.record.instants import Instant
from wardlight.record.sources import Site
from wardlight.views.fold import Views
from wardlight.views.transfers.still_out import exam_words, still_out
from wardlight.views.transfers.transfer_board import stay_of
from wardlight.views.transfers.transfers import Case


def going_of(
    views: Views, site: Site, one: Case, *, now: Instant, name_of: NameOf = str
) -> Going | None:
    """Return what is printed of a transfer; None for a patient without a stay at this site.

    The stay is the one the transfer began in, also after the patient left.
    """
    patient = views.people.resolve(one.patient)
    stay = stay_of(views, one)
    if stay is None:
        return None
    out = still_out(views, patient)
    whose = [*(one.patient for one in out.specimens), *(one.patient for one in out.exams)]
    return Going(
        case=one,
        patient=patient,
        sheets=patient_sheets(views, site, stay, now=now),
        to=name_of(one.heading()),
        name_of=name_of,
        traces=out.specimens,
        exams=tuple(map(exam_words, out.exams)),
        sources=tuple(map(views.people.resolve, whose)),
    )
