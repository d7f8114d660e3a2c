"""Breaking the glass: a chart outside one's wards, for a reason, seen by the privacy officer."""

from __future__ import annotations

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.access import GlassReviewed
from wardlight.record.identity import PatientKey
from wardlight.views.staff import Opening, Reading
from wardlight.views.words import name_words
from wardlight.web.access.credentials_page import signed_in
from wardlight.web.access.door import Door, SignedInPerson
from wardlight.web.access.gate import SEE_OTHER, local_path
from wardlight.web.access.sight import sight_of
from wardlight.web.access.sign_in import door_of
from wardlight.web.entering.forms import fields_of
from wardlight.web.page import Content, Desk, Screen, answered, desk_of, patient_of
from wardlight.web.times import Times

REASONS = (
    "I am treating this patient now",
    "Emergency on another ward",
    "Consult that was asked for",
    "Transfer or bed planning",
    "Other, said below",
)
GLASS = "GLASS BROKEN by {name} until {until}. The privacy officer looks at every opening."
WORDS_MAX = 300
SHOWN_MAX = 200


class GlassNeededError(HTTPException):
    """A chart outside the wards of whoever asks: it opens after they say why."""

    def __init__(self, patient: PatientKey) -> None:
        super().__init__(403, "This patient is not on your wards.")
        self.patient = patient


def routes() -> list[BaseRoute]:
    """Return the addresses of these screens."""
    return [
        Route("/glass/{handle}", break_it, methods=["POST"]),
        Route("/audit", audit),
        Route("/audit/of/{handle}", audit_of),
        Route("/audit/{id}", review, methods=["POST"]),
    ]


def assert_may_read(request: Request, desk: Desk, patient: PatientKey) -> None:
    """Let a person read a chart that is theirs to read; raises GlassNeededError for another's."""
    door, who = desk.access, getattr(request.state, "who", None)
    if not isinstance(door, Door):
        return
    if who is None:
        raise HTTPException(403, "Sign in first.")
    if not sight_of(request).patient(desk, patient):
        stay, opening = desk.views.census.stay(patient), _opening(desk, door, who, patient)
        if opening is None:
            raise GlassNeededError(patient)
        zone = desk.zone(stay.site if stay else "")
        until = Times(now=door.now(), zone=zone).at(opening.said.until)
        request.state.glass = GLASS.format(name=who.name, until=until)
    door.opened(who, patient)


def note_reading(request: Request, desk: Desk, patient: PatientKey) -> None:
    """Write down that somebody learns of a chart without opening it; nothing is refused here."""
    door, who = desk.access, getattr(request.state, "who", None)
    if isinstance(door, Door) and who is not None and desk.views.people.person(patient) is not None:
        door.opened(who, patient)


def is_opened(request: Request, desk: Desk, patient: PatientKey) -> bool:
    """Return whether whoever asks has broken the glass of a chart, and it is open still."""
    door, who = desk.access, getattr(request.state, "who", None)
    if not isinstance(door, Door) or who is None:
        return False
    return _opening(desk, door, who, patient) is not None


def _opening(desk: Desk, door: Door, who: SignedInPerson, patient: PatientKey) -> Opening | None:
    """Return the broken glass a chart is open by, also under a number it was merged from."""
    numbers = (patient, *desk.views.people.aliases(patient))
    return next(filter(None, (door.opening(who, one) for one in numbers)), None)


def unit_read(request: Request, site: str, unit: str) -> None:
    """Write down that somebody took the charts of a whole unit: a pack holds each of them."""
    desk, who = desk_of(request), getattr(request.state, "who", None)
    if isinstance(desk.access, Door) and who is not None:
        for stay in desk.views.census.present(site, unit):
            desk.access.opened(who, desk.views.people.resolve(stay.patient))


async def ask_why(request: Request, error: Exception) -> Response:
    """Show that a chart is closed to this person, and how it is opened."""
    assert isinstance(error, GlassNeededError), "registered for this class only"
    handle = desk_of(request).handles.of(error.patient)

    async def make(_: Desk, __: Times) -> Content:
        next_ = local_path(request.url.path)
        return {"handle": handle, "reasons": REASONS, "next": next_, "wrong": ""}

    return await answered(request, Screen(template="glass.html", make=make, status=403))


async def break_it(request: Request) -> Response:
    """Open the chart for four hours and put the opening on the review list."""
    door, who, desk = door_of(request), signed_in(request), desk_of(request)
    patient = await patient_of(desk, request.path_params["handle"])
    fields = await fields_of(request)
    reason, words = fields.get("reason", ""), fields.get("words", "").strip()[:WORDS_MAX]
    if reason not in REASONS or not words:
        raise HTTPException(422, "Choose a reason and say it in a few words, then open.")
    await door.break_glass(who, patient, reason, words)
    return RedirectResponse(local_path(fields.get("next", "/")), SEE_OTHER)


class Row(Struct, frozen=True):
    """An opening or a reading, and whose chart it was."""

    what: Opening | Reading
    name: str
    href: str  # all that was opened of this chart


async def audit(request: Request) -> Response:
    """Show every opening that waits for review, and who read which chart."""
    return await answered(request, _list(request, None))


async def audit_of(request: Request) -> Response:
    """Show who opened one patient's chart, and why."""
    patient = await patient_of(desk_of(request), request.path_params["handle"])
    return await answered(request, _list(request, patient))


def _list(request: Request, patient: PatientKey | None) -> Screen:
    door = door_of(request)

    def of(desk: Desk, one: PatientKey) -> bool:
        return patient in (None, desk.views.people.resolve(one))

    async def make(desk: Desk, _: Times) -> Content:
        staff = door.staff()
        every = [one for one in staff.openings() if of(desk, one.said.patient)]
        readings = [one for one in staff.readings() if of(desk, one.patient)]
        return {
            "whose": _name(desk, patient) if patient else "",
            "openings": [_row(desk, one, one.said.patient) for one in every[:SHOWN_MAX]],
            "readings": [_row(desk, one, one.patient) for one in readings[:SHOWN_MAX]],
            "often": () if patient else staff.often(door.now()),
            "waiting": sum(one.reviewed is None for one in every),
            "all": len(readings),
        }

    return Screen(template="audit.html", make=make)


def _row(desk: Desk, what: Opening | Reading, patient: PatientKey) -> Row:
    handle = desk.handles.of(desk.views.people.resolve(patient))
    return Row(what, _name(desk, patient), f"/audit/of/{handle}")


def _name(desk: Desk, patient: PatientKey) -> str:
    person = desk.views.people.person(desk.views.people.resolve(patient))
    return name_words(person.name) if person else "not known here any more"


async def review(request: Request) -> Response:
    """Write down what came of looking at one opening."""
    door, who = door_of(request), signed_in(request)
    note = (await fields_of(request)).get("note", "").strip()[:WORDS_MAX]
    if not note:
        raise HTTPException(422, "Say what came of it.")
    reviewed = GlassReviewed(id=request.path_params["id"], by=who.name, note=note)
    await door.say(reviewed, who.account)
    return RedirectResponse("/audit", SEE_OTHER)
