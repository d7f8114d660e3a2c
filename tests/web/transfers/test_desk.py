"""The transfer desk's screens: what they say, who comes where, and what no address holds."""

from __future__ import annotations

from functools import cache

import httpx
import pytest
from tests.paper.printed import Printed
from tests.rules.transfers.transfer_desk import STEPS
from tests.web.access.station import House
from tests.web.kept_copy import KeptCopy
from tests.web.screens import HANDLES, NUMBER, patient, screens, whole_ward, words
from tests.web.transfers.desk import LATE, READY, WAITS, WebDesk, with_transfers
from tests.web.ward_of_28 import EHR_OFF, NOW, OTHER_SITE, key_of, ward

from wardlight.record.events.access import Role
from wardlight.views.transfers.transfer_board import board


def text(answer: httpx.Response) -> str:
    """Return what a person reads on a page that was found."""
    assert answer.status_code == 200
    return words(answer.text)


FORMS = ("254", "255", "259")


@cache
def copy() -> KeptCopy:
    """Return the ward with its three transfers; no test here changes it."""
    return with_transfers(whole_ward())


def test_the_board_says_who_refused_and_why_and_who_is_overdue() -> None:
    page = text(screens(copy()).get("/transfers/MMH"))
    assert "LEB refused" in page
    assert "no ICU bed" in page
    assert "OVERDUE 39 min" in page


def test_a_transfer_lists_the_gates_that_are_closed() -> None:
    page = text(screens(copy()).get(f"/transfers/MMH/{WAITS}"))
    assert "Still missing: acceptance, certificate, transport, packet, last doses" in page
    assert "Still missing" not in text(screens(copy()).get(f"/transfers/MMH/{READY}"))


def test_the_certificate_names_every_paragraph_of_the_law() -> None:
    page = text(screens(copy()).get(f"/transfers/MMH/{READY}/certificate"))
    for paragraph in ("(e)(1)(i)", "(e)(1)(ii)", "(e)(2)(i)", "(e)(2)(ii)(A)", "(e)(2)(iv)"):
        assert paragraph in page


def test_the_certificate_says_too_what_an_emergency_let_pass() -> None:
    kept = whole_ward()
    desk = WebDesk(kept)
    desk.request(READY)
    desk.say("departed", READY, emergency="Aorta is dissecting, Dr Example decided")
    page = text(screens(kept).get(f"/transfers/MMH/{READY}/certificate"))
    assert "left without acceptance" in page
    assert "Aorta is dissecting" in page


