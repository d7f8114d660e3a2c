"""Is the whole log still what was once written? Every entry, every stored root, every head.

The log is read once, a slice at a time, so memory stays bounded and a background scrub can
rest between two slices. What is already there when it begins is verified; what a running node
appends meanwhile is for the next time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw
from msgspec import Struct

from wardlight.log.chain import BEGINNING, Head, verify
from wardlight.log.contract import READ_MAX, LogBroken
from wardlight.log.retention import Attested, Removal
from wardlight.log.schema import CIPHER, connect, describe, leave_wal
from wardlight.log.sqlite_tree import BLOCK, LogTree
from wardlight.log.tree import EMPTY_ROOT, STORED_LEVEL, Growing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from wardlight.log.contract import LogReader
    from wardlight.log.heads import Witness
    from wardlight.record.entry import Entry

    Told = Callable[[int, int], None]

FINDINGS_MAX = 100  # enough to see how bad it is; a ruined log has one for each entry
SAID_MAX = 20  # sentences of SQLite's own check


class Finding(Struct, frozen=True):
    """One way in which a log is not what was once written; `position` is the first bad entry."""

    code: str
    because: str
    position: int | None = None


class Remembered(Struct, frozen=True):
    """A head that somebody kept: the root whole, or as many bytes of it as were printed."""

    size: int
    root: bytes
    by: str


class Verified(Struct, frozen=True):
    """What a verification found: how far it came, the head there, and everything wrong."""

    entries: int
    head: Head
    root: bytes
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def first_bad(self) -> int | None:
        """Return the first position that is known to be bad."""
        return first_bad(self.findings)


class Verification:
    """One pass over a log, made step by step."""

    def __init__(self, log: LogReader, seen: Witness, against: Iterable[Remembered] = ()) -> None:
        """Read `seen` before the log is asked how far it has come: a node may be writing."""
        self._log = log
        self._findings: list[Finding] = [Finding("witness.doubt", one) for one in seen.doubts]
        self._tree = LogTree(Growing(), Growing())
        self._at = self._end = BEGINNING
        self._broken = False  # behind a fault of the chain, blocks may have moved
        self._tail = seen.tail
        self._attested = Attested()
        signed = [Remembered(head.size, head.root, "the heads file") for head in seen.heads]
        heads = sorted([*signed, *against], key=lambda head: head.size, reverse=True)
        try:
            self._end = log.head()
        except LogBroken as broken:
            self._found("log.unreadable", broken.problem.because)
        self._due = heads  # the smallest is the last of the list
        self._compare(self._tree)

    @property
    def progress(self) -> tuple[int, int]:
        """Return (entries verified, entries to verify)."""
        return self._at.position, self._end.position

    def step(self, limit: int = READ_MAX) -> bool:
        """Verify the next slice; False when there is nothing more to do."""
        wanted = min(limit, self._end.position - self._at.position)
        if wanted <= 0:
            return False
        entries = self._read(wanted)
        if not entries:
            self._end = self._at
            return False
        self._follow(entries)
        self._grow(entries)
        return self._at.position < self._end.position

    def verified(self) -> Verified:
        """Return what was found, with every head that the log does not reach."""
        last = self._at.position
        findings = list(self._findings)
        unreached = [head.size for head in self._due]
        if self._tail is not None and self._tail.position > last:
            unreached.append(self._tail.position)
        if unreached:
            because = (
                f"the log can be read up to entry {last:,}, but entry {max(unreached):,} was "
                f"acknowledged: {max(unreached) - last:,} are gone"
            )
            findings.append(Finding("log.tail-lost", because, last + 1))
        bare = self._attested.unattested()
        if bare is not None:
            because = f"the body of entry {bare:,} was removed, and the log does not say so"
            findings.append(Finding("retention.unattested", because, bare))
        root = self._tree.root() if self._tree.size else EMPTY_ROOT
        return Verified(last, self._at, root, tuple(findings[:FINDINGS_MAX]))

    def _read(self, wanted: int) -> list[Entry]:
        """Read the next entries; at one that cannot be read, those before it, and then none."""
        while True:
            try:
                return self._log.read(self._at.position, wanted)[:wanted]
            except LogBroken as broken:
                if wanted == 1:
                    bad = self._at.position + 1
                    because = f"entry {bad:,} and what follows: {broken.problem.because}"
                    self._found("log.unreadable", because, bad)
                    return []
                wanted = max(wanted // 2, 1)

    def _follow(self, entries: list[Entry]) -> None:
        """Verify the chain through these entries; behind a fault it is taken up anew."""
        rest = entries
        while fault := verify(rest, self._at):
            self._broken = True
            bad = next(
                index for index, entry in enumerate(rest) if entry.position >= fault.position
            )
            self._found(
                "log.chain-broken", f"entry {fault.position:,} is {fault.because}", fault.position
            )
            self._at = Head(rest[bad].position, rest[bad].chain)
            rest = rest[bad + 1 :]
            if len(self._findings) >= FINDINGS_MAX:
                break
        for entry in entries:
            wrong = self._attested.see(entry)
            if wrong:
                self._found("retention.meaning-changed", wrong, Removal.of(entry).first)
        if self._tail and entries[0].position <= self._tail.position <= entries[-1].position:
            self._compare_tail(entries)
        self._at = Head(entries[-1].position, entries[-1].chain)

    def _compare_tail(self, entries: list[Entry]) -> None:
        assert self._tail is not None, "asked only where there is one"
        tail = self._tail
        if not any(
            entry.position == tail.position and entry.chain == tail.chain for entry in entries
        ):
            because = f"entry {tail.position:,} is not the one that was acknowledged"
            self._found("log.forked", because, tail.position)

    def _grow(self, entries: list[Entry]) -> None:
        """Grow the tree up to each head that is due, and compare the roots of full blocks."""
        while entries:
            room = len(entries)
            if self._due:
                room = min(room, max(self._due[-1].size - self._tree.size, 1))
            self._tree, filled = self._tree.grown(entries[:room])
            entries = entries[room:]
            for number, root in filled if not self._broken else ():
                self._compare_block(number, root)
            self._compare(self._tree)

    def _compare_block(self, number: int, root: bytes) -> None:
        try:
            stored = self._log.subtree(STORED_LEVEL, number)
        except (LookupError, LogBroken):
            stored = b""
        if stored != root:
            because = (
                f"the stored root of block {number:,} ({BLOCK} entries) is not that of its entries"
            )
            self._found("log.root-changed", because, number * BLOCK + 1)

    def _compare(self, tree: LogTree) -> None:
        """Compare every remembered head of this size."""
        while self._due and self._due[-1].size <= tree.size:
            head = self._due.pop()
            root = tree.root() if tree.size else EMPTY_ROOT
            if head.root != root[: len(head.root)]:
                because = f"the first {head.size:,} entries are not those of the head in {head.by}"
                self._found("log.forked", because)

    def _found(self, code: str, because: str, position: int | None = None) -> None:
        if len(self._findings) < FINDINGS_MAX:
            self._findings.append(Finding(code, because, position))


def verify_log(
    log: LogReader, seen: Witness, against: Iterable[Remembered] = (), told: Told | None = None
) -> Verified:
    """Verify all of a log against what its witness and others remember of it."""
    verification = Verification(log, seen, against)
    while verification.step():
        if told is not None:
            told(*verification.progress)
    return verification.verified()


def first_bad(findings: Iterable[Finding]) -> int | None:
    """Return the first position that any finding names."""
    return min((one.position for one in findings if one.position is not None), default=None)


def check_pages(folder: Path, *, key: bytes | None = None, cipher: str = CIPHER) -> list[Finding]:
    """Read every page of the database: each must carry its right HMAC and hang together."""
    try:
        connection = connect(folder, key=key, cipher=cipher)
    except apsw.Error as error:
        return [_unsound(describe(error))]
    try:
        leave_wal(connection)
        connection.execute("PRAGMA query_only = ON").fetchall()
        rows = connection.execute(f"PRAGMA integrity_check({SAID_MAX})").fetchall()
        said = [str(row[0]) for row in rows]
    except apsw.Error as error:
        return [_unsound(describe(error))]
    finally:
        connection.close()
    return [] if said == ["ok"] else [_unsound(one.replace("\n", "; ")) for one in said]


def _unsound(said: str) -> Finding:
    return Finding("store.damaged", f"a page of the database is damaged: {said}")
