"""`wardlight verify`: whether the log still is what was acknowledged, signed and printed."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import msgspec
from msgspec import msgpack

from wardlight.log.chain import BEGINNING
from wardlight.log.checkpoint import CheckpointError, read
from wardlight.log.contract import LogError, LogReader
from wardlight.log.heads import Witness, origin_of
from wardlight.log.sealed import SealError, unseal
from wardlight.log.tree import EMPTY_ROOT
from wardlight.log.verifying import (
    Finding,
    Remembered,
    Verified,
    check_pages,
    first_bad,
    verify_log,
)
from wardlight.run.commands.say import EXIT_FAILED, document, fail, line, progress, progress_done
from wardlight.run.keeping.kept_copy import PURPOSE, SEAL_BYTES, SNAPSHOT_FILE, senders_of
from wardlight.run.keeping.key_file import KeyFileError
from wardlight.run.keeping.node_log import LOG_FOLDER, NodeLog
from wardlight.run.node_views import node_log_of
from wardlight.run.settings import SettingsError
from wardlight.views.fold import Views
from wardlight.wire.reading import reader

TORN_READS = 3  # a running node may be writing the witness in the moment it is read
FOLD_SLICE = 5_000
_SHORT = re.compile(r"([0-9][0-9, ]*) ([0-9A-Fa-f]{16})")


class AgainstError(Exception):
    """What was given to compare with is no head of this log; the sentence says why."""


def run_verify(data: Path, *, against: str | None, as_json: bool) -> None:
    """Verify everything of a node's log; ends with 1 when something is wrong."""
    kept: list[Remembered] = []
    try:
        where = as_it_names_itself(node_log_of(data))
        kept = [against_head(against, where)] if against else []
    except (SettingsError, AgainstError) as error:
        fail(str(error))
    except KeyFileError as error:
        verified = Verified(0, BEGINNING, EMPTY_ROOT, (Finding("keys.absent", str(error)),))
    else:
        verified = verified_node(where, kept)
    progress_done()
    if as_json:
        document("wardlight.verify.1", _content(verified))
    else:
        _print(verified, kept)
    if not verified.ok:
        raise SystemExit(EXIT_FAILED)


def verified_node(where: NodeLog, against: list[Remembered]) -> Verified:
    """Verify database, chain, tree, heads, tail and snapshot of a node that may be running."""
    progress("reading every page of the database")
    seen = witness_at_rest(where)
    folder, key = where.folder / LOG_FOLDER, where.keys.store()
    findings = check_pages(folder, key=key, cipher=where.settings.log.cipher)
    try:
        log = where.read()
    except LogError as error:
        finding = Finding("log.unreadable", error.problem.because)
        return Verified(0, BEGINNING, EMPTY_ROOT, (*findings, finding))
    with contextlib.closing(log):
        verified = verify_log(log, seen, against, _tell)
        if verified.ok:  # else the views of this log say nothing about a snapshot
            findings += snapshot_findings(where, log)
    return msgspec.structs.replace(verified, findings=(*findings, *verified.findings))


def as_it_names_itself(where: NodeLog) -> NodeLog:
    """Take the node's name from its log: it signs with it, whatever the settings say by now."""
    try:
        with contextlib.closing(where.read()) as log:
            name = log.node
    except LogError:
        return where
    replace = msgspec.structs.replace
    return replace(where, settings=replace(where.settings, node=name))


def witness_at_rest(where: NodeLog) -> Witness:
    """Return all that the second witness remembers, not in the middle of being written."""
    seen = where.seen(newest=None)
    for _ in range(TORN_READS - 1):
        if not seen.doubts:
            break
        seen = where.seen(newest=None)
    return seen


def snapshot_findings(where: NodeLog, log: LogReader) -> list[Finding]:
    """Compare the snapshot with views folded anew from the log up to the same entry."""
    headline, chart = reader(senders_of(where.settings))
    try:
        sealed = (where.folder / SNAPSHOT_FILE).read_bytes()
        payload = unseal(sealed, PURPOSE, where.keys.files())
        position = Views.restored(payload[SEAL_BYTES:], headline, chart, log.fetch).position
    except FileNotFoundError:
        return []
    except SealError as error:
        return [Finding("snapshot.damaged", f"the snapshot of the views: {error}")]
    except (msgspec.DecodeError, msgspec.ValidationError):  # of another version: not used
        return []
    last = log.head().position
    if position > last:
        because = f"the snapshot knows entry {position:,}, the log ends at {last:,}"
        return [Finding("snapshot.ahead", because, last + 1)]
    views = Views(headline, chart, log.fetch)
    while views.position < position:
        for entry in log.read(views.position, min(FOLD_SLICE, position - views.position)):
            views.apply(entry)
        progress(f"comparing the snapshot: {views.position:,} of {position:,} entries")
    chain = log.fetch([position])[0].chain if position else bytes(SEAL_BYTES)
    if payload[:SEAL_BYTES] == chain and _same(payload[SEAL_BYTES:], views.snapshot()):
        return []
    because = f"the snapshot at entry {position:,} is not what the log gives; remove the file"
    return [Finding("snapshot.changed", because)]


def _same(kept: bytes, folded: bytes) -> bool:
    """Whether two snapshots say the same; one made after another may say it in another order."""
    return kept == folded or bool(msgpack.decode(kept) == msgpack.decode(folded))


def against_head(said: str, where: NodeLog) -> Remembered:
    """Return the head in a file, a checkpoint's text, or `SIZE ROOT16` as printed on paper."""
    text, by = said, "what was given"
    with contextlib.suppress(OSError, ValueError):
        if Path(said).is_file():
            text, by = Path(said).read_text("utf-8"), Path(said).name
    short = _SHORT.fullmatch(text.strip())
    if short is not None:
        size = int(re.sub("[, ]", "", short[1]))
        return Remembered(size, bytes.fromhex(short[2]), by)
    try:
        head = read(text, {origin_of(where.name): where.keys.verifying()})
    except CheckpointError as error:
        example = "give a file, a checkpoint, or the words on paper: 12345 3f2a9c01b2c3d4e5"
        raise AgainstError(f"--against is no head of this log: {error} {example}") from error
    return Remembered(head.size, head.root, by)


def _content(verified: Verified) -> dict[str, object]:
    head = {
        "position": verified.head.position,
        "chain": verified.head.chain.hex(),
        "root": verified.root.hex(),
    }
    return {
        "ok": verified.ok,
        "entries": verified.entries,
        "head": head,
        "first_bad": first_bad(verified.findings),
        "problems": verified.findings,
    }


def _print(verified: Verified, against: list[Remembered]) -> None:
    for finding in verified.findings:
        line(f"BAD  {finding.because}  ({finding.code})")
    bad = verified.first_bad
    if not verified.ok:
        line(f"first bad entry: {bad:,}" if bad is not None else "no single entry is to blame")
        return
    line(f"{verified.entries:,} entries are what they were when they were acknowledged")
    for head in against:
        line(f"the first {head.size:,} are those of the head in {head.by}")
    line(f"head  {verified.entries} {verified.root.hex()[:16]}")


def _tell(done: int, last: int) -> None:
    progress(f"verifying: {done:,} of {last:,} entries")
