"""One patient's chart: everything said of them, folded in the order it happened.

Pure and repeatable: the same statements give the same chart, and a statement that is heard
twice changes nothing (interop.md §5).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wardlight.record.events.charting import DoseRecorded, OrderChanged, ResultsReported
from wardlight.record.identity import PatientKey
from wardlight.record.reading import Charted, Stamp
from wardlight.views.amended import standing
from wardlight.views.bedside.allergies import fold_allergies
from wardlight.views.bedside.doses import fold_doses, fold_vaccines
from wardlight.views.bedside.orders import fold_orders
from wardlight.views.facts import Chart
from wardlight.views.laboratory.reports import (
    HEIGHT_CODES,
    HEIGHT_WORDS,
    WEIGHT_CODES,
    WEIGHT_WORDS,
    fold_documents,
    fold_reports,
    newest_measure,
)
from wardlight.views.patients.alerts import fold_alerts, fold_diet
from wardlight.views.patients.problems import fold_contacts, fold_problems


def fold_chart(
    patient: PatientKey, charted: Iterable[Charted], *, dose_feed: bool = False
) -> Chart:
    """Return the chart from statements sorted by event time, ties by position in the log.

    `dose_feed` says that the patient's site is known to send doses, so that a patient without
    any has an empty MAR rather than "no MAR feed".
    """
    said, taken_back = standing(tuple(dict.fromkeys(charted)))  # read twice is still said once
    orders = fold_orders(said)
    doses = fold_doses(said, orders)
    reports = fold_reports(said)
    doses_as_of = _newest(said, DoseRecorded)
    return Chart(
        patient=patient,
        entries=len({one.stamp.position for one in said}),
        allergies=fold_allergies(said),
        weight=newest_measure(reports, WEIGHT_CODES, WEIGHT_WORDS),
        height=newest_measure(reports, HEIGHT_CODES, HEIGHT_WORDS),
        problems=fold_problems(said),
        contacts=fold_contacts(said),
        alerts=fold_alerts(said),
        diet=fold_diet(said),
        orders=orders,
        doses=doses,
        reports=reports,
        documents=fold_documents(said),
        vaccines=fold_vaccines(said),
        orders_as_of=_newest(said, OrderChanged),
        doses_as_of=doses_as_of,
        results_as_of=_newest(said, ResultsReported),
        has_dose_feed=dose_feed or doses_as_of is not None,
        taken_back=taken_back,
    )


def _newest(said: Sequence[Charted], kind: type) -> Stamp | None:
    stamps = (one.stamp for one in said if isinstance(one.event, kind))
    return max(stamps, key=lambda stamp: (stamp.occurred, stamp.position), default=None)
