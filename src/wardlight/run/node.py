"""One running node: its log, its views, its listeners, its screens and its packs on disk."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from wardlight.feeds.intake import Intake
from wardlight.feeds.mllp_server import MllpServer, bound
from wardlight.log.backups import BackupError
from wardlight.log.contract import LogError, LogReader
from wardlight.log.keys import Keys
from wardlight.log.sqlite import SqliteLog
from wardlight.paper.log_head import short_head
from wardlight.paper.typeset import Press
from wardlight.record.entry import Draft, Entry
from wardlight.record.instants import Clock
from wardlight.record.problems import Problem
from wardlight.run.addresses import address
from wardlight.run.clock import NodeClock
from wardlight.run.doors.credentials import credentials_of
from wardlight.run.doors.hl7_tls import tls_context
from wardlight.run.doors.https import Https, Where, https_of
from wardlight.run.doors.quiet_server import QuietServer, limits_of
from wardlight.run.faults import sentence
from wardlight.run.keeping.backup import back_up_when_due
from wardlight.run.keeping.kept_copy import Progress, Snapshot, open_views, senders_of
from wardlight.run.keeping.mirror import Mirror, opened
from wardlight.run.keeping.node_log import node_log
from wardlight.run.keeping.retention import apply_retention, cutoff
from wardlight.run.keeping.scrub import Scrub
from wardlight.run.number_blocks import NumberBlocks
from wardlight.run.outside import Outside
from wardlight.run.paperwork.form_library import FormShelf
from wardlight.run.paperwork.packs import PackShelf
from wardlight.run.paperwork.paper_rooms import print_centre, scan_room
from wardlight.run.paperwork.press import load_press
from wardlight.run.paperwork.printed_past import PrintedPast
from wardlight.run.paperwork.reserved import ReservedSheets
from wardlight.run.paperwork.sheet_numbers import SheetNumbers
from wardlight.run.settings import Settings
from wardlight.run.site_tables import tables_of
from wardlight.views.fold import Views
from wardlight.web.access.door import Door
from wardlight.web.care import CareRow
from wardlight.web.entering.entries import SEAL_HEX
from wardlight.web.entering.writing import NotKeptError
from wardlight.web.handles import Handles

GRACE_SECONDS = 3
STARTING_SECONDS = 0.005
BACKUP_LOOK_MINUTES = 10  # between two looks whether a backup is due
RETENTION_MINUTES = 24 * 60
AGAIN_SECONDS = 10  # before what stopped is begun again
CERTIFICATE_MINUTES = 24 * 60
ONLY_READS = "Screens show what is left, and no new message is taken: call IT"
NOT_TAKEN = "No message is taken, senders keep theirs and send again"
FOUND_AT_ONCE = 200  # people made ready to be found before feeds and screens get their turn


class Node:
    """Everything of one node, opened and not yet listening."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        *,
        clock: Clock,
        timekeeper: NodeClock | None = None,
        demo: bool = False,
    ) -> None:
        """`timekeeper` is the one behind `clock`, where that is this machine's.

        In a `demo` anybody may be any of the invented people.
        """
        self._demo = demo
        self.folder = folder
        self.settings = settings
        self.clock = clock
        self._timekeeper = timekeeper
        self.sites = {site.code: site for site in settings.sites}
        self.senders = senders_of(settings)
        self.reader: LogReader
        self.views: Views
        self.intake: Intake
        self.mllp: MllpServer | None = None
        self.alarm: Problem | None = None
        self.handles: Handles
        self.https: Https | None
        self.packs: PackShelf
        self.failed: Problem | None = None
        self._backup_trouble = ""
        self._press: Press | None = None
        self._unmade: dict[str, str] = {}
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def open(self, told: Progress | None = None, *, accept_loss: bool = False) -> None:
        """Open the log and bring the views up to it.

        Raises LogError, KeyFileError, SettingsError.

        A log that is not what it was before is opened to be read only, and every screen says so;
        with `accept_loss` that is written into the log, which then goes on from where it ends.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._where = node_log(self.folder, self.settings)
        found = opened(self._where, self.clock(), accept_loss=accept_loss)
        self.reader, self.alarm = found.reader, found.alarm
        self._log, self._doubts = found.log, found.doubts
        self._scrub = Scrub(self._where, self.clock)
        self._mirror = Mirror(self._where)
        self._begin_no_earlier_than_the_log()
        keys = self._where.keys
        http = self.settings.http
        self.https = https_of(
            Where(folder=self.folder, http=http, keys=keys, node=self._where.name), self.clock
        )
        self._snapshot = Snapshot(self.folder, keys.files())
        self.views = open_views(self._snapshot, self.reader, self.senders, told)
        self.handles = Handles(keys.handles())
        self._open_paper(keys)
        self.credentials, self._sign_ins = credentials_of(self.folder, keys.credentials())
        self.door = Door(
            staff=lambda: self.views.staff,
            credentials=self.credentials,
            key=keys.sessions(),
            clock=self.clock,
            write=self.write,
            site=self.settings.first_site().code,
            rules=self.settings.access,
            demo=self._demo,
            doubted=self._timekeeper.doubted if self._timekeeper else lambda: False,
        )
        self.tables = tables_of(self.folder)
        parts = (self.settings, self.sites, self.clock, self.folder)
        self.outside = Outside(lambda: self.views, *parts)
        self.numbers = NumberBlocks(
            self.folder,
            self.views.numbers,
            self.write,
            clock=self.clock,
            indices={
                one.code: one.number_index for one in self.sites.values() if one.number_index >= 0
            },
        )
        self.printing, self.scans = print_centre(self, keys), scan_room(self, keys)
        if found.log is not None:
            self._take_messages(found.log)

    def _open_paper(self, keys: Keys) -> None:
        self.sheet_numbers = SheetNumbers(self.folder, keys, self.clock)
        reserved = ReservedSheets(self.folder, keys.files())
        self.printed_past = PrintedPast(reserved, self.views, clock=self.clock, write=self.write)
        self.forms = FormShelf(self.folder)
        self.packs = PackShelf(
            self.folder,
            self.settings,
            views=self.views,
            numbers=self.sheet_numbers,
            reserved=reserved,
            head=self.head,
        )

    def _begin_no_earlier_than_the_log(self) -> None:
        last = self.reader.head().position
        if self._timekeeper is not None and last:
            self._timekeeper.not_before(self.reader.fetch([last])[0].recorded)

    def _take_messages(self, log: SqliteLog) -> None:
        loop = asyncio.get_running_loop()
        self.intake = Intake(log, self.views, loop=loop, broken=self._broken)
        self.mllp = MllpServer(
            self.intake,
            self.senders,
            clock=self.clock,
            limits=limits_of(self.settings.mllp),
            tls=tls_context(self.settings.mllp, self.folder),
        )

    async def write(self, draft: Draft) -> Entry:
        """Have an entry of staff written; it is durable and in every view when this returns."""
        if self.mllp is None:
            raise NotKeptError(ONLY_READS)
        kept: asyncio.Future[Entry | None] = asyncio.get_running_loop().create_future()

        def told(entry: Entry | None) -> None:
            if not kept.done():  # whoever asked may have gone away; the entry is kept all the same
                kept.set_result(entry)

        self.intake.submit(draft, told)
        entry = await kept
        if entry is None:
            raise NotKeptError("The log cannot take anything just now. It is tried again.")
        self.intake.fold()
        return entry

    def press(self) -> Press:
        """Return what sheets, bands and labels are drawn with; loaded when first needed."""
        if self._press is None:
            fonts = self.folder / self.settings.packs.fonts if self.settings.packs.fonts else None
            self._press = load_press(fonts)
        return self._press

    def seal_at(self, position: int) -> str:
        """Return the beginning of the seal of an entry; "" for one this log does not have."""
        if not 0 < position <= self.reader.head().position:
            return ""
        return self.reader.fetch([position])[0].chain.hex()[:SEAL_HEX]

    def head(self) -> str:
        """Return the signed head of the log as it is now."""
        return self._where.checkpoint(self.reader)

    def notices(self) -> tuple[str, ...]:
        """Return what every screen has to say about this node itself."""
        said = self._timekeeper.notices() if self._timekeeper else ()
        if roster := self.views.staff.roster_notice(self.clock()):
            said = (*said, roster)
        said = (*said, *filter(None, (self._backup_trouble, self._sign_ins)), *self.outside.said)
        said = (*said, *(self.https.notices() if self.https else ()))
        if self.mllp is not None and self.intake.full is not None:
            said = (f"{NOT_TAKEN}: {self.intake.full.because}", *said)
        said = (*said, *(f"{what}: {because}" for what, because in self._unmade.items()))
        if self.alarm is not None:
            return (f"{self.alarm.because}. {ONLY_READS}", *said)
        scrubbed = self._scrub.last.notice() if self._scrub.last else ""
        return (scrubbed, *said) if scrubbed else said

    def care(self) -> tuple[CareRow, ...]:
        """Return how the node looks after its own log, for the feeds screen."""
        rows = (self._witness_row(), self._scrub.row(), self._mirror.row(self.views.position))
        return tuple(row for row in rows if row is not None)

    def _witness_row(self) -> CareRow:
        trouble = self.alarm.because if self.alarm else "; ".join(self._doubts)
        trouble = (self._log.witness_trouble() if self._log else "") or trouble
        said = trouble or f"head {short_head(self.head())}"
        return CareRow(what="Second witness", good=not trouble, said=said)

    def _look_after_the_log(self) -> None:
        """Verify it in the background and keep its mirror, unless it is already damaged."""
        if self.alarm is None:
            self._scrub.start()
            self._mirror.start()

    async def listen(self, app: Starlette) -> tuple[str, str]:
        """Serve screens and feeds; return the addresses of both as `host:port`.

        A node that may only read takes no messages: senders keep their queues.
        """
        mllp = ""
        if self.mllp is not None:
            mllp = "{}:{}".format(*await self.mllp.start(*address(self.settings.mllp.listen)))
        web = bound(*address(self.settings.http.listen))
        https = self.https
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
            ssl_context_factory=(lambda _, __: https.context) if https else None,
        )
        server = QuietServer(config)
        self._spawn(server.serve(sockets=[web]))
        while not server.started:  # noqa: ASYNC110 -- the server offers no event to wait for
            await asyncio.sleep(STARTING_SECONDS)
        self._look_after_the_log()
        self._spawn(self._prepare_search())
        self._spawn(self._go_on_with("The print queue", self._print))
        self._spawn(self._go_on_with("The reading of scans", self.scans.run))
        self._spawn(self._every(self.settings.snapshot_minutes, self.save))
        self._spawn(self._every(self.settings.packs.every_minutes, self.renew_packs))
        self._spawn(self._every(RETENTION_MINUTES, self.retain))
        self._spawn(self._every(CERTIFICATE_MINUTES if https else 0, self.renew_certificate))
        self._spawn(self.outside.keep_up())
        looks = BACKUP_LOOK_MINUTES if self.settings.backup.folder else 0
        self._spawn(self._every(looks, self.back_up))
        host, port = web.getsockname()[:2]
        return f"{host}:{port}", mllp

    async def wait(self) -> None:
        """Run until a signal comes or the log fails."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stopping.set)
        await self._stopping.wait()

    async def close(self) -> None:
        """Stop listening, keep a snapshot and let go of the log."""
        if self.mllp is not None:
            await self.mllp.stop()
            self.intake.fold()
            self.intake.sign()
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(
                asyncio.gather(*self._tasks, return_exceptions=True), GRACE_SECONDS
            )
        if self.failed is None:
            await self.save()
        self._scrub.stop()
        self._mirror.stop()
        self.reader.close()

    async def save(self) -> None:
        """Keep a snapshot of the views, so that the next start is quick."""
        if self.alarm is None:
            with self._told("No snapshot was kept"):
                self._snapshot.save(self.reader, self.views)

    async def back_up(self) -> None:
        """Write a backup when one is due; what goes wrong is said on every screen."""
        self._backup_trouble = await asyncio.to_thread(
            back_up_when_due, self._where, self.folder, self.clock(), self._go_on
        )

    def _go_on(self, _done: int, _last: int) -> None:
        if self._stopping.is_set():
            raise BackupError("the node was stopped while it was written")

    async def renew_packs(self) -> None:
        """Write every unit's pack anew."""
        with self._told("Ward packs on disk were not renewed"):
            await self.packs.renew(self.clock())

    async def _print(self) -> None:
        await self.printing.queue.run(self.printing.ended)

    async def _go_on_with(self, what: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Do something for as long as the node runs; what broke is said and begun again."""
        while True:
            with self._told(f"{what} stopped"):
                await work()
            await asyncio.sleep(AGAIN_SECONDS)

    async def renew_certificate(self) -> None:
        """Have a certificate that is far from its end, for every connection from now on."""
        with self._told("The certificate of the screens was not renewed"):
            if self.https is not None:
                self.https.renew()

    async def retain(self) -> None:
        """Remove raw messages that are older than the setting, beside everything else."""
        with self._told("Old raw messages were not removed"):
            before = cutoff(self._where, self.clock())
            if before is not None and self._log is not None:
                await asyncio.to_thread(apply_retention, self._where, self._log, before)

    @contextlib.contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Say on every screen what could not be made; it is tried again at its next turn."""
        try:
            yield
        except OSError as error:
            self._unmade[what] = error.strerror or type(error).__name__
        except LogError as error:
            self._unmade[what] = error.problem.because
        except Exception as error:  # noqa: BLE001 -- one bad turn must not end all later ones
            self._unmade[what] = sentence(error)
        else:
            self._unmade.pop(what, None)

    def stop(self) -> None:
        """End `wait`."""
        self._stopping.set()

    async def _prepare_search(self) -> None:
        """Have everybody ready to be found before the first nurse looks for someone."""
        while self.views.people.prepare_search(FOUND_AT_ONCE):  # noqa: ASYNC110 -- work, not waiting
            await asyncio.sleep(STARTING_SECONDS)

    def _broken(self, problem: Problem) -> None:
        """End the process: a sync failed, so nothing may be acknowledged any more."""
        self.failed = problem
        self._stopping.set()

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        self._tasks.append(asyncio.ensure_future(work))

    async def _every(self, minutes: int, work: Callable[[], Coroutine[None, None, None]]) -> None:
        while minutes:
            await asyncio.sleep(minutes * 60)
            await work()
