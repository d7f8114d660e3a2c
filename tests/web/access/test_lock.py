"""A locked screen: the session at this station is over, whatever the browser still holds."""

from __future__ import annotations

import pytest
from tests.web.access.station import House, Station
from tests.web.screens import whole_ward

from wardlight.web.access.gate import SESSION_COOKIE


@pytest.fixture
def nurse() -> Station:
    """Give a station a nurse is signed in at."""
    house = House(whole_ward())
    house.hire("amensah")
    station = house.station()
    station.sign_in("amensah")
    return station


def test_a_locked_screen_reads_nothing_more(nurse: Station) -> None:
    assert nurse.get("/my-entries").status_code == 200
    assert nurse.post("/lock").status_code == 204
    answer = nurse.get("/my-entries")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/my-entries")


def test_a_session_that_was_locked_is_not_opened_by_its_old_cookie(nurse: Station) -> None:
    token = nurse.cookies[SESSION_COOKIE]
    nurse.post("/lock")
    nurse.cookies.set(SESSION_COOKIE, token)
    assert nurse.get("/my-entries").status_code == 303


def test_locking_where_nobody_is_signed_in_is_no_error(nurse: Station) -> None:
    assert nurse.house.station().post("/lock").status_code == 204


def test_a_screen_locks_also_while_the_log_takes_nothing(nurse: Station) -> None:
    nurse.house.log_is_full = True
    assert nurse.post("/lock").status_code == 204
    assert nurse.get("/my-entries").status_code == 303


def test_a_page_says_after_how_long_it_locks(nurse: Station) -> None:
    assert ' data-idle="5"' in nurse.get("/my-entries").text
