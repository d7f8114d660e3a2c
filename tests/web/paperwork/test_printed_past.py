"""A pack printed from the disk or a stick: in the register as soon as a sheet of it is named."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from tests.paper.scans.scanned import SERIAL
from tests.run.paperwork.scan_desk import CLERK, ScanDesk, as_png, page_of
from tests.web.screens import words
from tests.web.ward_of_28 import NOW

from wardlight.record.events.paperwork import Origin, SheetRun, SheetsIssued
from wardlight.record.events.scans import Outcome, PageScanned
from wardlight.rules.paperwork.scans import (
    NO_CODE,
    NO_LABEL,
    NOT_ISSUED,
    Placed,
    drafts_of,
    scanned,
)
from wardlight.run.paperwork.reserved import Reserved
from wardlight.views.paperwork.sheets import SheetState, Tally

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


def scan_without_codes(desk: ScanDesk, image: str) -> None:
    read = PageScanned(image=image, file="cd", number=1, outcome=Outcome.UNMATCHED)
    where = Placed(because=NO_CODE)
    [draft] = drafts_of(scanned(read, where), where, CLERK, site="MMH", now=NOW, intake="1")

    async def write() -> None:
        await desk.copy.write(draft)

    asyncio.run(write())


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


@pytest.mark.parametrize("path", ["/entries", "/entries/check"])
def test_what_is_refused_or_only_checked_issues_nothing(desk: ScanDesk, path: str) -> None:
    before = desk.copy.views.position
    pairs = [("mark", "destroyed"), ("serials", SERIAL.after(FIRST).text())]
    refused = desk.screens.enter("sheets.marked", "", pairs, path=path).json()
    assert (refused["ok"], list(refused["fields"])) == (False, ["reason"])
    pairs += [("reason", "spoilt")]
    told = desk.screens.enter("sheets.marked", "", pairs, path="/entries/check").json()
    assert (told["ok"], told["warnings"]) == (True, [])
    assert (desk.copy.views.position, tally(desk)) == (before, Tally())


def test_a_check_knows_the_sheets_of_such_a_pack(desk: ScanDesk) -> None:
    scan_without_codes(desk, "ab")
    pairs = [("image", "ab"), ("decision", "file"), ("serial", SERIAL.after(FIRST).text())]
    told = desk.screens.enter("page.settled", "", pairs, path="/entries/check").json()
    assert (told["ok"], told["fields"]) == (True, {})
    strange = [*pairs[:2], ("serial", SERIAL.after(FIRST + 3).text())]
    told = desk.screens.enter("page.settled", "", strange, path="/entries/check").json()
    assert told["because"] == NOT_ISSUED
    assert tally(desk) == Tally()


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
