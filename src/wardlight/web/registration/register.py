"""Registering a patient: search first, four fields, a number from this station's own block.

The page works with no server: it takes the number from the device and looks for people who look
alike in the census the device last saw (`/census.json`).
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from wardlight.record.codes import StayClass
from wardlight.record.identity import PatientKey
from wardlight.record.instants import local
from wardlight.views.patients.similar import census_extract
from wardlight.views.words import name_words, number_of
from wardlight.web.access.glass import assert_may_read
from wardlight.web.access.sight import Sight, sight_of
from wardlight.web.entering.writing import NotKeptError
from wardlight.web.page import Content, Desk, Screen, desk_of, patient_of, shown, who_of
from wardlight.web.times import Times, heard

SEE_OTHER = 303
NUMBERS_WANTED = 20  # a station tops its own block up below this
SHOWN_MAX = 30
ARRIVED_BY = ("walk-in", "ambulance", "police", "transfer from another hospital", "helicopter")
CLASSES = (
    (StayClass.EMERGENCY, "Emergency"),
    (StayClass.INPATIENT, "Inpatient"),
    (StayClass.OBSERVATION, "Observation"),
    (StayClass.OUTPATIENT, "Outpatient"),
    (StayClass.NEWBORN, "Newborn"),
)
TRIAGE = ("1 resuscitation", "2 emergent", "3 urgent", "4 less urgent", "5 non-urgent")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [
        Route("/register", anywhere),
        Route("/register/{site}", register),
        Route("/registered/{site}", registered),
        Route("/census.json", census),
        Route("/numbers", numbers),
    ]


async def anywhere(request: Request) -> Response:
    """Go to the form of the only site there is, or of the first."""
    site = next(iter(desk_of(request).sites))
    return RedirectResponse(f"/register/{site}", SEE_OTHER)


async def register(request: Request) -> Response:
    """Show the form; with `?mother=` the form of a newborn."""
    site = desk_of(request).site(request.path_params["site"])
    mother = request.query_params.get("mother", "")
    key = await patient_of(desk_of(request), mother) if mother else None
    if key is not None:
        assert_may_read(request, desk_of(request), key)

    async def make(desk: Desk, t: Times) -> Content:
        return {
            "home": site.code,
            "mother": _mother(desk, key, mother),
            "arrived_by": ARRIVED_BY,
            "classes": CLASSES,
            "triage": TRIAGE,
            "months": tuple(enumerate(MONTHS, 1)),
            "year": local(t.now, t.zone).year,
            "units": [one.unit for one in desk.views.census.units(site.code)],
        }

    return await shown(request, Screen(template="register.html", make=make, site=site.code))


def _mother(desk: Desk, key: PatientKey | None, handle: str) -> dict[str, str] | None:
    person = desk.views.people.person(key) if key else None
    if key is None or person is None:
        return None
    words = person.name.family or person.name.given or "unknown mother"
    return {"handle": handle, "name": name_words(person.name), "family": words}


async def registered(request: Request) -> Response:
    """Show who was registered last, with their bands and labels to print."""
    site = desk_of(request).site(request.path_params["site"])
    sight = sight_of(request)

    async def make(desk: Desk, _: Times) -> Content:
        return {"home": site.code, "rows": _last(desk, site.code, sight)}

    return await shown(request, Screen(template="registered.html", make=make, site=site.code))


def _last(desk: Desk, site: str, sight: Sight) -> list[dict[str, object]]:
    """Return the newest stays that began with a downtime number, newest first."""
    here = desk.views.census.present(site)
    stays = [stay for stay in here if stay.stamp.entry and sight.stay(stay)]
    stays.sort(key=lambda stay: -stay.stamp.recorded)
    rows = []
    for stay in stays[:SHOWN_MAX]:
        person = desk.views.people.person(stay.patient)
        if person is not None:
            label, number = number_of(stay.patient, person)
            rows.append(
                {
                    "name": name_words(person.name),
                    "number": f"{label} {number}",
                    "href": desk.patient_url(stay.patient),
                    "stay": stay,
                }
            )
    return rows


async def census(request: Request) -> Response:
    """Give the device who is in house, on the wards of whoever is signed in, to search alone."""
    desk = desk_of(request)
    who = who_of(request)
    mine = set(getattr(getattr(who, "person", None), "units", ()))
    rows = []
    for site in desk.sites:
        units = [one.partition("/")[2] for one in mine if one.startswith(f"{site}/")]
        if mine and not units:
            continue
        for patient, row in census_extract(desk.views, site, units or None):
            rows.append({**row, "h": desk.handles.of(patient)})
    t = Times(now=desk.clock(), zone=desk.zone(""))
    stamps = [stay.stamp for stay in desk.views.census.present()]
    as_of = t.full(heard(desk.views, stamps, t.now))
    return JSONResponse({"as_of": str(as_of), "rows": rows})


async def numbers(request: Request) -> Response:
    """Top a station's own block of downtime numbers up; they are its alone from then on."""
    desk = desk_of(request)
    have = request.query_params.get("have", "0")
    enough = have.isascii() and have.isdigit() and int(have[:4]) >= NUMBERS_WANTED
    if desk.numbers is None or enough:
        return JSONResponse({"numbers": []})
    site = request.query_params.get("site") or next(iter(desk.sites))
    drill = desk.views.downtimes.at(desk.site(site).code).drill
    who = who_of(request)
    try:
        given = await desk.numbers.reserve(site, who.station if who else "", drill=drill)
    except (NotKeptError, OSError) as error:
        return JSONResponse({"numbers": [], "because": str(error)}, 503)
    return JSONResponse({"numbers": given})
