"""A pack printed from the disk or a stick: in the register as soon as a sheet of it is named."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from tests.paper.scans.scanned import SERIAL
from tests.run.scan_desk import ScanDesk, as_png, page_of
from tests.web.screens import words

from wardlight.record.events.paperwork import Origin, SheetRun, SheetsIssued
from wardlight.rules.scans import NO_LABEL
from wardlight.run.reserved import Reserved
from wardlight.views.sheets import SheetState, Tally

FIRST = 10  # of three sheets of a pack on disk: one returned is 10, one is 11, one is 12


@pytest.fixture
def desk(tmp_path: Path) -> ScanDesk:
    made = ScanDesk(tmp_path)
    run = SheetRun(
        form="W3A",
        first=SERIAL.after(FIRST).code(),
        pages=(1, 1, 1),
        patients=(made.patient,) * 3,
    )
    made.reserved.keep([Reserved("MMH", SheetsIssued(runs=(run,), unit="5W", origin=Origin.PACK))])
    return made


def tally(desk: ScanDesk) -> Tally:
    found = desk.copy.views.paperwork.tally("MMH", "5W")
    assert found.adds_up()
    return found


def mark(desk: ScanDesk, said: str, *serials: str, **more: str) -> httpx.Response:
    pairs = [("mark", said), ("serials", "\n".join(serials)), *more.items()]
    answer: httpx.Response = desk.screens.enter("sheets.marked", "", pairs)
    return answer


def test_what_nobody_printed_is_not_issued(desk: ScanDesk) -> None:
    assert tally(desk) == Tally()


def test_one_sheet_that_is_handed_in_makes_the_whole_pack_issued(desk: ScanDesk) -> None:
    answer = mark(desk, "returned", SERIAL.after(FIRST + 1).text())
    assert (answer.status_code, answer.json()["warnings"]) == (200, [])
    assert tally(desk) == Tally(issued=3, out=2, returned=1)
    [out, _] = desk.copy.views.paperwork.sheets("MMH", unit="5W", states=(SheetState.OUT,))
    assert out.job.origin is Origin.DISK
    assert desk.copy.views.paperwork.strays("MMH") == 0


def test_a_range_of_the_pack_is_issued_once(desk: ScanDesk) -> None:
    rest = f"{SERIAL.after(FIRST + 1).text()}..{SERIAL.after(FIRST + 2).text()}"
    mark(desk, "destroyed", rest, reason="never used")
    mark(desk, "returned", SERIAL.after(FIRST).text())
    assert tally(desk) == Tally(issued=3, returned=1, destroyed=2)
    assert desk.copy.views.paperwork.clashes("MMH") == ()


def test_a_serial_in_no_file_stays_a_stray(desk: ScanDesk) -> None:
    mark(desk, "returned", SERIAL.after(FIRST + 3).text())
    assert (tally(desk), desk.copy.views.paperwork.strays("MMH")) == (Tally(), 1)
    assert "Of 1 sheets something was said" in words(desk.screens.get("/paper/MMH").text)


@pytest.mark.slow
def test_a_scan_of_one_sheet_issues_the_pack_and_files_the_page(desk: ScanDesk) -> None:
    desk.scan(as_png(page_of(FIRST)))
    assert desk.said() == [(str(desk.patient), "")]
    assert tally(desk) == Tally(issued=3, out=2, scanned=1)


@pytest.mark.slow
def test_a_person_files_an_unread_page_by_the_serial_of_such_a_pack(desk: ScanDesk) -> None:
    desk.scan(as_png(page_of(1)))
    [page] = desk.copy.views.scans.unmatched("MMH")
    assert page.said.because == NO_LABEL
    pairs = [("image", page.said.image), ("decision", "file")]
    serial = ("serial", SERIAL.after(FIRST + 2).text())
    assert desk.screens.enter("page.settled", "", [*pairs, serial]).status_code == 200
    assert tally(desk) == Tally(issued=3, out=2, scanned=1)
