"""The log of a node in SQLite: one writer, one sync an append.

Readers have a connection of their own, so charts stay readable while an append waits for the disk.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress
from threading import Lock
from typing import TYPE_CHECKING

import apsw

from wardlight.log.chain import BEGINNING, Head, sealed, verify
from wardlight.log.contract import LogBroken, LogFull, assert_appendable, stream
from wardlight.log.folder import hold, keep_reserve, make_durable, prepare, release_reserve
from wardlight.log.schema import (
    BUSY_MS,
    CIPHER,
    PAGE_BYTES,
    RETENTION,
    connect,
    describe,
    forbid_before,
    leave_wal,
    migrate,
    naming_trouble,
    settle_node,
)
from wardlight.log.sqlite_reader import SqliteReader, open_reader
from wardlight.log.sqlite_tree import KEEP, stored_tree
from wardlight.record.problems import Problem, Retry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wardlight.log.heads import Heads
    from wardlight.record.entry import Draft, Entry

WAL_PAGES = 4 * 2**20 // PAGE_BYTES  # larger, and a sender waits while it is encrypted anew
TAIL_ENTRIES = 256  # verified at each opening; the whole chain is for `wardlight verify`

INSERT = (
    "INSERT INTO entry (position, site, source, author, subject, kind, version, occurred,"
    " recorded, chain, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class SqliteLog:
    """The log of one node, opened by `open_log`."""

    def __init__(
        self,
        writer: apsw.Connection,
        reader: SqliteReader,
        *,
        lock: apsw.Connection,
        folder: Path,
        heads: Heads | None = None,
    ) -> None:
        self.node = reader.node
        self.read = reader.read
        self.fetch = reader.fetch
        self.subtree = reader.subtree
        self._head = reader.head()
        self._tree = stored_tree(writer, self._head.position)
        self._writer = writer
        self._reader = reader
        self._lock = lock
        self._heads = heads
        self._where = str(folder)
        self._appending = Lock()
        self._stopped: Problem | None = None
        self._wal_pages = 0
        # In place of SQLite's own checkpoint, which forgets when its sync has failed.
        writer.set_wal_hook(self._note_wal)

    def append(self, drafts: Sequence[Draft], *, removed: Sequence[Entry] = ()) -> list[Entry]:
        """Store all drafts or none, with one sync, and return them as entries.

        The bodies of `removed` go in the same transaction (`remove_bodies`).
        """
        assert_appendable(drafts)
        with self._appending:
            if self._stopped is not None:
                raise LogBroken(self._stopped)
            if not drafts and not removed:
                return []
            try:
                self._checkpoint_when_due()
                entries = sealed(drafts, node=self.node, after=self._head)
                tree, filled = self._tree.grown(entries)
                self._store(entries, filled, removed)
            except apsw.FullError as error:
                because = "the disk is full; nothing of this batch is stored"
                raise LogFull(Problem("log.full", self._where, because, Retry.LATER)) from error
            except apsw.Error as error:
                raise LogBroken(self._stop(error)) from error
            if entries:
                self._head, self._tree = Head(entries[-1].position, entries[-1].chain), tree
            if self._heads is not None:
                self._heads.mark(self._head)
        return entries

    def remove_bodies(self, removed: Sequence[Entry], said: Sequence[Draft]) -> list[Entry]:
        """Replace the bodies of entries by their hash and meaning, and append what says so.

        All of it or nothing. `removed` are the entries as they are to be: without body.
        """
        assert all(one.body_hash and not one.body for one in removed), "entries without bodies"
        entries = self.append(said, removed=removed)
        with self._appending:
            if self._stopped is None:
                self._empty_wal()
        return entries

    def sign_head(self) -> str:
        """Sign how far the log has come; return the checkpoint, "" for a log without a witness."""
        if self._heads is None:
            return ""
        with self._appending:
            return self._heads.sign(self._tree.size, self._tree.root())

    def head(self) -> Head:
        """Return how far the log has come."""
        if self._stopped is not None:
            raise LogBroken(self._stopped)
        return self._head

    def witness_trouble(self) -> str:
        """Return why the second witness cannot be written; "" while it can."""
        return self._heads.failing if self._heads is not None else ""

    def forget_witness(self) -> None:
        """Put the witness aside: somebody has accepted that this log contradicts it."""
        if self._heads is not None:
            self._heads.begin_anew(self._head)

    def close(self) -> None:
        """Close the store; every later call raises LogBroken."""
        with self._appending:
            if self._stopped is None:
                self._stopped = Problem("log.closed", self._where, "the log has been closed")
            self._reader.close()
            self._writer.close()
            self._lock.close()
            if self._heads is not None:
                self._heads.close()
                self._heads = None

    def _store(
        self, entries: list[Entry], filled: list[tuple[int, bytes]], removed: Sequence[Entry]
    ) -> None:
        """Commit all or none; SQLite itself rolls back when the disk is full or fails."""
        self._writer.execute("BEGIN IMMEDIATE")
        self._writer.executemany(INSERT, map(_row, entries))
        if filled:
            self._writer.executemany(KEEP, filled)
        gone = [*removed, *(entry for entry in entries if entry.body_hash)]
        if gone:
            self._forget_bodies(gone)
        self._writer.execute("COMMIT")

    def _forget_bodies(self, removed: Sequence[Entry]) -> None:
        """Keep hash and meaning of these entries, and their bodies no longer."""
        forget = "UPDATE entry SET body = x'', body_hash = ? WHERE position = ?"
        self._writer.executemany(forget, [(one.body_hash, one.position) for one in removed])
        keep = "INSERT OR REPLACE INTO meaning (position, packed) VALUES (?, ?)"
        self._writer.executemany(keep, [(one.position, one.meaning) for one in removed])
        forbid_before(self._writer, RETENTION)

    def _note_wal(self, _connection: apsw.Connection, _database: str, pages: int) -> int:
        self._wal_pages = pages
        return apsw.SQLITE_OK

    def _checkpoint_when_due(self) -> None:
        """Bring the WAL's pages into the database, so that the WAL can begin anew."""
        if self._wal_pages < WAL_PAGES:
            return
        # No loss: the WAL keeps the entries, and a small append may still find room.
        with suppress(apsw.FullError):
            self._writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)

    def _empty_wal(self) -> None:
        """Leave nothing of removed bodies in the WAL; while somebody reads it, the next time."""
        self._writer.set_busy_timeout(0)  # a sender waits for the same lock
        try:
            self._writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except (apsw.FullError, apsw.BusyError):
            return
        except apsw.Error as error:
            raise LogBroken(self._stop(error)) from error
        finally:
            self._writer.set_busy_timeout(BUSY_MS)

    def _stop(self, error: apsw.Error) -> Problem:
        """Refuse every later append, and leave the files as they are for the next opening."""
        because = f"the store failed; restart the node: {describe(error)}"
        self._stopped = Problem("log.broken", self._where, because, Retry.UNKNOWN)
        leave_wal(self._writer)
        return self._stopped


