"""How services stand: latest word, expiry, silence, history, changes, all from entries and now."""

from __future__ import annotations

from tests.rules.services.public_region import PublicRegion
from tests.rules.services.region import SITES, START, Region

from wardlight.record import catalogue
from wardlight.record.codes import Location
from wardlight.record.events.stays import BedReported
from wardlight.record.instants import HOUR, MINUTE, Instant
from wardlight.record.reading import Stamp
from wardlight.record.services import DivertCategory, Service, ServiceState
from wardlight.views.fold import Views
from wardlight.views.services.service_rows import LAPSED, REOPENED, Capability
from wardlight.wire.entered.reading import entered_chart, entered_headline

SATURATED = {"category": "ED saturation", "reason": "22 boarders"}
CT_DOWN = {"category": "equipment or CT failure", "reason": "tube failed"}


def test_what_nobody_spoke_of_is_no_report() -> None:
    region = Region()
    assert region.ed().state is ServiceState.NO_REPORT
    assert region.ed().age() is None
    assert region.board().standing(Service.STROKE).state is ServiceState.NO_REPORT
    assert region.board().takes(Service.STROKE) is Capability.NOT_KNOWN


def test_a_saturated_ed_reopens_by_itself_after_two_hours_and_says_so() -> None:
    region = Region()
    region.state("ED", "divert", **SATURATED)
    region.minutes(119)
    assert region.ed().state is ServiceState.DIVERT
    region.minutes(1)
    assert region.ed().state is ServiceState.OPEN
    assert region.ed().expired_notice == REOPENED
    assert region.ed().last is ServiceState.DIVERT
    assert region.ed().since == START + 120 * MINUTE
    assert region.ed().good_until == START + 14 * HOUR


def test_what_is_not_about_services_makes_no_board_anew() -> None:
    region = PublicRegion()
    before = region.status.version
    region.approve()
    assert region.status.version == before
    region.state("CT", "open")
    assert region.status.version == before + 1


def test_a_diversion_about_to_end_is_warned_of_twenty_minutes_before() -> None:
    region = Region()
    region.state("ED", "divert", **SATURATED)
    region.minutes(99)
    assert not region.ed().is_ending()
    region.minutes(1)
    assert region.ed().is_ending()
    assert region.ed().ends_in() == 20 * MINUTE


def test_an_open_service_nobody_speaks_of_for_a_shift_becomes_no_report() -> None:
    region = Region()
    region.state("ED", "open")
    region.minutes(12 * 60)
    assert region.ed().state is ServiceState.NO_REPORT
    assert region.ed().expired_notice == LAPSED
    assert region.ed().last is ServiceState.OPEN


def test_a_neighbour_heard_an_hour_ago_is_no_report() -> None:
    region = Region()
    region.add_neighbours()
    region.hear("GRV", "open")
    region.minutes(59)
    assert region.ed("GRV").state is ServiceState.OPEN
    region.minutes(1)
    assert region.ed("GRV").state is ServiceState.NO_REPORT


def test_a_department_open_again_by_itself_has_no_reason() -> None:
    region = Region()
    region.state("ED", "divert", **SATURATED)
    region.minutes(120)
    found = region.ed()
    assert (found.state, found.category, found.reason) == (ServiceState.OPEN, None, "")
    assert found.expired_notice


def test_a_neighbour_that_reopened_by_itself_is_no_report_an_hour_later() -> None:
    region = Region()
    region.add_neighbours()
    region.hear("GRV", "divert", **SATURATED)
    region.minutes(120)
    assert (region.ed("GRV").state, region.ed("GRV").is_ending()) == (ServiceState.OPEN, False)
    region.minutes(60)
    assert region.ed("GRV").state is ServiceState.NO_REPORT
    assert region.ed("GRV").last is ServiceState.OPEN  # how it stood, by itself
    found = [(one.after, one.id.partition("@")[2]) for one in region.status.changes(region.now)]
    assert found == [
        (ServiceState.NO_REPORT, "silence"),
        (ServiceState.OPEN, "expiry"),
        (ServiceState.DIVERT, ""),
    ]
    bars = region.status.history("GRV", region.now)
    assert [bar.length() for bar in bars] == [2 * HOUR, HOUR]


