"""Stating a service, counting, neighbours and history, on the screens of staff."""

from __future__ import annotations

import re

from tests.web.screens import words
from tests.web.services.region_app import RegionApp

from wardlight.record import catalogue

SATURATED = {"category": "ED saturation", "reason": "22 boarders"}


def test_a_page_without_any_word_says_no_report_and_that_walk_ins_are_screened() -> None:
    said = words(RegionApp().page("/services/LKS"))
    assert "NO REPORT" in said
    assert "never said" in said
    assert "Walk-ins will be screened." in said
    assert "Nobody has counted beds" in said


def test_the_county_rules_stand_beside_the_form() -> None:
    said = words(RegionApp().page("/services/LKS"))
    assert "two-hour (version 1)" in said
    assert "120 min at most open again by itself none needed" in said


def test_a_form_that_was_posted_is_on_the_page_with_its_county_end() -> None:
    site = RegionApp()
    fields = [("service", "ED"), ("state", "divert"), ("authorised_by", "Dr E. Haddad")]
    fields += list(SATURATED.items())
    answer = site.screens.enter(catalogue.SERVICE_STATED, "", fields, site="LKS")
    assert answer.status_code == 200
    said = words(site.page("/services/LKS"))
    assert "until 04:31, then open again unless renewed" in said
    assert "authorised by Dr E. Haddad" in said


def test_what_is_said_again_keeps_since_when_it_is_so() -> None:
    site = RegionApp()
    site.state("ED", "divert", **SATURATED)
    site.minutes(100)
    page = site.page("/services/LKS")
    assert "Ends in 20 min: opens by itself unless renewed" in words(page)
    assert 'name="at" value="02:31"' in page
    assert 'name="on" value="2026-11-22"' in page


def test_a_state_that_ran_out_is_not_said_again_from_its_old_beginning() -> None:
    site = RegionApp()
    site.state("ED", "divert", **SATURATED)
    site.minutes(121)
    page = site.page("/services/LKS")
    assert "Open again by itself at 04:31" in words(page)
    assert "Still " not in words(page)


def test_the_history_has_a_strip_hours_and_every_stretch() -> None:
    site = RegionApp()
    site.state("ED", "divert", **SATURATED)
    site.minutes(180)
    page = site.page("/services/LKS/history")
    said = words(page)
    assert "ED DIVERT ED saturation 2.0 h" in said
    assert "ED OPEN \N{EN DASH} 1.0 h" in said
    assert "reopened by itself" in said
    widths = [float(one) for one in re.findall(r'class="bar[^>]* width="([0-9.]+)"', page)]
    assert [round(one) for one in widths] == [667, 333]


def test_neighbours_are_listed_the_longest_silent_first() -> None:
    site = RegionApp()
    site.add_neighbours()
    site.hear("MCK", "open")
    site.minutes(10)
    site.hear("GRV", "limited", category="staffing")
    page = site.page("/neighbours")
    assert re.findall(r'<tr data-row="([A-Z]+)"', page) == ["SAC", "MCK", "GRV"]


def test_a_neighbours_history_opens_and_a_strangers_is_not_found() -> None:
    site = RegionApp()
    site.add_neighbours()
    site.hear("MCK", "open")
    assert "Middle Creek" in site.page("/neighbours/MCK")
    assert site.screens.get("/neighbours/NOWHERE").status_code == 404


def test_what_is_not_known_of_a_neighbour_is_shown_as_not_known() -> None:
    site = RegionApp()
    fields = {"code": "GRV", "neighbour": "Green Valley", "can": "stroke", "cannot": "burn"}
    site.tell(catalogue.NEIGHBOUR_STATED, **fields)
    said = words(site.page("/ems"))
    assert "no report: CT, cath lab, STEMI, stroke (has it), trauma" in said
    assert "burn \N{EN DASH} none here" in said


def test_the_contact_of_an_own_hospital_is_kept_on_its_page() -> None:
    site = RegionApp()
    fields = {"code": "LKS", "neighbour": "Lakeside General", "phone": "555-0100"}
    site.tell(catalogue.NEIGHBOUR_STATED, **fields)
    assert 'value="555-0100"' in site.page("/services/LKS")
    assert "555-0100" in words(site.page("/ems"))
    assert "Lakeside" not in words(site.page("/neighbours"))


def test_those_who_can_renew_are_told_on_every_page_until_an_hour_after_the_end() -> None:
    site = RegionApp()
    site.state("ED", "divert", **SATURATED)
    ward_lists = "/ed/LKS"
    assert "unless renewed" not in words(site.page(ward_lists))
    site.minutes(100)
    assert "ED: Ends in 20 min: opens by itself unless renewed" in words(site.page(ward_lists))
    site.minutes(79)
    assert "ED: Open again by itself at 04:31" in words(site.page(ward_lists))
    site.minutes(1)
    assert "Open again by itself" not in words(site.page(ward_lists))


def test_a_review_that_is_due_is_said_on_every_page() -> None:
    site = RegionApp()
    site.state("CT", "closed", category="equipment or CT failure", review_at="03:31")
    site.minutes(60)
    assert "CT: To be looked at again since 03:31" in words(site.page("/ed/LKS"))


def test_the_history_is_handed_out_as_a_table_that_no_spreadsheet_runs() -> None:
    site = RegionApp()
    site.state("ED", "divert", category="other", reason="=HYPERLINK(1)", until_at="03:31")
    site.minutes(90)
    _, divert, lapsed = site.page("/services/LKS/history.csv").splitlines()
    assert divert == (
        "ED,divert,other,2026-11-22T02:31:00+00:00,2026-11-22T03:31:00+00:00,1.00,,"
        "'=HYPERLINK(1),Dr E. Haddad,RN B. Okafor,"
    )
    assert lapsed.startswith("ED,no report,,2026-11-22T03:31:00+00:00,2026-11-22T04:01:00+00:00")
    assert lapsed.endswith(",yes")  # it is so until the table was made, not until then


def test_on_a_node_of_several_sites_what_a_neighbour_said_is_filed_at_one_of_them() -> None:
    site = RegionApp()
    site.add_neighbours()
    forms = re.findall(r'data-kind="([a-z.]+)"[^>]*data-site="(\w*)"', site.page("/neighbours"))
    assert ("service.stated", "LKS") in forms
    assert {code for _, code in forms} == {"LKS"}
