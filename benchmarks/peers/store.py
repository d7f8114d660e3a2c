"""What every Python peer stores, and how durably: SQLite, WAL, synchronous FULL.

One row per message (kind, control id, MRN, bytes), committed before its answer; either
one commit per message or one commit for all messages that wait.
"""

from __future__ import annotations

import argparse
import sqlite3
import threading
from pathlib import Path

CREATE = (
    "CREATE TABLE message (position INTEGER PRIMARY KEY, kind TEXT NOT NULL,"
    " control_id TEXT NOT NULL, mrn TEXT NOT NULL, bytes BLOB NOT NULL)"
)
INSERT = "INSERT INTO message (kind, control_id, mrn, bytes) VALUES (?, ?, ?, ?)"
Row = tuple[str, str, str, bytes]


class Store:
    """The message table of one peer, safe to use from the threads of a threading server."""

    def __init__(self, folder: Path) -> None:
        self.database = sqlite3.connect(
            folder / "peer.db", isolation_level=None, check_same_thread=False
        )
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("PRAGMA synchronous=FULL")
        self.database.execute(CREATE)
        self.lock = threading.Lock()

    def keep(self, row: Row) -> None:
        """Store one message in its own transaction; on disk when this returns."""
        with self.lock:
            self.database.execute(INSERT, row)

    def keep_all(self, rows: list[Row]) -> None:
        """Store messages in one transaction; all on disk when this returns."""
        with self.lock:
            self.database.execute("BEGIN")
            self.database.executemany(INSERT, rows)
            self.database.execute("COMMIT")


def arguments() -> argparse.Namespace:
    """Return the command line all peers share: where to store and where to listen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--commit", choices=("each", "group"), default="each")
    parser.add_argument("--read", choices=("whole", "needed"), default="whole")
    return parser.parse_args()


def announce(port: int) -> None:
    """Say that the port accepts, as the runner expects it."""
    print(f'{{"mllp": "127.0.0.1:{port}"}}', flush=True)
