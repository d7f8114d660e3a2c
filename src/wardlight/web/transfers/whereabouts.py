"""Where was … at …: everybody of a site at any past minute, and whether all are accounted for."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.identity import PatientKey
from wardlight.record.instants import DAY, Instant
from wardlight.rules.asking import Asked, Author, Fields, Ground
from wardlight.rules.times import TimeTrouble, when
from wardlight.views.patients.bed_order import natural
from wardlight.views.patients.whereabouts import Way, Whereabouts, tally, where
from wardlight.web.access.sight import sight_of
from wardlight.web.banner import banner_of, open_patient, site_of
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times
from wardlight.web.transfers.lines import hospital_words, shown_name

SHOWN_MAX = 500
PERIOD_MS = DAY
_WAYS = tuple(Way)


def routes() -> list[BaseRoute]:
    """Return the addresses of these screens; a minute is in them, never a name."""
    return [
        Route("/whereabouts/{site}", of_site),
        Route("/patient/{handle}/whereabouts", of_patient),
    ]


async def of_site(request: Request) -> Response:
    """Show where everybody of a site was at a minute, with the sums."""
    site = desk_of(request).site(request.path_params["site"])
    sight = sight_of(request)
    typed = _typed(request)

    async def make(desk: Desk, t: Times) -> Content:
        at, trouble = minute(desk, site.code, typed, t)
        since = period_start(t, at)
        everybody = tally(desk.views, site.code, since, at)
        patients = sorted({desk.views.people.resolve(stay.patient) for stay, _ in everybody.stays})
        mine = [one for one in patients if sight.patient(desk, one)]
        found = [one for key in mine[:SHOWN_MAX] if (one := where(desk.views, key, at)) is not None]
        return {
            "at": at,
            "since": since,
            "typed": typed,
            "trouble": trouble,
            "registered": everybody.registered(),
            "sums": [(str(way), everybody.count(way)) for way in Way],
            "rows": [_line(desk, one, t, site.code) for one in sorted(found, key=_by_place)],
            "hidden": len(patients) - len(found),
        }

    return await shown(request, Screen(template="whereabouts.html", make=make, site=site.code))


async def of_patient(request: Request) -> Response:
    """Show where one patient was at a minute."""
    opened = await open_patient(request)
    site = site_of(desk_of(request), opened)
    typed = _typed(request)

    async def make(desk: Desk, t: Times) -> Content:
        at, trouble = minute(desk, site, typed, t)
        found = where(desk.views, opened.patient, at)
        return {
            "tab": "place",
            "banner": banner_of(desk, opened, t),
            "handle": desk.handles.of(opened.patient),
            "at": at,
            "typed": typed,
            "trouble": trouble,
            "line": _line(desk, found, t, site) if found else None,
        }

    screen = Screen(template="whereabouts_patient.html", make=make, site=site)
    return await shown(request, screen)


def _by_place(one: Whereabouts) -> tuple[object, ...]:
    bed = one.location
    return (_WAYS.index(one.way), *map(natural, (bed.unit, bed.room, bed.bed)))


def _typed(request: Request) -> dict[str, str]:
    asked = request.query_params
    return {"at": asked.get("at", "")[:5], "on": asked.get("on", "")[:10]}


def minute(desk: Desk, site: str, typed: dict[str, str], t: Times) -> tuple[Instant, str]:
    """Return the minute that is asked about, and what was wrong with it; now when nothing is."""
    asked = Asked(
        id="",
        kind="",
        site=site,
        author=Author(account="", name=""),
        fields=Fields(typed.items()),
        patient=PatientKey(""),
    )
    ground = Ground(views=desk.views, now=t.now, zone=t.zone, site=site)
    found = when(asked, ground)
    if isinstance(found, TimeTrouble):
        return t.now, str(found)
    return found, ""


def period_start(t: Times, at: Instant) -> Instant:
    """Return what the sums count from: when the EHR went off, else a day before."""
    off = t.off_since
    return off if off is not None and off <= at else Instant(at - PERIOD_MS)


def _line(desk: Desk, one: Whereabouts, t: Times, site: str) -> dict[str, object]:
    name, born = shown_name(desk, one.patient, t)
    return {
        "name": name,
        "born": born,
        "href": desk.patient_url(one.patient),
        "row": desk.handles.of(one.patient),
        "way": str(one.way),
        "place": _place(desk, one) if one.site == site else _elsewhere(desk, one),
        "since": t.full(one.since),
        "source": one.said_by,
    }


def _place(desk: Desk, one: Whereabouts) -> str:
    bed = one.location.words() or "place not known"
    if one.way is Way.HERE:
        off = one.off_unit.words() if one.off_unit else ""
        return f"{bed}, off the unit: {off}" if off else bed
    if one.way is Way.TRANSFERRED:
        to = hospital_words(desk, one.to) or "hospital not stated"
        if one.on_the_way:
            return f"on the way to {to}, from {bed}"
        return f"{to} {one.where}".strip()
    return f"last in {bed}"


def _elsewhere(desk: Desk, one: Whereabouts) -> str:
    """Return where somebody is in another hospital of ours, with its name."""
    return f"{hospital_words(desk, one.site)}: {_place(desk, one)}"
