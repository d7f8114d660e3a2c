from __future__ import annotations

import pytest
from tests.web.access.station import House
from tests.web.bedside.builders import HANDLE, order_medicine
from tests.web.screens import screens, whole_ward, words

from wardlight.record.events.access import Role


@pytest.fixture(scope="module")
def house() -> House:
    copy = whole_ward()
    order_medicine(screens(copy))
    made = House(copy)
    made.hire("own", Role.NURSE, "MMH/4E", passphrase="")
    made.hire("other", Role.NURSE, "MMH/9Z", passphrase="")
    made.hire("pharmacist", Role.PHARMACIST, passphrase="")
    made.hire("hadmin", Role.ADMINISTRATOR, passphrase="")
    return made


@pytest.mark.parametrize(
    ("account", "listed"), [("own", True), ("other", False), ("pharmacist", True)]
)
def test_a_nurse_sees_the_orders_of_her_ward_and_a_pharmacist_of_the_site(
    house: House, account: str, *, listed: bool
) -> None:
    page = words(house.station().let_in(account).get("/orders/MMH").text)
    assert ("hydrALAZINE" in page) is listed


@pytest.mark.parametrize(("account", "status"), [("own", 200), ("other", 403), ("hadmin", 403)])
def test_the_hand_off_list_is_for_those_of_the_ward(
    house: House, account: str, status: int
) -> None:
    answer = house.station().let_in(account).get("/handoff/MMH/4E")
    assert (answer.status_code, "O'BRIEN" in words(answer.text)) == (status, status == 200)


def test_who_reads_no_charts_has_no_queue(house: House) -> None:
    assert house.station().let_in("hadmin").get("/orders/MMH").status_code == 403


def test_only_a_pharmacist_is_offered_to_verify(house: House) -> None:
    nurse = house.station().let_in("own")
    for path in ("/orders/MMH", f"/patient/{HANDLE}/orders"):
        assert 'value="verified"' not in nurse.get(path).text
        assert 'value="verified"' in house.station().let_in("pharmacist").get(path).text
