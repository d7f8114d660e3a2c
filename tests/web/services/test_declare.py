from __future__ import annotations

from tests.web.screens import NUMBER, patient, screens, whole_ward, words
from tests.web.ward_of_28 import NOW, key_of

from wardlight.views.fold import Views

HANDLE = patient().removeprefix("/patient/")

SURE = {"site": "MMH", "system": "", "at": "03:10", "drill": "no", "sure": "yes"}


def vital_signs(views: Views) -> int:
    reports = views.chart(key_of(NUMBER)).reports
    return sum(one.test.text == "Vital signs" for one in reports)


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
    assert "DRILL \N{EN DASH} NOT REAL" in words(ward.get("/ward/MMH/4E").text)


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
    assert "RECOVERY \N{EN DASH} BACK-ENTRY" in words(ward.get("/ward/MMH/4E").text)
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


def test_what_is_charted_in_a_drill_is_shown_in_the_drill_and_on_no_real_chart() -> None:
    copy = whole_ward(off=False)
    ward = screens(copy)
    ward.post("/declare/off", {**SURE, "drill": "yes"})
    ward.enter("vitals.charted", HANDLE, (("pulse", "77"),))
    assert copy.views.rehearsal is not None
    assert vital_signs(copy.views.rehearsal) == 1
    assert vital_signs(copy.views) == 0


def test_when_the_drill_is_over_nothing_of_it_is_left_on_any_screen() -> None:
    copy = whole_ward(off=False)
    ward = screens(copy)
    ward.post("/declare/off", {**SURE, "drill": "yes"})
    ward.enter("vitals.charted", HANDLE, (("pulse", "77"),))
    ward.post("/declare/back", {"site": "MMH", "system": ""})
    assert copy.views.rehearsal is None
    assert vital_signs(copy.views) == 0


def test_a_drill_entry_that_arrives_after_the_drill_is_on_no_real_chart() -> None:
    copy = whole_ward()
    screens(copy).enter("vitals.charted", HANDLE, (("pulse", "77"),), drill=True)
    assert vital_signs(copy.views) == 0


def test_a_drill_lives_through_a_restart_from_the_snapshot() -> None:
    copy = whole_ward(off=False)
    ward = screens(copy)
    ward.post("/declare/off", {**SURE, "drill": "yes"})
    ward.enter("vitals.charted", HANDLE, (("pulse", "77"),))
    again = copy.reopened()
    assert again.rehearsal is not None
    assert (vital_signs(again.rehearsal), vital_signs(again)) == (1, 0)
