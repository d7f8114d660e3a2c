"""Which pages show a patient's name to whom: every address is asked, with every role."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from html import unescape

import pytest
from starlette.routing import Route
from tests.web.access.station import House, Station
from tests.web.screens import HANDLES, NUMBER, screens, whole_ward
from tests.web.transfers.desk import OTHERS, READY, with_transfers
from tests.web.ward_of_28 import NOW, SITE, key_of

from wardlight.record import catalogue
from wardlight.record.events.access import Role
from wardlight.record.instants import DAY, Instant

OWN, STRANGE = "MMH/4E", "MMH/9Z"
PATH_WORDS = {"handle": HANDLES.of(key_of(NUMBER)), "site": "MMH", "unit": "4E", "form": "255"}
RINGS, DECIDES = {"contact-numbers"}, {"contact-numbers", "reschedule", "triage"}
# The pages of a whole site that name its clinics' patients, for those whose work they are.
BEYOND_THE_WARD = {
    Role.CHARGE_NURSE: DECIDES,
    Role.PHYSICIAN: DECIDES,
    Role.CONTACT_AGENT: RINGS,
    Role.SCHEDULER: DECIDES | {"clinics"},
    Role.PRIVACY: {"audit"},
    Role.ADMINISTRATOR: {"audit"},
}
OF_THE_WARD = {"ward", "handoff", "patient", "transfers", "whereabouts", "hics", "left"}


def seeded() -> House:
    """Return a node whose ward sends patients away, and whose clinics were triaged."""
    copy = with_transfers(whole_ward())
    writer = screens(copy)
    span = (Instant(NOW - DAY), Instant(NOW + 5 * DAY))
    for urgency, visit in enumerate(copy.views.schedule.between(*span, SITE.code)):
        key = copy.views.cases.of(visit).key
        fields = {
            "appointment": key,
            "take": key,
            "urgency": "AB"[urgency % 2],
            "decision": "postpone",
            "reason": "clinic closed",
            "harm_by": "2026-01-01",
            "review_on": "2026-12-31",
        }
        said = writer.enter(catalogue.VISITS_TRIAGED, "", tuple(fields.items()))
        assert said.status_code == 200, said.text
        assert visit.patient is not None
        ill = (("outcome", "no answer"), ("symptoms", "fever since yesterday"))
        said = writer.enter(catalogue.CONTACT_ATTEMPTED, HANDLES.of(visit.patient), ill)
        assert said.status_code == 200, said.text
    house = House(copy)
    for role in Role:
        house.hire(role.value, role, STRANGE, passphrase="")
    house.hire("own", Role.NURSE, OWN, passphrase="")
    return house


@pytest.fixture(scope="module")
def house() -> House:
    return seeded()


def addresses(house: House) -> Iterator[str]:
    """Return every address of the app, with the number of a transfer of the ward in it."""
    words = PATH_WORDS | {"request": READY}
    for route in house.app.routes:
        if isinstance(route, Route) and "GET" in (route.methods or ()):
            yield re.sub(r"\{(\w+)[^}]*\}", lambda name: words.get(name[1], "x"), route.path)
    yield from (
        "/triage/MMH?show=decided",
        "/whereabouts/MMH?at=00:01",
        "/paper/MMH/sheets?state=all",
    )


def names(house: House) -> list[str]:
    """Return names of the ward and its clinics that are no words of a page, and numbers."""
    found = map(house.copy.views.people.person, house.copy.views.people.numbers())
    families = {one.name.family.casefold() for one in found if one is not None}
    return [*(one for one in families if "-" in one), NUMBER, *OTHERS]


def plain(page: str) -> str:
    """Return what a page says, whatever marks stand in it."""
    return unescape(re.sub(r"<[^>]*>", "", page)).casefold()


async def pages(house: House, station: Station) -> dict[str, str]:
    """Return what every address says, asked one after the other."""
    html = {"accept": "text/html"}
    asked = {path: await station.asked("GET", path, None, html) for path in addresses(house)}
    return {path: plain(answer.text) for path, answer in asked.items()}


def named(house: House, station: Station) -> set[str]:
    """Return the first words of the addresses whose answer names a patient."""
    every = names(house)
    said = asyncio.run(pages(house, station))
    return {path.split("/")[1] for path, page in said.items() if any(one in page for one in every)}


@pytest.mark.parametrize("role", Role)
def test_who_works_on_another_ward_reads_names_only_where_it_is_their_work(
    house: House, role: Role
) -> None:
    station = house.station().let_in(role.value)
    assert named(house, station) == BEYOND_THE_WARD.get(role, set())


def test_the_names_are_there_for_those_whose_ward_it_is(house: House) -> None:
    assert named(house, house.station().let_in("own")) >= OF_THE_WARD


def test_a_nurse_of_a_ward_reads_how_many_were_told_and_no_name(house: House) -> None:
    page = plain(house.station().let_in("nurse").get("/contact-numbers/MMH").text)
    assert "with the nurse" in page
    assert not [one for one in names(house) if one in page]


def test_a_clinic_nurse_reads_the_names_of_her_own_clinics_and_counts_the_others(
    house: House,
) -> None:
    visits = house.copy.views.schedule.between(Instant(NOW - DAY), Instant(NOW + 5 * DAY), "MMH")
    clinics = sorted({one.place.unit for one in visits if one.place.unit})
    house.hire("hers", Role.CLINIC_NURSE, f"MMH/{clinics[0]}", passphrase="")
    house.hire("every", Role.CLINIC_NURSE, passphrase="")
    pages = [house.station().let_in(one).get("/calls/MMH").text for one in ("hers", "every")]
    assert ["of other clinics" in one for one in pages] == [True, False]
    hers, every = (page.count('data-label="Phones"') for page in pages)
    assert 0 < hers < every


def test_nobody_who_is_not_signed_in_reads_a_name(house: House) -> None:
    assert named(house, house.station()) == set()


@pytest.mark.parametrize("path", ["/paper/MMH/print", "/paper/MMH/reprint", "/scans/MMH"])
def test_paper_of_a_hospital_is_kept_by_its_own_people(path: str) -> None:
    house = House(whole_ward())
    house.hire("other", Role.CHARGE_NURSE, "RGH/1A", passphrase="")
    station = house.station().let_in("other")
    assert station.post(path, unit="").status_code == 403
    assert station.get("/scans/MMH").status_code == 403
