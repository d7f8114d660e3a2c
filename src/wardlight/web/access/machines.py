"""Programs of the hospital that read the node without signing in: by a token of their own.

Only the digest of a token is kept, in the settings; 256 random bits need no slow hash.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from hashlib import sha256
from hmac import compare_digest
from ipaddress import ip_address
from typing import Protocol

from starlette.requests import Request

TOKEN_BYTES = 32
SCHEME = "bearer "


class Program(Protocol):
    """One program that may read."""

    @property
    def name(self) -> str:
        """Return what the program is called."""

    @property
    def digest(self) -> str:
        """Return the SHA-256 of its token, in hexadecimal."""


class MachineRules(Protocol):
    """What a site decides of programs."""

    @property
    def programs_here(self) -> bool:
        """Return whether programs of this machine itself read without a token."""

    @property
    def programs(self) -> Iterable[Program]:
        """Return the programs that have a token."""


def new_token() -> str:
    """Return a token nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> str:
    """Return what the settings keep of a token."""
    return sha256(token.encode()).hexdigest()


def program_of(request: Request, rules: MachineRules) -> str:
    """Return which program asks (RFC 6750 §2.1); "" for none that is known."""
    said = request.headers.get("authorization", "")
    if said[: len(SCHEME)].lower() == SCHEME:
        digest = digest_of(said[len(SCHEME) :].strip())
        known = [one.name for one in rules.programs if compare_digest(one.digest, digest)]
        return known[0] if known else ""
    return "this machine" if rules.programs_here and _is_here(request) else ""


def _is_here(request: Request) -> bool:
    """Return whether a program of this machine asks; a browser on it is a person's."""
    if "sec-fetch-mode" in request.headers or "cookie" in request.headers:
        return False
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
