"""The log of a node's folder as its settings describe it, with its keys and its second witness."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from wardlight.log.agreement import disagreement
from wardlight.log.checkpoint import Checkpoint, signed
from wardlight.log.contract import LogBroken, LogReader
from wardlight.log.folder import STORE
from wardlight.log.heads import READ_AT_START, Heads, Witness, origin_of, witness
from wardlight.log.keys import Keys
from wardlight.log.sqlite import SqliteLog, open_log
from wardlight.log.sqlite_reader import SqliteReader, open_reader
from wardlight.log.tree import root_at
from wardlight.record import catalogue
from wardlight.record.entry import Draft
from wardlight.record.instants import Instant
from wardlight.record.problems import Problem
from wardlight.run.keeping.key_file import keys_of
from wardlight.run.settings import Settings

LOG_FOLDER = "log"
WITNESS_FOLDER = "witness"


class NodeLog(Struct, frozen=True):
    """Where a node's log is, and what opens it."""

    folder: Path
    settings: Settings
    keys: Keys

    @property
    def name(self) -> str:
        """Return the node's name in its log."""
        return self.settings.node or self.settings.first_site().code

    @property
    def witness_folder(self) -> Path:
        """Return where the heads and tail files lie."""
        return self.folder / (self.settings.log.witness or WITNESS_FOLDER)

    def open(self) -> SqliteLog:
        """Open the log to write it. Raises LogError."""
        heads = Heads(self.witness_folder, self.name, self.keys)
        return open_log(
            self.folder / LOG_FOLDER,
            self.name,
            key=self.keys.store(),
            cipher=self.settings.log.cipher,
            heads=heads,
        )

    def read(self) -> SqliteReader:
        """Open the log only to read it, also while a node writes it. Raises LogError."""
        return open_reader(
            self.folder / LOG_FOLDER, key=self.keys.store(), cipher=self.settings.log.cipher
        )

    def seen(self, *, newest: int | None = READ_AT_START) -> Witness:
        """Return what the second witness remembers."""
        return witness(self.witness_folder, self.name, self.keys, newest=newest)

    def checkpoint(self, log: LogReader) -> str:
        """Return the log's head as it is now, signed."""
        size, origin = log.head().position, origin_of(self.name)
        head = Checkpoint(origin, size, root_at(size, log.subtree))
        return signed(head, origin, self.keys.signing())

    def contradiction(self, log: LogReader) -> Problem | None:
        """Return in what the log and its witness disagree; None when they agree."""
        return disagreement(log, self.seen())


def node_log(folder: Path, settings: Settings) -> NodeLog:
    """Return how to open a node's log; the first time, make its keys. Raises KeyFileError."""
    new = not (folder / LOG_FOLDER).exists()
    return NodeLog(folder, settings, keys_of(folder, settings, new=new))


class Opened(Struct, frozen=True):
    """A node's log as it may be used: to write and read, or with an alarm only to read."""

    reader: LogReader
    log: SqliteLog | None
    alarm: Problem | None = None
    doubts: tuple[str, ...] = ()  # what of the second witness could not be read


def trusted(where: NodeLog, now: Instant, *, accept_loss: bool = False) -> Opened:
    """Open the log if it is what its witness remembers, else only to read it.

    It is read and compared before anything may write to it: what a damaged file still holds is
    evidence, and may be mended. Raises LogError when not even reading is possible.
    """
    problem = None
    seen = where.seen()
    if (where.folder / LOG_FOLDER / STORE).exists() and seen.size():
        reader = where.read()
        problem = _problem(where, reader)
        if problem is not None and not accept_loss:
            return Opened(reader, None, problem, seen.doubts)
        reader.close()
    try:
        log = where.open()
    except LogBroken as broken:
        return Opened(where.read(), None, broken.problem, seen.doubts)
    if problem is not None:
        log.forget_witness()
        log.append([_accepted(problem, where.settings.first_site().code, now)])
    return Opened(log, log, doubts=seen.doubts)


def _problem(where: NodeLog, reader: LogReader) -> Problem | None:
    try:
        return where.contradiction(reader)
    except LogBroken as broken:
        return broken.problem


def _accepted(problem: Problem, site: str, now: Instant) -> Draft:
    """Return the entry that says a loss is known and the log goes on from here."""
    return Draft(
        site=site,
        source="log",
        author="administrator",
        subject="",
        kind=catalogue.LINK_TROUBLE,
        version=catalogue.VERSIONS[catalogue.LINK_TROUBLE],
        occurred=now,
        recorded=now,
        body=f"known and accepted: {problem.because}".encode(),
    )
