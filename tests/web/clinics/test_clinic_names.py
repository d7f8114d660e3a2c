"""A clinic that was said to be shut under a name: whose visits that is, and whose it is not."""

from __future__ import annotations

import pytest
from tests.rules.clinics.clinic_day import clinic
from tests.web.clinics.clinic_screens import ClinicScreens
from tests.web.screens import words

from wardlight.record import catalogue
from wardlight.rules.asking import Author

CHIEF = Author("chief", "C. Chief-Sample", "charge nurse")
UNKNOWN = "said to be shut, and no visit of the next 30 days is at a clinic of that name"


def shut(name: str, state: str = "closed") -> ClinicScreens:
    """Return the screens of a day with one visit at CLINIC, of which somebody said a word."""
    made = ClinicScreens(day=clinic())
    said = ("service", "clinic"), ("name", name), ("state", state), ("category", "IT outage")
    made.day.say(catalogue.SERVICE_STATED, *said, ("authorised_by", "C. Chief-Sample"), by=CHIEF)
    return made


@pytest.mark.parametrize("name", ["CLINIC", "clinic", "Clinic"])
def test_a_clinic_is_shut_however_large_its_letters_are_written(name: str) -> None:
    page = words(shut(name).site.get("/triage/MMH").text)
    assert "1 of shut clinics wait for a decision" in page
    assert UNKNOWN not in page


def test_the_last_word_counts_whichever_letters_it_was_written_with() -> None:
    made = shut("CLINIC")
    made.day.wait(5)
    said = ("service", "clinic"), ("name", "clinic"), ("state", "open")
    made.day.say(catalogue.SERVICE_STATED, *said, by=CHIEF)
    assert "0 of shut clinics wait" in words(made.site.get("/triage/MMH").text)


def test_a_clinic_that_is_shut_by_a_name_no_visit_has_is_named_on_the_triage_page() -> None:
    page = words(shut("CLINIK").site.get("/triage/MMH").text)
    assert "0 of shut clinics wait for a decision" in page
    assert "CLINIK" in page
    assert UNKNOWN in page


def test_the_form_that_shuts_a_clinic_offers_the_names_of_the_schedule() -> None:
    page = shut("CLINIK").site.get("/services/MMH").text
    assert '<option value="CLINIC">' in page
    assert UNKNOWN in words(page)
