from __future__ import annotations

import msgspec
import pytest
from tests.paper.labels.wearers import (
    BLOOD,
    LONGEST,
    SIOBHAN,
    UNKNOWN,
    millimetres,
    named,
    outside,
    scanned,
    texts,
)

from wardlight.paper.labels.labels import SHEETS, label_roll, label_sheet
from wardlight.paper.labels.wearer import CannotPrintError, Specimen, Wearer
from wardlight.paper.typeset import Press

LABEL_WORDS = (
    "O'BRIEN-SAMPLE, Siobhán (Ms) Born 09-Mar-1958 Sex Female DT-00Q1-1C79 NAME ALERT "
    "ALLERGIES: READ THE CHART"
)


def test_ten_labels_of_57_by_32_mm_go_with_a_patient(press: Press) -> None:
    labels = label_roll(SIOBHAN, press)
    assert texts(labels) == [LABEL_WORDS] * 10
    assert millimetres(labels) == (57, 32)


def test_a_scanner_reads_the_number_off_a_label(press: Press) -> None:
    assert scanned(label_roll(SIOBHAN, press), page=9) == ["DT-00Q11C79"]
    assert scanned(label_roll(UNKNOWN, press)) == ["(8018)952123400000183659(8019)2"]


def test_a_specimen_label_has_two_identifiers_and_the_accession(press: Press) -> None:
    [text] = texts(label_roll(BLOOD, press, count=1))
    assert text == (
        "O'BRIEN-SAMPLE, Siobhán (Ms) Born 09-Mar-1958 Sex Female DT-00Q1-1C79 "
        "STAT CBC, EDTA 22-Nov-2026 03:12 RN A. Mensah NAME ALERT RV-00123-4"
    )


@pytest.mark.parametrize("accession", ["RV-00123-4", "000123456789", "ABCDEFGHJKL1", "7"])
@pytest.mark.parametrize("dpi", [203, 300])
def test_a_scanner_reads_the_accession(press: Press, accession: str, dpi: int) -> None:
    specimen = msgspec.structs.replace(BLOOD, accession=accession)
    assert scanned(label_roll(specimen, press, count=1), dpi=dpi) == [accession]


def test_an_accession_too_long_for_the_label_is_told(press: Press) -> None:
    with pytest.raises(CannotPrintError, match="1 to 12"):
        label_roll(msgspec.structs.replace(BLOOD, accession="ABCDEFGHJKL12"), press)


@pytest.mark.parametrize(("paper", "size"), [("letter", (216, 279)), ("a4", (210, 297))])
def test_sheets_of_thirty_are_letter_or_a4(press: Press, paper: str, size: tuple[int, int]) -> None:
    accessions = [f"RV-{number:05d}" for number in range(20)]
    bloods = [msgspec.structs.replace(BLOOD, accession=one) for one in accessions]
    sheet = label_sheet([*[SIOBHAN] * 10, *bloods], press, paper=paper)
    assert (sheet.pages, millimetres(sheet)) == (1, size)
    found = scanned(sheet, dpi=300)
    assert sorted(found) == [*["DT-00Q11C79"] * 10, *accessions]


def test_a_sheet_that_was_begun_is_used_up(press: Press) -> None:
    sheet = label_sheet([SIOBHAN] * 10, press, skip=25)
    assert sheet.pages == 2
    assert [len(scanned(sheet, page=page)) for page in (0, 1)] == [5, 5]


@pytest.mark.parametrize("wearer", [SIOBHAN, UNKNOWN, LONGEST])
@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_no_letter_of_a_label_stands_on_its_neighbour(
    press: Press, wearer: Wearer, paper: str
) -> None:
    form = SHEETS[paper]
    for what in (wearer, msgspec.structs.replace(BLOOD, wearer=wearer)):
        sheet = label_sheet([what], press, paper=paper)
        assert outside(sheet, form.left + form.width, form.top + form.height) == 0


@pytest.mark.parametrize("wearer", [SIOBHAN, UNKNOWN, LONGEST])
def test_no_letter_stands_outside_a_roll_label(press: Press, wearer: Wearer) -> None:
    specimen = msgspec.structs.replace(BLOOD, wearer=wearer, accession="ABCDEFGHJKL1")
    for what in (wearer, specimen):
        assert outside(label_roll(what, press, count=1), 57, 32) == 0


def test_what_does_not_fit_is_told_and_not_cut(press: Press) -> None:
    wearer = msgspec.structs.replace(LONGEST, relation="W" * 60, sex="W" * 60, age="W" * 40)
    with pytest.raises(CannotPrintError, match="do not fit"):
        label_sheet([Specimen(wearer=wearer, accession="1", what="W" * 60)], press)


def test_a_name_no_font_can_draw_is_an_error_on_a_label_too(press: Press) -> None:
    with pytest.raises(CannotPrintError, match=r"name holds U\+0E01"):
        label_roll(named("Sample \u0e01"), press)
