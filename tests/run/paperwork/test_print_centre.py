from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.paper.printed import Printed
from tests.web.paperwork.print_room import NURSE, empty_centre, print_all
from tests.web.screens import NUMBER, Screens, patient, screens, whole_ward, words
from tests.web.ward_of_28 import NOW, key_of

from wardlight.log.keys import Keys
from wardlight.outputs import print_queue
from wardlight.run.paperwork.form_library import FormShelf
from wardlight.run.paperwork.print_centre import PrintCentre
from wardlight.run.paperwork.sheet_numbers import SheetNumbers

KEYS = Keys(bytes(range(32)))
TITLES = {"W2A": "PATIENT SUMMARY", "W3A": "DOWNTIME MAR"}

pytestmark = pytest.mark.slow


class Room:
    """A print centre, its screen, and what came out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.copy = whole_ward()
        self.centre: PrintCentre = empty_centre(self.copy, folder)
        self.screens: Screens = screens(self.copy, print_centre=self.centre)

    def post(self, path: str, **fields: str) -> int:
        return self.screens.post(f"/printers/MMH/{path}", fields).status_code

    def page(self) -> str:
        return words(self.screens.get("/printers/MMH").text)

    def work(self) -> None:
        asyncio.run(print_all(self.centre))

    def came_out(self, printer: str = "4e") -> list[bytes]:
        return [path.read_bytes() for path in sorted((self.folder / printer).glob("*"))]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_one_action_prints_every_pack_on_its_wards_printer(room: Room) -> None:
    assert room.post("packs") == 303
    room.work()
    [pack] = room.came_out()
    assert pack.startswith(b"%PDF-")
    [printed] = room.copy.views.printing.of("MMH")
    assert (printed.said.what, printed.said.unit, printed.state) == (
        "ward pack",
        "4E",
        "handed over",
    )
    assert printed.said.as_of is not None
    assert printed.said.by == "Visitor"


def test_no_job_and_no_event_holds_a_patients_name(room: Room) -> None:
    room.post("packs")
    state = b"".join(path.read_bytes() for path in (room.folder / "printing").glob("*.json"))
    assert b"4E" in state
    assert b"Sample" not in state.replace(b"Visitor", b"")


def test_old_pages_are_printed_again_only_with_a_word_that_this_is_known(room: Room) -> None:
    room.post("packs")
    room.work()
    job = room.centre.jobs("MMH")[0].id
    assert room.post("again", job=job) == 422
    assert room.post("again", job=job, sure="yes") == 303
    room.work()
    first, second = room.came_out()
    assert first == second
    assert room.copy.views.printing.of("MMH")[0].said.again_of == job


def test_the_sheets_of_a_printed_pack_are_in_the_register_and_a_reprint_counts_twice(
    room: Room,
) -> None:
    room.post("packs")
    room.work()
    sheets = room.copy.views.paperwork.tally("MMH", "4E")
    assert (sheets.issued, sheets.out) == (57, 57)
    room.post("again", job=room.centre.jobs("MMH")[0].id, sure="yes")
    assert room.copy.views.paperwork.tally("MMH", "4E") == sheets


def test_a_printer_says_when_its_last_test_page_came_out(room: Room) -> None:
    assert "Never" in room.page()
    room.post("test", printer="4E printer")
    room.work()
    assert "22-Nov-2026 03:59" in room.page()


def test_a_roll_of_numbers_is_a_block_nobody_else_gets(room: Room) -> None:
    assert room.post("labels", printer="ED labels") == 303
    room.work()
    [roll] = room.came_out("labels")
    assert roll.count(b"^XA") == 64
    assert room.copy.views.numbers.next_block(7) == 1


def test_a_job_that_may_have_come_out_is_asked_about_and_never_sent_again(room: Room) -> None:
    asyncio.run(room.centre.print_packs("MMH", ["4E"], "4E printer", NURSE))
    [state] = (room.folder / "printing").glob("*.json")
    state.write_bytes(state.read_bytes().replace(b'"waiting"', b'"sending"'))
    room.centre.queue.open()
    room.work()
    assert "Somebody has to look" in room.page()
    assert room.came_out() == []
    assert room.post("settle", job=state.stem, printed="yes") == 303
    assert "Somebody has to look" not in room.page()


def on_printer(room: Room, path: str, *fields: tuple[str, str]) -> int:
    serials = SheetNumbers(room.folder, KEYS, lambda: NOW)
    more: dict[str, Any] = {
        "serials": serials,
        "forms": FormShelf(room.folder),
        "print_centre": room.centre,
    }
    shown = screens(room.copy, **more)
    body = urlencode([*fields, ("printer", "4E printer")]).encode()
    return asyncio.run(shown.hand_in(path, body)).status_code


def test_blank_forms_come_out_of_a_named_printer_and_are_in_the_register(room: Room) -> None:
    pairs = [("form", "OBS"), ("form", "ORD"), ("copies", "3"), ("unit", "4E"), ("to", "desk")]
    assert on_printer(room, "/paper/MMH/print", *pairs) == 303
    room.work()
    [pad] = room.came_out()
    assert len(Printed(pad).texts) == 6
    assert room.copy.views.paperwork.tally("MMH", "4E").issued == 6
    [said] = room.copy.views.printing.of("MMH")
    assert (said.said.what, said.said.pages, said.said.as_of) == ("forms", 6, None)


def test_forms_for_a_patient_come_out_of_a_named_printer(room: Room) -> None:
    assert on_printer(room, patient(path="/paper/print"), ("form", "OBS")) == 303
    room.work()
    [sheet] = room.came_out()
    assert "Form OBSA" in Printed(sheet).texts[0]
    [job] = room.centre.jobs("MMH")
    assert (job.what, job.unit, job.as_of is not None) == ("forms", "4E", True)


def test_a_job_the_queue_refuses_says_which_sheets_are_on_no_paper(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_queue, "WAITING_MAX", 0)
    wrong = asyncio.run(room.centre.print_packs("MMH", ["4E"], "4E printer", NURSE))
    sheets = [one.serial for one in room.copy.views.paperwork.sheets("MMH", unit="4E")]
    [refused, lost] = wrong
    assert "jobs wait for this printer already" in refused
    assert f"{min(sheets).text()}" in lost
    assert lost.endswith(f"..{max(sheets).text()}")


def test_a_job_that_failed_says_which_sheets_are_on_no_paper_unless_printed_again(
    room: Room,
) -> None:
    on_printer(room, "/paper/MMH/print", ("form", "OBS"), ("copies", "3"), ("unit", "4E"))
    [state] = (room.folder / "printing").glob("*.json")
    state.write_bytes(state.read_bytes().replace(b'"waiting"', b'"failed"'))
    room.centre.queue.open()
    first, _, last = sorted(one.serial for one in room.copy.views.paperwork.sheets("MMH"))
    assert f"were destroyed: {first.text()}..{last.text()}" in room.page()


def test_a_printer_the_settings_do_not_name_gets_nothing(room: Room) -> None:
    pairs = [("form", "OBS"), ("printer", "ED labels")]
    assert on_printer(room, "/paper/MMH/print", *pairs) == 422
    assert room.copy.views.paperwork.tally("MMH").issued == 0


def test_one_patients_summary_and_mar_come_without_the_wards_pack(room: Room) -> None:
    assert on_printer(room, patient(path="/paper/summary"), ("to", "transport")) == 303
    room.work()
    pages = Printed(room.came_out()[0])
    assert (len(pages.of("PATIENT SUMMARY")), len(pages.of("UNIT CENSUS"))) == (1, 0)
    assert len(pages.of("DOWNTIME MAR")) == len(pages.texts) - 1
    issued = list(room.copy.views.paperwork.sheets("MMH"))
    assert {one.form for one in issued} == {"W2A", "W3A"}
    assert {one.patient for one in issued} == {key_of(NUMBER)}
    for one in issued:
        assert any(one.serial.text() in text for text in pages.of(TITLES[one.form]))


def test_an_older_mar_of_the_patient_that_is_out_is_named_before_a_new_one(room: Room) -> None:
    on_printer(room, patient(path="/paper/summary"))
    serials = SheetNumbers(room.folder, KEYS, lambda: NOW)
    shown = screens(room.copy, serials=serials, forms=FormShelf(room.folder))
    assert "1 MAR of this patient is out already" in words(shown.get(patient(path="/paper")).text)
