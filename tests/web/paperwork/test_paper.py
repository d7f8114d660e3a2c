from __future__ import annotations

import asyncio
import re
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from tests.paper.printed import Printed
from tests.web.kept_copy import KeptCopy
from tests.web.screens import HANDLES, Screens, one_patient, patient, screens, words
from tests.web.ward_of_28 import NOW

from wardlight.log.keys import Keys
from wardlight.record.events.paperwork import SheetMark
from wardlight.record.sheet_serial import SheetSerial, read_serial, serial_of
from wardlight.run.paperwork.form_library import FormShelf
from wardlight.run.paperwork.sheet_numbers import SheetNumbers
from wardlight.views.paperwork.sheets import IssuedSheet, SheetState, Tally

KEYS = Keys(bytes(range(32)))


class House:
    """A node that prints, with one patient in bed 12 of 4E."""

    def __init__(self, folder: Path) -> None:
        self.copy: KeptCopy = one_patient()
        serials = SheetNumbers(folder, KEYS, lambda: NOW)
        self.seal = serials.seal
        self.screens: Screens = screens(self.copy, serials=serials, forms=FormShelf(folder))

    def send(self, path: str, *pairs: tuple[str, str]) -> httpx.Response:
        return asyncio.run(self.screens.hand_in(path, urlencode(pairs).encode()))

    def print_blank(self, *pairs: tuple[str, str]) -> Printed:
        answer = self.send("/paper/MMH/print", *pairs)
        assert answer.headers["content-type"] == "application/pdf"
        return Printed(answer.content)

    def sheets(self) -> list[IssuedSheet]:
        return list(self.copy.views.paperwork.sheets("MMH"))

    def mark(self, mark: str, *serials: str, **fields: str) -> dict[str, object]:
        pairs = [("mark", mark), ("serials", "\n".join(serials)), *fields.items()]
        answer: dict[str, object] = self.screens.enter("sheets.marked", "", pairs).json()
        return answer

    def page(self, path: str) -> str:
        return words(self.screens.get(path).text)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def serial_on(page: str) -> SheetSerial:
    found = re.search(r"Sheet ([0-9A-Z]{4}(-[0-9A-Z]{4}){2})", page)
    assert found is not None
    serial = read_serial(found[1])
    assert isinstance(serial, SheetSerial)
    return serial


def test_blank_sheets_are_in_the_register_as_soon_as_they_are_printed(house: House) -> None:
    pages = house.print_blank(("form", "OBS"), ("form", "LAB"), ("copies", "3"), ("unit", "4E"))
    assert {serial_on(text) for text in pages.texts} == {one.serial for one in house.sheets()}
    assert house.copy.views.paperwork.tally("MMH", "4E") == Tally(issued=6, out=6)
    assert "6 issued = 0 returned + 0 missing + 0 destroyed + 6 still out" in house.page(
        "/paper/MMH"
    )


def test_a_set_of_a_unit_is_one_print_job(house: House) -> None:
    before = len(house.copy.entries())
    house.print_blank(("set", "admission in ED"), ("to", "ED desk"))
    assert sorted({one.form for one in house.sheets()}) == ["IMGA", "LABA", "ORDA", "REGA", "TRIA"]
    assert len(house.copy.entries()) == before + 1
    assert {one.job.to for one in house.sheets()} == {"ED desk"}


@pytest.mark.parametrize("copies", ["0", "501", "x", "-1", "1000"])
def test_how_many_is_a_number_within_reason(house: House, copies: str) -> None:
    answer = house.send("/paper/MMH/print", ("form", "OBS"), ("copies", copies))
    assert answer.status_code == 422
    assert house.sheets() == []


def test_without_a_form_nothing_is_printed_and_the_page_says_so(house: House) -> None:
    answer = house.send("/paper/MMH/print", ("copies", "1"))
    assert "Nothing was printed. Choose a form or a set first." in words(answer.text)


def test_a_sheet_for_a_patient_carries_the_name_and_is_on_their_page(house: House) -> None:
    answer = house.send(f"{patient()}/paper/print", ("form", "OBS"))
    assert "SAMPLE, Ada" in Printed(answer.content).texts[0]
    [sheet] = house.sheets()
    assert sheet.patient == house.copy.views.people.resolve(sheet.patient)  # type: ignore[arg-type]
    page = house.page(f"{patient()}/paper")
    assert "Sheets of this patient 1 out" in page
    assert sheet.serial.text() in page


def test_a_log_of_many_patients_is_not_printed_for_one(house: House) -> None:
    assert house.send(f"{patient()}/paper/print", ("form", "EDL")).status_code == 422
    assert house.sheets() == []


def test_sheets_are_marked_by_serial_by_range_and_with_a_hand_scanner(house: House) -> None:
    house.print_blank(("form", "OBS"), ("copies", "5"))
    sheets = sorted(house.sheets(), key=lambda one: one.serial)
    code = house.seal.code("OBSA", 1, sheets[0].serial, "C", drill=False)
    assert house.mark("returned", code)["ok"]
    span = f"{sheets[1].serial.text()}..{sheets[3].serial.text()}"
    assert house.mark("destroyed", span, reason="never used")["ok"]
    assert house.mark("missing", sheets[4].serial.text())["ok"]
    tally = house.copy.views.paperwork.tally("MMH")
    assert (tally.returned, tally.destroyed, tally.missing, tally.out) == (1, 3, 1, 0)
    assert sheets[4].serial.text() in house.page("/paper/MMH").partition("Missing 1")[2]


