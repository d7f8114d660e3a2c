from __future__ import annotations

from tests.views.bedside.charting_builders import (
    PATIENT,
    charted,
    given,
    medicine,
    ordered,
)

from wardlight.record.codes import Coded, DoseState
from wardlight.record.events.charting import ChartEvent, MedicationDetail, Timing
from wardlight.record.instants import HOUR, Instant, Moment
from wardlight.record.reading import Charted
from wardlight.views.bedside.dose_times import TimesFrom
from wardlight.views.bedside.mar import CellState, Mar, MarRow, mar
from wardlight.views.patients.chart import fold_chart

NOW = 34  # hours since 1970, in UTC: 10:00 on the second day
FEED = charted(0, given(-100, "RX|other"))  # proves that the site sends doses


def instant(hour: float) -> Instant:
    return Instant(round(hour * HOUR))


def seen(*said: Charted, now: float = NOW, blind: tuple[float, float] | None = None) -> Mar:
    chart = fold_chart(PATIENT, sorted(said, key=lambda one: one.stamp.occurred))
    window = (instant(blind[0]), instant(blind[1])) if blind else None
    return mar(chart, now=instant(now), zone="UTC", blind=window)


def row(*said: Charted, now: float = NOW, blind: tuple[float, float] | None = None) -> MarRow:
    (found,) = seen(FEED, *said, now=now, blind=blind).rows
    return found


def order(pattern: str, *times: str, starts: float | None = 0, control: str = "NW") -> ChartEvent:
    begins = Moment(instant(starts)) if starts is not None else None
    timing = Timing(pattern=pattern, times=times, starts=begins)
    return ordered(control, detail=medicine(), timing=timing)


def cells(found: MarRow) -> list[tuple[float, str]]:
    return [(cell.at / HOUR, cell.state.value) for cell in found.cells]


def test_the_past_and_the_future_are_told_apart() -> None:
    found = row(charted(1, order("BID", "08:00", "20:00")))
    assert cells(found) == [(20, "overdue"), (32, "overdue"), (44, "due"), (56, "due")]
    assert found.next_due == instant(44)


def test_a_dose_within_an_hour_counts_for_its_time() -> None:
    found = row(
        charted(1, order("BID", "08:00", "20:00")),
        charted(19, given(19)),
        charted(33, given(33)),
    )
    assert cells(found) == [(19, "given"), (33, "given"), (44, "due"), (56, "due")]


def test_a_dose_more_than_an_hour_late_leaves_its_time_overdue() -> None:
    found = row(charted(1, order("QD", "08:00")), charted(33.1, given(33.1)))
    assert cells(found)[:2] == [(32, "overdue"), (33.1, "given")]


def test_for_short_intervals_half_the_interval_counts() -> None:
    found = row(
        charted(1, order("Q1H", starts=33)), charted(33.4, given(33.4, state=DoseState.REFUSED))
    )
    assert cells(found)[:2] == [(33.4, "refused"), (34, "overdue")]


def test_a_derived_time_is_not_overdue_when_the_dose_came_hours_later() -> None:
    found = row(charted(1, order("BID")), charted(25, given(25)), charted(33.5, given(33.5)))
    assert cells(found) == [(25, "given"), (33.5, "given"), (45, "due"), (57, "due")]
    assert found.times_from is TimesFrom.SITE_TABLE


def test_the_orders_own_times_are_marked_as_such() -> None:
    assert row(charted(1, order("QD", "08:00"))).times_from is TimesFrom.ORDER


def test_a_refused_dose_settles_its_time_and_is_not_the_last_given() -> None:
    found = row(charted(1, order("QD", "08:00")), charted(32, given(32, state=DoseState.REFUSED)))
    assert cells(found) == [(32, "refused"), (56, "due")]
    assert found.last_given is None


def test_one_dose_counts_for_one_time_only() -> None:
    found = row(charted(1, order("", "08:00", "09:00")), charted(32.5, given(32.5)))
    assert [state for _, state in cells(found)][:2] == ["given", "overdue"]


def test_the_last_dose_given_is_found_before_the_window() -> None:
    found = row(charted(1, order("Q72H")), charted(2, given(2)))
    assert found.last_given is not None
    assert (found.last_given.at.at, found.next_due) == (instant(2), instant(74))


def test_a_dose_given_early_moves_the_next_one_on() -> None:
    found = row(charted(1, order("QD", "10:30")), charted(33.9, given(33.9)))
    assert found.next_due == instant(58.5)


def test_a_time_in_the_blind_window_is_a_question() -> None:
    found = row(charted(1, order("", "09:30")), blind=(33.4, 33.8))
    assert cells(found)[0] == (33.5, "late?")


def test_a_time_after_the_blind_window_is_a_question() -> None:
    found = row(charted(1, order("", "09:30")), blind=(32, 32.2))
    assert cells(found)[0] == (33.5, "late?")


def test_a_time_just_before_the_blind_window_is_a_question() -> None:
    found = row(charted(1, order("", "02:00")), now=28, blind=(26.52, 26.78))
    assert cells(found)[0] == (26, "late?")


def test_a_time_long_before_the_blind_window_is_overdue() -> None:
    found = row(charted(1, order("", "02:00")), now=34, blind=(30, 31))
    assert cells(found)[0] == (26, "overdue")


