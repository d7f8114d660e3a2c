"""Scanned files and pages on disk: sealed like all beside the log, durable before thanked."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from wardlight.log.sealed import SealError, seal, unseal
from wardlight.record.instants import Instant
from wardlight.rules.asking import Author
from wardlight.run.keeping.private_files import write_private

FOLDER = "scans"
REMEMBERED_MAX = 200  # files that are done, on the screen


def seal_scan(name: str, body: bytes, key: bytes) -> bytes:
    """Return a file or picture as it lies on disk under its name."""
    return seal(body, f"scan {name}", key)


def open_scan(name: str, sealed: bytes, key: bytes) -> bytes | None:
    """Return what was sealed under a name; None when it was altered or is another one."""
    with suppress(SealError):
        return unseal(sealed, f"scan {name}", key)
    return None


class FileState(Struct, frozen=True, kw_only=True):
    """One file that came in, and how far it is."""

    id: str
    digest: str
    site: str
    at: Instant
    author: Author
    source: str
    pages: int = 0
    filed: int = 0
    unmatched: int = 0
    done: bool = False
    because: str = ""


class ScanFiles:
    """The files and pictures of one node."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder, self._key = folder / FOLDER, key
        self._states: dict[str, FileState] = {}

    def open(self) -> None:
        """Read how far every file was when the node was stopped."""
        found = []
        for path in self._folder.glob("*.json"):
            with suppress(msgspec.DecodeError, msgspec.ValidationError):
                found.append(msgspec.json.decode(path.read_bytes(), type=FileState))
        self._states = {one.id: one for one in sorted(found, key=lambda one: one.at)}

    def add(self, state: FileState, body: bytes) -> None:
        """Keep a new file; it is on disk when this returns. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._seal(f"{state.digest}.file", body)
        self.keep(state)

    def keep(self, state: FileState) -> None:
        """Keep how far a file is; forget the oldest that are done. Raises OSError."""
        write_private(self._folder / f"{state.id}.json", msgspec.json.encode(state))
        self._states[state.id] = state
        done = [one for one in self._states.values() if one.done]
        for old in done[: max(len(done) - REMEMBERED_MAX, 0)]:
            del self._states[old.id]
            (self._folder / f"{old.id}.json").unlink(missing_ok=True)

    def states(self) -> tuple[FileState, ...]:
        """Return the files that came in, oldest first."""
        return tuple(self._states.values())

    def body(self, state: FileState) -> bytes | None:
        """Return a file as it came; None when it is gone or was altered."""
        return self._unseal(f"{state.digest}.file")

    def keep_picture(self, jpeg: bytes) -> str:
        """Keep the picture of a page; return the digest it is known by. Raises OSError."""
        digest = sha256(jpeg).hexdigest()
        self._seal(f"{digest}.jpg", jpeg)
        return digest

    def picture(self, digest: str) -> bytes | None:
        """Return the picture of a page; None when it is gone, was altered or is another one."""
        if not digest.isalnum():
            return None
        jpeg = self._unseal(f"{digest}.jpg")
        return jpeg if jpeg is not None and sha256(jpeg).hexdigest() == digest else None

    def _seal(self, name: str, body: bytes) -> None:
        if not (self._folder / name).exists():
            write_private(self._folder / name, seal_scan(name, body, self._key))

    def _unseal(self, name: str) -> bytes | None:
        with suppress(OSError):
            return open_scan(name, (self._folder / name).read_bytes(), self._key)
        return None
