"""The mirror of a node's log: a thread that keeps it, and its repair of the log at a start.

`[log] mirror` names a folder on another device. What is repaired is said loudly: to whoever
starts the node, and in the log itself.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

from wardlight.log.contract import LogBroken, LogError, LogReader
from wardlight.log.folder import STORE, hold
from wardlight.log.mirroring import agreement, assert_beginning, copy_rest, copy_slice
from wardlight.log.sqlite import SqliteLog, open_log
from wardlight.log.sqlite_reader import SqliteReader, open_reader
from wardlight.log.verifying import verify_log
from wardlight.record import catalogue
from wardlight.record.entry import Draft
from wardlight.record.instants import Instant
from wardlight.record.problems import Problem
from wardlight.run.commands.say import warn
from wardlight.run.keeping.kept_copy import SNAPSHOT_FILE
from wardlight.run.keeping.node_log import LOG_FOLDER, NodeLog, Opened, trusted
from wardlight.run.keeping.scrub import forget_scrub, last_scrub
from wardlight.web.care import CareRow

POLL_SECONDS = 1.0
LAST_SLICES = 5  # copied after a node was told to stop
RETRY_SECONDS = 30.0  # a device that is away or full is tried again
MENDING = "log.mending"  # complete as soon as there is no `log` beside it
DAMAGED = "log.damaged-"
WHAT = "Mirror of the log"
BEHIND_MAX = 5_000  # entries; more than a moment's work


class Mirror:
    """The thread that keeps the second log file."""

    def __init__(self, where: NodeLog) -> None:
        self._where = where
        self._stopping = Event()
        self._thread: Thread | None = None
        self.entries = 0
        self.failing = ""

    def start(self) -> None:
        """Begin, if the settings name a folder."""
        if self._where.settings.log.mirror:
            self._thread = Thread(target=self._run, name="mirror", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Copy what there still is, and end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def row(self, last: int) -> CareRow | None:
        """Return what the feeds screen says of it; `last` is where the log is."""
        if not self._where.settings.log.mirror:
            return None
        return mirror_row(self.entries, last, self.failing)

    def _run(self) -> None:
        stopping = False
        while not stopping:
            try:
                self._follow()
            except LogError as error:
                self.failing = error.problem.because
            except OSError as error:
                self.failing = f"its folder cannot be used: {error.strerror}"
            stopping = self._stopping.wait(RETRY_SECONDS)

    def _follow(self) -> None:
        """Copy until told to stop; then copy the rest."""
        with (
            contextlib.closing(self._where.read()) as log,
            contextlib.closing(_mirror(self._where)) as copy,
        ):
            assert_beginning(log, copy)
            stopping = False
            while not stopping:
                stopping = self._stopping.is_set()
                self._catch_up(log, copy)
                self.entries, self.failing = copy.head().position, ""
                self._stopping.wait(POLL_SECONDS)

    def _catch_up(self, log: LogReader, copy: SqliteLog) -> None:
        """Copy all there is; a node that is stopping does not wait for a whole new mirror."""
        slices = LAST_SLICES
        while slices and copy_slice(log, copy):
            self.entries = copy.head().position
            slices -= self._stopping.is_set()


def opened(where: NodeLog, now: Instant, *, accept_loss: bool = False) -> Opened:
    """Open a node's log; when it is damaged and the mirror can, repair it first.

    Raises LogError.
    """
    _finish_exchange(where)
    said = ""
    if where.settings.log.mirror and (mirror_folder(where) / STORE).exists():
        said = _mended(where)
    found = trusted(where, now, accept_loss=accept_loss)
    if said and found.log is not None:
        found.log.append([_trouble(said, where, now)])
    return found


def mirror_folder(where: NodeLog) -> Path:
    """Return the folder of the second log file."""
    return where.folder / where.settings.log.mirror


def mirror_reader(where: NodeLog) -> SqliteReader:
    """Open the mirror only to read it. Raises LogBroken."""
    key, cipher = where.keys.store(), where.settings.log.cipher
    return open_reader(mirror_folder(where), key=key, cipher=cipher)


def mirror_row(entries: int, last: int, failing: str = "") -> CareRow:
    """Return what is said of a mirror of so many entries beside a log of `last`."""
    behind = max(last - entries, 0)
    said = f"{entries:,} entries" + (f", {behind:,} behind" if behind else ", all of the log")
    said = f"not kept: {failing}" if failing else said
    return CareRow(what=WHAT, good=not failing and behind <= BEHIND_MAX, said=said)


def _mended(where: NodeLog) -> str:
    """Repair the log if something is wrong with it; return what was done, in a sentence."""
    wrong = _wrong_with(where)
    if not wrong:
        return ""
    try:
        done = _repair(where)
    except (LogError, OSError) as error:
        because = error.problem.because if isinstance(error, LogError) else error.strerror
        warn(f"the log is damaged ({wrong}) and its mirror did not repair it: {because}")
        return ""
    said = f"the log was repaired from its mirror: {done}. What was wrong: {wrong}"
    warn(said)
    return said


def _wrong_with(where: NodeLog) -> str:
    """Return what is wrong with the log; all of it is verified only when that is in doubt."""
    if not (where.folder / LOG_FOLDER / STORE).exists():
        return "the log is not there"
    scrubbed = last_scrub(where.folder)
    doubted = scrubbed is not None and not scrubbed.ok
    try:
        with contextlib.closing(where.read()) as log:
            problem = where.contradiction(log)
            if problem is not None:
                return problem.because
            if doubted or not (where.folder / SNAPSHOT_FILE).exists():
                findings = agreement(log, where.seen(newest=None)).findings
                return findings[0].because if findings else ""
    except LogBroken as broken:
        return broken.problem.because
    return ""


def _repair(where: NodeLog) -> str:
    """Append what was lost, or rebuild what is damaged. Raises LogError when it cannot be."""
    with contextlib.closing(mirror_reader(where)) as mirror:
        findings = agreement(mirror, where.seen(newest=None)).findings
        if findings:
            because = f"the mirror is not trusted: {findings[0].because}"
            raise LogBroken(Problem("log.mirror-refused", str(mirror_folder(where)), because))
        if _is_whole_beginning(where, mirror):
            return f"{_brought_back(where, mirror):,} entries were brought back"
        return _rebuilt(where, mirror)


def _brought_back(where: NodeLog, mirror: LogReader) -> int:
    with contextlib.closing(_log_in(where, LOG_FOLDER)) as log:
        copied = copy_rest(mirror, log)
    if not copied:
        because = "the mirror goes no further than the log"
        raise LogBroken(Problem("log.mirror-behind", str(mirror_folder(where)), because))
    return copied


def _is_whole_beginning(where: NodeLog, mirror: LogReader) -> bool:
    """Whether all the log still holds is sound, and the mirror goes on where it ends."""
    try:
        with contextlib.closing(where.read()) as log:
            sound = agreement(log, where.seen(newest=None)).ok
            assert_beginning(mirror, log)
    except LogBroken:
        return False
    return sound


def _rebuilt(where: NodeLog, mirror: LogReader) -> str:
    """Build a whole log beside the damaged one and put it in its place."""
    folder, seen = where.folder, where.seen(newest=None)
    with _held(folder / LOG_FOLDER):
        shutil.rmtree(folder / MENDING, ignore_errors=True)
        with contextlib.closing(_log_in(where, MENDING)) as log:
            copied = copy_rest(mirror, log)
            with contextlib.suppress(LogError), contextlib.closing(where.read()) as damaged:
                copied += copy_rest(damaged, log)  # what the mirror did not have yet
            findings = verify_log(log, seen).findings
        broken = [one for one in findings if one.code != "witness.doubt"]
        if broken:
            shutil.rmtree(folder / MENDING)
            because = f"a log made from it would not be whole: {broken[0].because}"
            raise LogBroken(Problem("log.mirror-behind", str(mirror_folder(where)), because))
        aside = _put_aside(folder)
        (folder / MENDING).rename(folder / LOG_FOLDER)
    forget_scrub(folder)
    return f"all {copied:,} entries were written anew" + (
        f", the damaged files are in {aside}" if aside else ""
    )


def _put_aside(folder: Path) -> str:
    """Keep the damaged log under a free name; return the name."""
    if not (folder / LOG_FOLDER).exists():
        return ""
    number = 1
    while (folder / f"{DAMAGED}{number}").exists():
        number += 1
    (folder / LOG_FOLDER).rename(folder / f"{DAMAGED}{number}")
    return f"{DAMAGED}{number}"


def _finish_exchange(where: NodeLog) -> None:
    """Put a finished log in its place, where a power cut came between the two renamings."""
    if (where.folder / MENDING).exists() and not (where.folder / LOG_FOLDER).exists():
        (where.folder / MENDING).rename(where.folder / LOG_FOLDER)


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Keep other processes from writing the log that is about to be replaced."""
    if not folder.exists():
        yield
        return
    with contextlib.closing(hold(folder)):
        yield


def _mirror(where: NodeLog) -> SqliteLog:
    return _log_in(where, where.settings.log.mirror)


def _log_in(where: NodeLog, folder: str) -> SqliteLog:
    """Open a log without a witness: a copy in the making must not speak for the log."""
    key, cipher = where.keys.store(), where.settings.log.cipher
    return open_log(where.folder / folder, where.name, key=key, cipher=cipher)


def _trouble(said: str, where: NodeLog, now: Instant) -> Draft:
    return Draft(
        site=where.settings.first_site().code,
        source="log",
        author="mirror",
        subject="",
        kind=catalogue.LINK_TROUBLE,
        version=catalogue.VERSIONS[catalogue.LINK_TROUBLE],
        occurred=now,
        recorded=now,
        body=said.encode(),
    )
