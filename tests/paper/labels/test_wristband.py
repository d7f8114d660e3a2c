from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from time import perf_counter

import msgspec
import pytest
from tests.paper.labels.wearers import (
    LONGEST,
    NUMBER,
    PREFIX,
    SIOBHAN,
    UNKNOWN,
    millimetres,
    named,
    outside,
    scanned,
    texts,
)

from wardlight.paper.labels.wearer import CannotPrintError, Wearer, numbered
from wardlight.paper.labels.wristband import wristband
from wardlight.paper.typeset import Press
from wardlight.record.codes import AllergyState
from wardlight.record.downtime_number import DowntimeNumber
from wardlight.record.gsrn import read_band

BOTH_IN_SECONDS = 10.0
COLD = """
from tests.paper.labels.wearers import SIOBHAN
from wardlight.paper.labels.labels import label_roll
from wardlight.paper.labels.wristband import wristband
from wardlight.run.paperwork.press import load_press
press = load_press()
for name, pdf in (("band", wristband(SIOBHAN, press)), ("labels", label_roll(SIOBHAN, press))):
    open(name + ".pdf", "wb").write(pdf.body)
"""


def test_a_band_says_who_this_is_in_the_order_of_a_banner(press: Press) -> None:
    [text] = texts(wristband(SIOBHAN, press))
    assert text == (
        "O'BRIEN-SAMPLE, Siobhán (Ms) Born 09-Mar-1958 Sex Female Downtime no. DT-00Q1-1C79 "
        "NAME ALERT ALLERGIES: READ THE CHART"
    )


def test_of_an_unknown_patient_it_says_that_nobody_has_confirmed_who(press: Press) -> None:
    [text] = texts(wristband(UNKNOWN, press))
    assert text == (
        "Unknown male, about 40 Born not known, about 40 Sex Male Downtime no. DT-00Q1-1C79 "
        "IDENTITY NOT CONFIRMED Allergies not recorded"
    )


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (AllergyState.NONE_KNOWN, "No known allergies"),
        (AllergyState.NOT_RECORDED, "Allergies not recorded"),
        (AllergyState.UNAVAILABLE, "Allergies unavailable"),
    ],
)
def test_silence_about_allergies_is_not_printed_as_none(
    press: Press, state: AllergyState, words: str
) -> None:
    [text] = texts(wristband(msgspec.structs.replace(SIOBHAN, allergies=state), press))
    assert text.endswith(words)


def test_a_drills_band_says_that_it_is_not_real(press: Press) -> None:
    drill = DowntimeNumber.of(3, 286, 61, drill=True)
    band = wristband(Wearer(**numbered(drill, prefix=PREFIX)), press)
    assert "DRILL: NOT REAL" in texts(band)[0]
    assert set(scanned(band)) == {drill.code()}


@pytest.mark.parametrize("dpi", [150, 203, 300])
def test_a_scanner_reads_the_number_off_either_end_of_the_band(press: Press, dpi: int) -> None:
    assert scanned(wristband(SIOBHAN, press), dpi=dpi) == ["DT-00Q11C79", "DT-00Q11C79"]


@pytest.mark.parametrize("dpi", [150, 203, 300])
def test_with_a_gs1_prefix_the_code_is_a_gsrn_that_leads_back(press: Press, dpi: int) -> None:
    found = scanned(wristband(UNKNOWN, press), dpi=dpi)
    assert found == ["(8018)952123400000183659(8019)2"] * 2
    assert read_band(found[0], PREFIX, 3) == NUMBER


@pytest.mark.parametrize("wearer", [SIOBHAN, UNKNOWN, LONGEST])
def test_a_band_is_25_by_279_mm_and_prints_nothing_on_its_closure(
    press: Press, wearer: Wearer
) -> None:
    band = wristband(wearer, press)
    assert millimetres(band) == (279, 25)
    assert outside(band, 219, 25) == 0


def test_the_longest_name_is_whole(press: Press) -> None:
    [text] = texts(wristband(LONGEST, press))
    assert "W" * 60 + "," + "M" * 58 in re.sub(r"[\s\u200b\ufffe]", "", text)


def test_a_name_no_font_can_draw_is_an_error_and_never_a_box(press: Press) -> None:
    with pytest.raises(CannotPrintError, match=r"name holds U\+0E01") as told:
        wristband(named("Sample \u0e01"), press)
    assert "Sample" not in str(told.value)


@pytest.mark.parametrize("name", ["Nguyễn", "Łukaszewicz", "Þórsdóttir", "Αλεξίου", "Иванова"])
def test_names_of_many_languages_are_drawn(press: Press, name: str) -> None:
    assert name.upper() in texts(wristband(named(name), press))[0]


def test_letters_sent_apart_from_their_accents_are_joined(press: Press) -> None:
    apart = unicodedata.normalize("NFD", "Nguyễn")
    assert "NGUYỄN" in texts(wristband(named(apart), press))[0]


@pytest.mark.parametrize("name", ["#strong[x]", "$x^2$", "*a* _b_", "@label <tag>", "`raw` // no"])
def test_a_name_is_text_and_never_markup(press: Press, name: str) -> None:
    assert name.upper() in texts(wristband(named(name), press))[0]


def test_a_name_there_is_no_room_for_is_told_and_not_cut(press: Press) -> None:
    with pytest.raises(CannotPrintError, match="127 characters"):
        wristband(named("A" * 121), press)


@pytest.mark.parametrize("code", ["", "DT-\u00e9", "1\n2", "9" * 61])
def test_what_no_barcode_holds_is_told(press: Press, code: str) -> None:
    with pytest.raises(CannotPrintError, match="barcode"):
        wristband(msgspec.structs.replace(SIOBHAN, code=code), press)


def test_a_band_and_ten_labels_are_on_disk_in_ten_seconds_from_a_cold_start(
    tmp_path: object, pytestconfig: pytest.Config
) -> None:
    began = perf_counter()
    path = f"{pytestconfig.rootpath}:{pytestconfig.rootpath / 'src'}"
    subprocess.run(  # noqa: S603 -- our own words
        [sys.executable, "-c", COLD], cwd=str(tmp_path), env={"PYTHONPATH": path}, check=True
    )
    assert perf_counter() - began < BOTH_IN_SECONDS
