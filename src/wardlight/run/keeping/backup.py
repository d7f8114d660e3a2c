"""`wardlight backup`, and the backups a running node makes by itself."""

from __future__ import annotations

import os
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from wardlight.log.backups import BackupError, Sealed, Told, recipients_of, write_backup
from wardlight.log.checkpoint import Checkpoint, signed
from wardlight.log.contract import LogError, LogReader
from wardlight.log.heads import origin_of
from wardlight.log.tree import root_at
from wardlight.record.instants import HOUR, Instant, iso
from wardlight.run.clock import system_clock
from wardlight.run.commands.say import (
    EXIT_CONFLICT,
    EXIT_FAILED,
    document,
    fail,
    line,
    progress,
    progress_done,
)
from wardlight.run.keeping.backup_files import (
    PARTIAL,
    BackupInUseError,
    Generation,
    extensions,
    generation,
    generations,
    head_path,
    is_whole,
    name_of,
    only_writer,
    scans_path,
    sync_folder,
)
from wardlight.run.keeping.key_file import KeyFileError
from wardlight.run.keeping.node_log import NodeLog
from wardlight.run.keeping.private_files import write_private
from wardlight.run.keeping.scan_backup import (
    Listed,
    keep_scans,
    list_of,
    listed,
    sealed_list,
    store_of,
)
from wardlight.run.node_views import node_log_of
from wardlight.run.settings import FILE, SettingsError

NAMED_MAX, NAMED_HEX = 5, 12  # of damaged scans on a screen, and digits of each
TOLD_EVERY = 25_600  # entries between two words on progress


class Backed(Struct, frozen=True):
    """What a backup has made of a folder."""

    newest: Generation
    written: bool  # False: the log had not grown since the last one
    removed: tuple[Path, ...]
    damaged: tuple[str, ...] = ()  # scans that are not what was kept, and are in no backup


def run_backup(data: Path, *, out: Path | None, keep: int | None, as_json: bool) -> None:
    """Write a backup into a folder and say what was made."""
    try:
        where = node_log_of(data)
    except (SettingsError, KeyFileError) as error:
        fail(str(error))
    plan = where.settings.backup
    if out is None and not plan.folder:
        fail("say where to: --out DIR, or folder under [backup] in the settings")
    try:
        folder = out or data / plan.folder
        done = back_up(where, folder, system_clock(), keep=keep or plan.keep, told=_tell)
    except BackupInUseError as error:
        fail(str(error), EXIT_CONFLICT)
    except BackupError as error:
        fail(str(error), EXIT_FAILED)
    except LogError as error:
        fail(f"{error.problem.where}: {error.problem.because}", EXIT_FAILED)
    except OSError as error:
        fail(f"{folder}: cannot be written: {error.strerror}", EXIT_FAILED)
    progress_done()
    _say(done, as_json=as_json)
    if done.damaged:
        raise SystemExit(EXIT_FAILED)


def back_up(
    where: NodeLog, folder: Path, now: Instant, *, keep: int, told: Told | None = None
) -> Backed:
    """Write a backup of the log as it is now, read it back, and let old ones go.

    Raises LogError, BackupError or OSError; then no file of this backup is left.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    verifiers = {origin_of(where.name): where.keys.verifying()}
    with only_writer(folder), closing(where.read()) as log:
        _refuse_contradiction(where, log)
        size = log.head().position
        path = folder / name_of(where.name, size, root_at(size, log.subtree))
        there = [one for one in generations(folder, verifiers) if one.path == path]
        recipients = recipients_of(where.keys.age_identity(), where.settings.backup.recipients)
        scans = listed(where.folder)
        store = store_of(folder, where.name)
        damaged = keep_scans(scans, where.folder, store, where.keys, recipients)
        scans = replace(scans, damaged=damaged)
        written = not (there and is_whole(there[0]) and _has(there[0], scans, where))
        if written:
            path = _write(_Writing(where, log, folder, scans, recipients), now, told=told)
        newest = generation(path, verifiers)
        if not is_whole(newest):
            raise BackupError(f"{path}: what was written reads back as something else")
        others = [one for one in generations(folder, verifiers) if one.path != path]
        removed = others[keep - 1 :]
        for one in removed:
            one.remove()
    return Backed(newest, written, tuple(one.path for one in removed), damaged)


def back_up_when_due(where: NodeLog, data: Path, now: Instant, told: Told) -> str:
    """Make a running node's backup when the newest is too old; return what went wrong, or ""."""
    plan = where.settings.backup
    folder = data / plan.folder
    try:
        newest = _newest(where, folder)
        if newest and newest.made > iso(Instant(now - plan.every_hours * HOUR)):
            return damaged_words(list_of(newest, where.keys).damaged)
        done = back_up(where, folder, now, keep=plan.keep, told=told)
    except LogError as error:
        return f"the last backup failed: {error.problem.because}"
    except (BackupError, OSError) as error:
        return f"the last backup failed: {error}"
    return damaged_words(done.damaged)


