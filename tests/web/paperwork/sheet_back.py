"""A sheet of observations that came back: filed, with what was read in its boxes."""

from __future__ import annotations

import asyncio
from secrets import token_hex

import httpx
from tests.paper.forms.forms import library
from tests.web.kept_copy import KeptCopy
from tests.web.screens import HANDLES, NUMBER, Screens, screens
from tests.web.ward_of_28 import NOW, key_of

from wardlight.paper.forms.form_layout import LEFT, TOP
from wardlight.paper.scans.forms import boxes_of
from wardlight.record.entry import Draft
from wardlight.record.events.paperwork import Origin, SheetRun, SheetsIssued
from wardlight.record.events.scans import BoxSaid, Outcome, PageScanned
from wardlight.record.identity import PatientKey
from wardlight.record.sheet_serial import SheetSerial, serial_of
from wardlight.rules.asking import Author
from wardlight.rules.paperwork.paperwork import issue_draft
from wardlight.rules.paperwork.scans import CodeFound, Placed, drafts_of
from wardlight.views.paperwork.sheets import FormRow, IssuedSheet
from wardlight.web.paperwork.form_rows import rows_of, rows_of_page

CLERK = Author(account="sample", name="Clerk B. Sample", role="")
PX = 150 / 25.4  # of a scan of 150 dpi that lies straight
STRAIGHT = (PX, 0.0, LEFT * PX, 0.0, PX, TOP * PX, 0.0, 0.0, 1.0)
SERIAL = serial_of(7, 91_000)
DAY = "2026-11-22"


class Pictures:
    """A room of scans that has a picture of every page, until they are gone."""

    gone = False

    def image(self, digest: str) -> bytes | None:
        """Return a picture."""
        return None if self.gone else digest.encode()

    def files(self, _: str) -> tuple[()]:
        """Return that no file came in."""
        return ()

    async def printed_past(self, _: object) -> dict[SheetSerial, IssuedSheet]:
        """Return that no pack was printed past the node."""
        return {}


class SheetBack:
    """One sheet of a form, on one patient, with its picture in the queue."""

    def __init__(
        self,
        copy: KeptCopy,
        form: str = "OBSA",
        *,
        ticked: tuple[str, ...] = (),
        blank: bool = False,
        pages: int = 1,
    ) -> None:
        self.copy, self.form, self.serial = copy, form, SERIAL
        self.patient: PatientKey = key_of(NUMBER)
        self.handle = HANDLES.of(self.patient)
        self.image = token_hex(32)
        self.pictures = Pictures()
        self.screens: Screens = screens(copy, forms=library, scan_room=self.pictures)
        whose = () if blank else (self.patient,)
        run = SheetRun(form=form, first=self.serial.code(), pages=(pages,), patients=whose)
        said = SheetsIssued(runs=(run,), unit="4E", origin=Origin.PAD)
        self.write(issue_draft(said, CLERK, site="MMH", now=NOW))
        mine = [one for one in library().forms.values() if one.name() == form]  # none: of a pack
        boxes = boxes_of(mine, "a4").get(f"{form}.01", ())
        self.file(
            tuple(
                BoxSaid(one.name, "ticked" if one.name in ticked else "empty", (0, 0, 9, 9))
                for one in boxes
            )
        )

    def write(self, draft: Draft) -> None:
        """Put an entry into the log."""
        asyncio.run(_write(self.copy, draft))

    def file(self, boxes: tuple[BoxSaid, ...] = (), patient: PatientKey | None = None) -> None:
        """File the page, as the reader of scans does."""
        read = PageScanned(
            image=self.image,
            file=token_hex(32),
            number=1,
            outcome=Outcome.FILED,
            serial=self.serial.code(),
            form=self.form,
            page=1,
            corners="ABCD",
            boxes=boxes,
            lies=STRAIGHT,
        )
        code = CodeFound(self.serial, self.form, 1, "A", drill=False)
        where = Placed(code, patient or self.patient)
        told = drafts_of(read, where, CLERK, site="MMH", now=NOW, intake=token_hex(8))
        for draft in told:
            self.write(draft)

    def rows(self) -> list[str]:
        """Return the rows of the page that become entries."""
        return [one.row for one in rows_of(library().forms[self.form])]

    def open_rows(self) -> tuple[FormRow, ...]:
        """Return the rows of the page as it was scanned, of a MAR of the pack too."""
        page = self.copy.views.scans.page(self.image)
        assert page is not None
        return rows_of_page(library().forms, self.copy.views, page)

    def enter(
        self, kind: str, row: str, *fields: tuple[str, str], handle: str = "", id_: str = ""
    ) -> httpx.Response:
        """Enter a row."""
        paper = [("paper_image", self.image), ("paper_row", row)]
        answer: httpx.Response = self.screens.enter(
            kind, handle or self.handle, [*paper, *fields], id=id_ or token_hex(16)
        )
        return answer

    def vitals(self, row: str, pulse: str = "88", at: str = "0210") -> httpx.Response:
        """Enter a round of observations."""
        return self.enter("vitals.charted", row, ("on", DAY), ("at", at), ("pulse", pulse))

    def close(self, *rows: str, how: str = "nothing written", reason: str = "") -> httpx.Response:
        """Say that nothing more is entered from these rows."""
        fields = [("image", self.image), ("how", how), ("reason", reason)]
        fields += [("row", one) for one in rows]
        answer: httpx.Response = self.screens.enter("page.rows.closed", self.handle, fields)
        return answer

    def page(self) -> str:
        """Return the page of proposed entries."""
        return self.screens.get(f"/patient/{self.handle}/scans/{self.image}/enter").text


async def _write(copy: KeptCopy, draft: Draft) -> None:
    await copy.write(draft)
