from __future__ import annotations

import re
from time import process_time

import msgspec
import pytest
from tests.paper.conftest import HEAD
from tests.paper.printed import SEAL, Printed, copy_in_downtime, pack_of, printed, says

from wardlight.paper.packs.pack import UndrawableError, ward_pack
from wardlight.paper.packs.sheets import PatientSheets, UnitPack
from wardlight.paper.typeset import Press
from wardlight.record.codes import AllergyState
from wardlight.record.identity import PersonName
from wardlight.views.words import name_words, number_groups, number_of

TITLES = ("UNIT CENSUS", "PATIENT SUMMARY", "DOWNTIME MAR")
POINTS = {"letter": (612, 792), "a4": (595, 842)}


def number(sheets: PatientSheets) -> str:
    return " ".join(number_groups(number_of(sheets.person.key, sheets.person)[1]))


def renamed(pack: UnitPack, family: str) -> UnitPack:
    first, *rest = pack.patients
    person = msgspec.structs.replace(first.person, name=PersonName(family, "Test"))
    first = msgspec.structs.replace(first, person=person)
    return msgspec.structs.replace(pack, patients=(first, *rest[:1]))


def test_each_patient_has_a_summary_and_a_mar_in_the_order_of_the_beds(
    letter: Printed, pack: UnitPack
) -> None:
    for title in TITLES[1:]:
        firsts = [text for text in letter.of(title) if "page 1 of" in text]
        assert len(firsts) == len(pack.patients) == 28
        for text, sheets in zip(firsts, pack.patients, strict=True):
            assert says(text, name_words(sheets.person.name))
            assert number(sheets) in text


def test_the_census_names_everybody_in_the_order_of_the_beds(
    letter: Printed, pack: UnitPack
) -> None:
    text = " ".join(letter.of("UNIT CENSUS"))
    places = [text.index(f"MRN {number(sheets)}") for sheets in pack.patients]
    assert places == sorted(places)


def test_no_page_of_a_patient_says_anything_of_another(letter: Printed, pack: UnitPack) -> None:
    numbers = [number(sheets) for sheets in pack.patients]
    for text in [text for title in TITLES[1:] for text in letter.of(title)]:
        assert len({one for one in numbers if re.search(rf"MRN {one}(?! ?\d)", text)}) == 1


def test_every_page_says_how_old_it_is_and_which_of_how_many(letter: Printed) -> None:
    expected = 1
    for text in letter.texts:
        page, last = map(int, re.findall(r"page (\d+) of (\d+)", text)[0])
        assert page == expected
        expected = 1 if page == last else page + 1
        assert "Data as of 22-Nov-2026 02:31 · 1 h 28 min old when printed" in text
        assert "DOWNTIME · EHR off since 22-Nov-2026 02:47" in text
    assert expected == 1


@pytest.mark.slow
def test_a_scanner_reads_in_every_corner_which_sheet_it_is_and_nothing_of_the_patient(
    letter: Printed,
) -> None:
    serials: set[tuple[str, int]] = set()
    for page, text in enumerate(letter.texts):
        found = [code for one in letter.codes(page) if (code := SEAL.read(one))]
        assert sorted(one.corner for one in found) == ["A", "B", "C", "D"]
        assert {one.form for one in found} == {{"U": "W1A", "P": "W2A", "D": "W3A"}[text[0]]}
        assert {one.page for one in found} == {int(re.findall(r"page (\d+) of", text)[0])}
        assert f"Sheet {found[0].serial.text()}" in text
        serials.add((found[0].serial.code(), found[0].page))
    assert len(serials) == len(letter.texts)


def test_the_signed_head_of_the_log_is_on_the_census_as_words_and_code(letter: Printed) -> None:
    last = len(letter.of("UNIT CENSUS")) - 1
    assert "Head of the log when printed: 123456 0001020304050607" in letter.texts[last]
    assert HEAD in letter.codes(last)
    assert all("log 123456 0001020304050607" in text for text in letter.texts)


def test_every_pixel_is_black_white_or_between(letter: Printed) -> None:
    for page in range(0, len(letter.texts), 9):
        red, green, blue = letter.image(page).convert("RGB").split()
        assert red.tobytes() == green.tobytes() == blue.tobytes()


def test_pages_are_letter_or_a4_as_the_site_says(letter: Printed, a4: Printed) -> None:
    for paper, pages in (("letter", letter), ("a4", a4)):
        for page in pages.document:
            assert (round(page.get_width()), round(page.get_height())) == POINTS[paper]


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_no_letter_stands_outside_the_printable_page(
    paper: str, letter: Printed, a4: Printed
) -> None:
    pages = {"letter": letter, "a4": a4}[paper]
    width, height = POINTS[paper]
    for page in pages.document:
        text = page.get_textpage()
        for number_of_char in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(number_of_char)
            assert left > 20
            assert right < width - 20
            assert bottom > 14
            assert top < height - 14