def test_without_a_feed_of_doses_every_past_time_is_a_question() -> None:
    found = seen(charted(1, order("QD", "08:00")))
    assert not found.has_dose_feed
    assert cells(found.rows[0])[0] == (32, "late?")


def test_an_unknown_pattern_is_shown_as_received_without_times() -> None:
    found = row(charted(1, order("QMWF")))
    assert (found.schedule_known, found.cells, found.next_due) == (False, (), None)
    assert (found.times_from, found.section) == (None, "scheduled")


def test_a_held_order_has_no_due_times() -> None:
    found = row(charted(1, order("QD", "08:00")), charted(2, ordered("HD")))
    assert (found.cells, found.next_due) == ((), None)


def test_a_stopped_order_has_no_row_and_its_doses_are_listed_apart() -> None:
    found = seen(
        charted(1, order("QD", "08:00")), charted(32, given(32)), charted(33, ordered("DC"))
    )
    assert found.rows == ()
    assert [dose.at.at for dose in found.unmatched] == [instant(32)]


def test_a_dose_without_order_belongs_to_the_only_order_of_its_drug() -> None:
    found = row(charted(1, order("QD", "08:00")), charted(32, given(32, order="")))
    assert cells(found)[0] == (32, "given")


def test_a_dose_from_before_the_order_was_placed_is_not_its_dose() -> None:
    found = seen(charted(1, given(1, order="")), charted(2, order("QD", "08:00", starts=2)))
    assert found.rows[0].last_given is None


def test_a_dose_of_a_drug_ordered_twice_is_not_assigned() -> None:
    found = seen(
        charted(1, order("QD", "08:00")),
        charted(2, ordered("NW", "RX|2", medicine())),
        charted(32, given(32, order="")),
    )
    assert len(found.unmatched) == 1


def test_a_dose_found_by_the_orders_other_number_is_its_dose() -> None:
    both = ordered("NW", "RX|1", medicine(), other_number="CPOE|9")
    found = row(charted(1, both), charted(32, given(32, order="CPOE|9", drug="brand")))
    assert cells(found) == [(32, "given")]


def test_an_order_past_its_end_is_still_listed() -> None:
    timing = Timing(pattern="QD", times=("08:00",), ends=Moment(instant(33)))
    found = row(charted(1, ordered("NW", detail=medicine(), timing=timing)))
    assert (found.ended_by_time, found.next_due) == (True, None)
    assert cells(found) == [(32, "overdue")]


def test_a_stat_dose_is_due_when_ordered_and_gone_once_given() -> None:
    stat = ordered(
        "NW", detail=medicine(), timing=Timing(pattern="STAT", starts=Moment(instant(33)))
    )
    assert cells(row(charted(33, stat))) == [(33, "overdue")]
    assert cells(row(charted(33, stat), charted(33.9, given(33.9)))) == [(33.9, "given")]
    assert row(charted(33, stat)).section == "one time"


def test_sections_come_in_order_and_each_is_alphabetical() -> None:
    def of(number: str, drug: str, pattern: str) -> Charted:
        detail = MedicationDetail(drug=Coded(text=drug))
        return charted(1, ordered("NW", number, detail, timing=Timing(pattern=pattern)))

    found = seen(
        of("1", "ondansetron", "Q6H PRN"),
        of("2", "heparin", "C"),
        of("3", "cefazolin", "ONCE"),
        of("4", "metoprolol", "BID"),
        of("5", "Aspirin", "QD"),
    )
    assert [(one.section, one.order.words()) for one in found.rows] == [
        ("scheduled", "Aspirin"),
        ("scheduled", "metoprolol"),
        ("infusion", "heparin"),
        ("one time", "cefazolin"),
        ("as needed", "ondansetron"),
    ]


def test_a_rate_without_pattern_is_an_infusion() -> None:
    detail = MedicationDetail(drug=Coded(text="heparin"), rate="12", rate_unit="mL/hr")
    assert row(charted(1, ordered("NW", detail=detail))).section == "infusion"


def test_an_as_needed_dose_shows_when_it_was_given() -> None:
    found = row(charted(1, order("Q6H PRN")), charted(32, given(32)))
    assert (cells(found), found.next_due, found.schedule_known) == ([(32, "given")], None, True)


def test_the_window_is_a_day_back_and_a_day_forward() -> None:
    found = seen(charted(1, order("QD", "08:00")))
    assert (found.starts, found.ends) == (instant(NOW - 24), instant(NOW + 24))


def test_the_mar_is_as_old_as_the_last_word_on_orders_or_doses() -> None:
    found = seen(charted(1, order("QD")), charted(32, given(32)))
    assert found.as_of is not None
    assert found.as_of.occurred == instant(32)


def test_a_dose_time_of_which_only_the_day_is_known_settles_nothing() -> None:
    vague = given(24)
    dated = type(vague)(order="RX|1", drug=vague.drug, at=Moment(instant(24), 8))
    found = row(charted(1, order("", "00:30")), charted(25, dated))
    assert (24.5, "overdue") in cells(found)


def test_every_state_of_a_dose_has_its_mark() -> None:
    assert {CellState(state.value) for state in DoseState} <= set(CellState)