def open_log(
    folder: Path,
    node: str,
    *,
    key: bytes | None = None,
    cipher: str = CIPHER,
    vfs: str | None = None,
    heads: Heads | None = None,
) -> SqliteLog:
    """Open the log of `node` to write it; the first time, create it.

    Verifies the last TAIL_ENTRIES of the chain. `key`, 32 bytes, encrypts the store; `heads` is
    the second witness it writes. Raises LogInUse when another process has it, LogBroken when it
    cannot be trusted.
    """
    prepare(folder)
    where = str(folder)
    with ExitStack() as undo, naming_trouble(where):
        lock = hold(folder)
        undo.callback(lock.close)
        make_durable(folder)
        writer = _writer(folder, key=key, cipher=cipher, vfs=vfs)
        undo.callback(writer.close)
        migrate(writer, where)
        settle_node(writer, node, where)
        reader = open_reader(folder, key=key, cipher=cipher, vfs=vfs)
        undo.callback(reader.close)
        _verify_tail(reader, where)
        keep_reserve(folder)
        undo.pop_all()
        return SqliteLog(writer, reader, lock=lock, folder=folder, heads=heads)


def _writer(folder: Path, *, key: bytes | None, cipher: str, vfs: str | None) -> apsw.Connection:
    """Connect to write; on a disk without a free byte, in the room held for that."""
    try:
        return connect(folder, key=key, cipher=cipher, vfs=vfs)
    except (apsw.IOError, apsw.FullError):
        if not release_reserve(folder):
            raise
    return connect(folder, key=key, cipher=cipher, vfs=vfs)


def _verify_tail(reader: SqliteReader, where: str) -> None:
    first = reader.head().position - TAIL_ENTRIES
    previous = BEGINNING
    if first > 0:
        previous = Head(first, reader.fetch([first])[0].chain)
    fault = verify(stream(reader, previous.position), previous)
    if fault is not None:
        because = f"position {fault.position} {fault.because}"
        raise LogBroken(Problem("log.chain-broken", where, because))


def _row(entry: Entry) -> tuple[int, str, str, str, str, str, int, int, int, bytes, bytes]:
    return (
        entry.position,
        entry.site,
        entry.source,
        entry.author,
        entry.subject,
        entry.kind,
        entry.version,
        entry.occurred,
        entry.recorded,
        entry.chain,
        entry.body,
    )
