"""What is printed of one patient, read from the views: the same for a ward pack and a packet."""

from __future__ import annotations

from wardlight.paper.packs.sheets import PatientSheets, UnitPack
from wardlight.record.identity import Person
from wardlight.record.instants import DAY, Instant
from wardlight.record.sources import Site
from wardlight.views.bedside.mar import mar
from wardlight.views.fold import Views
from wardlight.views.laboratory.results import results
from wardlight.views.rows import Appointment, Downtime, Stay
from wardlight.views.services.downtimes import blind

APPOINTMENTS_AHEAD_MS = 30 * DAY


def patient_sheets(views: Views, site: Site, stay: Stay, *, now: Instant) -> PatientSheets:
    """Return what the sheets of one patient are drawn from, and nothing of anybody else."""
    chart = views.chart(stay.patient)
    downtime = views.downtimes.at(site.code)
    return PatientSheets(
        person=views.people.person(stay.patient) or Person(key=stay.patient),
        stay=stay,
        chart=chart,
        mar=mar(
            chart,
            now=now,
            zone=site.zone,
            blind=blind(downtime, views.links.site_as_of(site.code)),
            charts_here=views.charts_here(site.code),
        ),
        results=results(chart, now=now),
        appointments=_appointments(views, stay, now),
    )


def _appointments(views: Views, stay: Stay, now: Instant) -> tuple[Appointment, ...]:
    return tuple(
        one
        for one in views.schedule.of(stay.patient)
        if one.starts and now - DAY <= one.starts.at <= now + APPOINTMENTS_AHEAD_MS
    )


def mode_word(downtime: Downtime) -> str:
    """Return what the head of every sheet says of the EHR."""
    if downtime.off_since is None:
        return "READY (EHR up)"
    return "DRILL: NOT REAL" if downtime.drill else "DOWNTIME"


def page_frame(views: Views, site: Site, unit: str, *, now: Instant) -> UnitPack:
    """Return what stands on every page of a pack or packet: site, mode, age of the data."""
    downtime = views.downtimes.at(site.code)
    return UnitPack(
        site=site.name,
        unit=unit,
        zone=site.zone,
        paper=site.paper,
        now=now,
        as_of=views.links.site_as_of(site.code),
        mode=mode_word(downtime),
        off_since=downtime.off_since,
    )
