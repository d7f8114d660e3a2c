"""Backups on disk: each an age file and beside it the signed head that vouches for it."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

from wardlight.log.backups import BackupError
from wardlight.log.checkpoint import Checkpoint, CheckpointError, read

ENDING, HEAD_ENDING, PARTIAL, SCANS_ENDING = ".age", ".checkpoint", ".partial", ".scans"
SIZE_DIGITS = 12
ROOT_HEX = 8
_SHA256 = re.compile(r"backup sha256 ([0-9a-f]{64})")
_SCANS = re.compile(r"backup scans ([0-9a-f]{64})")
_MADE = re.compile(r"backup made ([0-9TZ:.+-]+)")
_LOCK = ".wardlight-backup.lock"


class BackupInUseError(BackupError):
    """Somebody else is writing a backup into this folder."""


class Generation(Struct, frozen=True):
    """One backup: its file, the head it holds, what digest its node signed and when."""

    path: Path
    head: Checkpoint
    sha256: str
    made: str  # ISO 8601, UTC: sorts by time
    scans: str = ""  # digest of the list of scans beside it; "" for a backup without any

    def remove(self) -> None:
        """Delete the backup: the file first, so that no file is ever without its head."""
        self.path.unlink()
        head_path(self.path).unlink(missing_ok=True)
        scans_path(self.path).unlink(missing_ok=True)


def head_path(path: Path) -> Path:
    """Return where the signed head of a backup lies."""
    return path.with_name(path.name + HEAD_ENDING)


def scans_path(path: Path) -> Path:
    """Return where the list of the scans of a backup lies."""
    return path.with_name(path.name + SCANS_ENDING)


def name_of(node: str, size: int, root: bytes) -> str:
    """Return the file name of a backup: node, size of the log, beginning of its root."""
    safe = re.sub(r"[^A-Za-z0-9_-]", "_", node)
    return f"{safe}-{size:0{SIZE_DIGITS}d}-{root.hex()[:ROOT_HEX]}{ENDING}"


def extensions(sha256: str, made: str, scans: str = "") -> tuple[str, ...]:
    """Return the lines that bind a checkpoint to a backup, and to its list of scans."""
    lines = (f"backup sha256 {sha256}", f"backup made {made}")
    return (*lines, f"backup scans {scans}") if scans else lines


def generation(path: Path, verifiers: Mapping[str, Ed25519PublicKey]) -> Generation:
    """Return what a backup's signed head says; the file itself is not read. Raises BackupError."""
    beside = head_path(path)
    try:
        head = read(beside.read_text("utf-8"), verifiers)
    except FileNotFoundError as error:
        raise BackupError(f"{beside}: the signed head of the backup is not there") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"{beside}: cannot be read") from error
    except CheckpointError as error:
        because = f"{error} It was changed, or made by another node"
        raise BackupError(f"{beside}: {because}") from error
    said = "\n".join(head.extensions)
    digest, made = _SHA256.search(said), _MADE.search(said)
    if digest is None or made is None:
        raise BackupError(f"{beside}: this is the head of a log, not of a backup")
    scans = _SCANS.search(said)
    return Generation(path, head, digest[1], made[1], scans[1] if scans else "")


def generations(folder: Path, verifiers: Mapping[str, Ed25519PublicKey]) -> list[Generation]:
    """Return a node's backups in a folder, the newest first; those of others are not its own."""
    found = []
    for path in folder.glob(f"*{ENDING}"):
        try:
            found.append(generation(path, verifiers))
        except BackupError:
            continue
    return sorted(found, key=lambda one: (one.made, one.head.size), reverse=True)


def is_whole(one: Generation) -> bool:
    """Whether the file is, byte for byte, the one that was signed."""
    try:
        with one.path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest() == one.sha256
    except OSError:
        return False


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Be the one who writes backups into a folder; raises BackupInUseError."""
    handle = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        because = "another backup is being written into this folder; try again later"
        raise BackupInUseError(f"{folder}: {because}") from error
    try:
        yield
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
