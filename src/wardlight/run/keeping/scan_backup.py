"""Scanned files and pictures in backups: each kept once, named by its digest, held against the log.

A picture never changes, so a backup adds only what is new to `NODE-scans` in its folder: one age
file for each. Beside every backup lies a list, signed with its head, of what there was and how far
each file had been read. What is gone or altered is named and keeps nothing else from being kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pyrage
from msgspec import Struct
from msgspec.structs import replace

from wardlight.log.backups import BackupError
from wardlight.log.keys import Keys
from wardlight.record import catalogue
from wardlight.record.entry import Entry
from wardlight.record.events.entered import unpacked
from wardlight.record.events.scans import PageScanned
from wardlight.run.keeping.backup_files import Generation, scans_path
from wardlight.run.keeping.private_files import write_private
from wardlight.run.paperwork.scan_files import FOLDER, FileState, open_scan, seal_scan

FILE_BYTES_MAX = 101 * 1024 * 1024  # the largest scan that is taken in, sealed
NAMES_MAX = 2_000_000  # of one node: 20 pages of 500 patients a day, for half a year
LIST_BYTES_MAX = NAMES_MAX * 80
ENDING = ".age"
_NAME = re.compile(r"[0-9a-f]{64}\.(jpg|file)")
_STATE = re.compile(r"[0-9a-z]{1,80}\.json")


class Listed(Struct, frozen=True):
    """What lies in the folder of scans at one moment."""

    names: tuple[str, ...] = ()  # of pictures and files: the digest of what is in them
    states: dict[str, bytes] = {}  # how far each file is, as `scan_files` keeps it
    damaged: tuple[str, ...] = ()  # of the names: altered on the disk, and in no backup


def listed(folder: Path) -> Listed:
    """Return what scans a node's folder holds now. Raises BackupError for more than there can be.

    States are read first: a file that is done has its pictures on disk already.
    """
    scans = folder / FOLDER
    states: dict[str, bytes] = {}
    for path in sorted(scans.glob("*.json")):
        if _STATE.fullmatch(path.name):
            with suppress(FileNotFoundError):  # let go a moment ago
                states[path.name] = path.read_bytes()
    names = tuple(sorted(one.name for one in scans.glob("*") if _NAME.fullmatch(one.name)))
    if len(names) > NAMES_MAX:
        raise BackupError(f"{scans}: more than {NAMES_MAX:,} scans; no backup holds so many")
    return Listed(names, states)


def store_of(backup: Path, node: str) -> Path:
    """Return where the scans of a node lie in a folder of backups."""
    return backup / f"{re.sub(r'[^A-Za-z0-9_-]', '_', node)}-scans"


def keep_scans(
    what: Listed, folder: Path, store: Path, keys: Keys, recipients: Sequence[Any]
) -> tuple[str, ...]:
    """Add what is new to the store; return the names of scans that are not what was kept.

    Raises OSError when the store cannot be written.
    """
    if not what.names:
        return ()
    store.mkdir(mode=0o700, parents=True, exist_ok=True)
    there = {one.name for one in store.glob(f"*{ENDING}")}
    damaged = []
    for name in what.names:
        if f"{name}{ENDING}" in there:
            continue
        body = _at(folder, name, keys)
        if body is None:
            damaged.append(name)
        else:
            write_private(store / f"{name}{ENDING}", pyrage.encrypt(body, list(recipients)))
    return tuple(damaged)


def sealed_list(what: Listed, recipients: Sequence[Any]) -> bytes:
    """Return the list as it lies beside a backup."""
    return bytes(pyrage.encrypt(msgspec.msgpack.encode(what), list(recipients)))


def list_of(one: Generation, keys: Keys) -> Listed:
    """Return the list beside a backup; an empty one for a backup without scans.

    Raises BackupError for a list that is gone, or is not the one that was signed.
    """
    if not one.scans:
        return Listed()
    path = scans_path(one.path)
    try:
        body = path.read_bytes() if path.stat().st_size <= LIST_BYTES_MAX else b""
    except OSError as error:
        raise BackupError(f"{path}: the list of scans is not there") from error
    if sha256(body).hexdigest() != one.scans:
        raise BackupError(f"{path}: the list of scans is not the one that was signed")
    opened = _opened(body, keys)
    assert opened is not None, "what was signed was sealed to this key"
    return msgspec.msgpack.decode(opened, type=Listed)


def pictures_in(entry: Entry) -> Iterator[str]:
    """Give the name of the picture an entry of the log speaks of."""
    if entry.kind == catalogue.PAGE_SCANNED:
        with suppress(msgspec.DecodeError):
            said = unpacked(entry.body).said
            if isinstance(said, PageScanned):
                yield f"{said.image}.jpg"


def bring_back(
    what: Listed, needed: Iterable[str], store: Path, folder: Path, keys: Keys
) -> tuple[str, ...]:
    """Put the scans of a backup back into a node's folder; return the names of those that lack.

    `needed` are the pictures the log speaks of. What lies there whole is left as it is; each one
    is compared with its digest. Raises OSError.
    """
    scans = folder / FOLDER
    names = sorted({*what.names, *(one for one in needed if _NAME.fullmatch(one))})
    if names or what.states:
        scans.mkdir(mode=0o700, parents=True, exist_ok=True)
    missing = [one for one in names if not _bring(one, store, folder, keys)]
    _bring_states(what, scans)
    return tuple(missing)


def _bring(name: str, store: Path, folder: Path, keys: Keys) -> bool:
    if _at(folder, name, keys) is not None:
        return True
    kept = store / f"{name}{ENDING}"
    body = None
    with suppress(OSError):
        if kept.stat().st_size <= FILE_BYTES_MAX:
            body = _opened(kept.read_bytes(), keys)
    if body is None or not _is(name, body):
        return False
    write_private(folder / FOLDER / name, seal_scan(name, body, keys.files()))
    return True


def _bring_states(what: Listed, scans: Path) -> None:
    """Put back how far each file was; one that went on after the backup is read from its start.

    The log says the same page once, so that reading it again adds only what is missing.
    """
    for path in sorted(scans.glob("*.json")):
        if what.states.get(path.name) != path.read_bytes():
            with suppress(msgspec.DecodeError):
                state = msgspec.json.decode(path.read_bytes(), type=FileState)
                again = replace(state, done=False, because="", pages=0, filed=0, unmatched=0)
                write_private(path, msgspec.json.encode(again))
    for name, body in what.states.items():
        if _STATE.fullmatch(name) and not (scans / name).exists():
            write_private(scans / name, body)


def _at(folder: Path, name: str, keys: Keys) -> bytes | None:
    """Return a scan of a node's folder; None when it is gone, altered, or is another one."""
    path = folder / FOLDER / name
    with suppress(OSError):
        if path.stat().st_size <= FILE_BYTES_MAX:
            body = open_scan(name, path.read_bytes(), keys.files())
            return body if body is not None and _is(name, body) else None
    return None


def _is(name: str, body: bytes) -> bool:
    return sha256(body).hexdigest() == name.partition(".")[0]


def _opened(body: bytes, keys: Keys) -> bytes | None:
    try:
        identity = pyrage.x25519.Identity.from_str(keys.age_identity())
        return bytes(pyrage.decrypt(body, [identity]))
    except pyrage.DecryptError:
        return None
