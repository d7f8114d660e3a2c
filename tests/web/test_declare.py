from __future__ import annotations

from tests.web.screens import screens, whole_ward, words
from tests.web.ward_of_28 import NOW

SURE = {"site": "MMH", "system": "", "at": "03:10", "drill": "no", "sure": "yes"}


def test_an_ehr_declared_off_is_said_on_every_screen_of_the_site() -> None:
    ward = screens(whole_ward(off=False))
    ward.post("/declare/off", SURE)
    page = words(ward.get("/ward/MMH/4E").text)
    assert "DOWNTIME EHR off since 22-Nov-2026 03:10" in page


def test_nothing_is_declared_without_being_sure() -> None:
    copy = whole_ward(off=False)
    answer = screens(copy).post("/declare/off", {**SURE, "sure": ""})
    assert answer.status_code == 422
    assert copy.views.downtimes.at("MMH").off_since is None


def test_a_time_to_come_is_not_declared() -> None:
    copy = whole_ward(off=False)
    answer = screens(copy).post("/declare/off", {**SURE, "at": "23:00"})
    assert "still to come" in words(answer.text)
    assert copy.views.downtimes.at("MMH").off_since is None


def test_a_drill_says_that_it_is_not_real() -> None:
    ward = screens(whole_ward(off=False))
    ward.post("/declare/off", {**SURE, "drill": "yes"})
    assert "DRILL – NOT REAL" in words(ward.get("/ward/MMH/4E").text)


def test_another_system_is_declared_beside_the_ehr() -> None:
    ward = screens(whole_ward())
    ward.post("/declare/off", {**SURE, "system": "LAB"})
    assert "also LAB off since 22-Nov-2026 03:10" in words(ward.get("/ward/MMH/4E").text)


def test_with_only_the_laboratory_off_the_bar_says_so() -> None:
    ward = screens(whole_ward(off=False))
    ward.post("/declare/off", {**SURE, "system": "LAB"})
    assert "SYSTEMS OFF LAB off since" in words(ward.get("/ward/MMH/4E").text)


def test_after_a_real_downtime_the_site_is_in_recovery_until_back_entry_is_finished() -> None:
    copy = whole_ward()
    ward = screens(copy)
    ward.post("/declare/back", {"site": "MMH", "system": ""})
    assert "RECOVERY – BACK-ENTRY" in words(ward.get("/ward/MMH/4E").text)
    assert copy.views.downtimes.at("MMH").back_since == NOW
    ward.post("/declare/recovered", {"site": "MMH"})
    assert "RECOVERY" not in words(ward.get("/ward/MMH/4E").text)


def test_after_a_drill_there_is_nothing_to_enter_back() -> None:
    ward = screens(whole_ward(off=False))
    ward.post("/declare/off", {**SURE, "drill": "yes"})
    ward.post("/declare/back", {"site": "MMH", "system": ""})
    assert "RECOVERY" not in words(ward.get("/ward/MMH/4E").text)


def test_a_system_that_is_not_on_the_page_is_refused() -> None:
    assert screens(whole_ward()).post("/declare/off", {**SURE, "system": "X"}).status_code == 400
