"""A security key in software: makes one passkey and signs with it (WebAuthn level 2, §6)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SecurityKey:
    """One key; `verifies` says whether it asks for a finger or a PIN."""

    def __init__(self, origin: str = "http://localhost:8080", *, verifies: bool = True) -> None:
        self.origin = origin
        self.count = 0
        self.id = b"credential of the tests"
        self._flags = PRESENT | (VERIFIED if verifies else 0)
        self._key = ec.generate_private_key(ec.SECP256R1())

    def made(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return a new passkey, attested by nobody."""
        point = self._key.public_key().public_numbers()
        cose = {
            1: 2,
            3: -7,
            -1: 1,
            -2: point.x.to_bytes(32, "big"),
            -3: point.y.to_bytes(32, "big"),
        }
        own = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        data = self._data(options["rp"]["id"], ATTESTED) + own
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options)
        return self._packed({"attestationObject": text(attested), "clientDataJSON": text(client)})

    def signed(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return a signature over a challenge."""
        self.count += 1
        data, client = self._data(options["rpId"], 0), self._client("webauthn.get", options)
        signature = self._key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        said = {"authenticatorData": data, "clientDataJSON": client, "signature": signature}
        return self._packed({name: text(value) for name, value in said.items()})

    def _data(self, host: str, flags: int) -> bytes:
        mark = sha256(host.encode()).digest()
        return mark + bytes([self._flags | flags]) + self.count.to_bytes(4, "big")

    def _client(self, what: str, options: dict[str, Any]) -> bytes:
        said = {"type": what, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _packed(self, response: dict[str, str]) -> dict[str, Any]:
        own = {"id": text(self.id), "rawId": text(self.id), "type": "public-key"}
        return {**own, "response": response, "clientExtensionResults": {}}


def text(body: bytes) -> str:
    """Return base64url without padding."""
    return urlsafe_b64encode(body).decode().rstrip("=")


def plain(said: str) -> bytes:
    """Return the bytes of base64url."""
    return urlsafe_b64decode(said + "=" * (-len(said) % 4))
