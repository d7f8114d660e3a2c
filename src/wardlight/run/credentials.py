"""The sealed file of credentials beside the log: what proves people, and nothing about patients.

It is never in the log, in a bundle or in evidence: another node gets identity and role only.
"""

from __future__ import annotations

import os
from pathlib import Path

from wardlight.log.sealed import seal, unseal
from wardlight.run.private_files import write_private

FILE = "credentials.sealed"
PURPOSE = "credentials"


class CredentialFile:
    """The vault of one node's folder."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._path = folder / FILE
        self._key = key

    def load(self) -> bytes:
        """Return what was kept; b"" for nothing yet. Raises SealError for a file of another key."""
        try:
            return unseal(self._path.read_bytes(), PURPOSE, self._key)
        except FileNotFoundError:
            return b""

    def save(self, body: bytes) -> None:
        """Keep this, durably, whole or not at all."""
        write_private(self._path, seal(body, PURPOSE, self._key))
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # or a power cut would make a used code good again
        finally:
            os.close(folder)
