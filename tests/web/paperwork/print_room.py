"""A print centre over a small kept copy: a printer that is a folder, and one that is off."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import mkdtemp

from tests.web.kept_copy import KeptCopy
from tests.web.screens import SITES, shipped_press
from tests.web.ward_of_28 import NOW

from wardlight.log.keys import Keys
from wardlight.outputs.print_queue import PrintQueue
from wardlight.outputs.printers import Kind, Printer
from wardlight.rules.asking import Author
from wardlight.run.number_blocks import NumberBlocks
from wardlight.run.paperwork.packs import PackShelf
from wardlight.run.paperwork.print_centre import Parts, PrintCentre
from wardlight.run.paperwork.reserved import ReservedSheets
from wardlight.run.paperwork.sheet_numbers import SheetNumbers
from wardlight.run.settings import Settings

NURSE = Author(account="sample", name="RN A. Sample")
PRINTERS = (
    Printer(name="4E printer", kind=Kind.DISK, folder="4e", site="MMH", units=("4E",)),
    Printer(name="Basement", kind=Kind.RAW, address="127.0.0.1:9"),
    Printer(name="ED labels", kind=Kind.ZPL, folder="labels", site="MMH"),
    Printer(name="4E bands", kind=Kind.ZPL, folder="bands", site="MMH", prints="wristbands"),
)


def empty_centre(
    copy: KeptCopy, folder: Path, printers: tuple[Printer, ...] = PRINTERS
) -> PrintCentre:
    """Return a print centre that has printed nothing."""
    settings = Settings(sites=tuple(SITES.values()), printers=printers)
    queue = PrintQueue(printers, folder, key=b"k" * 32, clock=lambda: NOW)
    parts = Parts(
        sites=SITES,
        press=shipped_press,
        numbers=NumberBlocks(
            folder, copy.views.numbers, copy.write, clock=lambda: NOW, indices={"MMH": 7}
        ),
        views=copy.views,
        clock=lambda: NOW,
        write=copy.write,
    )
    packs = PackShelf(
        folder,
        settings,
        views=copy.views,
        numbers=SheetNumbers(folder, Keys(b"s" * 32), lambda: NOW),
        reserved=ReservedSheets(folder, b"k" * 32),
    )
    return PrintCentre(parts, packs, queue)


async def print_all(centre: PrintCentre) -> None:
    """Move every job as far as it goes, and ask every printer whether it is ready."""
    await centre.queue.resume(centre.ended)
    for one in centre.queue.printers.values():
        await centre.queue.turn(one)
        await centre.queue.look(one)


def print_centre(copy: KeptCopy) -> PrintCentre:
    """Return a print centre in the middle of the night: packs printed, one printer off."""
    centre = empty_centre(copy, Path(mkdtemp(prefix="wardlight-print-")))

    async def work() -> None:
        await centre.print_test("MMH", "4E printer", NURSE)
        await centre.print_packs("MMH", ["4E"], "", NURSE)
        await centre.print_packs("MMH", ["4E"], "Basement", NURSE)
        await print_all(centre)

    asyncio.run(work())
    return centre
