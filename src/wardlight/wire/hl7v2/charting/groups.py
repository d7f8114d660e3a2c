"""Which segments belong together: orders, results and doses by the order they were sent in.

HL7 v2 has no brackets: an ORC, or an OBR, RXO, RXE, ODS … that the group already has, begins the
next one (HL7 v2.5.1 §4.4, §7.3; ORC follows OBR in OUL).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from wardlight.wire.hl7v2.message import Message

Row = list[str]
"""The fields of one segment as sent; `row[n]` is field n, padded so that it never fails."""

FIELDS = 33
_PADDING = [""] * (FIELDS + 1)
EMPTY: Row = _PADDING

_GROUPED = frozenset(
    {"ORC", "OBR", "RXO", "RXE", "RXR", "RXC", "RXA", "RXD", "RXG", "TQ1", "ODS", "ODT", "NTE"}
    | {"RQD", "BPO", "IPC"}
)
_ONCE = frozenset({"OBR", "RXO", "RXE", "RXD", "RXG", "RQD", "BPO", "IPC"})


class Group(Struct, gc=False):
    """One order with what was sent about it."""

    rows: list[tuple[str, Row]]
    inherited: bool = False  # its ORC is the one of the group before

    def row(self, name: str) -> Row:
        """Return the first segment of that name, an empty one when the group has none."""
        for found, row in self.rows:
            if found == name:
                return row
        return EMPTY

    def all(self, name: str) -> list[Row]:
        """Return every segment of that name."""
        return [row for found, row in self.rows if found == name]

    def has(self, *names: str) -> bool:
        """Say whether the group has a segment of one of these names."""
        return any(found in names for found, _ in self.rows)


def padded(row: Row) -> Row:
    """Return the fields of a segment with empty ones behind, so that none is missing."""
    return row if len(row) > FIELDS else row + _PADDING[len(row) :]


def rows(message: Message, names: frozenset[str]) -> Iterator[tuple[str, Row]]:
    """Yield the segments of these names in the order they were sent, padded."""
    mark = message.encoding.field
    for name, line in zip(message.names, message.lines, strict=True):
        if name in names:
            yield name, padded(line.split(mark))


def groups(message: Message, *, orc_follows: bool = False) -> list[Group]:
    """Return the order groups of a message; what stands before the first belongs to none."""
    found: list[Group] = []
    orc: Row | None = None
    for name, row in rows(message, _GROUPED):
        if name == "ORC":
            orc = row
            if not (orc_follows and found and not found[-1].has("ORC")):
                found.append(Group([]))
        elif _begins(name, found):
            found.append(Group([("ORC", orc)] if orc and found else [], inherited=bool(orc)))
        if found:
            found[-1].rows.append((name, row))
    return found


def _begins(name: str, found: list[Group]) -> bool:
    """Say whether a segment that is no ORC begins a group."""
    if not found:
        return name in _ONCE or name in {"RXA", "ODS"}
    group = found[-1]
    if name == "RXO" and group.has("RXE"):
        return True
    return name in _ONCE and group.has(name)
