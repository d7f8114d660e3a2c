"""What a log promises, whatever it is kept in.

Every implementation passes the one suite in `tests/contracts/log_contract.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wardlight.log.chain import Head
    from wardlight.record.entry import Draft, Entry
    from wardlight.record.problems import Problem

APPEND_MAX = 4_096  # drafts of one append
FETCH_MAX = 10_000  # positions of one fetch
READ_MAX = 10_000  # entries of one read
READ_BYTES_MAX = 64 * 2**20  # bodies of one read together; one entry is always given
BODY_BYTES_MAX = 512 * 2**20  # one body; feeds set their own limits well below


class LogError(Exception):
    """The log could not do what was asked; `problem` says why, without patient data."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code} {problem.where}: {problem.because}")
        self.problem = problem


class LogFull(LogError):  # noqa: N818 -- named by what happened
    """No room on the disk: nothing of the batch is stored, reads go on, try again later."""


class LogBroken(LogError):  # noqa: N818 -- named by what happened
    """The store cannot be trusted or is closed.

    When an append raises it the process must stop and open the log anew: after a failed sync
    the batch may or may not be stored, and no second sync could tell (Rebello
    et al., Can Applications Recover from fsync Failures?, USENIX ATC 2020).
    """


class LogInUse(LogError):  # noqa: N818 -- named by what happened
    """Another process is writing this log."""


class LogReader(Protocol):
    """A log as views and screens need it."""

    node: str

    def read(self, after: int, limit: int) -> list[Entry]:
        """Return the entries that follow position `after`, in order, at most `limit`.

        It may return fewer (READ_BYTES_MAX); only an empty list means that there are no more.
        """

    def fetch(self, positions: Sequence[int]) -> list[Entry]:
        """Return the entries at these positions, in the order asked.

        Raises LookupError for a position the log has not reached.
        """

    def head(self) -> Head:
        """Return how far the log has come."""

    def subtree(self, level: int, index: int) -> bytes:
        """Return the root of a complete subtree of the Merkle tree over the entries' seals.

        At `level` it covers 2**level entries; `index` counts such subtrees from the first entry.
        Raises LookupError when the log has not come so far.
        """

    def close(self) -> None:
        """Let go of the store; every later call raises LogBroken. May be called twice."""


class Log(LogReader, Protocol):
    """A log as the one writer of a node needs it.

    One thread may append while others read.
    """

    def append(self, drafts: Sequence[Draft]) -> list[Entry]:
        """Store all drafts or none, with one sync, and return them as entries.

        When it returns they are on disk. Raises LogFull or LogBroken; a draft that cannot
        be sealed raises what `chain.seal` says, with nothing stored.
        """

    def remove_bodies(self, removed: Sequence[Entry], said: Sequence[Draft]) -> list[Entry]:
        """Replace bodies by their hash and meaning, and append what says so; all or nothing.

        `removed` are the entries as they are to be, without body. Raises as `append` does.
        """

    def sign_head(self) -> str:
        """Sign how far the log has come and return the checkpoint; "" for a log without witness.

        To be called after what was appended has been acknowledged: signing takes a sender's time.
        """


def stream(log: LogReader, after: int = 0) -> Iterator[Entry]:
    """Give every entry that follows position `after`, a read at a time."""
    while entries := log.read(after, READ_MAX):
        yield from entries
        after = entries[-1].position


def assert_appendable(drafts: Sequence[Draft]) -> None:
    """Stop at a caller that goes beyond the named limits."""
    assert len(drafts) <= APPEND_MAX, "too many drafts in one append"
    assert all(len(draft.body) <= BODY_BYTES_MAX for draft in drafts), "a body is too big"


def assert_readable(after: int, limit: int) -> None:
    """Stop at a caller that reads from nowhere or beyond the named limit."""
    assert after >= 0, "positions begin at 1"
    assert 1 <= limit <= READ_MAX, "a read is bounded"
