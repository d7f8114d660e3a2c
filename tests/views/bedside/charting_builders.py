"""Short ways to say what happened, for tests of the chart."""

from __future__ import annotations

from wardlight.record.codes import Coded, DoseState, OrderKind, OrderState, ResultState
from wardlight.record.events.charting import (
    AllergiesReported,
    Allergy,
    AllergyChange,
    Change,
    ChartEvent,
    DoseRecorded,
    MedicationDetail,
    Observation,
    OrderChanged,
    ResultsReported,
    Timing,
)
from wardlight.record.identity import PatientKey
from wardlight.record.instants import HOUR, Instant, Moment
from wardlight.record.reading import Charted, Stamp
from wardlight.views.facts import Chart
from wardlight.views.patients.chart import fold_chart

PATIENT = PatientKey("NORTH|7041182236")
NO_TIMING = Timing()


def charted(
    hour: float, event: ChartEvent, *, source: str = "adt", patient: PatientKey = PATIENT
) -> Charted:
    at = Instant(round(hour * HOUR))
    return Charted(patient, Stamp(at, at, source, position=round(hour * 100)), event)


def chart_of(*said: Charted) -> Chart:
    return fold_chart(PATIENT, said)


def allergic(
    *agents: str, change: Change = Change.ADD, replaces: bool = False, reactions: str = ""
) -> AllergiesReported:
    stated = tuple(reactions.split("+")) if reactions else ()
    changes = tuple(
        AllergyChange(
            key=agent, change=change, allergy=Allergy(agent=Coded(text=agent), reactions=stated)
        )
        for agent in agents
    )
    return AllergiesReported(changes=changes, replaces=replaces)


def medicine(
    drug: str = "metoprolol", dose: str = "25", *, verified: bool = False, pattern: str = ""
) -> MedicationDetail:
    return MedicationDetail(
        drug=Coded(text=drug),
        dose=dose,
        unit="mg",
        route="PO",
        verified=verified,
        timing=Timing(pattern=pattern),
    )


def ordered(
    control: str = "NW",
    number: str = "RX|1",
    detail: MedicationDetail | None = None,
    *,
    timing: Timing = NO_TIMING,
    state: OrderState = OrderState.ACTIVE,
    **more: str,
) -> OrderChanged:
    return OrderChanged(
        number=number,
        control=control,
        kind=OrderKind.MEDICATION,
        state=state,
        what=detail.drug if detail else Coded(),
        detail=detail,
        timing=timing,
        full=control in ("NW", "XO", "RO"),
        **more,  # type: ignore[arg-type]  # only fields that are text
    )


def lab_order(test: str, number: str = "LAB|1", control: str = "NW") -> OrderChanged:
    return OrderChanged(
        number=number, control=control, kind=OrderKind.LABORATORY, what=Coded(text=test)
    )


def given(
    hour: float,
    order: str = "RX|1",
    *,
    state: DoseState = DoseState.GIVEN,
    drug: str = "metoprolol",
    removed: bool = False,
) -> DoseRecorded:
    at = Moment(Instant(round(hour * HOUR)))
    return DoseRecorded(
        order=order, drug=Coded(text=drug), at=at, state=state, amount="25", removed=removed
    )


def line(
    test: str, value: str, state: ResultState = ResultState.FINAL, *flags: str, kind: str = "NM"
) -> Observation:
    return Observation(test=Coded(text=test), value=value, state=state, flags=flags, kind=kind)


def reported(
    *lines: Observation,
    number: str = "LAB|1",
    test: str = "BMP",
    collected: float | None = None,
    state: ResultState = ResultState.FINAL,
    at: float | None = None,
) -> ResultsReported:
    return ResultsReported(
        number=number,
        test=Coded(text=test),
        state=state,
        collected=None if collected is None else Moment(Instant(round(collected * HOUR))),
        reported=None if at is None else Moment(Instant(round(at * HOUR))),
        observations=lines,
    )