def test_a_page_of_the_whole_minute_shows_what_was_said_within_it() -> None:
    region = Region()
    region.minutes(0.5)
    region.state("ED", "open")
    assert region.status.now(region.ed().key, START).state is ServiceState.OPEN
    assert region.status.history("LKS", START) == ()
    region.minutes(11 * 60 + 59.5)
    assert region.ed().state is ServiceState.NO_REPORT  # at the whole minute, for all who ask


def test_a_word_that_comes_late_from_a_tablet_does_not_undo_a_later_one() -> None:
    region = Region()
    region.minutes(30)
    region.state("ED", "open")
    region.made = START
    region.state("ED", "divert", at="02:31", **SATURATED)
    assert region.ed().state is ServiceState.OPEN
    bars = region.status.history("LKS", Instant(region.now + MINUTE))
    assert [bar.state for bar in bars] == [ServiceState.DIVERT, ServiceState.OPEN]


def test_the_latest_word_counts_also_for_the_time_before_it() -> None:
    region = Region()
    region.minutes(60)
    region.state("ED", "open")
    region.minutes(10)
    region.state("ED", "divert", at="03:00", **SATURATED)
    [bar] = region.status.history("LKS", region.now)
    assert (bar.state, bar.begins) == (ServiceState.DIVERT, START + 29 * MINUTE)


def test_hours_by_category_add_up_to_the_whole_time() -> None:
    region = Region()
    region.state("ED", "divert", **SATURATED)  # two hours, then open by itself
    region.minutes(180)
    region.state("ED", "closed", category="internal disaster", reason="flood")
    region.minutes(60)
    region.state("ED", "open")
    region.minutes(14 * 60)  # two hours of which nobody answers for
    [found] = region.status.hours("LKS", region.now).values()
    assert found == {
        (ServiceState.DIVERT, DivertCategory.ED_SATURATION): 2 * HOUR,
        (ServiceState.OPEN, None): (1 + 12) * HOUR,
        (ServiceState.CLOSED, DivertCategory.INTERNAL_DISASTER): HOUR,
        (ServiceState.NO_REPORT, None): 2 * HOUR,
    }
    assert sum(found.values()) == region.now - START


def test_changes_name_what_was_before_and_a_confirmation_is_none() -> None:
    region = Region()
    region.state("CT", "divert", **CT_DOWN)
    region.minutes(5)
    region.state("CT", "divert", **CT_DOWN)
    region.minutes(5)
    region.state("CT", "open")
    newest, first = region.status.changes(region.now)
    assert (first.before, first.after) == (ServiceState.NO_REPORT, ServiceState.DIVERT)
    assert (newest.before, newest.after, newest.by) == (
        ServiceState.DIVERT,
        ServiceState.OPEN,
        "RN B. Okafor",
    )


def test_running_out_is_a_change_of_its_own_that_can_be_acknowledged() -> None:
    region = Region()
    region.state("ED", "divert", **SATURATED)
    region.minutes(121)
    newest = region.status.changes(region.now)[0]
    assert (newest.notice, newest.at, newest.by) == (REOPENED, START + 120 * MINUTE, "")
    region.tell(catalogue.CHANGE_ACKNOWLEDGED, change=newest.id, by="Dispatch 4")
    seen = region.status.changes(region.now)[0].acknowledged
    assert [(one.by, one.at) for one in seen] == [("Dispatch 4", region.now)]


def test_running_out_stays_in_the_feed_after_the_next_word() -> None:
    region = Region()
    region.state("ED", "divert", **SATURATED)
    region.minutes(150)
    region.state("ED", "divert", **SATURATED)
    found = [(one.before, one.after) for one in region.status.changes(region.now)]
    assert found == [
        (ServiceState.OPEN, ServiceState.DIVERT),
        (ServiceState.DIVERT, ServiceState.OPEN),
        (ServiceState.NO_REPORT, ServiceState.DIVERT),
    ]


def test_a_diversion_made_in_error_and_taken_back_is_a_change_too() -> None:
    region = Region()
    region.state("ED", "open")
    region.minutes(1)
    region.state("ED", "divert", **SATURATED)
    region.minutes(1)
    region.tell(catalogue.ENTRY_VOIDED, entry=region.ed().entry, reason="wrong hospital")
    assert region.ed().state is ServiceState.OPEN
    newest = region.status.changes(region.now)[0]
    assert (newest.after, newest.notice) == (ServiceState.OPEN, "taken back")
    assert [bar.state for bar in region.status.history("LKS", region.now)] == [ServiceState.OPEN]


