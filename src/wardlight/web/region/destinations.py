"""Where can they go? The question, the ranked list with its reasons, and the decision written down.

A place comes in the body of a form, never in an address: it may be somebody's home. Nothing of the
patient is asked for.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.plan.destinations.destination_answer import Answer, Passed
from wardlight.plan.destinations.destination_policy import ACUITIES
from wardlight.plan.destinations.destinations import Question, nearest_capable, ranked
from wardlight.plan.destinations.drive_time import Drive
from wardlight.plan.destinations.region import ASKED_OF_ENGINE
from wardlight.record.instants import HOUR, clinical_time
from wardlight.record.places import Place
from wardlight.web.entering.forms import fields_of
from wardlight.web.page import Content, Desk, Screen, answered
from wardlight.web.region.lines import (
    decision_line,
    destination_line,
    shown_as_json,
    term_lines,
)
from wardlight.web.region.state import RegionNow, region_now
from wardlight.web.times import Times
from wardlight.wire.region.typed_place import typed_place

ANY, PLACES_OFFERED_MAX = "any", 400
RECENT_MS, RECENT_MAX = 6 * HOUR, 40
SEVERAL = "Several places fit: say which."
NO_SUCH_NEED = "The policy in use names no such kind of patient: choose it again."
NOT_FOUND = "No place is known by this. Write degrees (41.78, -72.51), a grid square, or a town."


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/destinations", form), Route("/destinations", ask, methods=["POST"])]


async def form(request: Request) -> Response:
    """Show the question, and what was decided lately."""
    return await answered(request, _screen({}))


async def ask(request: Request) -> Response:
    """Show where they can go."""
    return await answered(request, _screen(await fields_of(request)))


def _screen(fields: dict[str, str]) -> Screen:
    async def make(desk: Desk, t: Times) -> Content:
        here = region_now(desk, desk.clock())
        return {
            "at_site": next(iter(desk.sites)),
            **_question(here, fields),
            **_recent(desk, here, t),
            **await _list(here, fields, t.zone),
        }

    return Screen(template="destinations.html", make=make)


def _question(here: RegionNow, fields: dict[str, str]) -> Content:
    policy = here.region.policy
    return {
        "needs": [(one.code, one.words) for one in policy.needs.values()],
        "acuities": ACUITIES,
        "place": fields.get("place", "")[:120],
        "need": fields.get("need") if fields.get("need") in policy.needs else ANY,
        "acuity": fields.get("acuity") if fields.get("acuity") in ACUITIES else "",
        "known_at": fields.get("known_at", "")[:40],
        "places": [one.words for one in here.region.places[:PLACES_OFFERED_MAX]],
        "policy": policy,
        "hospitals": len(here.index),
        "notices": here.notices(),
        "answer": None,
        "wrong": "",
        "like": (),
    }


async def _list(here: RegionNow, fields: dict[str, str], zone: str) -> Content:
    """Return the answer to a question that was asked; what is wrong with it otherwise."""
    if "place" not in fields:
        return {}
    if fields.get("need", ANY) not in here.region.policy.needs:
        return {"wrong": NO_SUCH_NEED}
    place = typed_place(fields["place"], here.region.places)
    if not isinstance(place, Place):
        return {"wrong": SEVERAL if place else NOT_FOUND, "like": place}
    asked = _question(here, fields)
    question = Question(
        origin=place, need=asked["need"], acuity=asked["acuity"], known_at=asked["known_at"]
    )
    drives, notice = await _drives(here, place)
    answer = ranked(here.index, question, here.with_drives(drives), here.region.policy)
    instead = nearest_capable(answer, here.region.policy.needs[asked["need"]])
    now = here.state.now
    return {
        "answer": answer,
        "engine": notice,
        "at": place,
        "asked_at": clinical_time(now, zone),
        "list": [destination_line(one, now) for one in answer.ranked],
        "passed": [_passed(one) for one in answer.passed],
        "terms": term_lines(answer),
        "shown": shown_as_json(answer),
        "instead": instead.hospital.code if instead else "",
        "source": _sources(answer),
    }


async def _drives(here: RegionNow, place: Place) -> tuple[dict[str, Drive], str]:
    """Return the drives better than the ruler's, known times first; and what the engine says."""
    known, engine, notice = here.region.drives(place), here.region.engine, ""
    if engine is None:
        return known, ""
    near = zip(range(ASKED_OF_ENGINE), here.index.nearest_first(place.at), strict=False)
    told, notice = await engine.drives(place, tuple(one for _, (_, one) in near))
    return {**told, **known}, notice


def _sources(answer: Answer) -> str:
    return ", ".join(dict.fromkeys(one.drive.source for one in answer.ranked))


def _passed(one: Passed) -> Content:
    return {
        "name": one.candidate.hospital.name,
        "drive": one.candidate.drive.words(),
        "rule": one.rule,
    }


def _recent(desk: Desk, here: RegionNow, t: Times) -> Content:
    now, made = here.state.now, desk.views.destinations
    names = {one.code: one.name for one in here.index.hospitals}
    stand = {one.id for one in made.standing(now)}
    recent = made.recent(now, RECENT_MS)[:RECENT_MAX]
    return {"recent": [decision_line(one, names, one.id in stand, t) for one in recent]}
