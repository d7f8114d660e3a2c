"""What is told outside follows from what staff said, and ends when their word does."""

from __future__ import annotations

from tests.rules.services.region import SITES, Region

from wardlight.record import catalogue
from wardlight.record.instants import HOUR, Instant
from wardlight.record.services import Service, ServiceState
from wardlight.views.services.outside import told_board, told_steps
from wardlight.wire.edxl.cap import Kind, alerts, in_force
from wardlight.wire.outside import ToldBoard


def board(region: Region) -> ToldBoard:
    return told_board(
        region.status, SITES, region.now, network="Lakeside Health", sender="w", zone="UTC"
    )


def kinds(region: Region) -> list[Kind]:
    return [one.kind for one in alerts(told_steps(region.status, region.now, SITES), region.now)]


def test_a_diversion_is_told_with_its_reason_and_its_end() -> None:
    region = Region()
    region.state("ED", "divert", category="IT outage", reason="record system off")
    ed = board(region).hospitals[0].service(Service.ED)
    assert ed is not None
    assert (ed.state, ed.why()) == (ServiceState.DIVERT, "IT outage: record system off")
    assert ed.good_until is not None
    assert ed.good_until > region.now


def test_a_word_that_ran_out_is_no_report_and_tells_no_old_reason() -> None:
    region = Region()
    region.state("ED", "open", reason="two nurses came")
    region.now = Instant(region.now + 13 * HOUR)
    ed = board(region).hospitals[0].service(Service.ED)
    assert ed is not None
    assert (ed.state, ed.reason, ed.good_until) == (ServiceState.NO_REPORT, "", None)


def test_a_site_nobody_spoke_of_is_told_of_by_no_document() -> None:
    region = Region()
    region.state("ED", "open")
    assert [one.code for one in board(region).said_of()] == ["LKS"]


def test_alert_update_and_cancel_follow_what_was_said() -> None:
    region = Region()
    region.state("ED", "divert", category="IT outage", reason="off")
    region.minutes(30)
    region.state("ED", "divert", category="IT outage", reason="still off")
    region.minutes(30)
    region.state("ED", "open")
    assert kinds(region) == [Kind.ALERT, Kind.UPDATE, Kind.CANCEL]


def test_a_diversion_taken_back_is_cancelled() -> None:
    region = Region()
    region.state("ED", "divert", category="IT outage", reason="off")
    region.minutes(5)
    name = region.ed().entry
    region.tell(catalogue.ENTRY_VOIDED, entry=name, reason="wrong site")
    assert kinds(region) == [Kind.ALERT, Kind.CANCEL]


def test_one_that_ran_out_by_itself_is_in_force_no_longer() -> None:
    region = Region()
    region.state("ED", "divert", category="IT outage", reason="off")
    region.now = Instant(region.now + 30 * HOUR)
    found = alerts(told_steps(region.status, region.now, SITES), region.now)
    assert len(found) == 1
    assert in_force(found, region.now) == ()


def test_a_neighbour_is_told_of_with_who_said_it() -> None:
    region = Region()
    region.add_neighbours()
    region.hear("GRV", "divert", category="ED saturation")
    found = next(one for one in board(region).hospitals if one.code == "GRV")
    ed = found.service(Service.ED)
    assert ed is not None
    assert (found.ours, ed.heard) == (False, "charge nurse, phone")
    assert kinds(region) == []  # its alerts are its own
