"""One-time cards to print: one person's, and those of everybody who cannot sign in yet."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.paper.card import CardSheet, card_pages
from wardlight.views.staff import Account
from wardlight.web.access.credentials_page import NotFreshError, signed_in
from wardlight.web.access.door import Door, SignedInPerson
from wardlight.web.access.enrol import give_card
from wardlight.web.access.sign_in import door_of
from wardlight.web.entering.forms import fields_of
from wardlight.web.page import desk_of
from wardlight.web.times import Times

AT_ONCE = 20  # each takes half a second of a core
NO_ACCOUNT = "There is no such account."
NOBODY_WAITS = "Everybody has a way to sign in, or a card."


def routes() -> list[BaseRoute]:
    """Return the addresses of what is printed."""
    return [
        Route("/people/card.pdf", one, methods=["POST"]),
        Route("/people/cards.pdf", waiting, methods=["POST"]),
        Route("/my-sign-in/card.pdf", mine, methods=["POST"]),
    ]


async def one(request: Request) -> Response:
    """Print a new card for somebody."""
    door, who = _asked(request)
    person = door.staff().account((await fields_of(request)).get("account", ""))
    if person is None or person.has_ended(door.now()):
        raise HTTPException(404, NO_ACCOUNT)
    return await _printed(request, [person], who.account)


async def waiting(request: Request) -> Response:
    """Print cards for the next people who have no way to sign in yet."""
    door, who = _asked(request)
    people = without_sign_in(door)[:AT_ONCE]
    if not people:
        raise HTTPException(404, NOBODY_WAITS)
    return await _printed(request, people, who.account)


async def mine(request: Request) -> Response:
    """Print a new card for whoever asks."""
    _, who = _asked(request)
    return await _printed(request, [who.person], who.account)


def without_sign_in(door: Door) -> list[Account]:
    """Return who may sign in and has neither a way to do so nor a card."""
    active = [one for one in door.staff().accounts() if not one.has_ended(door.now())]
    held = [(one, door.credentials.of(one.account)) for one in active]
    return [one for one, ways in held if not ways.lasts() and not ways.codes_left()]


def _asked(request: Request) -> tuple[Door, SignedInPerson]:
    door, who = door_of(request), signed_in(request)
    if not door.is_fresh(who):
        raise NotFreshError
    return door, who


async def _printed(request: Request, people: list[Account], by: str) -> Response:
    desk, door = desk_of(request), door_of(request)
    site = next(iter(desk.sites.values()))
    made = Times(now=door.now(), zone=site.zone).full(door.now())
    cards = [
        CardSheet(
            site=site.name,
            name=person.name,
            role=str(person.role),
            account=person.account,
            made=str(made),
            codes=await give_card(door, person.account, by),
        )
        for person in people
    ]
    body = card_pages(cards, desk.press(), paper=site.paper).body
    return Response(body, media_type="application/pdf")
