"""The print centre of a node: what is made for printing, queued, and written into the log."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from wardlight.outputs.print_jobs import OVER, TO_LOOK_AT, Job, State
from wardlight.outputs.print_queue import PrintQueue
from wardlight.outputs.printers import Kind, Printer
from wardlight.paper.labels.wearer import Wearer, numbered
from wardlight.paper.labels.zpl import label_zpl
from wardlight.paper.test_page import TestPage, test_page
from wardlight.paper.typeset import Press
from wardlight.record import catalogue
from wardlight.record.downtime_number import DowntimeNumber, read_downtime_number
from wardlight.record.entry import Draft, Entry
from wardlight.record.events.paperwork import SheetsIssued
from wardlight.record.events.printing import PrintAsked, PrintEnded, PrintSaid, packed
from wardlight.record.instants import Clock, Instant, clinical_time, instant_of
from wardlight.record.problems import Problem
from wardlight.record.sources import Site
from wardlight.record.staff_entry import staff_draft
from wardlight.rules.asking import Author
from wardlight.rules.paperwork.paperwork import issue_draft
from wardlight.run.number_blocks import NumberBlocks
from wardlight.run.paperwork.packs import Made, PackShelf
from wardlight.views.fold import Views
from wardlight.views.paperwork.printing import PACK, TEST
from wardlight.views.paperwork.sheets import ranges_of
from wardlight.web.entering.writing import NotKeptError
from wardlight.web.paperwork.print_centre import JobRow, PackRow, PrinterRow
from wardlight.web.paperwork.taken import Taken

LABELS = "label roll"
BANDS = "wristbands"
LABELS_EACH = 2  # of every new number: one for the patient's papers, one for the list
_HOW = {
    Kind.IPP: "IPP",
    Kind.RAW: "port 9100",
    Kind.ZPL: "labels, port 9100",
    Kind.DISK: "folder",
}
NO_PACK = "{unit}: no pack can be made: nobody is there, or the disk is full."
ON_NO_PAPER = (
    "Its sheets are in the register and on no paper. Under Forms and sheets, say that these were "
    "destroyed: {sheets}"
)
NO_PRINTER = "{unit}: the settings name no printer for it. Choose one."


class _Sheets(Struct, frozen=True):
    """Which sheets a job's pages are, to be put into the register again with a reprint."""

    said: SheetsIssued
    drill: bool


class Parts(Struct, frozen=True, kw_only=True):
    """The parts of a node that it prints from."""

    sites: dict[str, Site]
    press: Callable[[], Press]
    numbers: NumberBlocks
    views: Views
    clock: Clock
    write: Callable[[Draft], Awaitable[Entry]]


