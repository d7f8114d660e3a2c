"""A contact agent sees what is needed to call, and no chart."""

from __future__ import annotations

import pytest
from tests.web.access.station import House
from tests.web.screens import patient, whole_ward, words
from tests.web.ward_of_28 import NOW

from wardlight.record.codes import AppointmentState
from wardlight.record.events.access import Role
from wardlight.record.events.schedule import AppointmentChanged
from wardlight.record.instants import DAY, Instant, Moment
from wardlight.record.reading import Headline

ROLES = (
    *(Role.CONTACT_AGENT, Role.SCHEDULER, Role.LAB, Role.NURSE, Role.CLERK),
    Role.CLINIC_NURSE,
)


@pytest.fixture(scope="module")
def house() -> House:
    made = House(whole_ward())
    for role in ROLES:
        made.hire(role.value, role, passphrase="")
    return made


@pytest.mark.parametrize(
    ("role", "opens"),
    [
        ("contact agent", {"/calls/MMH", "/inbound/MMH", "/contact-numbers/MMH"}),
        (
            "scheduler",
            {
                *("/calls/MMH", "/inbound/MMH", "/contact-numbers/MMH"),
                *("/triage/MMH", "/theatre/MMH", "/reschedule/MMH", "/clinics/MMH"),
            },
        ),
        ("lab", {"/clinics/MMH", "patient"}),
        ("nurse", {"/contact-numbers/MMH", "/clinics/MMH", "patient"}),
        ("clerk", {"/clinics/MMH", "patient"}),
        (
            "clinic nurse",
            {
                *("/calls/MMH", "/inbound/MMH", "/contact-numbers/MMH"),
                *("/clinics/MMH", "patient"),
            },
        ),
    ],
)
def test_a_role_opens_its_own_lists_and_no_others(house: House, role: str, opens: set[str]) -> None:
    station = house.station().let_in(role)
    addresses = {
        one: patient() if one == "patient" else one
        for one in (
            *("/calls/MMH", "/inbound/MMH", "/contact-numbers/MMH", "/triage/MMH"),
            *("/theatre/MMH", "/reschedule/MMH", "/clinics/MMH", "patient"),
        )
    }
    found = {name for name, path in addresses.items() if station.get(path).status_code == 200}
    assert found == opens


@pytest.mark.parametrize(("role", "decides"), [("scheduler", False), ("charge", True)])
def test_only_who_decides_finds_fields_to_decide_with(role: str, decides: bool) -> None:  # noqa: FBT001
    ward = whole_ward()
    hip = AppointmentChanged(
        number="MMH|OP1",
        patient=None,
        at=NOW,
        state=AppointmentState.BOOKED,
        starts=Moment(Instant(NOW + DAY), 12),
        procedure="Hip replacement left",
    )
    ward.tell((Headline(what="SIU^S12", occurred=NOW, appointments=(hip,)), ()))
    house = House(ward)
    house.hire("scheduler", Role.SCHEDULER, passphrase="")
    house.hire("charge", Role.CHARGE_NURSE, passphrase="")
    page = house.station().let_in(role).get("/theatre/MMH").text
    assert "Hip replacement left" in page
    assert ('name="decision"' in page) is decides
    assert ("not decided" in words(page)) is not decides
