"""Reading a log kept in SQLite: beside its writer, or from another process."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, cast

from wardlight.log.chain import BEGINNING, Head
from wardlight.log.contract import FETCH_MAX, READ_BYTES_MAX, LogBroken, assert_readable
from wardlight.log.folder import STORE
from wardlight.log.schema import (
    CIPHER,
    RETENTION,
    connect,
    leave_wal,
    naming_trouble,
    node_of,
    schema_of,
)
from wardlight.log.sqlite_tree import subtree
from wardlight.record.entry import Entry
from wardlight.record.instants import Instant
from wardlight.record.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import TypeAlias

    import apsw

    Row: TypeAlias = tuple[int, str, str, str, str, str, int, int, int, bytes, bytes, bytes, bytes]

_COLUMNS = "position, site, source, author, subject, kind, version, occurred, recorded, chain, body"
_NOTHING_REMOVED = ", x'', x''"
_REMOVED = (
    ", ifnull(body_hash, x''), CASE WHEN body_hash IS NULL THEN x'' ELSE ifnull("
    "(SELECT packed FROM meaning WHERE meaning.position = entry.position), x'') END"
)
READ = f"SELECT {_COLUMNS}{_REMOVED} FROM entry WHERE position > ? ORDER BY position LIMIT ?"  # noqa: S608 -- constants
FETCH = f"SELECT {_COLUMNS}{_REMOVED} FROM entry WHERE position = ?"  # noqa: S608 -- constants
# By max(): it reads one row, where ORDER BY … DESC LIMIT 1 is planned as a scan.
HEAD = "SELECT position, chain FROM entry WHERE position = (SELECT max(position) FROM entry)"


class SqliteReader:
    """One connection that only reads. It sees each append as soon as that has returned."""

    def __init__(self, connection: apsw.Connection, folder: Path) -> None:
        self.node = node_of(connection)
        self._connection = connection
        self._where = str(folder)
        self._reading = Lock()
        self._closed = False
        version, _ = schema_of(connection)
        self._read_sql, self._fetch_sql = (
            sql if version >= RETENTION else sql.replace(_REMOVED, _NOTHING_REMOVED)
            for sql in (READ, FETCH)
        )

    def read(self, after: int, limit: int) -> list[Entry]:
        """Return the entries that follow position `after`, in order, at most `limit`."""
        assert_readable(after, limit)
        with self._reading, naming_trouble(self._where):
            self._refuse_when_closed()
            cursor = self._connection.execute(self._read_sql, (after, limit))
            entries = []
            total = 0
            for entry in entries_of(self.node, cursor):
                entries.append(entry)
                total += len(entry.body)
                if total >= READ_BYTES_MAX:
                    break
            cursor.close()
        return entries

    def fetch(self, positions: Sequence[int]) -> list[Entry]:
        """Return the entries at these positions, in the order asked."""
        assert len(positions) <= FETCH_MAX, "a fetch is bounded"
        with self._reading, naming_trouble(self._where):
            self._refuse_when_closed()
            wanted = ((position,) for position in positions)
            rows = self._connection.executemany(self._fetch_sql, wanted)
            entries = list(entries_of(self.node, rows))
            if len(entries) < len(positions):
                self._name_absent(positions, entries)
        return entries

    def head(self) -> Head:
        """Return how far the log has come."""
        with self._reading, naming_trouble(self._where):
            self._refuse_when_closed()
            return head_of(self._connection)

    def subtree(self, level: int, index: int) -> bytes:
        """Return the root of a complete subtree over the entries' seals."""
        with self._reading, naming_trouble(self._where):
            self._refuse_when_closed()
            return subtree(self._connection, level, index)

    def close(self) -> None:
        """Close the connection; every later call raises LogBroken."""
        with self._reading:
            self._closed = True
            self._connection.close()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise LogBroken(Problem("log.closed", self._where, "the log has been closed"))

    def _name_absent(self, positions: Sequence[int], entries: list[Entry]) -> None:
        """Tell a position the log has not reached from one that has gone from its middle."""
        found = {entry.position for entry in entries}
        absent = next(position for position in positions if position not in found)
        if not 1 <= absent <= head_of(self._connection).position:
            raise LookupError(absent)
        because = f"position {absent} is missing from the store"
        raise LogBroken(Problem("log.entry-missing", self._where, because))


def open_reader(
    folder: Path, *, key: bytes | None = None, cipher: str = CIPHER, vfs: str | None = None
) -> SqliteReader:
    """Open an existing log only to read it, also while a node is writing it.

    It checks nothing of the chain: reads stay alive on a damaged log. Raises LogBroken.
    """
    if not (folder / STORE).exists():
        raise LogBroken(Problem("log.absent", str(folder), "there is no log in this folder"))
    with naming_trouble(str(folder)):
        connection = connect(folder, key=key, cipher=cipher, vfs=vfs)
        connection.execute("PRAGMA query_only = ON").fetchall()
        leave_wal(connection)
        return SqliteReader(connection, folder)


def head_of(connection: apsw.Connection) -> Head:
    """Return the last position in the store and its seal."""
    row = connection.execute(HEAD).fetchone()
    return BEGINNING if row is None else Head(*cast("tuple[int, bytes]", row))


def entries_of(node: str, rows: Iterable[object]) -> Iterator[Entry]:
    """Give the entry of each row of _COLUMNS."""
    for row in cast("Iterable[Row]", rows):
        if None in row:
            because = f"entry {row[0]} is damaged: a part of it reads as nothing"
            raise LogBroken(Problem("log.unreadable", node, because))
        (
            position,
            site,
            source,
            author,
            subject,
            kind,
            version,
            occurred,
            recorded,
            chain,
            body,
            body_hash,
            meaning,
        ) = row
        yield Entry(
            node=node,
            position=position,
            site=site,
            source=source,
            author=author,
            subject=subject,
            kind=kind,
            version=version,
            occurred=Instant(occurred),
            recorded=Instant(recorded),
            body=body,
            chain=chain,
            body_hash=body_hash,
            meaning=meaning,
        )
