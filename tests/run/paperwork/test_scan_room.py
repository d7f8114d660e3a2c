from __future__ import annotations

import asyncio
import os
import zlib
from pathlib import Path

import numpy as np
import pytest
from tests.paper.scans.scanned import BOXES, SERIAL, codes_of, sheet
from tests.run.paperwork.scan_desk import (
    BLANK,
    CLERK,
    TICKED,
    ScanDesk,
    as_png,
    as_tiff,
    page_of,
    with_label,
)
from tests.web.screens import NUMBER, words

from wardlight.paper.sheet_codes import Seal
from wardlight.record.events.scans import Decision
from wardlight.rules.paperwork import scans
from wardlight.run.paperwork.scan_reader import STOPPED
from wardlight.run.settings import ScanFolder, Scans
from wardlight.views.paperwork.sheets import SheetState

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(tmp_path: Path) -> ScanDesk:
    return ScanDesk(tmp_path)


def test_a_page_is_filed_on_the_patient_its_sheet_was_printed_for(desk: ScanDesk) -> None:
    desk.scan(as_tiff(page_of()))
    assert desk.said() == [(str(desk.patient), "")]
    sheet = desk.copy.views.paperwork.sheet(SERIAL)
    assert sheet is not None
    assert sheet.state is SheetState.SCANNED


def test_nothing_of_a_box_is_charted_before_a_person_compared_it(desk: ScanDesk) -> None:
    desk.scan(as_tiff(page_of()))
    [page] = desk.copy.views.scans.to_check("MMH")
    assert {one.name for one in page.said.boxes if one.tick == "ticked"} == TICKED
    fields = [("image", page.said.image), ("decision", Decision.CHECK)]
    fields += [(f"box-{box.name}", "ticked" if box.name in TICKED else "empty") for box in BOXES]
    assert desk.screens.enter("page.settled", "", fields).status_code == 200
    assert desk.copy.views.scans.to_check("MMH") == ()


def test_a_label_on_a_blank_sheet_files_it(desk: ScanDesk) -> None:
    desk.scan(as_png(with_label(page_of(1), NUMBER)))
    assert desk.said() == [(str(desk.patient), "")]


def test_what_is_in_doubt_waits_for_a_person_with_its_reason(desk: ScanDesk) -> None:
    other = next(
        one.patient
        for row in desk.copy.views.census.beds("MMH", "4E")
        for one in row.stays
        if one.patient != desk.patient
    ).partition("|")[2]
    two = with_label(with_label(page_of(1), NUMBER), other, at=(300, 600))
    pages = {
        scans.NO_LABEL: page_of(1),
        scans.TWO_LABELS: two,
        scans.STRANGE_LABEL: with_label(page_of(1), "0000000000"),
        scans.OTHER_LABEL: with_label(page_of(), other),
        scans.NOT_ISSUED: page_of(5),
        scans.TWO_SHEETS: sheet(codes=[*codes_of()[:2], *codes_of(BLANK)[2:]]),
        scans.OTHER_FORM: sheet(codes=codes_of(form="W4A")),
        scans.STRANGE: sheet(codes=codes_of(seal=Seal(b"another node's key"))),
        scans.NO_CODE: np.full((1754, 1240), 255, dtype=np.uint8),
    }
    desk.scan(*map(as_png, pages.values()))
    assert list(reversed(desk.said())) == [("", because) for because in pages]


def test_one_altered_code_beside_three_good_ones_files_nothing(desk: ScanDesk) -> None:
    altered = codes_of()
    altered[3] = altered[3].replace(".01.", ".02.")
    desk.scan(as_png(sheet(codes=altered)))
    assert desk.said() == [("", scans.STRANGE)]


def test_the_same_picture_and_the_same_sheet_again_are_kept_and_flagged(desk: ScanDesk) -> None:
    once, other = as_png(page_of()), as_png(page_of(ticked=frozenset({"b001"})))
    desk.scan(once, other)
    views = desk.copy.views.scans
    first, second = (views.page(one.said.image) for one in views.newest("MMH", 9))
    assert first is not None
    assert second is not None
    assert (views.others(first), views.others(second)) == (1, 1)


def test_a_page_nobody_could_place_is_placed_by_a_serial_or_a_wristband(desk: ScanDesk) -> None:
    desk.scan(as_png(page_of(1)))
    [page] = desk.copy.views.scans.unmatched("MMH")
    about = [("image", page.said.image), ("decision", Decision.FILE)]
    nobody = desk.screens.enter("page.settled", "", [*about, ("number", "0000000000")])
    assert nobody.status_code == 422
    placed = desk.screens.enter("page.settled", "", [*about, ("number", NUMBER)])
    assert placed.status_code == 200
    assert desk.copy.views.scans.unmatched("MMH") == ()
    sheet = desk.copy.views.paperwork.sheet(BLANK)
    assert sheet is not None
    assert sheet.state is SheetState.SCANNED


