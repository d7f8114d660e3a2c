"""Small signed tokens: a session, a station, a grant. Read again after a restart, forged by nobody.

HMAC-SHA-256 (RFC 2104) over JSON; the purpose is part of what is signed, so that a station's
token is never taken for a session.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from hashlib import sha256
from hmac import compare_digest, digest
from typing import TypeVar

from msgspec import DecodeError, Struct, ValidationError, json

from wardlight.record.instants import Instant

TOKEN_MAX = 2_000
T = TypeVar("T", bound=Struct)


class Session(Struct, frozen=True):
    """Somebody signed in at a station."""

    session: str
    account: str
    station: str
    at: Instant
    how: str = ""
    seen: Instant = Instant(0)  # the last touch, renewed every minute: a restart forgets nobody


class Station(Struct, frozen=True):
    """A device this node has met; its name is kept in the log."""

    station: str
    at: Instant


class Grant(Struct, frozen=True):
    """Proves who made an entry, also weeks later and while somebody else is signed in."""

    account: str
    name: str
    role: str
    station: str


class Tokens:
    """Makes and reads tokens with one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def made(self, said: Struct) -> str:
        """Return the token that says this."""
        body = json.encode(said)
        mark = self._mark(type(said).__name__, body)
        return f"{_text(body)}.{_text(mark)}"

    def read(self, token: str, kind: type[T]) -> T | None:
        """Return what a token says; None for one this node never made."""
        body, _, mark = token.partition(".")
        if len(token) > TOKEN_MAX or not mark:
            return None
        try:
            said, signed = _bytes(body), _bytes(mark)
            if not compare_digest(signed, self._mark(kind.__name__, said)):
                return None
            return json.decode(said, type=kind)
        except (Error, ValueError, DecodeError, ValidationError):
            return None

    def _mark(self, purpose: str, body: bytes) -> bytes:
        return digest(self._key, purpose.encode() + b"\0" + body, sha256)


def _text(body: bytes) -> str:
    return urlsafe_b64encode(body).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
