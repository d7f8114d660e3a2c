"""Who keeps paper for a living: every sheet and scan, and nothing on a chart."""

from __future__ import annotations

import pytest
from tests.web.access.station import House, Station
from tests.web.screens import patient, whole_ward, words

from wardlight.record import catalogue
from wardlight.record.events.access import Role
from wardlight.rules.access import may_enter


@pytest.fixture(scope="module")
def desk() -> Station:
    made = House(whole_ward())
    made.hire("paper", Role.HIM, passphrase="")
    return made.station().let_in("paper")


@pytest.mark.parametrize("path", ["/paper/MMH", "/scans/MMH", "/printers/MMH", "/paper/MMH/sheets"])
def test_a_him_clerk_has_every_page_of_paper(desk: Station, path: str) -> None:
    assert desk.get(path).status_code == 200


def test_a_him_clerk_sees_a_patients_sheets(desk: Station) -> None:
    assert "Sheets of this patient" in words(desk.get(patient(path="/paper")).text)


@pytest.mark.parametrize(
    "path", ["/look-at/MMH", "/people", "/audit", "/calls/MMH", "/destinations", "/triage/MMH"]
)
def test_a_him_clerk_has_no_page_of_others_work(desk: Station, path: str) -> None:
    assert desk.get(path).status_code == 403


def test_a_him_clerk_enters_what_became_of_paper_and_nothing_else() -> None:
    mine = {kind for kind in catalogue.ENTERED if may_enter(Role.HIM, kind)}
    assert mine == {catalogue.SHEETS_ISSUED, catalogue.SHEETS_MARKED} | {
        catalogue.PAGE_ROWS_CLOSED,
        catalogue.PAGE_SCANNED,
        catalogue.PAGE_SETTLED,
    }


def test_a_him_clerk_finds_no_form_for_charting(desk: Station) -> None:
    text = desk.get(patient(path="/medicines")).text
    assert 'value="dose.charted"' not in text