def test_a_page_placed_by_its_serial_is_shown_as_the_form_that_was_printed(desk: ScanDesk) -> None:
    desk.scan(as_png(np.full((1754, 1240), 255, dtype=np.uint8)))
    [page] = desk.copy.views.scans.unmatched("MMH")
    about = [("image", page.said.image), ("decision", Decision.FILE), ("serial", SERIAL.text())]
    assert desk.screens.enter("page.settled", "", about).status_code == 200
    assert f"W3A, page 1 {SERIAL.text()}" in words(desk.screens.get("/scans/MMH").text)


def test_a_name_places_nothing(desk: ScanDesk) -> None:
    desk.scan(as_png(page_of(1)))
    [page] = desk.copy.views.scans.unmatched("MMH")
    about = [("image", page.said.image), ("decision", Decision.FILE)]
    answer = desk.screens.enter("page.settled", "", [*about, ("number", "Okafor-Sample")])
    assert answer.status_code == 422


def test_hostile_files_are_told_and_the_next_scan_is_read(desk: ScanDesk) -> None:
    bomb = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", b"\0\0\xff\xff\0\0\xff\xff\x08\0\0\0\0")
    bomb += _chunk(b"IDAT", zlib.compress(bytes(10))) + _chunk(b"IEND", b"")
    hostile = [bomb, b"%PDF-1.7\n" + os.urandom(2_000), b"GIF89a" + bytes(200), os.urandom(500)]
    desk.scan(*hostile, as_tiff(page_of()))
    states = [(one.pages, bool(one.because)) for one in desk.room.files("MMH")]
    assert sorted(states) == [(0, True)] * 4 + [(1, False)]


def test_a_reader_that_dies_is_begun_again(desk: ScanDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "wardlight.run.paperwork.scan_reader.WORKER", "wardlight.run.no_such_reader"
    )
    desk.scan(as_png(page_of()))
    monkeypatch.undo()
    assert [one.because for one in desk.room.files("MMH")] == [STOPPED]
    desk.scan(as_png(page_of()))
    assert desk.said() == [(str(desk.patient), "")]


def test_a_file_taken_in_is_read_after_a_restart_and_lies_sealed(desk: ScanDesk) -> None:
    body = as_png(page_of())
    asyncio.run(desk.room.take("MMH", body, source="upload", by=CLERK))
    kept = b"".join(path.read_bytes() for path in (desk.folder / "scans").iterdir())
    assert b"PNG" not in kept
    desk.room = desk.opened()
    desk.scan()
    assert desk.said() == [(str(desk.patient), "")]


def test_a_watched_folder_is_emptied_once_its_files_are_whole(tmp_path: Path) -> None:
    desk = ScanDesk(tmp_path, Scans(folders=(ScanFolder(folder="in"),)))
    inbox = tmp_path / "in"
    inbox.mkdir()
    (inbox / "scan1.tif").write_bytes(as_tiff(page_of()))

    async def look() -> list[int]:
        return [await desk.room.look_into(inbox, "MMH") for _ in range(3)]

    assert asyncio.run(look()) == [0, 1, 0]
    assert list(inbox.iterdir()) == []


def test_the_screen_shows_each_page_with_its_picture(desk: ScanDesk) -> None:
    desk.scan(as_tiff(page_of(), page_of(1)))
    page = desk.screens.get("/scans/MMH")
    assert "sheet (1)" in words(page.text)
    assert "Boxes to be compared (1)" in words(page.text)
    [lost] = desk.copy.views.scans.unmatched("MMH")
    picture = desk.screens.get(f"/scans/MMH/picture/{lost.said.image}")
    assert picture.content.startswith(b"\xff\xd8")
    assert scans.NO_LABEL in words(desk.screens.get(f"/scans/MMH/page/{lost.said.image}").text)


def test_a_picture_is_shown_on_its_own_patient_only(desk: ScanDesk) -> None:
    desk.scan(as_png(page_of()))
    [page] = desk.copy.views.scans.newest("MMH", 1)
    handle = desk.screens.app.state.desk.handles.of
    others = [row.stays[0].patient for row in desk.copy.views.census.beds("MMH", "4E") if row.stays]
    other = next(one for one in others if one != desk.patient)
    mine = desk.screens.get(f"/patient/{handle(desk.patient)}/scans/{page.said.image}")
    theirs = desk.screens.get(f"/patient/{handle(other)}/scans/{page.said.image}")
    assert (mine.status_code, theirs.status_code) == (200, 404)


def _chunk(kind: bytes, body: bytes) -> bytes:
    whole = kind + body
    return len(body).to_bytes(4) + whole + zlib.crc32(whole).to_bytes(4)
