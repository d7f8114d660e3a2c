from __future__ import annotations

import msgspec
import pytest
from tests.paper.forms.forms import NAMES, job, library, on_paper, somebody, ward
from tests.paper.printed import FIRST, SEAL, says

from wardlight.paper.forms.form import COPIES_MAX, printed_forms
from wardlight.paper.forms.form_facts import facts_of, rows_of
from wardlight.paper.forms.form_file import FACTS, LISTS, Form, Whose, read_form
from wardlight.paper.packs.pack import UndrawableError
from wardlight.paper.typeset import Press
from wardlight.record.identity import PersonName
from wardlight.record.problems import Problem
from wardlight.record.sheet_serial import serial_in
from wardlight.views.words import name_words, number_groups, number_of

PATIENTS = [name for name in NAMES if library().forms[name].whose is Whose.PATIENT]
LOGS = [name for name in NAMES if library().forms[name].whose is Whose.LOG]


def test_the_library_has_every_form_a_ward_needs_while_the_ehr_is_off() -> None:
    assert library().problems == ()
    assert {name[:-1] for name in NAMES} == {
        *("MAR", "PRN", "INF", "INS", "ACO", "PED", "ORD", "OBS", "FLU", "REG", "EDL", "TRI"),
        *("LAB", "RES", "CRI", "TRF", "IMG", "HND", "DIS", "CON", "TRC", "PHR", "OVR", "CAL"),
    }


@pytest.mark.slow
@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_every_form_carries_the_patient_the_allergies_and_the_age_on_every_page(
    paper: str, press: Press
) -> None:
    pages, made = on_paper(job(*PATIENTS, patient=somebody(paper), paper=paper), press)
    person = somebody(paper).person
    number = " ".join(number_groups(number_of(person.key, person)[1]))
    assert len(pages.texts) == made.pdf.pages
    for text in pages.texts:
        assert says(text, name_words(person.name))
        assert number in text
        assert "No known allergies" in text
        assert "1 h 28 min old when printed" in text
        assert "DOWNTIME · EHR off since" in text


@pytest.mark.slow
def test_a_scanner_reads_all_four_codes_of_every_form(press: Press) -> None:
    pages, made = on_paper(job(*NAMES), press)
    page = 0
    for run in made.runs:
        for number in range(1, run.pages[0] + 1):
            found = [code for one in pages.codes(page) if (code := SEAL.read(one))]
            assert sorted(one.corner for one in found) == ["A", "B", "C", "D"]
            assert {(one.form, one.page) for one in found} == {(run.form, number)}
            assert {one.serial for one in found} == {serial_in(run.first)}
            page += 1
    assert page == made.pdf.pages


def test_a_blank_sheet_names_nobody_and_asks_for_a_label(press: Press) -> None:
    pages, made = on_paper(job("OBSA"), press)
    assert "Stick the patient\u2019s label here." in pages.texts[0]
    assert "BLANK" in pages.texts[0]
    assert made.runs[0].patients == ()


def test_a_blank_pad_printed_before_the_day_does_not_say_that_the_ehr_is_up(press: Press) -> None:
    frame = msgspec.structs.replace(job("OBSA").frame, mode="READY (EHR up)", off_since=None)
    pages, _ = on_paper(msgspec.structs.replace(job("OBSA"), frame=frame), press)
    assert "FOR USE WHILE THE EHR IS OFF" in pages.texts[0]
    assert "READY" not in pages.texts[0]


def test_each_sheet_of_a_pad_has_a_serial_of_its_own(press: Press) -> None:
    pages, made = on_paper(job("LABA", copies=30), press)
    assert made.runs[0].pages == (1,) * 30
    assert [f"Sheet {FIRST.after(at).text()}" in text for at, text in enumerate(pages.texts)] == [
        True
    ] * 30


def test_a_set_for_one_patient_is_one_print_job_with_a_run_for_each_form(press: Press) -> None:
    patient = somebody()
    _, made = on_paper(job("OBSA", "ORDA", "LABA", patient=patient, copies=2), press)
    assert [(run.form, serial_in(run.first)) for run in made.runs] == [
        ("OBSA", FIRST),
        ("ORDA", FIRST.after(2)),
        ("LABA", FIRST.after(4)),
    ]
    assert {run.patients for run in made.runs} == {(patient.stay.patient,) * 2}


