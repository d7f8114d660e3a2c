"""The tables of a log in SQLite, and how a connection to them must be set."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import apsw

from wardlight.log.contract import LogBroken
from wardlight.log.folder import STORE
from wardlight.record.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SQLITE_MIN = (3, 51, 3)  # 3.7.0 to 3.51.2 can corrupt a WAL database when the WAL is reset
PAGE_BYTES = 16_384  # benchmarks/log_append.py: half the CPU and disk of 4,096 at 2 KB a body
BUSY_MS = 5_000  # longest wait for somebody else's lock, such as a shell on the same file

CIPHERS = ("sqlcipher", "aegis")
CIPHER = CIPHERS[0]

SETTINGS = (
    f"page_size = {PAGE_BYTES}",
    "mmap_size = 0",  # a damaged page must come as an error, not as a signal
    "journal_mode = WAL",
    "synchronous = FULL",
    "fullfsync = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "secure_delete = ON",  # a removed body is overwritten, not only forgotten
)

MIGRATIONS = (
    """
    CREATE TABLE about (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      node TEXT NOT NULL
    ) STRICT;
    CREATE TABLE entry (
      position INTEGER PRIMARY KEY,
      site TEXT NOT NULL,
      source TEXT NOT NULL,
      author TEXT NOT NULL,
      subject TEXT NOT NULL,
      kind TEXT NOT NULL,
      version INTEGER NOT NULL,
      occurred INTEGER NOT NULL, -- milliseconds since 1970-01-01T00:00Z
      recorded INTEGER NOT NULL,
      chain BLOB NOT NULL,
      body BLOB NOT NULL
    ) STRICT;
    CREATE TABLE subtree (
      number INTEGER PRIMARY KEY, -- of a block of 256 entries, from 0
      root BLOB NOT NULL -- RFC 9162: over the leaves that are the entries' chain
    ) STRICT;
    """,
    # Retention: the hash of a body that was removed, and what was understood of it.
    """
    ALTER TABLE entry ADD COLUMN body_hash BLOB;
    CREATE TABLE meaning (
      position INTEGER PRIMARY KEY,
      packed BLOB NOT NULL
    ) STRICT;
    """,
)
"""Forward only: a shipped migration is never edited, a change is a new one at the end.

A change that only adds lets the release before it go on writing, so that an upgrade can be taken
back; what makes that impossible says so by `forbid_before`.
"""
RETENTION = 2  # the schema that knows of removed bodies


def refuse_old_sqlite(version: str) -> None:
    """Raise LogBroken for a SQLite that can lose acknowledged entries."""
    if tuple(map(int, version.split(".")))[:3] < SQLITE_MIN:
        wanted = ".".join(map(str, SQLITE_MIN))
        because = f"SQLite {version} can corrupt a log; {wanted} or later is needed"
        raise LogBroken(Problem("log.sqlite-too-old", "SQLite", because))


@contextmanager
def naming_trouble(where: str) -> Iterator[None]:
    """Turn what SQLite raises while a log is opened or read into LogBroken."""
    try:
        yield
    except apsw.Error as error:
        because = f"the store cannot be read (damaged, or another key): {describe(error)}"
        raise LogBroken(Problem("log.unreadable", where, because)) from error


def describe(error: apsw.Error) -> str:
    """Return what SQLite said by name and code, without its text (it can quote values)."""
    return f"{type(error).__name__} {getattr(error, 'extendedresult', 0)}"


def connect(
    folder: Path, *, key: bytes | None, cipher: str = CIPHER, vfs: str | None = None
) -> apsw.Connection:
    """Open a connection under which committed means synced.

    `key`, 32 bytes, encrypts every page: in SQLCipher 4 format, or by AEGIS.
    """
    refuse_old_sqlite(apsw.sqlite_lib_version())
    path = str(folder / STORE)
    with ExitStack() as undo:
        connection = apsw.Connection(path, flags=apsw.SQLITE_OPEN_READWRITE, vfs=vfs)
        undo.callback(connection.close)
        if key is not None:
            assert len(key) == 32, "a raw key"  # noqa: PLR2004 -- 256 bit
            assert cipher in CIPHERS, "a cipher that authenticates its pages"
            connection.execute(f"PRAGMA cipher = '{cipher}'").fetchall()
            connection.execute(f"PRAGMA key = 'raw:{key.hex()}'").fetchall()
        connection.set_busy_timeout(BUSY_MS)
        for setting in SETTINGS:
            connection.execute(f"PRAGMA {setting}").fetchall()
        assert connection.pragma("journal_mode") == "wal", "the store has no write-ahead log"
        assert connection.pragma("synchronous") == 2, "committed does not mean synced"  # noqa: PLR2004 -- FULL
        undo.pop_all()
    return connection


def leave_wal(connection: apsw.Connection) -> None:
    """Leave the WAL as it is when this connection closes: a reader tidies nothing away."""
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)


def migrate(connection: apsw.Connection, where: str) -> None:
    """Bring the tables forward to this release; raises LogBroken for those of a later one.

    One release later is no hindrance while it has only added to the tables.
    """
    connection.execute(
        "CREATE TABLE IF NOT EXISTS schema"
        " (version INTEGER PRIMARY KEY, writable_since INTEGER NOT NULL) STRICT"
    )
    version, since = schema_of(connection)
    if since > len(MIGRATIONS):
        because = f"the log has schema {version}, this release knows {len(MIGRATIONS)}"
        raise LogBroken(Problem("log.schema-newer", where, because))
    for number, migration in enumerate(MIGRATIONS[version:], version + 1):
        with connection:  # one transaction
            connection.execute(migration)
            row = (number, max(number - 1, 1))
            connection.execute("INSERT INTO schema VALUES (?, ?)", row)


def schema_of(connection: apsw.Connection) -> tuple[int, int]:
    """Return the version of the tables, and the oldest release's that may still write them."""
    newest = "SELECT version, writable_since FROM schema ORDER BY version DESC LIMIT 1"
    row = connection.execute(newest).fetchone()
    return (int(row[0]), int(row[1])) if row is not None else (0, 0)


def forbid_before(connection: apsw.Connection, version: int) -> None:
    """Let no release before this schema's write any more: it would not understand what is there."""
    newest = "SELECT max(version) FROM schema"
    change = f"UPDATE schema SET writable_since = max(writable_since, ?) WHERE version = ({newest})"  # noqa: S608 -- a constant
    connection.execute(change, (version,))


def settle_node(connection: apsw.Connection, node: str, where: str) -> None:
    """Write the node's name into a new log; raises LogBroken when it is another node's."""
    connection.execute("INSERT INTO about VALUES (1, ?) ON CONFLICT DO NOTHING", (node,))
    owner = node_of(connection)
    if owner != node:
        because = f"the log belongs to node {owner}, not {node}"
        raise LogBroken(Problem("log.other-node", where, because))


def node_of(connection: apsw.Connection) -> str:
    """Return the name of the node whose log this is."""
    owner = connection.execute("SELECT node FROM about").get
    assert isinstance(owner, str), "a log names its node"
    return owner
