"""Challenges for passkeys: signed, good for two minutes, and good for once."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode
from collections import OrderedDict

from msgspec import Struct

from wardlight.record.instants import MINUTE, Clock, Instant
from wardlight.web.access.tokens import Tokens

GOOD_FOR_MS = 2 * MINUTE
NONCE_BYTES = 32
USED_MAX = 10_000


class Challenge(Struct, frozen=True):
    """What an authenticator is to sign, and for whom; "" for whoever it turns out to be."""

    nonce: str
    account: str
    at: Instant


class Challenges:
    """Makes challenges and takes each back once."""

    def __init__(self, tokens: Tokens, clock: Clock) -> None:
        self._tokens = tokens
        self._clock = clock
        self._used: OrderedDict[str, None] = OrderedDict()

    def new(self, account: str = "") -> tuple[bytes, str]:
        """Return a challenge and the ticket the browser brings back with what was signed."""
        nonce = secrets.token_hex(NONCE_BYTES)
        return bytes.fromhex(nonce), self._tokens.made(Challenge(nonce, account, self._clock()))

    def taken(self, ticket: str, account: str = "") -> bytes | None:
        """Return the challenge of a ticket, once; None for one that is old, used or another's."""
        said = self._tokens.read(ticket, Challenge)
        if said is None or said.account != account or said.nonce in self._used:
            return None
        self._used[said.nonce] = None
        while len(self._used) > USED_MAX:
            self._used.popitem(last=False)
        return bytes.fromhex(said.nonce) if self._clock() - said.at <= GOOD_FOR_MS else None


def plain(text: str) -> bytes:
    """Return the bytes of base64url without padding (RFC 4648 §5)."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
