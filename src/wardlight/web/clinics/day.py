"""Tomorrow's clinics: who comes when, what for, and how to reach them (C1)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import groupby

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.codes import AppointmentState
from wardlight.record.instants import (
    Instant,
    PartialDate,
    clinical_date,
    instant_of,
    local,
    zone_named,
)
from wardlight.rules.access import May
from wardlight.views.rows import Appointment
from wardlight.views.services.clinic_status import ClinicDays, clinic_of
from wardlight.views.words import number_groups, number_of
from wardlight.web.access.sight import sight_of
from wardlight.web.clinics.doors import does
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times, heard
from wardlight.web.wards.board import MASKED, listed_name

DAYS_AHEAD_MAX = 31
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_OFF = frozenset({AppointmentState.CANCELLED, AppointmentState.DELETED, AppointmentState.NO_SHOW})


class Visit(Struct, frozen=True, kw_only=True):
    """One appointment of the day."""

    row: str
    href: str  # "" while nobody is named
    time: str
    minutes: int
    name: str
    born: str
    number: tuple[str, ...]
    phones: tuple[str, ...]
    language: str
    reason: str
    kind: str
    staff: tuple[str, ...]
    notes: tuple[str, ...]
    state: str
    off: bool


class Clinic(Struct, frozen=True):
    """The appointments of one place, and whether it is open."""

    name: str
    visits: tuple[Visit, ...]
    state: str
    words: str
    shut: bool


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/clinics/{site}", clinics)]


async def clinics(request: Request) -> Response:
    """Show one day's appointments of a site by clinic; tomorrow unless a day is named."""
    site = desk_of(request).site(request.path_params["site"])
    schedules = does(request, May.SCHEDULE) and sight_of(request).site(site.code)
    reads_files = does(request, May.SCHEDULE, May.DECLARE) and sight_of(request).site(site.code)
    asked = request.query_params.get("day", "")
    sight = sight_of(request)

    async def make(desk: Desk, t: Times) -> Content:
        today = local(t.now, t.zone).date()
        day = _day(asked, today)
        starts, ends = _day_bounds(day, t.zone)
        every = desk.views.schedule.between(starts, ends, site.code)
        booked = tuple(one for one in every if schedules or sight.visit(desk, one))
        return {
            "day": day,
            "day_words": day_words(day),
            "today": today,
            "before": day - timedelta(days=1) if day > today - timedelta(days=1) else None,
            "after": day + timedelta(days=1) if (day - today).days < DAYS_AHEAD_MAX else None,
            "clinics": _by_place(desk, booked, t),
            "count": len(booked),
            "reads_files": reads_files and desk.writes,
            "as_of": heard(desk.views, [one.stamp for one in booked], t.now),
        }

    return await shown(request, Screen(template="clinics.html", make=make, site=site.code))


def _day(asked: str, today: date) -> date:
    """Return the day asked for; tomorrow when it is not a date or too far away."""
    tomorrow = today + timedelta(days=1)
    try:
        day = date.fromisoformat(asked) if asked else tomorrow
    except ValueError:
        return tomorrow
    return day if abs((day - today).days) <= DAYS_AHEAD_MAX else tomorrow


def _day_bounds(day: date, zone: str) -> tuple[Instant, Instant]:
    """Return the first instant of a local day and of the next: 23, 24 or 25 hours apart."""
    first = datetime.combine(day, time(0), zone_named(zone))
    after = datetime.combine(day + timedelta(days=1), time(0), zone_named(zone))
    return instant_of(first), instant_of(after)


def day_words(day: date) -> str:
    """Return `Tue 05-Jan-2027`."""
    return f"{_WEEKDAYS[day.weekday()]} {clinical_date(PartialDate(day.year, day.month, day.day))}"


def _by_place(desk: Desk, booked: tuple[Appointment, ...], t: Times) -> list[Clinic]:
    ordered = sorted(booked, key=lambda one: (clinic_of(one), one.starts.at if one.starts else 0))
    days = ClinicDays(desk.views.service_status, t.now)
    found = []
    for name, group in groupby(ordered, key=clinic_of):
        held = list(group)
        day = days.of(held[0])
        visits = tuple(_visit(desk, one, t) for one in held)
        shut = day.affects(held[0])
        found.append(Clinic(name, visits, str(day.state()), day.words(), shut))
    return found


def _ahead(one: Appointment) -> tuple[str, ...]:
    """Return what a patient does before a visit, and what goes with it."""
    travel = f"travels {one.travel_minutes} min" if one.travel_minutes else ""
    linked = f"also {', '.join(one.linked)}" if one.linked else ""
    harm = f"harm after {one.harm_by}" if one.harm_by else ""
    return tuple(part for part in (one.prep, travel, one.transport, linked, harm) if part)


def _visit(desk: Desk, one: Appointment, t: Times) -> Visit:
    people = desk.views.people
    patient = people.resolve(one.patient) if one.patient else None
    person = people.person(patient) if patient else None
    masked = person is not None and person.protected
    return Visit(
        row=one.number,
        href=desk.patient_url(patient) if patient and person else "",
        time=t.full(one.starts.at).split(" ")[1] if one.starts else "time not stated",
        minutes=one.minutes,
        name=MASKED if masked else listed_name(person),
        born="withheld" if masked else t.born(person),
        number=tuple(number_groups(number_of(patient, person)[1]))
        if patient and not masked
        else (),
        phones=() if masked or person is None else person.phones,
        language=person.language if person else "",
        reason=one.procedure or one.reason.words() or one.service.words(),
        kind=one.kind.words(),
        staff=one.staff,
        notes=(*_ahead(one), *one.notes),
        state=one.state,
        off=one.state in _OFF,
    )
