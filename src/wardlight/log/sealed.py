"""Files beside the log that hold patient data: encrypted, and refused when a bit has changed.

AES-256-GCM (NIST SP 800-38D) with a random nonce for each file. What the file is for is
authenticated too, so that one file cannot stand in another's place.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"wardlight.sealed.1\n"
NONCE_BYTES = 12
SEALED_BYTES_MAX = 2**31 - 1 - 16  # what AES-GCM takes in one piece


class SealError(Exception):
    """The file cannot be opened: it was changed, is another file, or was sealed by another key."""


def seal(body: bytes, purpose: str, key: bytes) -> bytes:
    """Return `body` as a sealed file for this purpose."""
    assert len(body) <= SEALED_BYTES_MAX, "too big to be sealed in one piece"
    nonce = os.urandom(NONCE_BYTES)
    return MAGIC + nonce + AESGCM(key).encrypt(nonce, body, MAGIC + purpose.encode())


def unseal(body: bytes, purpose: str, key: bytes) -> bytes:
    """Return what was sealed for this purpose. Raises SealError."""
    start = len(MAGIC) + NONCE_BYTES
    if not body.startswith(MAGIC) or len(body) < start:
        raise SealError("this is no sealed file")
    try:
        return AESGCM(key).decrypt(body[len(MAGIC) : start], body[start:], MAGIC + purpose.encode())
    except InvalidTag as error:
        raise SealError("changed, for another purpose, or sealed by another key") from error
