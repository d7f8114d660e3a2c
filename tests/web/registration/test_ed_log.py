from __future__ import annotations

from tests.web.registration.test_register import FOUR, NUMBERS, handle, register
from tests.web.screens import Screens, screens, whole_ward, words

MORE = (("triage", "2 emergent"), ("arrived_by", "ambulance"), ("diverted_from", "Lakeside"))


def came(ward: Screens, at: int = 0) -> str:
    assert register(ward, NUMBERS[at], *FOUR, *MORE).status_code == 200
    return handle(NUMBERS[at])


def test_whoever_is_registered_stands_in_the_log_at_once() -> None:
    ward = screens(whole_ward())
    came(ward)
    page = words(ward.get("/ed/MMH").text)
    assert "1 came · 1 here now · 1 by ambulance · 1 diverted to here" in page
    assert "2 emergent found down" in page


def test_whoever_left_is_gone_from_the_list_and_kept_in_the_log() -> None:
    ward = screens(whole_ward())
    who = came(ward)
    ward.enter("patient.left", who, (("how", "left without being seen"),))
    assert "Nobody is in the department" in words(ward.get("/ed/MMH").text)
    assert "LWBS" in words(ward.get("/ed/MMH?show=all").text)


def test_an_admission_ends_the_visit_and_says_where_to() -> None:
    copy = whole_ward()
    ward = screens(copy)
    who = came(ward)
    ward.enter("patient.placed", who, (("unit", "4E"), ("bed", "30"), ("admit", "yes")))
    [visit] = copy.views.ed_log.visits("MMH")
    assert (visit.disposition, visit.to) == ("A", "4E 30")


def test_a_registration_taken_back_is_not_in_the_log() -> None:
    copy = whole_ward()
    ward = screens(copy)
    register(ward, NUMBERS[0], *FOUR, id="a" * 32)
    ward.enter("entry.voided", "", (("entry", "a" * 32), ("reason", "registered twice")))
    assert copy.views.ed_log.visits("MMH") == ()


def test_the_log_outlives_a_restart() -> None:
    copy = whole_ward()
    came(screens(copy))
    assert copy.reopened().ed_log.visits("MMH") == copy.views.ed_log.visits("MMH")


def test_a_formula_in_a_name_is_only_text_in_the_table() -> None:
    ward = screens(whole_ward())
    fields = (("family", "=cmd()"), ("sex", "M"), ("reason", "=2+2"))
    register(ward, NUMBERS[0], *fields)
    table = ward.get("/ed/MMH.csv").text
    assert ",'=2+2," in table