def test_own_sites_come_first_and_a_hospital_without_a_contact_is_not_left_out() -> None:
    region = Region()
    region.add_neighbours()
    found = region.status.facilities(region.now, SITES)
    assert [one.code for one in found] == ["LKS", "MMH", "GRV", "MCK", "SAC"]
    region.tell(catalogue.NEIGHBOUR_STATED, code="GRV", neighbour="Green Valley", gone="yes")
    found = region.status.facilities(region.now, SITES)
    assert [one.code for one in found] == ["LKS", "MMH", "MCK", "SAC"]


def test_a_service_counts_as_taking_only_while_it_and_the_ed_are_open() -> None:
    region = Region()
    region.state("CT", "open")
    assert region.board().takes(Service.CT) is Capability.NOT_KNOWN  # the ED said nothing
    region.state("ED", "open")
    assert region.board().takes(Service.CT) is Capability.YES
    assert region.board().takes(Service.BURN) is Capability.NOT_KNOWN
    region.state("ED", "divert", **SATURATED)
    assert region.board().takes(Service.CT) is Capability.NO


def test_a_service_a_neighbour_is_known_not_to_have_is_no() -> None:
    region = Region()
    fields = {"code": "GRV", "neighbour": "Green Valley", "can": "stroke", "cannot": "burn"}
    region.tell(catalogue.NEIGHBOUR_STATED, **fields)
    board = region.board("GRV")
    asked = (Service.STROKE, Service.BURN, Service.CATH)
    assert [board.capability(one) for one in asked] == [
        Capability.YES,
        Capability.NO,
        Capability.NOT_KNOWN,
    ]


def test_counts_carry_nedocs_its_band_and_who_counted() -> None:
    region = Region()
    region.tell(
        catalogue.CROWDING_COUNTED,
        ed_patients="35",
        ed_beds="25",
        admits_in_ed="8",
        hospital_beds="300",
        ventilated_in_ed="4",
        longest_admit_wait_h="3.5",
        last_bed_wait_h="2",
    )
    found = region.board().crowding
    assert found is not None
    assert found.score is not None
    assert round(found.score, 3) == 184.255
    assert (found.band, found.by) == ("dangerously overcrowded", "RN B. Okafor")


def test_beds_are_counted_by_hand_and_occupied_ones_come_from_the_census() -> None:
    region = Region()
    region.admit("704118", "SAMPLE", "Ann")
    region.tell(catalogue.BEDS_COUNTED, site="MMH", bed="ICU", available="-1", baseline="12")
    by_hand, census = region.board("MMH").beds
    assert (by_hand.kind, by_hand.available, by_hand.by) == ("ICU", -1, "RN B. Okafor")
    assert (census.kind, census.occupied, census.available) == ("4E", 1, None)


def test_beds_housekeeping_reports_as_empty_are_counted_and_dirty_ones_are_not() -> None:
    region = Region()
    region.admit("704118", "SAMPLE", "Ann")
    for bed, state in (("13", "U"), ("14", "U"), ("15", "H"), ("12", "U")):
        place = Location(unit="4E", room=bed, bed=bed)
        reported = BedReported(location=place, status=state, at=region.now)
        stamp = Stamp(region.now, region.now, "EHR@MMH", 1)
        region.views.census.report_bed(reported, stamp, "MMH")
    [census] = region.board("MMH").beds
    assert (census.occupied, census.available) == (1, 2)


def test_the_newest_word_of_a_hospital_is_when_it_was_last_heard() -> None:
    region = Region()
    assert region.board().last_heard is None
    region.state("ED", "open")
    region.minutes(20)
    region.tell(catalogue.BEDS_COUNTED, bed="ICU", available="2")
    assert region.board().last_heard == START + 20 * MINUTE


def test_restored_views_answer_the_same() -> None:
    region = Region()
    region.add_neighbours()
    region.state("ED", "divert", **SATURATED)
    region.tell(catalogue.BEDS_COUNTED, bed="ICU", available="2")
    change = region.status.changes(region.now)[0].id
    region.tell(catalogue.CHANGE_ACKNOWLEDGED, change=change, by="Dispatch 4")
    views = region.views
    again = Views.restored(views.snapshot(), entered_headline, entered_chart, views.charts.fetch)
    later = Instant(region.now + HOUR)
    assert again.service_status.facilities(later, SITES) == region.status.facilities(later, SITES)
    assert again.service_status.changes(later) == region.status.changes(later)
