"""A site's services: how each stands, saying so, renewing it; counts of the ED and of beds."""

from __future__ import annotations

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.record.events.services import NeighbourStated
from wardlight.record.instants import DAY, Instant, clinical_time
from wardlight.record.services import AtExpiry, DivertCategory, Service, ServiceState
from wardlight.rules.services.county_rules import RuleSet, all_divert_notice, rules_for
from wardlight.rules.services.services import BED_KINDS, STATED
from wardlight.views.services import service_words as say
from wardlight.views.services.clinic_status import ClinicDays, clinic_of
from wardlight.views.services.service_rows import Standing
from wardlight.web.access.sight import sight_of
from wardlight.web.addresses import site_url
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.services.lines import bed_line, names, reached, score_words, service_line
from wardlight.web.times import Times

COUNTS = (
    ("ed_patients", "Patients in the ED"),
    ("ed_beds", "ED beds"),
    ("admits_in_ed", "Admitted, still in the ED"),
    ("hospital_beds", "Hospital beds"),
    ("ventilated_in_ed", "Ventilated in the ED"),
    ("longest_admit_wait_h", "Longest wait of an admitted, hours"),
    ("last_bed_wait_h", "Wait of the last one roomed, hours"),
    ("ems_waiting", "Ambulances waiting"),
)

SCHEDULE_MS = 30 * DAY  # the visits whose clinics are named


class Again(Struct, frozen=True, kw_only=True):
    """What the form that says the same again is filled with."""

    at: str
    on: str


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/services/{site}", page)]


async def page(request: Request) -> Response:
    """Show how every service of a site stands, and the forms to say so."""
    site = desk_of(request).site(request.path_params["site"])
    mine = sight_of(request).site(site.code)

    async def make(desk: Desk, t: Times) -> Content:
        status = desk.views.service_status
        [board] = reached(desk, (status.facility(site.code, t.now, names(desk)),))
        rules = county_rules(desk, site.code)
        lines = [service_line(one, t) for one in board.services]
        return {
            "mine": mine,
            "board": board,
            "lines": lines,
            "again": {one.found.key: _again(one.found, t) for one in lines},
            "score": score_words(board),
            "beds": [bed_line(one, t) for one in board.beds],
            "county": rules,
            "all_divert": all_divert_notice(status.facilities(t.now, names(desk)), rules),
            "contact": contact_of(desk, site.code, site.name),
            "here": site_url("services", site.code),
            **_clinics(desk, site.code, t),
            **choices(),
        }

    return await shown(request, Screen(template="services.html", make=make, site=site.code))


def _clinics(desk: Desk, site: str, t: Times) -> Content:
    """Return the names of a site's clinics, and those that are shut by a name no visit has."""
    span = Instant(t.now - DAY), Instant(t.now + SCHEDULE_MS)
    visits = desk.views.schedule.between(*span, site)
    days = ClinicDays(desk.views.service_status, t.now)
    return {
        "clinics": sorted({clinic_of(one) for one in visits if not one.procedure}),
        "unmatched": days.unmatched(site, visits) if visits else (),
    }


def choices() -> Content:
    """Return what the forms of services offer."""
    return {
        "services": tuple(map(str, Service)),
        "states": tuple((str(one), say.state_words(one)) for one in STATED),
        "categories": tuple(map(str, DivertCategory)),
        "ends": ((str(AtExpiry.LAPSE), "no report"), (str(AtExpiry.REOPEN), "open again")),
        "bed_kinds": BED_KINDS,
        "counts": COUNTS,
        "walk_ins": say.WALK_INS,
        "walk_ins_why": say.WALK_INS_WHY,
    }


def contact_of(desk: Desk, code: str, name: str) -> NeighbourStated:
    """Return how a hospital is reached; an empty contact for one nobody has kept."""
    known = {one.code: one for one in desk.views.service_status.neighbours()}
    return known.get(code) or NeighbourStated(code=code, name=name)


def county_rules(desk: Desk, site: str) -> RuleSet | None:
    """Return the county rules a site follows."""
    return rules_for(site, desk.tables.counties) if desk.tables else None


def _again(found: Standing, t: Times) -> Again:
    """Return since when it is so, as the form takes it; a state that ran out begins anew."""
    if found.since is None or found.expired_notice or found.state is ServiceState.NO_REPORT:
        return Again(at="", on="")
    return Again(
        at=clinical_time(found.since, t.zone).rpartition(" ")[2], on=t.day_box(found.since)
    )