class PrintCentre:
    """What people have printed at a node."""

    def __init__(self, parts: Parts, packs: PackShelf, queue: PrintQueue) -> None:
        self.queue = queue
        self._packs, self._sites, self._press = packs, parts.sites, parts.press
        self._numbers, self._views = parts.numbers, parts.views
        self._clock, self._write = parts.clock, parts.write

    def printers(self, site: str) -> tuple[PrinterRow, ...]:
        """Return the printers of a site, as the settings name them."""
        return tuple(self._row(one) for one in self._of(site))

    def _of(self, site: str) -> list[Printer]:
        return [one for one in self.queue.printers.values() if one.site in ("", site)]

    def _row(self, one: Printer) -> PrinterRow:
        ready = self.queue.ready(one.name)
        open_ = [job for job in self.queue.jobs() if job.printer == one.name]
        return PrinterRow(
            name=one.name,
            how=_HOW[one.kind] if one.prints != BANDS else f"{BANDS}, port 9100",
            where=", ".join(one.units) or "any ward",
            ready=ready.ready if ready else None,
            words=ready.words if ready else "not asked yet",
            waiting=sum(1 for job in open_ if job.state not in OVER),
            sheets=one.sheets,
            bands=not one.sheets and one.prints == BANDS,
            dpi=one.dpi,
        )

    def packs(self, site: str) -> tuple[PackRow, ...]:
        """Return the packs on disk."""
        return tuple(self._pack(one) for one in self._packs.made(site))

    def _pack(self, made: Made) -> PackRow:
        return PackRow(
            unit=made.unit,
            made=_instant(made.made_at),
            as_of=_instant(made.as_of) if made.as_of is not None else None,
            pages=made.pages,
            patients=made.patients,
            printer=self._default(made.site, made.unit),
            undrawable=len(made.undrawable),
        )

    def _default(self, site: str, unit: str) -> str:
        """Return the printer of a ward: its own, else its site's, else anybody's."""
        fit = [one for one in self._of(site) if one.sheets and (not one.units or unit in one.units)]
        fit.sort(key=lambda one: (unit not in one.units, one.site != site))
        return fit[0].name if fit else ""

    def jobs(self, site: str) -> tuple[JobRow, ...]:
        """Return the jobs of a site, newest first."""
        return tuple(self._job(one) for one in self.queue.jobs(site))

    def _job(self, job: Job) -> JobRow:
        return JobRow(
            id=job.id,
            what=job.what,
            unit=job.unit,
            printer=job.printer,
            pages=job.pages,
            as_of=job.as_of,
            asked=job.asked,
            by=job.by,
            state=job.state.value,
            because=job.because,
            again=job.state not in (State.WAITING, State.SENDING) and self.queue.has_pages(job.id),
            over=job.state in OVER,
            ask=job.state is State.ASK,
            sheets=self._own_sheets(job) if job.state in TO_LOOK_AT else "",
        )

    def _own_sheets(self, job: Job) -> str:
        """Return the serials that are on no paper where a job never came out; "" for none."""
        kept = self.queue.sheets(job.id)
        if job.again_of or not kept:
            return ""
        return _on_no_paper(msgspec.json.decode(kept, type=_Sheets).said)

    async def print_packs(
        self, site: str, units: Sequence[str], printer: str, by: Author
    ) -> tuple[str, ...]:
        """Make packs now and queue them, each on its ward's printer; return what went wrong."""
        wrong: list[str] = []
        for unit in units:
            name = printer or self._default(site, unit)
            if not name:
                wrong.append(NO_PRINTER.format(unit=unit))
                continue
            taken = await self._packs.take(site, unit, self._clock(), anew=True)
            if taken is None:
                wrong.append(NO_PACK.format(unit=unit))
                continue
            wrong += await self._print_pack(self._new(site, name, PACK, by, unit=unit), taken, by)
        return tuple(wrong)

    async def print_sheets(
        self, site: str, printer: str, what: str, sheets: Taken, by: Author
    ) -> tuple[str, ...]:
        """Put sheets into the register and queue them on a printer; return what went wrong."""
        unit = sheets.said.unit if sheets.said else ""
        return await self._print_pack(self._new(site, printer, what, by, unit=unit), sheets, by)

    async def _print_pack(self, job: Job, taken: Taken, by: Author) -> tuple[str, ...]:
        said = taken.said
        if said is None:  # it was taken before and could not be made anew
            return await self._put(job, taken.body)
        as_of = _instant(said.as_of) if said.as_of else None
        pages = sum(sum(run.pages) for run in said.runs)
        said = replace(said, to=job.printer)
        await self._issue(job.site, said, by, drill=taken.drill)
        kept = _Sheets(said, taken.drill)
        job = replace(job, as_of=as_of, pages=pages)
        wrong = await self._put(job, taken.body, msgspec.json.encode(kept))
        lost = _on_no_paper(said) if wrong else ""
        return (*wrong, ON_NO_PAPER.format(sheets=lost)) if lost else wrong

    async def _issue(self, site: str, said: SheetsIssued, by: Author, *, drill: bool) -> None:
        """Put sheets into the register; paper comes first where the log takes nothing."""
        with suppress(NotKeptError):
            draft = issue_draft(said, by, site=site, now=self._clock(), drill=drill)
            await self._write(draft)

    async def print_test(self, site: str, printer: str, by: Author) -> tuple[str, ...]:
        """Print a test page; on a printer of labels, one label."""
        job = self._new(site, printer, TEST, by, pages=1)
        home, number = self._sites[site], job.id[:8]
        printed = clinical_time(job.asked, home.zone)
        known = self.queue.printers.get(printer)
        if known is not None and not known.sheets:
            text = f"^XA^CI28^FO30,30^A0N,40,40^FDPRINTER TEST {number.upper()}^FS^XZ"
            return await self._put(job, text.encode())
        page = TestPage(site=home.name, printer=printer, number=number, printed=printed, by=by.name)
        body = test_page(page, self._press(), paper=home.paper).body
        return await self._put(job, body)

    async def print_labels(self, site: str, printer: str, by: Author) -> tuple[str, ...]:
        """Print a roll of new downtime numbers: a block that from now on nobody else gets."""
        known = self.queue.printers.get(printer)
        if known is None or known.sheets or known.prints == BANDS:
            return ("Choose a printer of labels.",)
        drill = self._views.downtimes.at(site).drill
        texts = await self._numbers.reserve(site, f"label roll of {printer}", drill=drill)
        read = [one for one in map(read_downtime_number, texts) if isinstance(one, DowntimeNumber)]
        prefix = self._sites[site].gs1_prefix
        rolls = [
            label_zpl(
                Wearer(**numbered(one, prefix=prefix), called="Name:"),
                dpi=known.dpi,
                count=LABELS_EACH,
            )
            for one in read
        ]
        job = self._new(site, printer, LABELS, by, pages=len(read) * LABELS_EACH)
        return await self._put(job, "".join(rolls).encode())

    async def print_bands(
        self, site: str, printer: str, unit: str, bands: Sequence[bytes], by: Author
    ) -> tuple[str, ...]:
        """Queue wristbands on a printer of them, as many in one job as it can hold."""
        known = next((one for one in self._of(site) if one.name == printer), None)
        if known is None or known.sheets or known.prints != BANDS:
            return ("Choose a printer of wristbands.",)
        wrong: list[str] = []
        for some in _fitting(bands, known.bytes_max):
            job = self._new(site, printer, BANDS, by, unit=unit, pages=len(some))
            job = replace(job, as_of=self._views.links.site_as_of(site))
            wrong += await self._put(job, b"".join(some))
        return tuple(wrong)

    async def print_again(self, site: str, job: str, printer: str, by: Author) -> tuple[str, ...]:
        """Print the very pages of a job once more."""
        old = self.queue.job(job)
        if old is None or old.site != site:
            return ("This job is no longer kept. Make the pages anew.",)
        new = self._new(site, printer or old.printer, old.what, by, unit=old.unit)
        same = replace(new, pages=old.pages, as_of=old.as_of, again_of=old.id)
        if kept := self.queue.sheets(old.id):
            sheets = msgspec.json.decode(kept, type=_Sheets)
            said = replace(sheets.said, again=True, to=same.printer)
            await self._issue(site, said, by, drill=sheets.drill)
        return await self._put(same, None)

    async def settle(self, site: str, job: str, *, printed: bool) -> tuple[str, ...]:
        """Take a person's word for what became of a job."""
        found = self.queue.job(job)
        if found is None or found.site != site or found.state in OVER:
            return ("Nobody has to look at this job any more.",)
        if found.state in (State.SENDING, State.PRINTING) and not printed:
            return ("The printer has it: end it at the printer itself.",)
        await self.queue.settle(found, printed=printed)
        return ()

    def _new(
        self, site: str, printer: str, what: str, by: Author, *, unit: str = "", pages: int = 0
    ) -> Job:
        return Job(
            id=secrets.token_hex(12),
            printer=printer,
            site=site,
            unit=unit,
            what=what,
            pages=pages,
            asked=self._clock(),
            by=by.name,
            account=by.account,
        )

    async def _put(self, job: Job, body: bytes | None, sheets: bytes = b"") -> tuple[str, ...]:
        """Say in the log what is asked for, and queue it; `None` prints the old pages."""
        said = PrintAsked(
            job=job.id,
            what=job.what,
            printer=job.printer,
            by=job.by,
            unit=job.unit,
            pages=job.pages,
            as_of=job.as_of,
            again_of=job.again_of,
        )
        await self._say(catalogue.PRINT_ASKED, job, said)
        found: Problem | None
        if body is None:
            found = await self.queue.again(job, of=job.again_of)
        else:
            found = await self.queue.put(job, body, sheets)
        if found is None:
            return ()
        await self.ended(replace(job, state=State.FAILED, because=found.because))
        return (f"{job.unit or job.printer}: {found.because}",)

    async def ended(self, job: Job) -> None:
        """Write into the log what became of a job."""
        said = PrintEnded(job=job.id, state=job.state.value, because=job.because)
        await self._say(catalogue.PRINT_ENDED, job, said)

    async def _say(self, kind: str, job: Job, said: PrintSaid) -> None:
        """Write an event; a node that can only read prints all the same."""
        draft = staff_draft(
            kind, packed(said), site=job.site, author=job.account, recorded=self._clock()
        )
        with suppress(NotKeptError):
            await self._write(draft)


def _fitting(bands: Sequence[bytes], most: int) -> Iterator[list[bytes]]:
    """Give bands in their order, together as many as a job may hold; none is ever cut."""
    some: list[bytes] = []
    for one in bands:
        if some and sum(map(len, some)) + len(one) > most:
            yield some
            some = []
        some.append(one)
    if some:
        yield some


def _on_no_paper(said: SheetsIssued) -> str:
    """Return the serials of sheets that never came out; those printed before are out already."""
    return "" if said.again else ranges_of(said)


def _instant(text: str) -> Instant:
    return instant_of(datetime.fromisoformat(text))
