"""The people of a node: who works here, as what, on which wards; added by hand or by roster."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.access import Role, RosterRead, StaffStated
from wardlight.record.instants import Instant, instant_of, zone_named
from wardlight.rules.access import ACCOUNT_MAX, wrong_account
from wardlight.views.staff import Account
from wardlight.web.access.credentials_page import NotFreshError, signed_in
from wardlight.web.access.door import Door
from wardlight.web.access.enrol import give_card
from wardlight.web.access.gate import SEE_OTHER
from wardlight.web.access.sign_in import door_of
from wardlight.web.entering.forms import fields_of
from wardlight.web.page import Content, Desk, Screen, answered, desk_of
from wardlight.web.times import Times
from wardlight.wire.roster import Roster, read_roster

ROSTER_BYTES_MAX = 5 * 2**20
LEAVING_MAX = 5  # whose access one file may end, or a tenth of everybody


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [
        Route("/people", people),
        Route("/people/add", add, methods=["POST"]),
        Route("/people/roster", roster, methods=["POST"]),
        Route("/people/disable", disable, methods=["POST"]),
        Route("/people/card", card, methods=["POST"]),
        Route("/people/out", sign_out, methods=["POST"]),
    ]


async def people(request: Request) -> Response:
    """Show everybody, with their role, wards and ways of signing in."""
    return await answered(request, _screen(request))


def _screen(request: Request, status: int = 200, **more: object) -> Screen:
    door = door_of(request)

    async def make(_: Desk, __: Times) -> Content:
        staff, held = door.staff(), door.credentials.of
        rows = [
            (one, held(one.account), len(staff.sessions_of(one.account)))
            for one in staff.accounts()
        ]
        empty: Content = {"wrong": "", "roster": None, "made": (), "whose": ""}
        return {"rows": rows, "roles": tuple(Role), **empty, **more}

    return Screen(template="people.html", make=make, status=status)


async def add(request: Request) -> Response:
    """Add somebody, or change their name, role or wards."""
    door, who, fields = door_of(request), signed_in(request), await fields_of(request)
    account = fields.get("account", "").strip().casefold()
    name, role = fields.get("name", "").strip(), fields.get("role", "")
    if not account or not name or role not in tuple(Role):
        wrong = "An account, a name and a role are needed."
        return await answered(request, _screen(request, 422, wrong=wrong))
    until = _until(fields.get("until", ""), desk_of(request).zone(""))
    said = StaffStated(
        account=account,
        name=name,
        role=Role(role),
        sites=tuple(fields.get("sites", "").split()),
        units=tuple(fields.get("units", "").split()),
        origin=who.account,
        until=None if isinstance(until, str) else until,
    )
    no_day = until if isinstance(until, str) else ""
    if wrong := no_day or wrong_account(said, tuple(desk_of(request).sites)):
        return await answered(request, _screen(request, 422, wrong=f"Not like this: {wrong}."))
    await door.state(said, who.account)
    return RedirectResponse("/people", SEE_OTHER)


def _until(typed: str, zone: str) -> Instant | str | None:
    """Return the end of somebody's last day; None without one, words for what is no day."""
    if not typed.strip():
        return None
    try:
        day = date.fromisoformat(typed.strip()) + timedelta(days=1)
    except (ValueError, OverflowError):
        return "the last day is written as 2026-12-31"
    return instant_of(datetime.combine(day, time(0), zone_named(zone)))


async def roster(request: Request) -> Response:
    """Read a roster file: identity and role only. Whoever is not in it keeps their access."""
    door, who = door_of(request), signed_in(request)
    async with request.form(max_files=1, max_fields=3, max_part_size=ROSTER_BYTES_MAX) as form:
        upload = form.get("file")
        if upload is None or isinstance(upload, str):
            raise HTTPException(422, "Choose a roster file first.")
        body = await upload.read(ROSTER_BYTES_MAX + 1)
    if len(body) > ROSTER_BYTES_MAX:
        raise HTTPException(413, "A roster holds at most 5 MB.")
    found = read_roster(body)
    refused = await take_roster(door, found, who.account, tuple(desk_of(request).sites))
    read = replace(found, refused=(*found.refused, *refused))
    return await answered(request, _screen(request, roster=read))


async def take_roster(
    door: Door, found: Roster, by: str, known: Collection[str]
) -> tuple[tuple[int, str], ...]:
    """Write down what a roster says, and that it was read; return what was not done, and why.

    Whose access was ended here gets it back from a person, never from a file. A file that would
    end the access of many is more likely wrong than right.
    """
    refused = []
    for one in found.people:
        held = door.staff().account(one.account)
        if wrong := wrong_account(one, known):
            refused.append((0, f"{one.account[:ACCOUNT_MAX]}: {wrong}"))
        elif held is not None and held.disabled:
            refused.append((0, f"{one.account}: access was ended here; give it back under People"))
        elif held is None or _changed(held, one):
            await door.state(replace(one, until=held.until if held else None), by)
    refused += await _let_go(door, found, by)
    await door.say(RosterRead(origin=found.kind, people=len(found.people)), by)
    return tuple(refused)


async def _let_go(door: Door, found: Roster, by: str) -> list[tuple[int, str]]:
    active = {one.account for one in door.staff().accounts() if not one.disabled}
    leaving = [one for one in found.left if one in active and one != by]
    if len(leaving) > max(LEAVING_MAX, len(active) // 10):
        words = f"{len(leaving)} of {len(active)} people would lose their access: nobody did"
        return [(0, f"{words}; if it is right, end it under People")]
    for one in leaving:
        await door.disable(one, by, f"left, says the {found.kind} roster")
    return []


def _changed(held: Account, said: StaffStated) -> bool:
    now = (said.name, said.role, said.sites, said.units)
    return (held.name, held.role, held.sites, held.units) != now


async def disable(request: Request) -> Response:
    """End somebody's access: their sessions end now and their credentials are gone."""
    door, who, fields = door_of(request), signed_in(request), await fields_of(request)
    account = fields.get("account", "")
    if account == who.account:
        raise HTTPException(422, "Nobody ends their own access: ask another administrator.")
    await door.disable(account, who.account, fields.get("reason", "")[:200])
    return RedirectResponse("/people", SEE_OTHER)


async def card(request: Request) -> Response:
    """Make a card of one-time codes for somebody, to be printed and sealed."""
    door, who, fields = door_of(request), signed_in(request), await fields_of(request)
    if not door.is_fresh(who):
        raise NotFreshError
    person = door.staff().account(fields.get("account", ""))
    if person is None or person.has_ended(door.now()):
        raise HTTPException(404, "There is no such account.")
    made = await give_card(door, person.account, who.account)
    return await answered(request, _screen(request, made=made, whose=person.name))


async def sign_out(request: Request) -> Response:
    """End every session of somebody: a tablet was lost, or left somewhere open."""
    door, fields = door_of(request), await fields_of(request)
    await door.sign_out_everywhere(fields.get("account", ""))
    return RedirectResponse("/people", SEE_OTHER)
