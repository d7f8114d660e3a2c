from __future__ import annotations

import pytest
from tests.web.screens import patient, screens, whole_ward, words


def found(asked: str) -> str:
    return screens(whole_ward()).post("/search", {"q": asked}).text


@pytest.mark.parametrize("asked", ["O'Brien", "Siobhán", "7041182236", "704 118 2236", "4E-12"])
def test_a_patient_is_found_by_name_number_and_bed(asked: str) -> None:
    page = found(asked)
    assert f'href="{patient()}"' in page
    assert "Present: 4E-12" in words(page)


def test_a_patient_with_an_appointment_only_is_found_with_it() -> None:
    page = words(found("8000000001"))
    assert "VISITOR-SAMPLE, Star 2" in page
    assert "Appointment 23-Nov-2026 08:25 Cardiology clinic" in page


def test_nobody_found_says_that_new_patients_are_not_in_this_copy() -> None:
    page = words(found("Zzyzx"))
    assert "Nobody found" in page
    assert "A patient who came after the EHR went off is not in this copy." in page


def test_an_empty_question_shows_the_form_again() -> None:
    page = found("   ")
    assert "Nobody found" not in page
    assert '<form class="bigfind" method="post"' in page


def test_what_was_asked_is_in_the_field_again_and_in_no_address() -> None:
    page = found('O\'Brien" onfocus="x')
    assert 'value="O&#39;Brien&#34; onfocus=&#34;x"' in page
