"""The print queue of a node: every job once, in order, with its reasons, over restarts.

What never left is tried again by itself, a named number of times. What may have been printed is
never sent again by itself: a person looks at the tray and says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from msgspec.structs import replace

from wardlight.outputs.ipp_printer import Readiness, Taken, hand_over, progress, readiness
from wardlight.outputs.print_jobs import OVER, Job, JobFiles, State
from wardlight.outputs.printers import CONNECT_SECONDS, Kind, Printer, Printers, address_of
from wardlight.record.instants import MINUTE, SECOND, Clock, Instant
from wardlight.record.problems import Problem, Retry
from wardlight.wire.ipp import JobState

WAITING_MAX = 100  # jobs of one printer; one more is refused, so that nobody waits unknowingly
WAITS_S = (5, 15, 60, 120, 300)  # after each try that did not reach the printer
TRIES_MAX = len(WAITS_S) + 1
TURN_SECONDS = 5.0  # between two looks at a printer that has work
LOOK_SECONDS = 60.0  # between two looks whether a printer is ready
SILENT_MS = 30 * MINUTE  # a printer that says nothing of a job for so long: somebody looks
CUT_OFF = "The program was stopped while this was sent: look whether it was printed."
LOOK_ELSEWHERE = "Print it on another printer, or take the pack from the disk."
NO_PAGES = "Its pages are no longer kept. Make a new one."

Told = Callable[[Job], Awaitable[None]]


class PrintQueue:
    """Everything that is to be printed here, and how far it is."""

    def __init__(
        self, printers: Iterable[Printer], folder: Path, *, key: bytes, clock: Clock
    ) -> None:
        """`folder` is the node's; the queue's own is made in it with the first job."""
        self.printers = {one.name: one for one in printers}
        self._folder = folder
        self._raw = Printers(self.printers.values(), folder)
        self._files = JobFiles(folder / "printing", key)
        self._clock = clock
        self._told: Told = _nobody
        self._ready: dict[str, Readiness] = {}
        self._wake = {name: asyncio.Event() for name in self.printers}

    def open(self) -> None:
        """Know again what there is on disk."""
        self._files.open()

    async def resume(self, told: Told) -> None:
        """Go on where the last run ended; what was half sent waits for a person.

        `told` hears of every job that is over, or waits for a person.
        """
        self._told = told
        for job in self._files.all():
            if job.state is State.SENDING:
                await self._over(job, State.ASK, CUT_OFF)

    def jobs(self, site: str = "") -> tuple[Job, ...]:
        """Return the jobs of a site, newest first."""
        return tuple(one for one in reversed(self._files.all()) if not site or one.site == site)

    def job(self, job_id: str) -> Job | None:
        """Return a job; None for one there is not."""
        return self._files.get(job_id)

    def has_pages(self, job_id: str) -> bool:
        """Return whether a job can be printed again as it is."""
        return self._files.has_body(job_id)

    def sheets(self, job_id: str) -> bytes:
        """Return which sheets a job's pages are."""
        return self._files.sheets(job_id)

    def ready(self, printer: str) -> Readiness | None:
        """Return what was last heard of a printer; None before anything was."""
        return self._ready.get(printer)

    async def put(self, job: Job, body: bytes, sheets: bytes = b"") -> Problem | None:
        """Take a job; it is on disk when this returns None. `sheets`: for the register."""
        printer = self.printers.get(job.printer)
        if printer is None:
            return Problem("printer.unknown", "printers", "The settings name no such printer.")
        open_ = [one for one in self.jobs() if one.printer == job.printer]
        if sum(1 for one in open_ if one.state not in OVER) >= WAITING_MAX:
            because = f"{WAITING_MAX} jobs wait for this printer already. {LOOK_ELSEWHERE}"
            return Problem("printer.busy", printer.name, because, Retry.LATER)
        if len(body) > printer.bytes_max:
            because = f"A job has at most {printer.bytes_max:,} bytes: print fewer at once."
            return Problem("printer.job-too-large", printer.name, because)
        try:
            self._files.add(job, body, sheets)
        except OSError as error:
            because = f"The queue's folder cannot be written: {error.strerror}."
            return Problem("printer.queue", printer.name, because, Retry.LATER)
        self._wake[printer.name].set()
        return None

    async def again(self, job: Job, *, of: str) -> Problem | None:
        """Print the pages of a job once more, on whatever printer the new job names."""
        body = self._files.body(of)
        if body is None:
            return Problem("printer.gone", "printing", NO_PAGES)
        return await self.put(replace(job, again_of=of), body, self._files.sheets(of))

    async def settle(self, job: Job, *, printed: bool) -> None:
        """Take a person's word for what became of a job."""
        await self._over(job, State.DONE if printed else State.DROPPED, "a person looked")

    async def run(self, told: Told) -> None:
        """Print what waits, until cancelled; each printer at its own pace."""
        await self.resume(told)
        await asyncio.gather(*(self._serve(one) for one in self.printers.values()))

    async def _serve(self, printer: Printer) -> None:
        looked = Instant(0)
        while True:
            if self._clock() - looked >= LOOK_SECONDS * SECOND:
                looked = self._clock()
                await self.look(printer)
                self._files.tidy(looked)
            busy = await self.turn(printer)
            self._wake[printer.name].clear()
            try:
                async with asyncio.timeout(TURN_SECONDS if busy else LOOK_SECONDS):
                    await self._wake[printer.name].wait()
            except TimeoutError:
                continue

    async def turn(self, printer: Printer) -> bool:
        """Move every job of a printer as far as it goes now; return whether one is not over."""
        for job in self._of(printer):
            if job.state is State.WAITING and job.due <= self._clock():
                if not await self._send(printer, job):
                    break  # the next one would meet the same printer
            elif job.state is State.PRINTING:
                await self._follow(printer, job)
        return any(one.state in {State.WAITING, State.PRINTING} for one in self._of(printer))

    def _of(self, printer: Printer) -> list[Job]:
        return [one for one in self._files.all() if one.printer == printer.name]

    async def _send(self, printer: Printer, job: Job) -> bool:
        """Send one job; return whether the printer took it, or will never take it."""
        body = self._files.body(job.id)
        if body is None:
            await self._over(job, State.FAILED, NO_PAGES)
            return True
        job = replace(job, state=State.SENDING, tries=job.tries + 1)
        self._files.keep(job)
        found = await self._handed(printer, job, body)
        if isinstance(found, Taken):
            self._files.keep(replace(job, state=State.PRINTING, printer_job=found.job, because=""))
            return True
        if found is None:
            words = "in the folder" if printer.folder else "the printer took it: look at the tray"
            await self._over(job, State.HANDED, words)
            return True
        return await self._failed(job, found)

    async def _handed(self, printer: Printer, job: Job, body: bytes) -> Taken | Problem | None:
        if printer.kind is Kind.IPP:
            return await hand_over(printer, body, job.id)
        return await self._raw.send(printer.name, body, job_id=job.id)

    async def _failed(self, job: Job, problem: Problem) -> bool:
        if problem.retry is Retry.UNKNOWN:
            await self._over(job, State.ASK, problem.because)
        elif problem.retry is Retry.NEVER or job.tries >= TRIES_MAX:
            await self._over(job, State.FAILED, f"{problem.because} {LOOK_ELSEWHERE}")
        else:
            due = Instant(self._clock() + WAITS_S[job.tries - 1] * SECOND)
            self._files.keep(replace(job, state=State.WAITING, because=problem.because, due=due))
            return False
        return True

    async def _follow(self, printer: Printer, job: Job) -> None:
        """Ask the printer how far a job is."""
        found = await progress(printer, job.printer_job)
        if isinstance(found, Problem):
            if found.code == "printer.job-unknown" or self._silent(job):
                await self._over(job, State.ASK, found.because)
            elif job.because != found.because:
                self._files.keep(replace(job, because=found.because))
            return
        match found.state:
            case JobState.COMPLETED:
                await self._over(job, State.DONE, "the printer says so")
            case JobState.CANCELLED | JobState.ABORTED:
                words = f"The printer ended it: {found.because or found.state.name.lower()}."
                await self._over(job, State.ASK, f"{words} Some pages may have come out.")
            case _ if found.because != job.because:
                self._files.keep(replace(job, because=found.because))

    def _silent(self, job: Job) -> bool:
        return self._clock() - job.asked > SILENT_MS

    async def _over(self, job: Job, state: State, because: str) -> None:
        job = replace(job, state=state, because=because, ended=self._clock())
        self._files.keep(job)
        await self._told(job)

    async def look(self, printer: Printer) -> None:
        """Ask a printer whether it is ready."""
        if printer.kind is Kind.IPP:
            self._ready[printer.name] = await readiness(printer)
        elif printer.folder:
            self._ready[printer.name] = await asyncio.to_thread(self._folder_ready, printer)
        else:
            self._ready[printer.name] = await _answers(printer)

    def _folder_ready(self, printer: Printer) -> Readiness:
        folder = self._folder / printer.folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return Readiness(ready=True, words="ready", waiting=sum(1 for _ in folder.iterdir()))
        except OSError as error:
            return Readiness(ready=False, words=f"the folder cannot be used: {error.strerror}")


async def _nobody(_: Job) -> None:
    """Stand in for whoever is told before the queue runs."""


async def _answers(printer: Printer) -> Readiness:
    """Return whether a printer on port 9100 takes a connection: all that it can say."""
    host, port = address_of(printer.address)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return Readiness(ready=False, words="does not answer: is it on, and on the network?")
    writer.close()
    return Readiness(ready=True, words="answers; paper and toner it cannot tell")
