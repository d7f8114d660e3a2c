"""A node whose log is neither encrypted nor witnessed: only to measure what those two cost.

The product has no such switch; here its parts are put together without them.
"""

from __future__ import annotations

from wardlight.log.sqlite import SqliteLog, open_log
from wardlight.log.sqlite_reader import SqliteReader, open_reader
from wardlight.run.cli import main
from wardlight.run.keeping.node_log import LOG_FOLDER, NodeLog


def opened(where: NodeLog) -> SqliteLog:
    return open_log(where.folder / LOG_FOLDER, where.name)


def read(where: NodeLog) -> SqliteReader:
    return open_reader(where.folder / LOG_FOLDER)


if __name__ == "__main__":
    NodeLog.open, NodeLog.read = opened, read  # type: ignore[method-assign]
    main()