def test_a_serial_with_a_wrong_character_marks_nothing(house: House) -> None:
    house.print_blank(("form", "OBS"))
    text = house.sheets()[0].serial.text()
    wrong = text[:-1] + ("0" if text[-1] != "0" else "1")
    answer = house.mark("missing", wrong)
    assert not answer["ok"]
    assert "read it again" in str(answer["fields"])
    assert house.sheets()[0].state is SheetState.OUT


def test_destroying_a_sheet_needs_a_reason(house: House) -> None:
    house.print_blank(("form", "OBS"))
    assert not house.mark("destroyed", house.sheets()[0].serial.text())["ok"]


def test_a_sheet_this_node_never_printed_is_kept_and_said(house: House) -> None:
    answer = house.mark("returned", serial_of(3, 3).text())
    assert answer["ok"]
    assert "Of 1 sheets something was said that this register does not know" in house.page(
        "/paper/MMH"
    )


def test_a_returned_sheet_said_to_be_missing_asks_why(house: House) -> None:
    house.print_blank(("form", "OBS"))
    serial = house.sheets()[0].serial.text()
    house.mark("returned", serial)
    assert house.mark("missing", serial)["warnings"] == [
        f"The register has these as returned: {serial}"
    ]


def test_a_reprint_has_its_own_serial_and_names_the_sheet_it_stands_in_for(house: House) -> None:
    house.send(f"{patient()}/paper/print", ("form", "OBS"))
    [old] = house.sheets()
    text = old.serial.text()
    assert house.send("/paper/MMH/reprint", ("serial", text)).status_code == 422
    again = house.send("/paper/MMH/reprint", ("serial", text), ("because", "coffee"))
    assert "SAMPLE, Ada" in Printed(again.content).texts[0]
    assert house.copy.views.paperwork.tally("MMH") == Tally(issued=2, out=2)
    assert "replaced by a reprint" in house.page(f"/paper/MMH/sheet/{text}")


def test_a_sheet_is_found_by_its_serial_with_everything_said_of_it(house: House) -> None:
    house.print_blank(("form", "OBS"), ("unit", "4E"))
    text = house.sheets()[0].serial.text()
    house.mark("missing", text, where="box 7")
    found = house.send("/paper/MMH/find", ("serial", text.lower()))
    assert found.headers["location"] == f"/paper/MMH/sheet/{text}"
    assert "Missing , 03:59, Visitor, in box 7" in house.page(f"/paper/MMH/sheet/{text}")


def test_a_serial_that_was_typed_wrong_finds_no_sheet_and_says_what_to_do(house: House) -> None:
    answer = house.send("/paper/MMH/find", ("serial", "K7QX-4M2P"))
    assert "No sheet was found. A serial has 12 characters" in words(answer.text)


def test_an_old_version_of_a_form_that_is_out_is_named(house: House, tmp_path: Path) -> None:
    house.print_blank(("form", "FLU"))
    ours = Path("src/wardlight/paper/forms/FLU.A.toml").read_text("utf-8")
    (tmp_path / "forms").mkdir()
    newer = ours.replace('version = "A"', 'version = "B"')
    (tmp_path / "forms" / "FLU.B.toml").write_text(newer)
    assert "OLD VERSION of this form" in house.page("/paper/MMH/sheets?state=out")
    assert "Form FLUB" in house.print_blank(("form", "FLU")).texts[0]


def test_a_drills_sheets_are_in_no_real_register(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.copy.declare(NOW, drill=True)
    pages = house.print_blank(("form", "OBS"))
    code = next(read for one in pages.codes(0) if (read := house.seal.read(one)))
    assert code.drill
    assert house.copy.views.paperwork.tally("MMH") == Tally()
    assert house.copy.views.rehearsal is not None
    assert house.copy.views.rehearsal.paperwork.tally("MMH").issued == 1


def test_a_node_that_may_only_read_prints_all_the_same(tmp_path: Path) -> None:
    serials = SheetNumbers(tmp_path, KEYS, lambda: NOW)
    shown = screens(one_patient(), serials=serials, forms=FormShelf(tmp_path), reads_only=True)
    answer = asyncio.run(shown.hand_in("/paper/MMH/print", b"form=OBS"))
    assert answer.headers["content-type"] == "application/pdf"


def test_no_address_of_a_sheet_holds_a_name_or_a_number(house: House) -> None:
    house.send(f"{patient()}/paper/print", ("form", "OBS"))
    page = house.screens.get(f"{patient()}/paper").text
    assert not re.search(r'(href|action)="[^"]*(sample|7041182236)', page, re.IGNORECASE)
    assert HANDLES.of(house.copy.views.people.numbers().__iter__().__next__()) in page


def test_only_what_becomes_of_a_sheet_by_hand_is_said_by_hand(house: House) -> None:
    house.print_blank(("form", "OBS"))
    for mark in (SheetMark.SCANNED, SheetMark.ENTERED):
        assert not house.mark(mark.value, house.sheets()[0].serial.text())["ok"]
