"""A node's folder with a log of invented messages, for backups and keys."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from wardlight.log.sqlite import SqliteLog
from wardlight.record.catalogue import HL7V2_MESSAGE, VERSIONS
from wardlight.record.entry import Draft
from wardlight.record.instants import Instant
from wardlight.run.keeping.key_file import key_path
from wardlight.run.keeping.node_log import NodeLog, node_log
from wardlight.run.settings import keep_site, read_settings

CANARY = b"ZZTEST^CANARY"


def node_of(folder: Path, entries: int = 0, *, more: str = "") -> NodeLog:
    """Return a new node of this folder, with as many entries; `more` are settings of its own."""
    settings = read_settings(folder, "MMH")
    keep_site(folder, settings)
    with (folder / "wardlight.toml").open("a") as file:
        file.write(more)
    where = node_log(folder, read_settings(folder))
    grow(where, entries)
    return where


def grow(where: NodeLog, entries: int) -> None:
    with closing(where.open()) as log:
        _append(log, entries)
        log.sign_head()


def move_key(where: NodeLog, to: Path) -> None:
    """Bring the node's key to another machine's folder."""
    to.mkdir(mode=0o700, exist_ok=True)
    key = key_path(where.folder, where.settings).read_bytes()
    (to / "node.key").write_bytes(key)


def _append(log: SqliteLog, entries: int) -> None:
    first = log.head().position + 1
    while first <= entries:
        last = min(first + 1_999, entries)
        log.append([_draft(number) for number in range(first, last + 1)])
        first = last + 1


def _draft(number: int) -> Draft:
    return Draft(
        site="MMH",
        source="feed",
        author="LAB",
        subject="",
        kind=HL7V2_MESSAGE,
        version=VERSIONS[HL7V2_MESSAGE],
        occurred=Instant(number),
        recorded=Instant(number),
        body=b"MSH|^~\\&|LAB|MMH|||%d|PID|||7%d||%s" % (number, number, CANARY) * 40,
    )
