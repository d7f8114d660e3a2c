"""The second witness: how far the log came, kept outside of its database.

A database that has lost its tail to one flipped bit still looks whole to itself. So two files
remember more; they may lie on another disk:

`tail`   one line, rewritten before any message of a group commit is acknowledged: position,
         seal, and an HMAC over both.
`heads`  signed tree heads (C2SP checkpoints) one after the other, for peers and for paper.

Neither is synced with the commit: a power cut may take their last words and the log is then
ahead of its witness, never behind it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hmac import compare_digest
from typing import TYPE_CHECKING

from msgspec import Struct

from wardlight.log.chain import Head
from wardlight.log.checkpoint import Checkpoint, CheckpointError, read, signed
from wardlight.log.folder import create_private
from wardlight.log.keys import authenticated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wardlight.log.keys import Keys

TAIL, HEADS = "tail", "heads"
HEADS_BYTES_MAX = 2**20  # then the older half is let go
READ_AT_START = 4  # heads verified when a node starts; `wardlight verify` reads them all


class Witness(Struct, frozen=True):
    """What the two files say, and what of them cannot be read."""

    tail: Head | None
    heads: tuple[Checkpoint, ...]
    doubts: tuple[str, ...] = ()

    def size(self) -> int:
        """Return the largest number of entries either file has seen."""
        seen = [head.size for head in self.heads[-1:]]
        return max([*seen, self.tail.position if self.tail else 0])


class Heads:
    """The two files of one log, written by its one writer."""

    def __init__(self, folder: Path, node: str, keys: Keys) -> None:
        """Open the files of `folder`, which is created when it is not there."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._origin = origin_of(node)
        self._key = keys.signing()
        self._mark_key = keys.mark()
        for name in (TAIL, HEADS):
            create_private(folder / name)
        self._tail = os.open(folder / TAIL, os.O_WRONLY)
        self._heads = os.open(folder / HEADS, os.O_WRONLY | os.O_APPEND)
        self.newest = ""
        self.failing = ""  # why the files could not be written, for the links screen

    def mark(self, head: Head) -> None:
        """Remember the last entry that is about to be acknowledged.

        A witness that cannot write stops nobody's care: it is named in `failing`.
        """
        try:
            os.pwrite(self._tail, tail_line(head, self._mark_key), 0)
        except OSError as error:
            self.failing = f"the tail file cannot be written: {error.strerror}"

    def sign(self, size: int, root: bytes) -> str:
        """Sign a tree head, keep it and return it."""
        self.newest = signed(Checkpoint(self._origin, size, root), self._origin, self._key)
        try:
            self._keep(self.newest.encode() + b"\n")
            self.failing = ""
        except OSError as error:
            self.failing = f"the heads file cannot be written: {error.strerror}"
        return self.newest

    def begin_anew(self, head: Head) -> None:
        """Put the heads aside under another name, and remember this end of the log instead."""
        path = self._folder / HEADS
        os.close(self._heads)
        path.replace(path.with_name(f"{HEADS}.before-{head.position}"))
        create_private(path)
        self._heads = os.open(path, os.O_WRONLY | os.O_APPEND)
        self.mark(head)

    def close(self) -> None:
        """Sync both files and let go of them."""
        for handle in (self._tail, self._heads):
            os.fsync(handle)
            os.close(handle)

    def _keep(self, note: bytes) -> None:
        """Append a note, whole or not at all."""
        before = os.fstat(self._heads).st_size
        try:
            whole = os.write(self._heads, note) == len(note)
        except OSError:
            os.ftruncate(self._heads, before)
            raise
        if not whole:
            os.ftruncate(self._heads, before)
        elif before > HEADS_BYTES_MAX:
            self._shorten()

    def _shorten(self) -> None:
        """Let the older half of the heads go; the first one stays, and so does the newest."""
        path = self._folder / HEADS
        notes = list(_notes(path.read_text("utf-8", "replace")))
        kept = [notes[0], *notes[len(notes) // 2 :]]
        partial = path.with_name(HEADS + ".partial")
        create_private(partial)
        partial.write_text("\n".join(kept) + "\n", "utf-8")
        os.close(self._heads)
        partial.replace(path)
        self._heads = os.open(path, os.O_WRONLY | os.O_APPEND)


def origin_of(node: str) -> str:
    """Return the name a node's log signs with."""
    return f"wardlight/{node}".replace(" ", "-").replace("+", "-")


def witness(folder: Path, node: str, keys: Keys, *, newest: int | None = None) -> Witness:
    """Return what the files of a folder say; of the heads only the `newest`, when that is given.

    A folder without the files says nothing.
    """
    doubts: list[str] = []
    tail = _read_tail(folder / TAIL, keys.mark(), doubts)
    heads: list[Checkpoint] = []
    verifiers = {origin_of(node): keys.verifying()}
    path = folder / HEADS
    text = path.read_text("utf-8", "replace") if path.exists() else ""
    notes = list(enumerate(_notes(text), 1))
    for number, note in notes[-newest:] if newest else notes:
        try:
            heads.append(read(note, verifiers))
        except CheckpointError as error:
            doubts.append(f"head {number} of the heads file: {error}")
    return Witness(tail, tuple(heads), tuple(doubts))


def kept_notes(folder: Path, node: str, keys: Keys) -> list[tuple[int, str]]:
    """Return the heads that a folder keeps and this node has signed: size and text."""
    verifiers = {origin_of(node): keys.verifying()}
    path = folder / HEADS
    found = []
    for note in _notes(path.read_text("utf-8", "replace") if path.exists() else ""):
        with suppress(CheckpointError):
            found.append((read(note, verifiers).size, note))
    return found


def tail_line(head: Head, key: bytes) -> bytes:
    """Return the one line of the tail file."""
    said = f"{head.position:020d} {head.chain.hex()}".encode()
    return said + b" " + authenticated(key, said).hex().encode() + b"\n"


def _read_tail(path: Path, key: bytes, doubts: list[str]) -> Head | None:
    line = path.read_bytes() if path.exists() else b""
    if not line:
        return None
    position, _, rest = line.partition(b" ")
    chain = rest[:64].decode("ascii", "replace")
    try:
        head = Head(int(position), bytes.fromhex(chain))
    except ValueError:
        head = None
    if head is None or not compare_digest(tail_line(head, key), line):
        doubts.append("the tail file cannot be read: it was changed, or a power cut tore it")
        return None
    return head


def _notes(text: str) -> Iterator[str]:
    """Give the notes of the heads file: each ends with its signature and an empty line."""
    note: list[str] = []
    for line in text.splitlines(keepends=True):
        if line == "\n" and any(said.startswith("\u2014 ") for said in note):
            yield "".join(note)
            note = []
        else:
            note.append(line)
    if note:
        yield "".join(note)
