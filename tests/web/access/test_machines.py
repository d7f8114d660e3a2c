from __future__ import annotations

import pytest
from tests.web.access.station import House
from tests.web.kept_copy import KeptCopy

from wardlight.record.events.access import Role
from wardlight.web.access.machines import digest_of, new_token

ANY, HERE, ELSEWHERE = "*/*", "127.0.0.1", "10.4.0.99"


@pytest.fixture
def house() -> House:
    return House(KeptCopy())


def test_a_program_of_this_machine_reads_without_signing_in(house: House) -> None:
    assert house.station(HERE).get("/fhir/metadata", ANY).status_code == 200


def test_a_program_of_this_machine_can_be_made_to_sign_in_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.door.rules, "programs_here", False)
    assert house.station(HERE).get("/fhir/metadata", ANY).status_code == 401


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Bearer token of the engine", 200),
        ("bearer  token of the engine ", 200),
        ("Bearer token of the engin", 401),
        ("Bearer ", 401),
        ("Basic token of the engine", 401),
        ("", 401),
    ],
)
def test_a_program_from_elsewhere_needs_its_token(house: House, said: str, answer: int) -> None:
    got = house.station(ELSEWHERE).get("/fhir/metadata", ANY, authorization=said)
    assert got.status_code == answer


def test_a_token_opens_no_screen_of_people(house: House) -> None:
    said = "Bearer token of the engine"
    answer = house.station(ELSEWHERE).get("/ward/MMH/4E", authorization=said)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/ward/MMH/4E")


def test_whoever_reads_charts_reads_them_by_the_api_too(house: House) -> None:
    house.hire("cdoctor", Role.PHYSICIAN, passphrase="")
    house.hire("hadmin", Role.ADMINISTRATOR, passphrase="")
    path = "/fhir/metadata"
    assert house.station(ELSEWHERE).let_in("cdoctor").get(path).status_code == 200
    assert house.station(ELSEWHERE).let_in("hadmin").get(path).status_code == 403


@pytest.mark.parametrize("where", [HERE, ELSEWHERE])
def test_who_has_wards_of_her_own_does_not_read_every_ward_by_the_api(
    house: House, where: str
) -> None:
    house.hire("amensah", Role.NURSE, "MMH/4E", passphrase="")
    assert house.station(where).let_in("amensah").get("/fhir/metadata", ANY).status_code == 403


def test_a_browser_on_the_node_itself_is_a_persons_and_no_program(house: House) -> None:
    browser = {"sec-fetch-mode": "navigate"}
    assert house.station(HERE).get("/fhir/metadata", ANY, **browser).status_code == 401


def test_only_the_digest_of_a_token_is_kept() -> None:
    token = new_token()
    assert len(token) == 43
    assert digest_of("token of the engine") == (
        "df45d74ebc797033976466c41834c949eb2905d77629c3c34ed8d337ee63c4a2"
    )
