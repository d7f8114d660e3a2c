from __future__ import annotations

from tests.web.screens import one_patient, patient, screens, whole_ward, words
from tests.web.ward_of_28 import NOW

from wardlight.record.events.charting import AllergiesReported
from wardlight.record.instants import HOUR, Instant


def board(path: str = "/ward/MMH/4E", *, off: bool = True) -> str:
    return screens(whole_ward(off=off)).get(path).text


def row_of(page: str, bed: str) -> str:
    for row in page.split("<tr ")[1:]:
        if f"<bdi>{bed}</bdi></th>" in row or f"<bdi>{bed}</bdi><span" in row:
            return words("<tr " + row.split("</tr>")[0])
    raise AssertionError(f"no row of bed {bed}")


def test_the_overview_counts_the_patients_of_each_unit() -> None:
    page = words(screens(whole_ward()).get("/").text)
    assert "4E 28 Admission not seen: 1" in page


def test_a_site_that_was_never_heard_is_not_shown_as_empty() -> None:
    page = words(screens(whole_ward()).get("/").text)
    assert "No patient is known at this site. That is not the same as an empty hospital" in page


def test_a_bed_says_who_lies_there_and_what_to_look_out_for() -> None:
    row = row_of(board(), "4E-12")
    assert row.startswith("4E-12 O'BRIEN-SAMPLE, Siobhán (Ms) NAME ALERT MRN 704 118 2236 Female")
    assert "09-Mar-1958 (68y) Allergies: 2 Code status: DNR" in row
    assert "Critical: Potassium 6.8 mmol/L" in row


def test_a_dose_that_was_due_in_the_blind_window_is_late_with_a_question_mark() -> None:
    assert "02:31 piperacillin-tazobactam late? 08:31 · 1 medicine" in row_of(board(), "4E-12")


def test_beds_are_in_order() -> None:
    page = board()
    assert [page.index(f"<bdi>4E-{bed}</bdi>") for bed in (11, 12, 20, 38)] == sorted(
        page.index(f"<bdi>4E-{bed}</bdi>") for bed in (11, 12, 20, 38)
    )


def test_a_patient_without_a_name_is_not_confirmed_and_without_allergies_not_recorded() -> None:
    row = row_of(board(), "4E-14")
    assert "Name not known" in row
    assert "IDENTITY NOT CONFIRMED Allergies not recorded" in row


def test_silence_about_allergies_is_not_none() -> None:
    page = screens(one_patient()).get("/ward/MMH/4E").text
    assert "Allergies not recorded" in page
    assert "No known allergies" not in page


def test_no_known_allergies_is_said_where_somebody_said_it() -> None:
    page = screens(one_patient(AllergiesReported(none_known=True))).get("/ward/MMH/4E").text
    assert "No known allergies" in page


def test_an_admission_that_was_not_seen_says_so() -> None:
    assert "Admission not seen" in row_of(board(), "4E-20")


def test_a_patient_off_the_unit_says_where() -> None:
    assert "Off the unit: CT" in row_of(board(), "4E-18")


def test_a_protected_patient_is_masked_on_the_list() -> None:
    row = row_of(board(), "4E-31")
    assert row.startswith("4E-31 Name withheld withheld")
    assert "Dummy" not in board().title()


def test_an_empty_bed_is_shown_with_what_housekeeping_said() -> None:
    assert row_of(board(), "4E-39") == "4E-39 Empty, being cleaned as far as was heard"


def test_every_row_leads_to_its_patient() -> None:
    assert f'<a class="go" href="{patient()}">' in board()


def test_the_census_says_how_old_it_is() -> None:
    assert "census as of 22-Nov 02:31 · 1 h 28 min old OLD" in words(board())


def test_the_bar_says_downtime_since_when() -> None:
    page = board()
    assert "<title>DOWNTIME · 4E MMH</title>" in page
    assert "DOWNTIME EHR off since 22-Nov-2026 02:47 · 1 h 12 min" in words(page)


def test_a_drill_says_that_it_is_not_real() -> None:
    copy = whole_ward(off=False)
    copy.declare(Instant(NOW - HOUR), drill=True)
    page = screens(copy).get("/ward/MMH/4E").text
    assert "<title>DRILL \N{EN DASH} NOT REAL" in page
    assert "/static/drill.svg" in page


def test_the_filter_of_alerts_leaves_out_who_has_none() -> None:
    page = board("/ward/MMH/4E?show=alerts")
    assert "<bdi>4E-12</bdi>" in page
    assert "<bdi>4E-39</bdi>" not in page


def test_a_unit_nobody_is_known_on_says_to_look_at_the_feeds() -> None:
    page = words(board("/ward/MMH/9Z"))
    assert "Nobody is known on this unit. If patients are here, look at the feeds" in page


def test_another_nodes_site_is_not_here() -> None:
    assert screens(whole_ward()).get("/ward/ELSEWHERE/4E").status_code == 404
