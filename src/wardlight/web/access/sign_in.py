"""Signing in, switching and locking at a shared station."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from wardlight.views.staff import Account
from wardlight.web.access.door import Door
from wardlight.web.access.gate import SEE_OTHER, SESSION_COOKIE, local_path, session_cookie
from wardlight.web.entering.forms import fields_of
from wardlight.web.page import Content, Desk, Screen, answered, desk_of
from wardlight.web.times import Times

WRONG = "That did not fit. Nothing was opened; try again, or another way below."
PIN_CLOSED = (
    "Five wrong PINs: sign in with the passphrase or a card once, then the badge works again."
)
PIN_NEXT = "Badge read. Now the PIN."
CLOCK = (
    "This node's clock is not right, so no code of a phone counts: take the badge, a passkey or a "
    "one-time card, and have the clock set."
)
TOO_OFTEN = "Too many tries from this station: wait {} seconds. Other stations are not held up."
TOO_MANY, UNAUTHORIZED = 429, 401
PASSKEYS = find_spec("webauthn") is not None  # the extra `passkeys` of the package


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [
        Route("/sign-in", page),
        Route("/sign-in", enter, methods=["POST"]),
        Route("/sign-out", leave, methods=["POST"]),
        Route("/touch", touch, methods=["POST"]),
    ]


def door_of(request: Request) -> Door:
    """Return the door of this node; 404 where nobody signs in."""
    door = desk_of(request).access
    if not isinstance(door, Door):
        raise HTTPException(404, "Nobody signs in here.")
    return door


async def page(request: Request) -> Response:
    """Show the ways to sign in; what was being read comes back afterwards."""
    return await answered(request, _screen(request, request.query_params.get("next", "")))


def _screen(
    request: Request, next_: str, wrong: str = "", status: int = 200, badge: str = ""
) -> Screen:
    door = door_of(request)

    async def make(_: Desk, __: Times) -> Content:
        tiles: tuple[Account, ...] = door.staff().accounts() if door.demo else ()
        return {
            "next": local_path(next_),
            "wrong": wrong,
            "tiles": tiles,
            "door": door,
            "badge": badge,
            "passkeys": PASSKEYS,
        }

    return Screen(template="sign_in.html", make=make, status=status)


async def enter(request: Request) -> Response:
    """Open a session for whoever proved who they are; the one before at this station ends."""
    door = door_of(request)
    fields = await fields_of(request)
    next_, address = fields.get("next", "/"), address_of(request)
    wait = door.throttle.wait_ms(address, door.now())
    if wait:
        words = TOO_OFTEN.format(-(-wait // 1000))
        return await answered(request, _screen(request, next_, words, TOO_MANY))
    if fields.get("badge") and not fields.get("pin"):
        screen = _screen(request, next_, PIN_NEXT, badge=fields["badge"])
        return await answered(request, screen)
    door.throttle.wrong(address, door.now())  # until it was right: many at once count as many
    account, how = await _proved(door, fields)
    person = door.staff().account(account) if account else None
    if person is None or person.has_ended(door.now()):
        await door.refused(_claimed(door, fields), request.state.station, how)
        words = _words(door, fields)
        return await answered(request, _screen(request, next_, words, UNAUTHORIZED))
    door.throttle.right(address)
    return await opened(request, account, how, next_)


async def opened(request: Request, account: str, how: str, next_: str) -> Response:
    """Open a session for somebody who proved who they are, and go on to what they wanted."""
    door = door_of(request)
    await door.close_session(request.cookies.get(SESSION_COOKIE, ""))
    token = await door.open_session(account, request.state.station, how)
    answer = RedirectResponse(local_path(next_), SEE_OTHER)
    secure = request.url.scheme == "https"
    answer.headers.append("set-cookie", session_cookie(token, secure=secure))
    return answer


def address_of(request: Request) -> str:
    """Return the address a request comes from."""
    return request.client.host if request.client else ""


def _claimed(door: Door, fields: Mapping[str, str]) -> str:
    """Return whom somebody said they were, or whose badge they held."""
    badge = fields.get("badge", "")
    return door.credentials.badge_owner(badge) if badge else fields.get("account", "").casefold()


def _words(door: Door, fields: Mapping[str, str]) -> str:
    owner = door.credentials.badge_owner(fields.get("badge", "")) if fields.get("badge") else ""
    if owner and door.credentials.pins_used_up(owner):
        return PIN_CLOSED
    return CLOCK if fields.get("code") and door.doubted() else WRONG


async def _proved(door: Door, fields: Mapping[str, str]) -> tuple[str, str]:
    """Return the account that was proved and how; "" for none."""
    if fields.get("demo") and door.demo:
        return fields["demo"], "demo"
    if fields.get("badge"):
        return await door.by_badge(fields["badge"], fields.get("pin", "")), "badge"
    account = fields.get("account", "").strip().casefold()
    if fields.get("card"):
        return await door.by_card(account, fields["card"]), "card"
    passphrase, code = fields.get("passphrase", ""), fields.get("code", "")
    return await door.by_passphrase(account, passphrase, code), "passphrase"


async def leave(request: Request) -> Response:
    """End the session. What waits to be sent stays on the device."""
    door = door_of(request)
    await door.close_session(request.cookies.get(SESSION_COOKIE, ""))
    next_ = local_path((await fields_of(request)).get("next", "/"))
    answer = RedirectResponse(f"/sign-in?next={quote(next_)}", SEE_OTHER)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


async def touch(_: Request) -> Response:
    """Take note that somebody is at the screen: the gate has done it."""
    return Response(status_code=204)
