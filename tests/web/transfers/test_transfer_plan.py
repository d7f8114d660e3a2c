from functools import cache

import pytest
from tests.web.kept_copy import KeptCopy
from tests.web.screens import Screens, screens, whole_ward, words
from tests.web.transfers.desk import LATE, READY, WAITS, WebDesk, with_transfers

from wardlight.plan import extra

PLAN = "/transfers/MMH/plan"


def tell(page: Screens, kind: str, **fields: str) -> None:
    answer = page.enter(kind, "", list(fields.items()))
    assert answer.status_code == 200, answer.text


@cache
def planned() -> tuple[KeptCopy, Screens]:
    """Return a ward with one patient who waits for a burn bed, and three hospitals around it."""
    copy = with_transfers(whole_ward())
    page = screens(copy)
    for code, latitude, can in (("NEARX", "41.71", "burn"), ("FARX", "42.30", "burn")):
        where = {"latitude": latitude, "longitude": "-72.50"}
        tell(page, "neighbour.stated", code=code, neighbour=f"{code} Hospital", can=can, **where)
    tell(page, "neighbour.stated", code="MMH", neighbour="x", latitude="41.70", longitude="-72.50")
    tell(page, "beds.counted", facility="NEARX", heard="phone", bed="burn", available="2")
    tell(page, "beds.counted", facility="FARX", heard="phone", bed="burn", available="2")
    return copy, page


def row(page: str, request: str) -> str:
    _, _, rest = page.partition(f'data-row="{request}"')
    return words("<tr " + rest.partition("</tr>")[0])


def test_who_waits_is_proposed_a_hospital_with_drive_reason_and_next_choices() -> None:
    _, page = planned()
    text = page.get(PLAN).text
    told = row(text, WAITS)
    assert "→ NEARX Hospital" in told
    assert "best for this patient of all that can take them" in told
    assert "FARX Hospital: +" in told
    assert "stay in place: +" in told
    assert "Checked: no plan is better by these weights." in words(text)


def test_what_nobody_said_is_to_be_asked_on_the_phone_first() -> None:
    _, page = planned()
    assert "Call first whether it takes transfers: not known" in row(page.get(PLAN).text, WAITS)


def test_who_was_promised_a_bed_or_is_gone_is_not_planned_again() -> None:
    _, page = planned()
    text = page.get(PLAN).text
    assert f'data-row="{READY}"' not in text
    assert f'data-row="{LATE}"' not in text


def test_a_bed_promised_since_it_was_counted_is_told_and_left_out() -> None:
    copy = whole_ward()
    page = screens(copy)
    tell(page, "neighbour.stated", code="GEN", neighbour="General of Examples", can="ICU")
    tell(page, "beds.counted", facility="GEN", heard="phone", bed="ICU", available="2", at="03:10")
    desk = WebDesk(copy)
    desk.request(READY)
    desk.to_the_door(READY)
    assert "1 bed is promised to others and left out." in words(page.get(PLAN).text)


def test_a_line_is_fixed_and_the_rest_planned_around_it() -> None:
    _, page = planned()
    told = row(page.get(f"{PLAN}?fix-{WAITS}=FARX").text, WAITS)
    assert "→ FARX Hospital" in told
    assert "fixed by you" in told
    assert "NEARX Hospital: -" in told, "the better choice has a price below nothing"
    text = page.get(f"{PLAN}?fix-{WAITS}=stay+in+place").text
    assert "Stay in place for now 1" in words(text)


def test_nonsense_in_the_address_fixes_nothing() -> None:
    _, page = planned()
    assert "Undo all" not in page.get(f"{PLAN}?fix-{WAITS}=NOWHERE&fix-x=FARX").text


def test_a_line_is_taken_over_by_asking_the_hospital_through_the_one_path() -> None:
    copy = with_transfers(whole_ward())
    page = screens(copy)
    tell(page, "neighbour.stated", code="NEARX", neighbour="NEARX Hospital", can="burn")
    assert 'data-kind="transfer.offered"' in page.get(PLAN).text
    tell(page, "transfer.offered", request=WAITS, hospital="NEARX", how="phone")
    told = row(page.get(PLAN).text, WAITS)
    assert "asked, no answer yet" in told
    tell(page, "transfer.refused", request=WAITS, hospital="NEARX", by="Dr No", reason="full")
    assert "→ NEARX Hospital" not in row(page.get(PLAN).text, WAITS)


def test_a_node_without_the_planner_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "PARTS", ("numpy", "no_such_solver"))
    text = words(screens(with_transfers(whole_ward())).get(PLAN).text)
    assert "The planner is not installed on this node (no_such_solver)" in text
    assert "pip install 'wardlight[plan]'" in text


def test_the_board_leads_to_the_plan() -> None:
    _, page = planned()
    assert f'href="{PLAN}"' in page.get("/transfers/MMH").text


def test_with_vehicles_a_line_says_when_the_patient_leaves() -> None:
    _, page = planned()
    text = page.get(f"{PLAN}?bls=2&bays=3").text
    assert "leaves 03:59 to 04:29" in row(text, WAITS)
    assert "1 of 1 leave within 12 hours." in words(text)
    without = page.get(f"{PLAN}?als=2").text
    assert "no BLS crew or bay within the schedule" in row(without, WAITS)
    assert "leave within" not in page.get(f"{PLAN}?bls=many&als=-1").text