def damaged_words(damaged: tuple[str, ...]) -> str:
    """Return which scans a backup lacks because they were altered; "" for none."""
    if not damaged:
        return ""
    named = ", ".join(one[:NAMED_HEX] for one in damaged[:NAMED_MAX])
    more = f" and {len(damaged) - NAMED_MAX} more" if len(damaged) > NAMED_MAX else ""
    return f"the last backup lacks scans that were altered on the disk: {named}{more}"


def _has(one: Generation, scans: Listed, where: NodeLog) -> bool:
    """Return whether a backup already has the scans that are there now."""
    try:
        return list_of(one, where.keys) == scans
    except BackupError:
        return False


def _newest(where: NodeLog, folder: Path) -> Generation | None:
    found = generations(folder, {origin_of(where.name): where.keys.verifying()})
    return found[0] if found else None


def _refuse_contradiction(where: NodeLog, log: LogReader) -> None:
    """Keep a log that lost entries from pushing out the backups that still have them."""
    problem = where.contradiction(log)
    if problem is not None:
        because = f"{problem.because}; no backup is made of such a log"
        raise BackupError(f"{because} (wardlight verify)")


class _Writing(Struct, frozen=True):
    """What a backup is written from, and where."""

    where: NodeLog
    log: LogReader
    folder: Path
    scans: Listed
    recipients: list[Any]


def _write(one: _Writing, now: Instant, *, told: Told | None) -> Path:
    """Write file, list and head, whole or not at all: the name of the file comes last."""
    where, folder = one.where, one.folder
    settings = where.folder / FILE
    said = settings.read_text("utf-8") if settings.exists() else ""
    partial = folder / f"{name_of(where.name, 0, b'')}{PARTIAL}"
    handle = os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            sealed = write_backup(one.log, file, one.recipients, settings=said, told=told)
            file.flush()
            os.fsync(file.fileno())
        path = folder / name_of(where.name, sealed.size, sealed.root)
        scans = _write_list(one, path)
        write_private(head_path(path), _head(where, sealed, now, scans).encode())
        partial.replace(path)
        sync_folder(folder)
    finally:
        partial.unlink(missing_ok=True)
    return path


def _write_list(one: _Writing, path: Path) -> str:
    """Write what scans there were beside a backup; return the digest its head signs."""
    if one.scans == Listed():
        return ""
    body = sealed_list(one.scans, one.recipients)
    write_private(scans_path(path), body)
    return sha256(body).hexdigest()


def _head(where: NodeLog, sealed: Sealed, now: Instant, scans: str) -> str:
    origin = origin_of(where.name)
    bound = extensions(sealed.sha256, iso(now), scans)
    head = Checkpoint(origin, sealed.size, sealed.root, bound)
    return signed(head, origin, where.keys.signing())


def _tell(done: int, last: int) -> None:
    if done % TOLD_EVERY == 0 or done == last:
        progress(f"backing up: {done:,} of {last:,} entries")


def _say(done: Backed, *, as_json: bool) -> None:
    one = done.newest
    octets = one.path.stat().st_size
    if as_json:
        told = {"file": str(one.path), "entries": one.head.size, "bytes": octets}
        more = {"sha256": one.sha256, "made": one.made, "written": done.written}
        document(
            "wardlight.backup.1",
            {
                **told,
                **more,
                "removed": [str(path) for path in done.removed],
                "damaged": list(done.damaged),
            },
        )
        return
    kept = "" if done.written else "; the log has not grown since, nothing was written"
    line(f"{one.path}: {one.head.size:,} entries, {octets:,} bytes, made {one.made}{kept}")
    for path in done.removed:
        line(f"{path}: removed, newer ones are kept")
    for name in done.damaged:
        line(f"{name}: this scan was altered on the disk or is gone; no backup has it")
