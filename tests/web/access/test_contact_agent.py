"""A contact agent sees what is needed to call, and no chart."""

from __future__ import annotations

import pytest
from tests.web.access.station import House
from tests.web.screens import patient, whole_ward

from wardlight.record.events.access import Role

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