def test_the_code_lies_on_no_letter(letter: Printed) -> None:
    for page in letter.document:
        text = page.get_textpage()
        corner = text.get_text_bounded(
            left=612 - 12 / 25.4 * 72 - 45, bottom=792 - 72, right=612, top=792
        )
        assert corner.strip() == ""


def test_the_head_of_a_long_name_and_many_allergies_pushes_the_sheet_down(
    pack: UnitPack, press: Press
) -> None:
    pages = printed(renamed(pack, "Sample-" * 60), press)
    for text in pages.of("PATIENT SUMMARY")[:1]:
        assert text.index("Data as of") < text.index("Stay")
        assert text.replace(" ", "").replace("\u200b", "").upper().count("SAMPLE-") >= 60


def test_allergies_are_said_in_four_ways_and_silence_is_none_of_them(
    letter: Printed, pack: UnitPack
) -> None:
    summaries = [text for text in letter.of("PATIENT SUMMARY") if "page 1 of" in text]
    said = {
        AllergyState.KNOWN: "KNOWN ALLERGIES",
        AllergyState.NONE_KNOWN: "No known allergies",
        AllergyState.NOT_RECORDED: "ALLERGIES NOT RECORDED",
        AllergyState.UNAVAILABLE: "ALLERGIES UNAVAILABLE",
    }
    for text, sheets in zip(summaries, pack.patients, strict=True):
        state = sheets.chart.allergies.state
        assert said[state] in text
        assert ("No known allergies" in text) == (state is AllergyState.NONE_KNOWN)


def test_on_the_mar_the_dose_to_be_given_stands_before_the_drug(letter: Printed) -> None:
    text = " ".join(letter.of("DOWNTIME MAR"))
    assert "40 mg furosemide tablet" in text
    assert "14 units insulin glargine injection" in text


def test_every_mar_names_the_window_of_which_nothing_is_known(letter: Printed) -> None:
    for text in [text for text in letter.of("DOWNTIME MAR") if "page 1 of" in text]:
        assert "Doses given between 02:31 and 02:47" in text


def test_a_name_the_fonts_cannot_draw_is_an_error_before_anything_is_printed(
    pack: UnitPack, press: Press
) -> None:
    with pytest.raises(UndrawableError, match=r"bed .*U\+0E01") as told:
        ward_pack(renamed(pack, "Sample \u0e01"), press)
    assert "Sample" not in str(told.value)


def test_for_a_ward_that_cannot_wait_such_letters_are_printed_as_numbers(
    pack: UnitPack, press: Press
) -> None:
    assert "[U+0E01]" in printed(renamed(pack, "Sample \u0e01"), press).texts[0]


@pytest.mark.parametrize(
    "name", ["#strong[x]", "$x^2$", "*a* _b_", "@label <tag>", "`raw` // no", "\\#\\*", "= Head"]
)
def test_what_came_in_a_message_is_text_and_never_markup(
    pack: UnitPack, press: Press, name: str
) -> None:
    text = printed(renamed(pack, name), press).of("PATIENT SUMMARY")[0]
    assert says(text.upper(), name.upper())


def test_a_unit_without_patients_says_so(press: Press, pack: UnitPack) -> None:
    empty = printed(msgspec.structs.replace(pack, patients=()), press)
    assert len(empty.texts) == 1
    assert "Nobody is on this unit as far as this system knows." in empty.texts[0]


def test_the_same_pack_is_the_same_file_and_another_is_not(press: Press, pack: UnitPack) -> None:
    small = msgspec.structs.replace(pack, patients=pack.patients[:2])
    other = msgspec.structs.replace(pack, patients=pack.patients[1:3])
    assert ward_pack(small, press).pdf.body == ward_pack(small, press).pdf.body
    assert ward_pack(small, press).pdf.body != ward_pack(other, press).pdf.body


def test_before_the_ehr_is_off_no_sheet_says_downtime_or_a_window(press: Press) -> None:
    views = copy_in_downtime()
    views.downtimes = type(views.downtimes)()
    pages = printed(pack_of(views), press)
    assert not any("EHR off since" in text or "Doses given between" in text for text in pages.texts)


def test_a_text_that_is_pages_long_is_cut_and_says_so(pack: UnitPack, press: Press) -> None:
    began = process_time()
    pages = printed(renamed(pack, "Sample" * 1_700), press)
    assert process_time() - began < 10
    summary = pages.of("PATIENT SUMMARY")[0]
    assert "cut: 10,2" in summary
    assert number(pack.patients[0]) in summary
    assert len(pages.texts) < 12
