"""The background scrub: a running node verifies its whole log again and again, and gently.

Damage that lies unread for months is found while a backup or a mirror can still mend it. The
scrub has a reader of its own, works in small slices and rests ten times as long as it worked.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from threading import Event, Thread

import msgspec
from msgspec import Struct

from wardlight.log.contract import LogError
from wardlight.log.verifying import Finding, Verification, Verified, first_bad
from wardlight.record.instants import Clock, Instant
from wardlight.run.keeping.node_log import NodeLog
from wardlight.run.keeping.private_files import write_private
from wardlight.run.keeping.verify import witness_at_rest
from wardlight.web.care import CareRow

SCRUB_FILE = "scrub.json"
FIRST_SECONDS = 180.0  # after a start a node has other things to do
SLICE = 500  # entries: about two milliseconds in which nothing else runs
REST = 10  # times as long as a slice took: less than a tenth of a core
HOUR_SECONDS = 3_600.0
WHAT = "Verification of the log"


class Scrubbed(Struct, frozen=True):
    """The result of the last scrub, as it is kept in the node's folder."""

    at: Instant
    entries: int
    ok: bool
    first_bad: int | None = None
    because: str = ""

    def notice(self) -> str:
        """Return what every screen has to say about it; nothing when all is well."""
        return "" if self.ok else f"the log is damaged: {self.because}"

    def row(self) -> CareRow:
        """Return what the feeds screen says about it."""
        said = f"all {self.entries:,} entries are sound" if self.ok else self.notice()
        return CareRow(what=WHAT, good=self.ok, said=said, at=self.at)


class Scrub:
    """A thread that verifies the log every so many hours."""

    def __init__(self, where: NodeLog, clock: Clock) -> None:
        self._where = where
        self._clock = clock
        self._every = where.settings.log.scrub_hours * HOUR_SECONDS
        self._stopping = Event()
        self._thread: Thread | None = None
        self.last = last_scrub(where.folder)

    def start(self, first_seconds: float = FIRST_SECONDS) -> None:
        """Begin, unless the settings say never."""
        if self._every:
            self._thread = Thread(
                target=self._run, args=(first_seconds,), name="scrub", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """End it in the middle of its work, and wait until it has ended."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def once(self) -> Scrubbed | None:
        """Verify the log once and keep the result; None when it was stopped."""
        try:
            verified = self._verified()
        except LogError as error:
            finding = Finding("log.unreadable", error.problem.because)
            self.last = self._keep(0, (finding,))
        else:
            if verified is None:
                return None
            self.last = self._keep(verified.entries, verified.findings)
        return self.last

    def row(self) -> CareRow:
        """Return what the feeds screen says."""
        if self.last is not None:
            return self.last.row()
        said = "has not been done yet" if self._every else "is switched off"
        return CareRow(what=WHAT, good=bool(self._every), said=said)

    def _run(self, first_seconds: float) -> None:
        wait = first_seconds
        while not self._stopping.wait(wait):
            self.once()
            wait = self._every

    def _verified(self) -> Verified | None:
        seen = witness_at_rest(self._where)
        with contextlib.closing(self._where.read()) as log:
            verification = Verification(log, seen)
            more = True
            while more:
                began = time.thread_time()
                more = verification.step(SLICE)
                if self._stopping.wait((time.thread_time() - began) * REST):
                    return None
            return verification.verified()

    def _keep(self, entries: int, findings: tuple[Finding, ...]) -> Scrubbed:
        because = findings[0].because if findings else ""
        result = Scrubbed(self._clock(), entries, not findings, first_bad(findings), because)
        with contextlib.suppress(OSError):  # a full disk: the row on screen still says it
            write_private(self._where.folder / SCRUB_FILE, msgspec.json.encode(result))
        return result


def last_scrub(folder: Path) -> Scrubbed | None:
    """Return the result kept in a node's folder; None when there is none to be read."""
    try:
        return msgspec.json.decode((folder / SCRUB_FILE).read_bytes(), type=Scrubbed)
    except (OSError, msgspec.DecodeError):
        return None


def forget_scrub(folder: Path) -> None:
    """Forget the result: the log it was about has been replaced."""
    (folder / SCRUB_FILE).unlink(missing_ok=True)
