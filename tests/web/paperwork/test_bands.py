from __future__ import annotations

import asyncio
import re
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from tests.paper.printed import Printed
from tests.web.kept_copy import KeptCopy
from tests.web.paperwork.print_room import PRINTERS, empty_centre, print_all
from tests.web.screens import NUMBER, one_patient, patient, screens, whole_ward, words
from tests.web.ward_of_28 import key_of

from wardlight.outputs.printers import Printer
from wardlight.record.identity import Identifier, Person, PersonName
from wardlight.record.instants import PartialDate
from wardlight.web.paperwork import bands
from wardlight.web.paperwork.print_centre import PrintCentre

BANDS = "4E bands"
DRAWN = 27  # of 28: the name of one holds letters that printers of labels do not have
GREEK = Person(  # a name that printers of labels do not draw, and the PDF does
    key=key_of(NUMBER),
    identifiers=(Identifier(value=NUMBER, authority="MMH", kind="MR"),),
    name=PersonName(family="Δείγμα-Sample", given="Ada"),
    birth=PartialDate(1958, 3, 9),
    sex="F",
)


class Room:
    """A print centre over a ward, and what its printer of wristbands was sent."""

    def __init__(self, folder: Path, copy: KeptCopy | None = None) -> None:
        self.folder, self.copy = folder, copy or whole_ward()
        self.centre: PrintCentre = empty_centre(self.copy, folder)
        self.screens = screens(self.copy, print_centre=self.centre)

    def post(self, path: str = "/printers/MMH/wristbands", **fields: str) -> httpx.Response:
        body = urlencode(fields).encode()
        return asyncio.run(self.screens.hand_in(path, body))

    def came_out(self) -> str:
        asyncio.run(print_all(self.centre))  # type: ignore[arg-type]  # the node's own
        return "".join(path.read_text() for path in sorted((self.folder / "bands").glob("*")))


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def beds(room: Room) -> int:
    return len(room.copy.views.census.present("MMH", "4E"))


def said(zpl: str) -> str:
    """Return the words of a job: characters that could be commands are sent as numbers."""
    return re.sub(r"_([0-9a-fA-F]{2})", lambda one: chr(int(one[1], 16)), zpl)


def test_one_action_prints_a_band_for_everybody_on_the_ward(room: Room) -> None:
    assert room.post(unit="4E", printer=BANDS, rest="yes").status_code == 303
    out = said(room.came_out())
    assert out.count("^XA") == DRAWN == beds(room) - 1
    assert "Born 09-Mar-1958" in out
    assert "704 118 2236" in out
    [printed] = room.copy.views.printing.of("MMH")
    assert (printed.said.what, printed.said.unit, printed.said.pages) == ("wristbands", "4E", DRAWN)
    assert printed.said.as_of is not None


def test_the_bands_of_a_ward_as_pdf_are_one_page_each_in_the_order_of_beds(room: Room) -> None:
    answer = room.post(unit="4E")
    assert answer.headers["content-type"] == "application/pdf"
    texts = Printed(answer.content).texts
    assert len(texts) == beds(room)
    assert "OKAFOR-SAMPLE" in texts[0]
    assert "09-Mar-1958" in texts[1]


def test_a_printer_on_port_9100_gets_every_band_whole(tmp_path: Path) -> None:
    async def work() -> tuple[int, bytes]:
        got = bytearray()
        done = asyncio.Event()

        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            got.extend(await reader.read())
            writer.close()
            if got:
                done.set()

        server = await asyncio.start_server(take, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        zebra = Printer(name="Zebra", address=f"127.0.0.1:{port}", prints="wristbands")
        copy = whole_ward()
        centre = empty_centre(copy, tmp_path, (*PRINTERS, zebra))
        asked = screens(copy, print_centre=centre)
        answer = await asked.hand_in("/printers/MMH/wristbands", b"unit=4E&printer=Zebra&rest=yes")
        await print_all(centre)
        async with asyncio.timeout(10):
            await done.wait()
        server.close()
        return answer.status_code, bytes(got)

    status, got = asyncio.run(work())
    assert status == 303
    assert (got.count(b"^XA"), got.count(b"^XZ")) == (DRAWN, DRAWN)


def test_one_patients_band_is_printed_from_their_page(room: Room) -> None:
    assert BANDS in words(room.screens.get(patient(path="/paper")).text)
    assert room.post(patient(path="/wristband"), printer=BANDS).status_code == 303
    assert room.came_out().count("^XA") == 1
    assert room.post(patient(path="/wristband")).content.startswith(b"%PDF-")


def test_what_cannot_be_printed_is_told_by_bed_before_anything_is(tmp_path: Path) -> None:
    room = Room(tmp_path, one_patient(person=GREEK))
    answer = room.post(unit="4E", printer=BANDS)
    assert answer.status_code == 422
    page = words(answer.text)
    assert "Nothing was printed yet" in page
    assert "4E-12" in page
    assert "Δ" not in page
    assert room.came_out() == ""
    assert room.post(unit="4E").content.startswith(b"%PDF-")


def test_the_others_are_printed_once_somebody_has_seen_which_is_not(room: Room) -> None:
    first = room.post(unit="4E", printer=BANDS)
    assert first.status_code == 422
    assert f"Print the other {DRAWN}" in words(first.text)
    assert room.came_out() == ""
    assert room.post(unit="4E", printer=BANDS, rest="yes").status_code == 303
    assert room.came_out().count("^XA") == DRAWN


@pytest.mark.parametrize("printer", ["ED labels", "4E printer", "nowhere"])
def test_bands_go_to_no_printer_that_holds_none(room: Room, printer: str) -> None:
    answer = room.post(unit="4E", printer=printer)
    assert answer.status_code == 422
    assert bands.NO_PRINTER in words(answer.text)
    assert room.came_out() == ""


def test_a_ward_without_anybody_prints_nothing_and_says_so(room: Room) -> None:
    assert bands.NOBODY in words(room.post(unit="9Z").text)


def test_a_printer_with_little_memory_gets_several_jobs_and_every_band(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wardlight.outputs.printers.JOB_BYTES_MAX", 3_000)
    room.post(unit="4E", printer=BANDS, rest="yes")
    assert room.came_out().count("^XA") == DRAWN
    assert len(room.copy.views.printing.of("MMH")) > 1
