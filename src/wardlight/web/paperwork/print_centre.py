"""What the print centre shows and can be asked; the node's own is run/paperwork/print_centre."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from wardlight.record.instants import Instant
from wardlight.rules.asking import Author
from wardlight.web.paperwork.taken import Taken


class PrinterRow(Struct, frozen=True, kw_only=True):
    """One printer, and whether it says that it can print."""

    name: str
    how: str  # "IPP", "port 9100", "folder", "labels"
    where: str  # which wards' sheets come here, in words
    ready: bool | None  # None: not asked yet
    words: str
    waiting: int
    sheets: bool
    bands: bool = False  # it holds wristbands
    dpi: int = 203


class PackRow(Struct, frozen=True, kw_only=True):
    """The pack of one unit as it lies on disk."""

    unit: str
    made: Instant
    as_of: Instant | None
    pages: int
    patients: int
    printer: str  # where it is printed when nobody says another; "" for nowhere
    undrawable: int = 0  # places where no font has a character


class JobRow(Struct, frozen=True, kw_only=True):
    """One job, as far as it is."""

    id: str
    what: str
    unit: str
    printer: str
    pages: int
    as_of: Instant | None
    asked: Instant
    by: str
    state: str
    because: str
    again: bool  # its very pages can be printed again
    over: bool
    ask: bool  # a person has to say what became of it
    sheets: str = ""  # serials that are on no paper unless it came out, or comes out again


class PrintCentre(Protocol):
    """Where sheets and labels are printed from."""

    def printers(self, site: str) -> tuple[PrinterRow, ...]:
        """Return the printers of a site, as the settings name them."""

    def packs(self, site: str) -> tuple[PackRow, ...]:
        """Return the packs on disk."""

    def jobs(self, site: str) -> tuple[JobRow, ...]:
        """Return the jobs of a site, newest first."""

    async def print_packs(
        self, site: str, units: Sequence[str], printer: str, by: Author
    ) -> tuple[str, ...]:
        """Make packs now and queue them, each on its ward's printer; return what went wrong."""

    async def print_sheets(
        self, site: str, printer: str, what: str, sheets: Taken, by: Author
    ) -> tuple[str, ...]:
        """Put sheets into the register and queue them on a printer; return what went wrong."""

    async def print_test(self, site: str, printer: str, by: Author) -> tuple[str, ...]:
        """Print a test page."""

    async def print_labels(self, site: str, printer: str, by: Author) -> tuple[str, ...]:
        """Print a roll of new downtime numbers, for the day nothing answers."""

    async def print_bands(
        self, site: str, printer: str, unit: str, bands: Sequence[bytes], by: Author
    ) -> tuple[str, ...]:
        """Queue wristbands, each whole, on a printer of them; return what went wrong."""

    async def print_again(self, site: str, job: str, printer: str, by: Author) -> tuple[str, ...]:
        """Print the very pages of a job once more."""

    async def settle(self, site: str, job: str, *, printed: bool) -> tuple[str, ...]:
        """Take a person's word for what became of a job."""
