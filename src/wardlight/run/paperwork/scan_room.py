"""Scans of a node: taken in from uploads and folders, read in processes of their own, filed.

A file is durable before anybody is thanked for it, and read again from its beginning when the node
was stopped in the middle: the same page says the same once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from wardlight.paper.scans.marks import BoxRead
from wardlight.paper.sheet_codes import Seal
from wardlight.record.entry import Draft, Entry
from wardlight.record.events.scans import BoxSaid, Outcome, PageScanned
from wardlight.record.instants import Clock
from wardlight.record.problems import Problem, Retry
from wardlight.record.sheet_serial import SheetSerial
from wardlight.record.sources import Site
from wardlight.rules.asking import Author
from wardlight.rules.paperwork.scans import (
    CodeFound,
    Numbering,
    Placed,
    Seen,
    drafts_of,
    placed,
    scanned,
)
from wardlight.run.paperwork.printed_past import PrintedPast
from wardlight.run.paperwork.scan_answers import EndOut, FileIn, Layouts, PageOut
from wardlight.run.paperwork.scan_files import FileState, ScanFiles
from wardlight.run.paperwork.scan_reader import ScanReader
from wardlight.run.settings import Scans
from wardlight.views.fold import Views
from wardlight.views.paperwork.sheets import IssuedSheet
from wardlight.web.entering.writing import NotKeptError
from wardlight.web.paperwork.scan_room import FileRow

FILE_BYTES_MAX = 100 * 1024 * 1024
WAITING_MAX = 500  # files not read yet; one more is refused
LOOK_SECONDS, AGAIN_SECONDS = 5.0, 10.0
ENDINGS = frozenset({".pdf", ".jpg", ".jpeg", ".tif", ".tiff", ".png"})
NOT_INSTALLED = "This node cannot read scans: install it with the extra `scan`."
SCANNER = "scanner"


def no_boxes(paper: str) -> Layouts:
    """Return that no form is known: pages are filed, and no box is read."""
    return Layouts(paper)


class Parts(Struct, frozen=True, kw_only=True):
    """The parts of a node that scans are filed with."""

    sites: dict[str, Site]
    views: Views
    clock: Clock
    write: Callable[[Draft], Awaitable[Entry]]
    seal: Seal
    past: PrintedPast
    layouts: Callable[[str], Layouts] = no_boxes  # of a kind of paper


class ScanRoom:
    """Everything that comes back from paper."""

    def __init__(self, parts: Parts, files: ScanFiles, settings: Scans, folder: Path) -> None:
        """`folder` is the node's: watched folders are inside it unless they are absolute."""
        self._parts, self._files = parts, files
        self._settings, self._folder = settings, folder
        self._wake = asyncio.Event()
        self._reading: set[str] = set()
        self._sizes: dict[Path, int] = {}

    async def printed_past(
        self, serials: Iterable[SheetSerial]
    ) -> Mapping[SheetSerial, IssuedSheet]:
        """Return the sheets of packs that were printed past the node; nothing is written."""
        return await self._parts.past.sheets(serials)

    async def know(self, serials: Iterable[SheetSerial], by: Author) -> None:
        """Issue the packs that were printed past the node, once a sheet of them is named."""
        await self._parts.past.know(serials, by)

    def files(self, site: str) -> tuple[FileRow, ...]:
        """Return the files that came in lately, newest first."""
        return tuple(_row(one) for one in reversed(self._files.states()) if one.site == site)

    def image(self, digest: str) -> bytes | None:
        """Return the picture of a page as JPEG; None when it is gone or was altered."""
        return self._files.picture(digest)

    async def take(self, site: str, body: bytes, *, source: str, by: Author) -> Problem | None:
        """Take a file in; it is on disk when this returns None."""
        if find_spec("pypdfium2") is None or find_spec("numpy") is None:
            return Problem("scan.not-installed", "scans", NOT_INSTALLED)
        if not body or len(body) > FILE_BYTES_MAX:
            because = f"A file has 1 to {FILE_BYTES_MAX // 2**20} MiB: scan fewer pages at once."
            return Problem("scan.size", "scans", because)
        if sum(1 for one in self._files.states() if not one.done) >= WAITING_MAX:
            because = f"{WAITING_MAX} files wait to be read: send this one again later."
            return Problem("scan.busy", "scans", because, Retry.LATER)
        now, digest = self._parts.clock(), sha256(body).hexdigest()
        state = FileState(
            id=f"{digest[:24]}{now:x}", digest=digest, site=site, at=now, author=by, source=source
        )
        try:
            await asyncio.to_thread(self._files.add, state, body)
        except OSError as error:
            because = f"The scan cannot be kept: {error.strerror}. Keep the paper."
            return Problem("scan.disk", "scans", because, Retry.LATER)
        self._wake.set()
        return None

    async def run(self) -> None:
        """Read what waits, and look into the watched folders, until cancelled."""
        readers = (self._read_on() for _ in range(self._settings.readers))
        await asyncio.gather(self._watch(), *readers)

    async def _read_on(self) -> None:
        reader = ScanReader()
        try:
            while True:
                if not await self.read_next(reader):
                    self._wake.clear()
                    await self._wake.wait()
        finally:
            await reader.close()

    async def read_next(self, reader: ScanReader) -> bool:
        """Read one waiting file to its end; return whether there was one."""
        waiting = [one for one in self._files.states() if not one.done]
        state = next((one for one in waiting if one.id not in self._reading), None)
        if state is None:
            return False
        self._reading.add(state.id)
        try:
            await self._read(reader, replace(state, pages=0, filed=0, unmatched=0))
        except NotKeptError:  # the log takes nothing now: the file stays, and is read again
            await asyncio.sleep(AGAIN_SECONDS)
        finally:
            self._reading.discard(state.id)
        return True

    async def _read(self, reader: ScanReader, state: FileState) -> None:
        body = await asyncio.to_thread(self._files.body, state)
        if body is None:
            because = "The file was altered on the disk, or is gone. Scan it again."
            self._files.keep(replace(state, done=True, because=because))
            return
        told = FileIn(body, self._parts.layouts(self._parts.sites[state.site].paper))
        async for out in reader.read(told):
            if isinstance(out, EndOut):
                state = replace(state, done=True, because=out.because)
            else:
                filed = await self._file(out, state)
                state = replace(
                    state,
                    pages=state.pages + 1,
                    filed=state.filed + filed,
                    unmatched=state.unmatched + (not filed),
                )
            self._files.keep(state)

    async def _file(self, out: PageOut, state: FileState) -> bool:
        """Put one page where it belongs; return whether that is a patient's sheet."""
        image = await asyncio.to_thread(self._files.keep_picture, out.jpeg)
        opened = [self._parts.seal.read(one.text) for one in out.codes]
        codes = [
            CodeFound(one.serial, one.form, one.page, one.corner, one.drill)
            for one in opened
            if one is not None
        ]
        await self.know({one.serial for one in codes}, state.author)
        read = PageScanned(
            image=image,
            file=state.digest,
            number=out.number,
            outcome=Outcome.UNMATCHED,
            corners="".join(sorted({one.corner for one in codes})),
            boxes=tuple(map(_box, out.boxes)),
            labels=len(out.labels),
            lies=out.lies,
            source=state.source,
        )
        seen = Seen(codes=codes, strange=opened.count(None), labels=out.labels)
        return await self._say(read, self._placed(seen, state.site), state)

    def _placed(self, seen: Seen, site: str) -> Placed:
        home = self._parts.sites[site]
        views = self._parts.views
        numbering = Numbering(home.gs1_prefix, max(home.number_index, 0))
        return placed(seen, views.rehearsal or views, numbering)

    async def _say(self, read: PageScanned, where: Placed, state: FileState) -> bool:
        said = scanned(read, where)
        now = self._parts.clock()
        drafts = drafts_of(said, where, state.author, site=state.site, now=now, intake=state.id)
        for draft in drafts:
            await self._parts.write(draft)
        return not where.because

    async def _watch(self) -> None:
        while self._settings.folders:
            for one in self._settings.folders:
                site = one.site or next(iter(self._parts.sites))
                await self.look_into(self._folder / one.folder, site)
            await asyncio.sleep(LOOK_SECONDS)

    async def look_into(self, folder: Path, site: str) -> int:
        """Take what lies whole in a watched folder; a file that still grows waits."""
        taken = 0
        for path in await asyncio.to_thread(_files_in, folder):
            size = path.stat().st_size
            if self._sizes.get(path) != size:  # it is new, or the scanner still writes
                self._sizes[path] = size
                continue
            by = Author(account=SCANNER, name=f"Scanner {folder.name}")
            body = await asyncio.to_thread(path.read_bytes) if size <= FILE_BYTES_MAX else b""
            if await self.take(site, body, source=folder.name, by=by) is None:
                path.unlink()
                self._sizes.pop(path, None)
                taken += 1
        return taken


def _files_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if path.suffix.lower() in ENDINGS]
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def _box(read: BoxRead) -> BoxSaid:
    return BoxSaid(read.name, read.tick.value, read.place)


def _row(state: FileState) -> FileRow:
    return FileRow(
        id=state.id,
        at=state.at,
        by=state.author.name,
        source=state.source,
        pages=state.pages,
        filed=state.filed,
        unmatched=state.unmatched,
        done=state.done,
        because=state.because,
    )
