"""My sign-in: everybody's own passphrase, codes, badge and card."""

from __future__ import annotations

import zxingcpp
from markupsafe import Markup
from pyotp.utils import build_uri
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from wardlight.record.instants import SECOND
from wardlight.rules.access import weak_passphrase, weak_pin
from wardlight.web.access.door import Door, SignedInPerson
from wardlight.web.access.enrol import codes_count, give_badge, give_card, give_passphrase
from wardlight.web.access.gate import SEE_OTHER
from wardlight.web.access.sign_in import PASSKEYS, door_of
from wardlight.web.entering.forms import fields_of
from wardlight.web.page import Content, Desk, Screen, answered
from wardlight.web.times import Times

BADGE_MIN = 4
CHANGES_SHOWN = 10


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [
        Route("/my-sign-in", mine),
        Route("/my-sign-in/passphrase", passphrase, methods=["POST"]),
        Route("/my-sign-in/codes", codes, methods=["POST"]),
        Route("/my-sign-in/codes/confirm", confirm, methods=["POST"]),
        Route("/my-sign-in/badge", badge, methods=["POST"]),
        Route("/my-sign-in/card", card, methods=["POST"]),
    ]


def signed_in(request: Request) -> SignedInPerson:
    """Return who is signed in; raises 403 for nobody."""
    who = getattr(request.state, "who", None)
    if not isinstance(who, SignedInPerson):
        raise HTTPException(403, "Sign in first.")
    return who


async def mine(request: Request) -> Response:
    """Show which ways of signing in this person has, and the forms to add one."""
    return await answered(request, _screen(request))


def _screen(request: Request, status: int = 200, **more: object) -> Screen:
    door, who = door_of(request), signed_in(request)

    async def make(_: Desk, __: Times) -> Content:
        held = door.credentials.of(who.account)
        changes = door.staff().changes_of(who.account)[:CHANGES_SHOWN]
        told = {"held": held, "person": who.person, "changes": changes, "passkeys": PASSKEYS}
        return {**told, "wrong": "", "made": (), "qr": "", **more}

    return Screen(template="my_sign_in.html", make=make, status=status)


class NotFreshError(HTTPException):
    """Somebody wants to change how they sign in, long after they last proved who they are."""

    def __init__(self) -> None:
        words = "Sign in again first: a screen somebody left open must not give their sign-in away."
        super().__init__(403, words)


async def passphrase(request: Request) -> Response:
    """Set the passphrase; the old one, or a card, has opened this session."""
    door, who, fields = await _asked(request)
    typed = fields.get("passphrase", "")
    second = bool(door.credentials.of(who.account).totp)
    wrong = weak_passphrase(typed, second_factor=second)
    if typed != fields.get("again", ""):
        wrong = "The two are not the same."
    if wrong:
        return await answered(request, _screen(request, 422, wrong=wrong))
    await give_passphrase(door, who.account, typed)
    return RedirectResponse("/my-sign-in", SEE_OTHER)


async def codes(request: Request) -> Response:
    """Begin codes from a phone; the picture is shown once."""
    door, who, _ = await _asked(request)
    secret = door.credentials.begin_totp(who.account)
    uri = build_uri(secret, name=who.account, issuer="Wardlight")
    code = zxingcpp.create_barcode(uri, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    svg = Markup(code.to_svg(scale=4))  # noqa: S704 -- drawn by us, of letters we chose
    return await answered(request, _screen(request, qr=svg, secret=secret))


async def confirm(request: Request) -> Response:
    """Let the codes count, once the phone shows the right one."""
    door, who, fields = await _asked(request)
    if not door.credentials.confirm_totp(who.account, fields.get("code", ""), door.now() // SECOND):
        wrong = "That is not the code the phone shows now. Look at its clock, or begin again."
        return await answered(request, _screen(request, 422, wrong=wrong))
    await codes_count(door, who.account)
    return RedirectResponse("/my-sign-in", SEE_OTHER)


async def badge(request: Request) -> Response:
    """Bind a badge and a PIN."""
    door, who, fields = await _asked(request)
    number, pin = fields.get("badge", "").strip(), fields.get("pin", "")
    wrong = weak_pin(pin) if len(number) >= BADGE_MIN else "Hold the badge to the reader first."
    if wrong:
        return await answered(request, _screen(request, 422, wrong=wrong))
    await give_badge(door, who.account, number, pin)
    return RedirectResponse("/my-sign-in", SEE_OTHER)


async def card(request: Request) -> Response:
    """Make a new card of ten codes to be printed; the old one is closed."""
    door, who, _ = await _asked(request)
    made = await give_card(door, who.account, who.account)
    return await answered(request, _screen(request, made=made))


async def _asked(request: Request) -> tuple[Door, SignedInPerson, dict[str, str]]:
    """Return what is asked for by somebody who proved who they are only minutes ago."""
    door, who = door_of(request), signed_in(request)
    if not door.is_fresh(who):
        raise NotFreshError
    return door, who, await fields_of(request)
