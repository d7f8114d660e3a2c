"""The sealed file of credentials beside the log: what proves people, and nothing about patients.

It is never in the log, in a bundle or in evidence: another node gets identity and role only.
"""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import DecodeError, ValidationError

from wardlight.log.sealed import SealError, seal, unseal
from wardlight.run.keeping.private_files import write_private
from wardlight.web.access.credentials import Credentials

FILE = "credentials.sealed"
PURPOSE = "credentials"


ASIDE = "credentials.unreadable"
UNREADABLE = (
    f"the file of sign-ins could not be read and was put aside as {ASIDE}: nobody's passphrase, "
    "badge or card counts until they get a new card under People"
)


def credentials_of(folder: Path, key: bytes) -> tuple[Credentials, str]:
    """Return how everybody signs in, and what every screen has to say of it; "" for nothing.

    A damaged file must not keep a hospital from its kept copy: the node starts with its people
    and none of their secrets, as one that was brought back on another machine does.
    """
    vault = CredentialFile(folder, key)
    try:
        return Credentials(vault, key), ""
    except (SealError, DecodeError, ValidationError):
        (folder / FILE).replace(folder / ASIDE)
        return Credentials(vault, key), UNREADABLE


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
