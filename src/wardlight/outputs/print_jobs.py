"""Print jobs on disk: what waits, what was sent, what became of it. They survive a restart.

A job is two files: its state, without a word of a patient, and its pages, sealed. The state is
written before anything is sent, so that a job is never printed twice without somebody's word.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct

from wardlight.log.sealed import SealError, seal, unseal
from wardlight.record.instants import HOUR, Instant

BODY_HOURS_MAX = 24  # how long pages can be printed again; after that a new pack is made
JOBS_KEPT_MAX = 500


class State(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    SENDING = "sending"
    PRINTING = "printing"  # the printer has it and will say when it is done
    DONE = "printed"  # the printer says so
    HANDED = "handed over"  # the printer says nothing: somebody looks
    FAILED = "failed"  # nothing was printed
    ASK = "look at the tray"  # it may have been printed: a person has to look
    DROPPED = "dropped"


OVER = frozenset({State.DONE, State.HANDED, State.FAILED, State.DROPPED})
TO_LOOK_AT = frozenset({State.FAILED, State.ASK})


class Job(Struct, frozen=True, kw_only=True):
    """One job. Nothing in it names a patient; a ward's name may stand in it."""

    id: str  # hexadecimal
    printer: str
    site: str
    unit: str = ""
    what: str  # "ward pack", "test page", "label roll"
    pages: int = 0
    as_of: Instant | None = None  # of the data on the pages; None: there is none, or none was heard
    asked: Instant
    by: str
    account: str = ""
    again_of: str = ""  # the job whose pages these are
    state: State = State.WAITING
    because: str = ""
    tries: int = 0
    due: Instant = Instant(0)  # not tried before
    printer_job: int = 0  # the printer's own number of it (IPP)
    ended: Instant | None = None


class JobFiles:
    """The jobs of a node in its folder, in the order they were asked for."""

    def __init__(self, folder: Path, key: bytes) -> None:
        """`key` seals the pages."""
        self._folder, self._key = folder, key
        self._jobs: dict[str, Job] = {}

    def open(self) -> None:
        """Read what is there. A state that cannot be read keeps its files."""
        found = list(_read(self._folder))
        self._jobs = {one.id: one for one in sorted(found, key=lambda one: one.asked)}

    def all(self) -> tuple[Job, ...]:
        """Return every job, oldest first."""
        return tuple(self._jobs.values())

    def get(self, job_id: str) -> Job | None:
        """Return a job; None for one there is not."""
        return self._jobs.get(job_id)

    def add(self, job: Job, body: bytes, sheets: bytes = b"") -> None:
        """Keep a new job; it is on disk when this returns. Raises OSError.

        `sheets` says which sheets the pages are, for the register.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(self._body(job.id), seal(body, _purpose(job.id), self._key))
        if sheets:
            _write(self._sheets(job.id), seal(sheets, _purpose(job.id), self._key))
        self.keep(job)

    def keep(self, job: Job) -> None:
        """Keep a job's new state; it is on disk when this returns. Raises OSError."""
        _write(self._folder / f"{job.id}.json", msgspec.json.encode(job))
        self._jobs[job.id] = job

    def body(self, job_id: str) -> bytes | None:
        """Return the pages of a job; None when they are gone or were altered."""
        with suppress(OSError, SealError):
            return unseal(self._body(job_id).read_bytes(), _purpose(job_id), self._key)
        return None

    def sheets(self, job_id: str) -> bytes:
        """Return which sheets a job's pages are; nothing where they are none, or gone."""
        with suppress(OSError, SealError):
            return unseal(self._sheets(job_id).read_bytes(), _purpose(job_id), self._key)
        return b""

    def has_body(self, job_id: str) -> bool:
        """Return whether a job can be printed again as it is."""
        return self._body(job_id).exists()

    def tidy(self, now: Instant) -> None:
        """Let go of old pages, and of the oldest jobs that are over."""
        over = [one for one in self.all() if one.state in OVER and one.ended is not None]
        for job in over:
            if job.ended is not None and job.ended < now - BODY_HOURS_MAX * HOUR:
                self._forget(job.id)
        for job in over[: max(len(self._jobs) - JOBS_KEPT_MAX, 0)]:
            self._forget(job.id)
            (self._folder / f"{job.id}.json").unlink(missing_ok=True)
            del self._jobs[job.id]

    def _forget(self, job_id: str) -> None:
        self._body(job_id).unlink(missing_ok=True)
        self._sheets(job_id).unlink(missing_ok=True)

    def _sheets(self, job_id: str) -> Path:
        return self._body(job_id).with_suffix(".sheets")

    def _body(self, job_id: str) -> Path:
        assert job_id.isalnum(), "a job's id is a name for a file"
        return self._folder / f"{job_id}.job"


def _purpose(job_id: str) -> str:
    return f"print {job_id}"


def _read(folder: Path) -> Iterator[Job]:
    for path in folder.glob("*.json"):
        with suppress(msgspec.DecodeError, msgspec.ValidationError):
            job = msgspec.json.decode(path.read_bytes(), type=Job)
            if job.id == path.stem:
                yield job


def _write(path: Path, body: bytes) -> None:
    """Put a file in its place whole, for this account only."""
    partial = path.with_name(path.name + ".partial")
    handle = os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
