"""Passkeys: a security key or the device itself proves who somebody is (WebAuthn level 2).

The key is bound to this node's name, so that a page of a stranger gets nothing of it. It asks for
a finger, a face or a PIN by itself, which makes it two factors in one touch.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from msgspec import DecodeError, Struct, ValidationError, json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from wardlight.web.access.credentials_page import NotFreshError, signed_in
from wardlight.web.access.enrol import passkey_kept
from wardlight.web.access.gate import SESSION_COOKIE, local_path, session_cookie
from wardlight.web.access.sign_in import PASSKEYS, WRONG, address_of, door_of
from wardlight.web.security import name_of

if TYPE_CHECKING:
    from types import ModuleType

    from wardlight.web.access.passkey_proofs import Party

BYTES_MAX = 64 * 1024
UNAUTHORIZED = 401
NOT_INSTALLED = "Passkeys are not installed on this node: pip install 'wardlight[passkeys]'."
NEEDS_A_NAME = "A passkey is bound to a name: open Wardlight by its name, not by an address."


class Answer(Struct, frozen=True):
    """What a browser brings back: the ticket of the challenge and what the key signed."""

    ticket: str
    credential: dict[str, Any]
    next: str = "/"

    def signed(self) -> str:
        """Return what the key signed, as the library reads it."""
        return json.encode(self.credential).decode()


_DECODER = json.Decoder(Answer)


def routes() -> list[BaseRoute]:
    """Return the addresses the script of the page asks."""
    return [
        Route("/passkey/begin", begin, methods=["POST"]),
        Route("/passkey/enter", enter, methods=["POST"]),
        Route("/my-sign-in/passkey/begin", begin_adding, methods=["POST"]),
        Route("/my-sign-in/passkey/keep", keep, methods=["POST"]),
    ]


async def begin(request: Request) -> Response:
    """Return a challenge for whoever has a passkey of this node."""
    proofs, party = _proofs(), _party(request)
    nonce, ticket = door_of(request).challenges.new()
    options = json.decode(proofs.options_to_enter(party, nonce))
    return JSONResponse({"ticket": ticket, "options": options})


async def enter(request: Request) -> Response:
    """Open a session for the owner of a passkey."""
    proofs, party, door = _proofs(), _party(request), door_of(request)
    if door.throttle.wait_ms(address_of(request), door.now()):
        raise HTTPException(429, "Too many tries from this station: wait a minute.")
    answer = await _answer(request)
    nonce = door.challenges.taken(answer.ticket)
    found = door.credentials.passkey(str(answer.credential.get("id", "")))
    person = door.staff().account(found[0]) if found else None
    count = None
    if found is not None and nonce is not None:
        count = proofs.entered(party, answer.signed(), nonce, found[1])
    if found is None or count is None or person is None or person.has_ended(door.now()):
        door.throttle.wrong(address_of(request), door.now())
        await door.refused(found[0] if found else "", request.state.station, "passkey")
        return JSONResponse({"because": WRONG}, UNAUTHORIZED)
    door.throttle.right(address_of(request))
    door.credentials.count_passkey(found[0], found[1].id, count)
    await door.close_session(request.cookies.get(SESSION_COOKIE, ""))
    token = await door.open_session(found[0], request.state.station, "passkey")
    told = JSONResponse({"next": local_path(answer.next)})
    secure = request.url.scheme == "https"
    told.headers.append("set-cookie", session_cookie(token, secure=secure))
    return told


async def begin_adding(request: Request) -> Response:
    """Return a challenge to make a passkey for whoever is signed in."""
    proofs, party, door, who = _proofs(), _party(request), door_of(request), signed_in(request)
    if not door.is_fresh(who):
        raise NotFreshError
    nonce, ticket = door.challenges.new(who.account)
    held = door.credentials.of(who.account).passkeys
    options = json.decode(proofs.options_to_add(party, who.person, held, nonce))
    return JSONResponse({"ticket": ticket, "options": options})


async def keep(request: Request) -> Response:
    """Keep a passkey somebody made for themselves."""
    proofs, party, door, who = _proofs(), _party(request), door_of(request), signed_in(request)
    answer = await _answer(request)
    nonce = door.challenges.taken(answer.ticket, who.account)
    made = proofs.added(party, answer.signed(), nonce) if nonce else None
    if made is None or door.credentials.passkey(made.id) is not None:
        return JSONResponse({"because": "That passkey was not taken. Try again."}, 422)
    door.credentials.keep_passkey(who.account, made)
    await passkey_kept(door, who.account)
    return JSONResponse({"next": "/my-sign-in"})


def _proofs() -> ModuleType:
    """Return the library's side of it, which takes a moment and 5 MB to load."""
    if not PASSKEYS:
        raise HTTPException(404, NOT_INSTALLED)
    from wardlight.web.access import passkey_proofs  # noqa: PLC0415 -- only where passkeys are used

    return passkey_proofs


def _party(request: Request) -> Party:
    host = request.headers.get("host", "")
    name = name_of(host)
    if is_address(name):
        raise HTTPException(422, NEEDS_A_NAME)
    party: Party = _proofs().Party(name, f"{request.url.scheme}://{host}")
    return party


def is_address(name: str) -> bool:
    """Return whether a name is an address, to which no passkey can be bound (WebAuthn §5.1.2)."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


async def _answer(request: Request) -> Answer:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BYTES_MAX:
            raise HTTPException(413, "That is more than a passkey says.")
    try:
        return _DECODER.decode(body)
    except (DecodeError, ValidationError) as error:
        raise HTTPException(400, "This is not what a passkey says.") from error