def test_a_board_that_is_too_long_says_how_many_it_does_not_show(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wardlight.web.transfers.board.SHOWN_MAX", 1)
    page = text(screens(copy()).get("/transfers/MMH"))
    assert "2 more are of wards that are not yours, or too many to show" in page


def test_a_transfer_of_another_site_is_not_found_here() -> None:
    assert screens(copy()).get(f"/transfers/GRV/{READY}").status_code == 404
    assert screens(copy()).get("/transfers/MMH/nothing").status_code == 404


@pytest.mark.parametrize("number", FORMS)
def test_each_form_of_hics_is_a_page_and_a_pdf(number: str) -> None:
    shown = screens(copy())
    assert f"HICS {number}" in text(shown.get(f"/hics/{number}/MMH"))
    assert shown.get(f"/hics/{number}/MMH.pdf").content.startswith(b"%PDF")


def test_a_form_of_hics_that_does_not_fill_itself_is_not_found() -> None:
    assert screens(copy()).get("/hics/201/MMH").status_code == 404


def test_where_everybody_was_sums_up_to_all_who_were_registered() -> None:
    page = text(screens(copy()).get("/whereabouts/MMH?at=02:49"))
    assert "28 in house + 0 transferred" in page
    page = text(screens(copy()).get("/whereabouts/MMH"))
    assert "27 in house + 1 transferred" in page
    assert "= 28 registered" in page


def test_a_minute_that_cannot_be_is_told_and_now_is_shown() -> None:
    page = text(screens(copy()).get("/whereabouts/MMH?at=2577"))
    assert "Write the time as four digits" in page


def test_one_patient_is_found_at_a_minute_by_their_handle() -> None:
    page = text(screens(copy()).get(patient(path="/whereabouts") + "?at=03:00"))
    assert "in house : 4E-12" in page


@pytest.mark.parametrize("ending", ["pdf", "json", "xml"])
def test_no_name_or_number_stands_in_the_name_of_a_document(ending: str) -> None:
    answer = screens(copy()).get(f"/transfers/MMH/{READY}/packet.{ending}")
    assert answer.status_code == 200
    held = answer.headers["content-disposition"]
    assert held.endswith(f'filename="transfer-packet.{ending}"')
    assert NUMBER not in str(answer.url)


def test_who_comes_to_a_site_of_ours_is_expected_there_and_taken_in() -> None:
    kept = whole_ward()
    desk = WebDesk(kept)
    desk.request(LATE)
    for kind in ("certified", "packet-made"):
        desk.say(kind, LATE, hospital=OTHER_SITE.code)
    desk.say("accepted", LATE, hospital=OTHER_SITE.code)
    for kind in ("transport-arranged", "doses-stated", "pending-owned"):
        desk.say(kind, LATE)
    desk.say("departed", LATE, hospital=OTHER_SITE.code)
    shown = screens(kept)
    assert "Coming by transfer" in text(shown.get("/expected/GRV"))
    fields = [*STEPS["transfer.arrived"], ("request", LATE), ("unit", "3N"), ("bed", "7")]
    answer = shown.enter("transfer.arrived", "", fields, site=OTHER_SITE.code)
    assert answer.status_code == 200, answer.text
    stay = kept.views.census.stay(key_of(NUMBER))
    assert stay is not None
    assert (stay.site, stay.location.unit, stay.state) == ("GRV", "3N", "present")
    assert "Coming by transfer" not in text(shown.get("/expected/GRV"))
    assert f"in house {OTHER_SITE.name}: 3N 7" in text(shown.get("/whereabouts/MMH"))


def test_a_transfer_around_the_desk_needs_its_reason() -> None:
    kept = whole_ward()
    handle = HANDLES.of(key_of(NUMBER))
    fields = [("how", "transferred"), ("to", "GEN")]
    refused = screens(kept).enter("patient.left", handle, fields)
    assert refused.status_code == 422
    assert "around_desk" in refused.json()["fields"]
    said = ("around_desk", "Roof collapsed, everybody out: fire chief")
    assert screens(kept).enter("patient.left", handle, [*fields, said]).status_code == 200


def test_an_overdue_transfer_is_named_where_everybody_begins() -> None:
    assert "1 transfer overdue" in text(screens(copy()).get("/"))


def test_the_board_is_the_same_after_a_restart() -> None:
    kept, now = copy(), NOW
    assert board(kept.reopened(), "MMH", now) == board(kept.views, "MMH", now)


def test_a_drill_makes_no_document_for_another_hospital() -> None:
    kept = KeptCopy(ward())
    kept.declare(EHR_OFF, drill=True)
    WebDesk(kept).request(READY)
    shown = screens(kept)
    assert "FHIR IPS" not in text(shown.get(f"/transfers/MMH/{READY}"))
    assert shown.get(f"/transfers/MMH/{READY}/packet.xml").status_code == 409
    assert shown.get(f"/transfers/MMH/{READY}/packet.pdf").status_code == 200


def test_what_another_hospital_rehearses_is_in_no_document_of_a_real_transfer() -> None:
    kept = with_transfers(whole_ward())
    kept.declare(NOW, drill=True, site=OTHER_SITE.code)
    shown = screens(kept)
    before = shown.get(f"/transfers/MMH/{READY}/packet.json")
    fields = [("allergy_answer", "listed"), ("agent", "Rehearsed-Allergen"), ("reaction", "rash")]
    handle = HANDLES.of(key_of(NUMBER))
    said = shown.enter("allergies.asked", handle, fields, site=OTHER_SITE.code)
    assert said.status_code == 200, said.text
    assert "Rehearsed-Allergen" in words(shown.get(patient()).text)
    after = shown.get(f"/transfers/MMH/{READY}/packet.json")
    assert (before.status_code, after.status_code) == (200, 200)
    assert "Rehearsed-Allergen" not in after.text
    assert "Rehearsed-Allergen" not in shown.get(f"/transfers/MMH/{READY}/packet.xml").text
    printed = shown.get(f"/transfers/MMH/{READY}/packet.pdf").content
    assert "Rehearsed-Allergen" not in " ".join(Printed(printed).texts)


def test_a_nurse_of_another_ward_sees_that_there_is_one_and_not_whose() -> None:
    house = House(copy())
    house.hire("other", Role.NURSE, "MMH/9Z", passphrase="")
    nurse = house.station().let_in("other")
    page = words(nurse.get("/transfers/MMH").text)
    assert "3 more are of wards that are not yours" in page
    assert "NGUY" not in page
    assert nurse.get(f"/transfers/MMH/{READY}/packet.pdf").content[:4] != b"%PDF"
    for number in FORMS:
        assert "NGUY" not in words(nurse.get(f"/hics/{number}/MMH").text)
    assert "NGUY" not in words(nurse.get("/whereabouts/MMH").text)
