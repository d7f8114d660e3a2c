"""`wardlight census, chart, unread, links`: read a node's views, whether it runs or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from wardlight.record.identity import PatientKey, Person, PersonName
from wardlight.record.instants import Instant, age_words, clinical_date, clinical_time, iso
from wardlight.run.clock import system_clock
from wardlight.run.commands.say import (
    EXIT_CONFLICT,
    EXIT_NOT_FOUND,
    document,
    fail,
    line,
    shown,
    table,
)
from wardlight.run.keeping.log_care import care_lines, care_of
from wardlight.run.node_views import node_views
from wardlight.run.settings import Settings
from wardlight.views.fold import Views
from wardlight.views.rows import FeedRow, Stay, UnreadRow

SHOWN_MAX = 1_000  # rows of a list


def run_census(data: Path, *, unit: str | None, site: str | None, as_json: bool) -> None:
    """List who is present, by unit and bed."""
    with node_views(data) as (views, settings):
        check_site(settings, site)
        stays = views.census.present(site, unit)
        if unit is not None and not stays:
            names = sorted({summary.unit for summary in views.census.units(site)})
            if unit not in names:
                fail(f"no unit {unit}; there are: {', '.join(names) or 'none'}", EXIT_NOT_FOUND)
        as_of = _as_of(views, settings, site)
        if as_json:
            rows = [_census_row(views, stay) for stay in stays]
            document("wardlight.census.1", {"as_of": as_of and iso(as_of), "patients": rows})
            return
        _print_census(views, stays, settings, as_of)


def run_chart(data: Path, *, patient: str, as_json: bool) -> None:
    """Show everything known of one patient."""
    with node_views(data) as (views, _):
        content = _chart(views, patient_named(views, patient))
        if as_json:
            document("wardlight.chart.1", content)
        else:
            shown(content)


def check_site(settings: Settings, site: str | None) -> None:
    """End with a sentence when this node serves no such site."""
    codes = [one.code for one in settings.sites]
    if site is not None and site not in codes:
        fail(f"no site {site}; there are: {', '.join(codes)}", EXIT_NOT_FOUND)


def patient_named(views: Views, number: str) -> PatientKey:
    """Return the one patient who has this number; ends with a sentence when there is not one."""
    found = views.people.search(number, None)
    exact = [
        key for key in found if any(one.value == number for one in views.people.identifiers(key))
    ]
    if not exact:
        fail("no patient with that number is known here", EXIT_NOT_FOUND)
    if len(exact) > 1:
        fail(f"{len(exact)} patients have that number; say authority|number", EXIT_CONFLICT)
    return exact[0]


def run_unread(data: Path, *, as_json: bool) -> None:
    """List what was kept and not understood."""
    with node_views(data) as (views, settings):
        rows = views.unread.rows(limit=SHOWN_MAX)
        if as_json:
            items = [
                {
                    "position": row.position,
                    "source": row.source,
                    "received": iso(row.received),
                    "reason": f"{row.code}: {row.because}",
                    "where": row.where,
                }
                for row in rows
            ]
            document("wardlight.unread.1", {"count": views.unread.count, "items": items})
            return
        zone = settings.first_site().zone
        line(f"{views.unread.count} entries are kept and not understood")
        heads = ("entry", "feed", "received", "what", "reason")
        table(heads, (_unread_cells(row, zone) for row in rows))


def run_links(data: Path, *, as_json: bool) -> None:
    """Say when each feed was last heard."""
    with node_views(data) as (views, settings):
        rows = views.links.rows(system_clock())
        if as_json:
            feeds = [
                {
                    "source": row.source,
                    "last_heard": iso(row.last_heard) if row.last_heard is not None else None,
                    "expected_gap_s": row.expected_gap_ms // 1000,
                    "silent": row.silent,
                    "received": row.received,
                    "unread": row.unread,
                }
                for row in rows
            ]
            document("wardlight.links.1", {"feeds": feeds, **care_of(data)})
            return
        zone = settings.first_site().zone
        heads = ("feed", "last heard", "age", "silent", "received", "unread")
        table(heads, (_link_cells(row, zone) for row in rows))
        for said in care_lines(data, zone):
            line(said)


def _unread_cells(row: UnreadRow, zone: str) -> tuple[str, ...]:
    received = clinical_time(row.received, zone)
    return str(row.position), row.source, received, row.what, row.because


def _link_cells(row: FeedRow, zone: str) -> tuple[str, ...]:
    heard = clinical_time(row.last_heard, zone) if row.last_heard is not None else "never"
    silent = "SILENT" if row.silent else ""
    return row.source, heard, age_words(row.gap_ms), silent, str(row.received), str(row.unread)


def _as_of(views: Views, settings: Settings, site: str | None) -> Instant | None:
    codes = [site] if site else [one.code for one in settings.sites]
    heard = [views.links.site_as_of(code) for code in codes]
    return max((one for one in heard if one is not None), default=None)


def number(person: Person) -> str:
    """Return the number a ward knows the patient by."""
    return str(person.key).rpartition("|")[2]


def _census_row(views: Views, stay: Stay) -> dict[str, Any]:
    person = views.people.person(stay.patient) or Person(key=stay.patient)
    return {
        "site": stay.site,
        "unit": stay.location.unit,
        "room": stay.location.room,
        "bed": stay.location.bed,
        "mrn": number(person),
        "family": person.name.family,
        "given": person.name.given,
        "birth": person.birth.iso() if person.birth else None,
        "sex": person.sex,
        "admitted": iso(stay.admitted.at) if stay.admitted else None,
        "provisional": stay.provisional,
    }


def _print_census(
    views: Views, stays: tuple[Stay, ...], settings: Settings, as_of: Instant | None
) -> None:
    zone = settings.first_site().zone
    line(f"{len(stays)} patients as of {clinical_time(as_of, zone) if as_of else 'never'}")
    heads = ("bed", "patient", "born", "number", "note")
    table(heads, (_stay_cells(views, stay) for stay in stays))


def _stay_cells(views: Views, stay: Stay) -> tuple[str, ...]:
    person = views.people.person(stay.patient) or Person(key=stay.patient)
    born = clinical_date(person.birth) if person.birth else "Not known"
    note = "admission not seen" if stay.provisional else ""
    return stay.location.words(), _name(person.name), born, number(person), note


def _name(name: PersonName) -> str:
    return f"{name.family.upper()}, {name.given}" if name.family else "Not known"


def _chart(views: Views, key: PatientKey) -> dict[str, Any]:
    patient = views.people.resolve(key)
    person = views.people.person(patient)
    return {
        "person": msgspec.to_builtins(person),
        "stays": msgspec.to_builtins(views.census.stays(patient)),
        "appointments": msgspec.to_builtins(views.schedule.of(patient)),
        "chart": msgspec.to_builtins(views.chart(patient)),
    }
