"""A small kept copy for tests of the read interface: invented patients, real rows and charts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

import httpx
import msgspec
from starlette.applications import Starlette

from wardlight.outputs.fhir.kept_copy import KeptViews
from wardlight.outputs.fhir.subject import Subject
from wardlight.outputs.fhir_api import fhir_routes
from wardlight.record.codes import Location, StayClass
from wardlight.record.identity import Identifier, PatientKey, Person, PersonName
from wardlight.record.instants import HOUR, Instant, Moment, PartialDate
from wardlight.record.reading import Stamp
from wardlight.record.sources import Site
from wardlight.views.facts import Chart
from wardlight.views.rows import Appointment, BedRow, Stay, StayState, UnitSummary

NOW = Instant(1_795_334_400_000)  # 2026-11-22T08:00:00Z, 03:00 in New York
ZONE = "America/New_York"
SITES = {"NORTH": Site(code="NORTH", name="North Hospital", zone=ZONE)}
WREN = PatientKey("NORTH|0041")
LARK = PatientKey("NORTH|0042")
BASE = "http://127.0.0.1/fhir"


def stamp(hours_ago: float = 1, source: str = "adt", position: int = 7) -> Stamp:
    at = Instant(round(NOW - hours_ago * HOUR))
    return Stamp(at, Instant(at + 1_000), source, position, "TESTEHR")


def moment(hours_ago: float = 1, digits: int = 14) -> Moment:
    return Moment(Instant(round(NOW - hours_ago * HOUR)), digits)


def person(key: PatientKey = WREN, family: str = "Testwren", **more: Any) -> Person:
    authority, _, value = key.partition("|")
    stated: dict[str, Any] = {
        "identifiers": (Identifier(value, authority, "MR"),),
        "name": PersonName(family, "Ada", kind="L"),
        "birth": PartialDate(1950, 3, 9),
        "sex": "F",
    }
    return Person(key=key, **{**stated, **more})


def stay(key: PatientKey = WREN, state: StayState = StayState.PRESENT, **more: Any) -> Stay:
    stated: dict[str, Any] = {
        "visit": f"NORTH|V{key.rpartition('|')[2]}",
        "site": "NORTH",
        "stay_class": StayClass.INPATIENT,
        "location": Location("4E", "12", "A"),
        "admitted": moment(30),
        "stamp": stamp(30),
    }
    return Stay(patient=key, state=state, **{**stated, **more})


def subject(key: PatientKey = WREN, **more: Any) -> Subject:
    return Subject(key=key, handle=handle_of(key), zone=ZONE, **more)


def handle_of(key: PatientKey) -> str:
    return "H" + "".join(letter for letter in key if letter.isalnum()).upper()


class Fake:
    """Views of a few people; the parts are the object itself."""

    version = 1

    def __init__(
        self,
        persons: Iterable[Person] = (),
        *,
        charts: Iterable[Chart] = (),
        stays: Iterable[Stay] = (),
        appointments: Iterable[Appointment] = (),
        merged: Mapping[PatientKey, PatientKey] | None = None,
    ) -> None:
        self.persons = {one.key: one for one in persons}
        self.charts = {one.patient: one for one in charts}
        self.all_stays = tuple(stays)
        self.booked = tuple(appointments)
        self.merged = merged or {}
        self.opened: list[PatientKey] = []
        self.people = self.census = self.schedule = self.links = self

    def resolve(self, key: PatientKey, /) -> PatientKey:
        return self.merged.get(key, key)

    def person(self, key: PatientKey, /) -> Person | None:
        return self.persons.get(key)

    def aliases(self, key: PatientKey, /) -> tuple[PatientKey, ...]:
        return tuple(old for old, new in self.merged.items() if new == key)

    def search(self, text: str, _: PartialDate | None, /) -> list[PatientKey]:
        return [
            one.key
            for one in self.persons.values()
            if any(number.value == text for number in one.identifiers)
        ]

    def keys(self) -> list[PatientKey]:
        return [*self.persons]

    def units(self) -> list[UnitSummary]:
        named = sorted({one.location.unit for one in self.all_stays})
        return [UnitSummary("NORTH", unit, 1, 0, 0, NOW) for unit in named]

    def beds(self, _: str, unit: str, /) -> list[BedRow]:
        here = [one for one in self.all_stays if one.location.unit == unit]
        return [BedRow(location=one.location, stays=(one,)) for one in here]

    def stays(self, key: PatientKey, /) -> list[Stay]:
        return [one for one in self.all_stays if one.patient == key]

    def stay(self, key: PatientKey, /) -> Stay | None:
        return next(iter(self.stays(key)), None)

    def of(self, key: PatientKey, /) -> list[Appointment]:
        return [one for one in self.booked if one.patient == key]

    def between(self, *_: Instant) -> list[Appointment]:
        return [*self.booked]

    def site_as_of(self, _: str, /) -> Instant | None:
        return Instant(NOW - HOUR)

    def chart(self, key: PatientKey, /) -> Chart:
        self.opened.append(key)
        return self.charts.get(key, Chart(patient=key))


def app(views: KeptViews, known: Iterable[PatientKey]) -> Starlette:
    handles = {handle_of(key): key for key in known}
    routes = fhir_routes(
        views=views, sites=SITES, clock=lambda: NOW, handle_of=handle_of, key_of=handles.get
    )
    return Starlette(routes=routes)


def ask(views: Fake, address: str, method: str = "GET", **more: Any) -> httpx.Response:
    """Ask once; `address` begins after /fhir, or is a whole address from a link."""
    known = [*views.persons, *views.merged]

    async def once() -> httpx.Response:
        transport = httpx.ASGITransport(app(views, known))
        async with httpx.AsyncClient(transport=transport) as client:
            url = address if address.startswith("http") else f"{BASE}{address}"
            return await client.request(method, url, **more)

    return asyncio.run(once())


def found(views: Fake, address: str) -> list[dict[str, Any]]:
    """Return the resources of a search's first page."""
    answered = ask(views, address)
    assert answered.status_code == 200, answered.text
    return [entry["resource"] for entry in answered.json().get("entry", [])]


def plain(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a resource as a reader of its JSON sees it."""
    read: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(resource))
    return read
