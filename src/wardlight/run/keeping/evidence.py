"""`wardlight evidence`: a bundle that proves itself, for somebody who does not have Wardlight."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from wardlight.log import evidence, evidence_verifier
from wardlight.log.agreement import disagreement
from wardlight.log.contract import LogReader, stream
from wardlight.log.evidence_verifier import CHECKPOINT, ENTRIES, HEADS, KEY, SUMS
from wardlight.log.heads import kept_notes
from wardlight.run.commands.reading import patient_named
from wardlight.run.commands.say import (
    EXIT_CONFLICT,
    EXIT_FAILED,
    EXIT_NOT_FOUND,
    document,
    fail,
    line,
    progress,
    progress_done,
)
from wardlight.run.keeping.kept_copy import senders_of
from wardlight.run.keeping.node_log import NodeLog
from wardlight.run.node_views import node_log_of, node_views
from wardlight.wire.reading import reader

VERIFIER, README = "verify.py", "README.txt"


class Wish(Struct, frozen=True, kw_only=True):
    """Which entries are wanted: a stretch of the log, or what is about one patient."""

    first: int = 1
    last: int | None = None
    patient: str | None = None
    as_json: bool = False


def run_evidence(data: Path, out: Path, wish: Wish) -> None:
    """Write the bundle into an empty folder and say what is in it."""
    if out.exists() and any(out.iterdir()):
        fail(f"{out}: the folder is not empty; name a new one", EXIT_CONFLICT)
    where = node_log_of(data)
    with contextlib.closing(where.read()) as log:
        contradiction = disagreement(log, where.seen(newest=None))
        if contradiction is not None:
            because = f"{contradiction.because}; nothing is signed over such a log"
            fail(f"{because} (wardlight verify says more)", EXIT_FAILED)
        size = log.head().position
        positions = _wanted(data, log, wish, size)
        if not positions:
            fail("there is no such entry in this log", EXIT_NOT_FOUND)
        try:
            heads = write_bundle(out, where, log, positions, size)
        except OSError as error:
            fail(f"{error.filename or out}: {error.strerror}", EXIT_FAILED)
    progress_done()
    if wish.as_json:
        content = {"out": str(out), "entries": len(positions), "heads": heads, "size": size}
        document("wardlight.evidence.1", content)
        return
    line(f"{out}: {len(positions):,} of {size:,} entries and {heads} heads")
    line(f"  to verify: python3 {out / VERIFIER}")


def write_bundle(
    out: Path, where: NodeLog, log: LogReader, positions: Sequence[int], size: int
) -> int:
    """Write every file of a bundle; return how many earlier heads are in it."""
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    notes = kept_notes(where.witness_folder, where.name, where.keys)
    heads = evidence.kept_heads(notes, size)
    count = len(positions)
    words = evidence.readme(log, where.keys, chosen=count, size=size, heads=len(heads))
    program = Path(evidence_verifier.__file__).read_text("utf-8")
    files: dict[str, Iterable[str]] = {
        README: [words],
        KEY: [evidence.key_line(log, where.keys) + "\n"],
        VERIFIER: [program],
        HEADS: evidence.head_lines(log, heads, size),
        ENTRIES: _told(evidence.entry_lines(log, positions, size), count),
    }
    sums = evidence.sums_of({name: _write(out / name, lines) for name, lines in files.items()})
    _write(out / SUMS, [sums.decode()])
    _write(out / CHECKPOINT, [evidence.checkpoint_text(log, where.keys, size, sums)])
    return len(heads)


def _wanted(data: Path, log: LogReader, wish: Wish, size: int) -> list[int]:
    if wish.patient is None:
        return list(range(max(wish.first, 1), min(wish.last or size, size) + 1))
    with node_views(data) as (views, settings):
        patient = patient_named(views, wish.patient)
        read_headline, _ = reader(senders_of(settings))
        found = []
        for entry in stream(log):
            if entry.position > size:
                break
            headline = read_headline(entry)
            told = [*(one.key for one in headline.persons), *headline.charted]
            if any(views.people.resolve(key) == patient for key in told):
                found.append(entry.position)
    return found


def _told(lines: Iterable[str], count: int) -> Iterable[str]:
    for number, text in enumerate(lines, 1):
        if number % 5_000 == 0:
            progress(f"writing entries: {number:,} of {count:,}")
        yield text


def _write(path: Path, lines: Iterable[str]) -> str:
    """Write a file that only this account can read; return the digest of its content."""
    digest = sha256()
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        for text in lines:
            body = text.encode()
            digest.update(body)
            file.write(body)
    return digest.hexdigest()