def test_medicines_are_printed_with_the_dose_before_the_drug(press: Press) -> None:
    pages, _ = on_paper(job("DISA", patient=somebody()), press)
    assert "40 mg furosemide tablet" in pages.texts[0]
    assert "12.5 mg metoprolol tablet" in pages.texts[0]


def test_an_empty_list_says_that_none_is_known_here(press: Press) -> None:
    pages, _ = on_paper(job("INFA", patient=somebody()), press)
    assert "none known here" in pages.texts[0]


def test_what_has_no_room_in_a_table_is_counted(press: Press) -> None:
    patient = somebody()
    rows = [row for row in patient.mar.rows if row.section == "as needed"]
    many = msgspec.structs.replace(patient.mar, rows=tuple(rows * 9))
    pages, _ = on_paper(job("PRNA", patient=msgspec.structs.replace(patient, mar=many)), press)
    assert "AND 6 MORE: see the MAR" in pages.texts[0]


@pytest.mark.parametrize("name", LOGS)
def test_a_log_of_many_patients_never_carries_one_patients_head(name: str, press: Press) -> None:
    pages, _ = on_paper(job(name), press)
    assert "it stays at the desk" in pages.texts[0]


def test_a_very_long_name_stays_in_the_head_and_off_the_codes(press: Press) -> None:
    first = ward().patients[2]
    person = msgspec.structs.replace(first.person, name=PersonName("Sample-" * 40, "Test"))
    patient = msgspec.structs.replace(first, person=person)
    pages, _ = on_paper(job("OBSA", patient=patient), press)
    assert pages.texts[0].upper().replace(" ", "").replace("\u200b", "").count("SAMPLE-") == 40
    found = [code for one in pages.codes(0) if (code := SEAL.read(one))]
    assert len(found) == 4


def test_a_name_the_fonts_cannot_draw_is_an_error_before_anything_is_printed(press: Press) -> None:
    first = ward().patients[2]
    person = msgspec.structs.replace(first.person, name=PersonName("\u0e01", "Test"))
    with pytest.raises(UndrawableError, match=r"U\+0E01"):
        printed_forms(job("OBSA", patient=msgspec.structs.replace(first, person=person)), press)


def test_a_pad_has_an_end() -> None:
    assert COPIES_MAX == 500


def test_the_last_dose_is_written_as_the_order_is() -> None:
    rows = [row for one in ward().patients for row in rows_of("as needed", one, ward())]
    given = [row["last"] for row in rows if row["dose"] == "1,000 mg" and " by " in row["last"]]
    assert given
    assert all(last.startswith("1,000 mg ") for last in given)


def test_every_word_of_a_files_prefill_prints_something() -> None:
    assert set(facts_of(ward().patients[0], ward())) == set(FACTS)
    for name, columns in LISTS.items():
        rows = [row for one in ward().patients for row in rows_of(name, one, ward())]
        assert all(set(row) == set(columns) for row in rows)
    assert rows_of("medicines", ward().patients[0], ward())


FALL = """
code = "FALL"
version = "A"
title = "Fall, first look"
about = "After a fall"
[[part]]
title = "Known"
{part}
field = [{{ label = "Told", prefill = "{field}" }}]
"""


@pytest.mark.parametrize(
    ("part", "field", "because"),
    [
        (
            "",
            "alergies",
            "“Told” of “Known”: nothing is printed for “alergies”: is it spelt right?",
        ),
        ("rows = 3\nprefill = 'medicines'", "allergies", "nothing is printed for “allergies”"),
        ("rows = 3\nprefill = 'medicine'", "dose", "“medicine” is no list"),
        ("prefill = 'medicines'", "dose", "it has no rows to fill"),
    ],
)
def test_a_misspelt_prefill_is_refused_and_never_an_empty_box(
    part: str, field: str, because: str
) -> None:
    found = read_form(FALL.format(part=part, field=field).encode(), "FALL.A.toml")
    assert isinstance(found, Problem)
    assert because in found.because


def test_a_prefill_that_is_known_is_taken() -> None:
    body = FALL.format(part="rows = 3\nprefill = 'medicines'", field="dose").encode()
    assert isinstance(read_form(body, "FALL.A.toml"), Form)
