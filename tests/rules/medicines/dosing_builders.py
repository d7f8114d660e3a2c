"""Short ways to ask about a dose, for tests of the warnings."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from msgspec.structs import replace
from tests.views.bedside.charting_builders import PATIENT, charted, line, reported

from wardlight.record.codes import Coded, DoseState, OrderKind
from wardlight.record.events.charting import (
    AllergiesReported,
    ChartEvent,
    DoseRecorded,
    MedicationDetail,
    OrderChanged,
    Timing,
)
from wardlight.record.events.entered import Warned
from wardlight.record.instants import HOUR, Instant, Moment
from wardlight.record.reading import Charted
from wardlight.rules.medicines.dose_warnings import dose_warnings, order_warnings
from wardlight.rules.medicines.dosing import DoseAsked, Known, OrderAsked
from wardlight.rules.medicines.drug_tables import FILES, Tables, drug_tables
from wardlight.views.bedside.mar import mar
from wardlight.views.facts import Chart, OrderFact
from wardlight.views.patients.chart import fold_chart

NOW = 1000  # hours since 1970, in UTC: 16:00
ADULT, CHILD = 50 * 365, 4 * 365
NONE_KNOWN = AllergiesReported(none_known=True)


@cache
def shipped() -> dict[str, bytes]:
    folder = files("wardlight.rules") / "tables"
    return {name: (folder / name).read_bytes() for name in FILES}


@cache
def tables() -> Tables:
    found = drug_tables(shipped())
    assert isinstance(found, Tables), found
    return found


def hour(at: float) -> Instant:
    return Instant(round(at * HOUR))


def order(  # noqa: PLR0913 - what an order may differ in
    drug: str,
    dose: str = "",
    unit: str = "mg",
    *,
    pattern: str = "Q8H",
    number: str = "RX|1",
    route: str = "PO",
    rate: str = "",
    verified: bool = True,
) -> Charted:
    """Say that an order was placed 100 hours ago."""
    at = hour(NOW - 100)
    detail = MedicationDetail(
        drug=Coded(text=drug), dose=dose, unit=unit, route=route, rate=rate, verified=verified
    )
    event = OrderChanged(
        number=number,
        control="NW",
        kind=OrderKind.MEDICATION,
        what=detail.drug,
        detail=detail,
        timing=Timing(pattern=pattern, starts=Moment(at)),
        full=True,
        ordered=Moment(at),
    )
    return charted(NOW - 100, event)


def gave(  # noqa: PLR0913 - what a dose may differ in
    ago: float,
    drug: str,
    amount: str = "",
    unit: str = "mg",
    *,
    number: str = "RX|1",
    state: DoseState = DoseState.GIVEN,
    digits: int = 14,
) -> Charted:
    """Say that a dose was charted so many hours ago."""
    at = hour(NOW - ago)
    what = Coded(text=drug)
    event = DoseRecorded(
        order=number, drug=what, at=Moment(at, digits), amount=amount, unit=unit, state=state
    )
    return charted(NOW - ago, event)


def weighed(ago: float, value: str, unit: str = "kg") -> Charted:
    found = replace(line("Weight", value), unit=unit)
    report = reported(found, number=f"W|{ago}", test="Vital signs", collected=NOW - ago)
    return charted(NOW - ago, report)


def chart_of(*said: Charted | ChartEvent) -> Chart:
    """Fold a chart; a bare event was said 90 hours ago."""
    dated = [one if isinstance(one, Charted) else charted(NOW - 90, one) for one in said]
    return fold_chart(PATIENT, sorted(dated, key=lambda one: one.stamp.occurred), dose_feed=True)


def known(
    *said: Charted | ChartEvent,
    age_days: int | None = ADULT,
    blind: tuple[float, float] | None = None,
) -> Known:
    chart = chart_of(*said)
    window = (hour(blind[0]), hour(blind[1])) if blind else None
    rows = mar(chart, now=hour(NOW), zone="UTC", blind=window).rows
    return Known(
        chart=chart,
        tables=tables(),
        now=hour(NOW),
        zone="UTC",
        age_days=age_days,
        row=rows[0] if rows else None,
        blind=window,
    )


def first_order(it: Known, number: str = "RX|1") -> OrderFact | None:
    return next((one for one in it.chart.orders if one.number == number), None)


def warned(
    amount: str,
    *said: Charted | ChartEvent,
    unit: str = "",
    drug: str = "",
    age_days: int | None = ADULT,
    blind: tuple[float, float] | None = None,
    **more: object,
) -> dict[str, str]:
    """Return code and words of what is warned of when a dose is charted now."""
    it = known(*said, age_days=age_days, blind=blind)
    mine = None if drug else first_order(it)
    what = Coded(text=drug) if mine is None else mine.what
    more = {"at": hour(NOW), "order": mine, **more}
    dose = DoseAsked(drug=what, amount=amount, unit=unit, **more)  # type: ignore[arg-type]  # fields of a dose
    return by_code(dose_warnings(dose, it))


def ordering(
    detail: MedicationDetail,
    *said: Charted | ChartEvent,
    pattern: str = "Q8H",
    age_days: int | None = ADULT,
) -> dict[str, str]:
    """Return code and words of what is warned of when an order is written now."""
    asked = OrderAsked(detail=detail, timing=Timing(pattern=pattern))
    return by_code(order_warnings(asked, known(*said, age_days=age_days)))


def by_code(found: tuple[Warned, ...]) -> dict[str, str]:
    return {one.code: one.words for one in found}
