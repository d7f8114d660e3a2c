"""The keys of a node: one secret, and from it one key for each purpose.

Only the secret is kept, in a key file, and handed to custodians in shares. Everything else is
derived from it by HKDF-SHA-256 (RFC 5869), so that three custodians bring back all of a node.
"""

from __future__ import annotations

from hashlib import sha256
from hmac import digest
from typing import TYPE_CHECKING

import bech32
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SECRET_BYTES = 32
CHECK_HEX = 16


class Keys(Struct, frozen=True, gc=False):
    """What a node encrypts, signs and names with. Has no readable form: it is never printed."""

    secret: bytes

    def __repr__(self) -> str:
        """Say what it is and nothing of it."""
        return "Keys(secret)"

    def store(self) -> bytes:
        """Return the key of the log's database."""
        return self._derived("store")

    def files(self) -> bytes:
        """Return the key of sealed files beside the log, such as snapshots of the views."""
        return self._derived("files")

    def mark(self) -> bytes:
        """Return the key that authenticates how far the log has come."""
        return self._derived("mark")

    def handles(self) -> bytes:
        """Return the key that turns patients into the opaque handles of addresses."""
        return self._derived("handles")

    def sheets(self) -> bytes:
        """Return the key that seals the codes on paper."""
        return self._derived("sheets")

    def sessions(self) -> bytes:
        """Return the key that authenticates sessions, stations and grants."""
        return self._derived("sessions")

    def credentials(self) -> bytes:
        """Return the key of the sealed file of credentials, which is their pepper too."""
        return self._derived("credentials")

    def authority(self) -> bytes:
        """Return the seed of the key by which this node signs the certificates of its screens."""
        return self._derived("authority")

    def signing(self) -> Ed25519PrivateKey:
        """Return the key that signs heads, backups and evidence."""
        return Ed25519PrivateKey.from_private_bytes(self._derived("signing"))

    def verifying(self) -> Ed25519PublicKey:
        """Return the public half of `signing`."""
        return self.signing().public_key()

    def age_identity(self) -> str:
        """Return the identity that opens this node's backups (`AGE-SECRET-KEY-1…`)."""
        five_bits = bech32.convertbits(self._derived("age"), 8, 5)
        assert five_bits is not None, "whole bytes can always be regrouped"
        return str(bech32.bech32_encode("age-secret-key-", five_bits)).upper()

    def check(self) -> str:
        """Return a few characters that tell one secret from another and betray nothing of it."""
        return self._derived("check").hex()[:CHECK_HEX]

    def _derived(self, purpose: str) -> bytes:
        info = f"wardlight.{purpose}.1".encode()
        return HKDF(SHA256(), length=SECRET_BYTES, salt=None, info=info).derive(self.secret)


def authenticated(key: bytes, text: bytes) -> bytes:
    """Return the HMAC-SHA-256 (RFC 2104) of a text."""
    return digest(key, text, sha256)
