from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from tests.paper.scans.scanned import BOXES, PAPER, SCANS, SEAL, SERIAL, Gray, codes_of, sheet
from tests.run.paperwork.scan_desk import with_label

from wardlight.paper.scans.marks import Tick
from wardlight.paper.scans.page import boxes_on, codes_on, labels_on, lies, quarter_turns
from wardlight.paper.sheet_codes import Seal
from wardlight.record.sheet_serial import serial_of

TICKED = frozenset(
    str(one)
    for one in np.random.default_rng(9).choice([one.name for one in BOXES], 24, replace=False)
)
UNSURE_SHARE_MAX = 0.02
BENT = "bent"  # no flat map fits: a person reads what the eye of the program cannot place


@cache
def scanned(how: str) -> Gray:
    return SCANS[how](printed())


@cache
def printed() -> Gray:
    return sheet(TICKED)


@pytest.mark.parametrize("how", SCANS)
def test_every_page_is_known_by_a_code_whatever_happened_to_it(how: str) -> None:
    read = [SEAL.read(one.text) for one in codes_on(scanned(how))]
    assert read
    assert {(one.serial, one.page) for one in read if one} == {(SERIAL, 1)}


@pytest.mark.parametrize("how", SCANS)
def test_no_box_is_read_wrong(how: str) -> None:
    boxes = boxes_on(scanned(how), codes_on(scanned(how)), BOXES, PAPER)
    wrong = [
        one.name
        for one in boxes
        if one.tick is not Tick.UNSURE and (one.tick is Tick.TICKED) != (one.name in TICKED)
    ]
    assert wrong == []


def test_few_boxes_are_left_to_a_person() -> None:
    read = [
        box
        for how in SCANS
        if how != BENT
        for box in boxes_on(scanned(how), codes_on(scanned(how)), BOXES, PAPER)
    ]
    assert len(read) == 96 * (len(SCANS) - 2)  # one scan has lost a corner
    unsure = sum(1 for one in read if one.tick is Tick.UNSURE)
    assert unsure / len(read) <= UNSURE_SHARE_MAX


def test_with_three_corners_a_page_is_known_and_no_box_is_read() -> None:
    gray = scanned("a corner cut off")
    codes = codes_on(gray)
    assert len(codes) == 3
    assert boxes_on(gray, codes, BOXES, PAPER) == ()


def test_codes_of_two_sheets_on_one_page_tell_nothing_of_where_it_lies() -> None:
    mixed = [*codes_of()[:2], *codes_of(serial_of(7, 70_001))[2:]]
    codes = codes_on(sheet(codes=mixed))
    swapped = [codes_of()[0], *codes_of()[2:], codes_of()[1]]
    assert len({SEAL.read(one.text) and SEAL.read(one.text).serial for one in codes}) == 2  # type: ignore[union-attr]
    assert lies(codes_on(sheet(codes=swapped)), PAPER) is None


def test_a_page_is_turned_upright_by_its_codes() -> None:
    turns = {how: quarter_turns(codes_on(scanned(how))) for how in ("upside down", "on its side")}
    assert turns == {"upside down": 2, "on its side": 1}


def test_a_code_of_another_node_or_with_one_character_changed_is_none_of_ours() -> None:
    foreign = codes_of(seal=Seal(b"another node's key"))
    assert [SEAL.read(one.text) for one in codes_on(sheet(codes=foreign))] == [None] * 4


def test_an_empty_page_has_neither_codes_nor_labels() -> None:
    empty = np.full((1754, 1240), 255, dtype=np.uint8)
    assert (codes_on(empty), labels_on(empty)) == ((), ())


@pytest.mark.parametrize("name", SCANS)
def test_a_patients_label_is_read_on_every_kind_of_scan(name: str) -> None:
    page = with_label(sheet(codes=codes_of()), "7041182236")
    assert labels_on(SCANS[name](page)) == ("7041182236",)
