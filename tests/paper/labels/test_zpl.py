from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.paper.labels.wearers import BLOOD, LONGEST, SIOBHAN, UNKNOWN, named

from wardlight.paper.labels.wearer import CannotPrintError, Specimen, Wearer
from wardlight.paper.labels.zpl import band_zpl, label_zpl


class Field(NamedTuple):
    """One text of a job: where, how high, what."""

    x: int
    y: int
    high: int
    text: str


def unhexed(data: str) -> str:
    raw = re.sub(rb"_([0-9A-F]{2})", lambda hit: bytes.fromhex(hit[1].decode()), data.encode())
    return raw.decode()


def fields(job: str) -> list[Field]:
    found = re.findall(r"\^FO(\d+),(\d+)\^A0[NR],(\d+),\d+\^FH_\^FD([^^~]*)\^FS", job)
    return [Field(int(x), int(y), int(high), unhexed(text)) for x, y, high, text in found]


def said(job: str) -> str:
    return " ".join(field.text for field in fields(job))


def commands(job: str) -> list[str]:
    return re.findall(r"[\^~][A-Z][A-Z0-9]", job)


def test_a_band_is_one_job_of_25_by_279_mm_in_utf_8() -> None:
    job = band_zpl(SIOBHAN)
    assert job.startswith("^XA\n^CI28\n^PW200^LL2230^LH0,0\n")
    assert job.endswith("^PQ1\n^XZ\n")
    assert said(job) == (
        "O'BRIEN-SAMPLE, Siobhán (Ms) Born 09-Mar-1958 Sex Female Downtime no. DT-00Q1-1C79 "
        "NAME ALERT ALLERGIES: READ THE CHART"
    )


def test_a_band_has_its_code_at_both_ends() -> None:
    found = re.findall(r"\^FO\d+,(\d+)\^BXR,5,200,,,,_,1\^FD([^^]*)\^FS", band_zpl(SIOBHAN))
    assert found == [("48", "DT-00Q11C79"), ("1590", "DT-00Q11C79")]


def test_a_gs1_code_has_fnc1_first_and_between() -> None:
    assert "^FD_18018952123400000183659_180192^FS" in band_zpl(UNKNOWN)


def test_ten_labels_are_one_job() -> None:
    job = label_zpl(SIOBHAN, dpi=300)
    assert "^PW673^LL378^LH0,0" in job
    assert "^PQ10" in job
    assert "DT-00Q1-1C79" in said(job)


def test_a_specimen_label_has_two_identifiers_and_the_accession_as_bars() -> None:
    job = label_zpl(BLOOD, count=1)
    assert "^BCN,56,N,N,N,A^FDRV-00123-4^FS" in job
    for words in ("O'BRIEN-SAMPLE", "09-Mar-1958", "DT-00Q1-1C79", "STAT CBC", "RV-00123-4"):
        assert words in said(job)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("accession", ["7", "RV-00123-4", "ABCDEFGHJKL1"])
def test_bars_are_never_thinner_than_a_quarter_millimetre_and_stay_on_the_label(
    dpi: int, accession: str
) -> None:
    job = label_zpl(msgspec.structs.replace(BLOOD, accession=accession), dpi=dpi)
    [(bar, x)] = re.findall(r"\^BY(\d+)\^FO(\d+),", job)
    assert int(bar) / dpi * 25.4 >= 0.24
    assert int(x) > 0


@pytest.mark.parametrize("what", [SIOBHAN, UNKNOWN, BLOOD])
@pytest.mark.parametrize("dpi", [203, 300])
def test_every_line_is_on_the_label_and_on_no_other_line(what: Wearer | Specimen, dpi: int) -> None:
    found = fields(label_zpl(what, dpi=dpi))
    for above, below in pairwise(found):
        assert above.y + above.high <= below.y
    assert found[-1].y + found[-1].high <= 32 / 25.4 * dpi


@pytest.mark.parametrize("wearer", [SIOBHAN, UNKNOWN, LONGEST])
def test_the_lines_of_a_band_run_down_across_its_width(wearer: Wearer) -> None:
    found = fields(band_zpl(wearer))
    for above, below in pairwise(found):
        assert below.x + below.high <= above.x
    assert found[0].x + found[0].high <= 200
    assert found[-1].x > 0


def test_the_longest_name_is_whole() -> None:
    text = said(band_zpl(LONGEST)).replace(" ", "")
    assert "W" * 60 + "," + "M" * 58 in text


@settings(max_examples=100)
@given(st.text(st.characters(max_codepoint=0x17F), min_size=1, max_size=40))
def test_no_name_is_ever_a_command(name: str) -> None:
    try:
        job = label_zpl(named(name))
    except CannotPrintError:
        return
    plain = label_zpl(named("Sample"))
    assert set(commands(job)) == set(commands(plain))
    for once in ("^XA", "^XZ", "^PQ", "^CI"):
        assert job.count(once) == 1


@pytest.mark.parametrize("name", ["^XZ^XA", "~JR", "a_5Eb", "\\&", "^FS^FD", "DEL~DG", "x\r\n^XZ"])
def test_hostile_text_is_printed_as_it_is(name: str) -> None:
    text = said(label_zpl(named(name))).replace(" ", "")
    assert "".join(name.split()).upper() in text


@pytest.mark.parametrize("name", ["Nguyễn", "Иванова", "Sample \u0e01"])
def test_letters_the_printer_may_not_have_are_told_with_another_way(name: str) -> None:
    with pytest.raises(CannotPrintError, match=r"U\+[0-9A-F]{4}.*PDF"):
        band_zpl(named(name))


@pytest.mark.parametrize("code", ["A^B", "A_1", "A>1", "~"])
def test_a_code_that_would_be_a_command_is_told(code: str) -> None:
    with pytest.raises(CannotPrintError, match="barcode"):
        label_zpl(msgspec.structs.replace(SIOBHAN, code=code))
