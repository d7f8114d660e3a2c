from __future__ import annotations

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace
from tests.outputs.fhir import kept
from tests.outputs.fhir.kept import LARK, WREN, ask, found, moment, stamp
from tests.outputs.fhir.test_resources import PENICILLIN, order, potassium, report

from wardlight.outputs.fhir.kept_copy import KeptCopy
from wardlight.outputs.fhir.query import Query
from wardlight.outputs.fhir.remembered import Remembered
from wardlight.outputs.fhir.search import CHARTS_A_PAGE_MAX, search
from wardlight.record.codes import AllergyState, AppointmentState, OrderState, ResultState
from wardlight.record.identity import Identifier, PatientKey
from wardlight.views.facts import AllergyFact, AllergyList, Chart
from wardlight.views.rows import Appointment, StayState


def ward() -> kept.Fake:
    """Two patients: one with a chart, one of whom little is known."""
    known = AllergyList(state=AllergyState.KNOWN, known=(AllergyFact(PENICILLIN, stamp()),))
    orders = (
        order(number="RX|1", ordered=moment(5)),
        order(number="RX|2", ordered=moment(3), state=OrderState.STOPPED),
    )
    results = tuple(
        report(potassium(), number=f"LAB|{hour}", collected=moment(hour)) for hour in range(1, 8)
    )
    return kept.Fake(
        [kept.person(), kept.person(LARK, "Testlark")],
        charts=[Chart(patient=WREN, allergies=known, orders=orders, reports=results)],
        stays=[kept.stay(), kept.stay(LARK, StayState.LEFT, discharged=moment(2))],
        appointments=[
            Appointment(
                number="SCH|3",
                patient=LARK,
                state=AppointmentState.BOOKED,
                stamp=stamp(),
                starts=moment(-24),
                minutes=30,
            )
        ],
    )


def walked(views: kept.Fake, address: str, relation: str = "next") -> list[dict[str, Any]]:
    """Return the bundles from this address on, following one relation."""
    bundles = []
    while address:
        bundles.append(ask(views, address).json())
        links = {link["relation"]: link["url"] for link in bundles[-1]["link"]}
        address = links.get(relation, "")
    return bundles


def ids(bundles: list[dict[str, Any]]) -> list[str]:
    return [entry["resource"]["id"] for one in bundles for entry in one.get("entry", [])]


@pytest.mark.parametrize(
    "identifier",
    ["0041", "urn:wardlight:authority:NORTH|0041", "nobody|9,0041"],
)
def test_a_patient_is_found_by_number(identifier: str) -> None:
    (only,) = found(ward(), f"/Patient?identifier={identifier}")
    assert only["name"][0]["family"] == "Testwren"


@pytest.mark.parametrize(
    "identifier", ["41", "urn:wardlight:authority:SOUTH|0041", "|0041", "00410"]
)
def test_zeros_and_authority_of_a_number_are_significant(identifier: str) -> None:
    assert found(ward(), f"/Patient?identifier={identifier}") == []


def test_a_patient_is_found_by_the_number_of_a_joined_record() -> None:
    views = kept.Fake([kept.person()], merged={LARK: WREN})
    (only,) = found(views, "/Patient?identifier=0042")
    assert only["link"] == [{"other": {"reference": "Patient/HNORTH0042"}, "type": "replaces"}]


def test_a_search_by_number_opens_nobodys_chart() -> None:
    views = ward()
    found(views, "/Patient?identifier=0041")
    assert views.opened == []


@pytest.mark.parametrize(
    "whose",
    [
        "patient=Patient/HNORTH0041",
        "patient=HNORTH0041",
        f"subject={kept.BASE}/Patient/HNORTH0041",
        "patient.identifier=0041",
        "patient:Patient.identifier=urn:wardlight:authority:NORTH|0041",
    ],
)
def test_allergies_are_found_by_patient(whose: str) -> None:
    views = ward()
    (only,) = found(views, f"/AllergyIntolerance?{whose}")
    assert only["patient"] == {"reference": "Patient/HNORTH0041"}
    assert views.opened == [WREN]


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("/MedicationRequest?patient=HNORTH0041&status=active", 1),
        ("/MedicationRequest?patient=HNORTH0041&status=active,stopped", 2),
        ("/MedicationRequest?patient=HNORTH0041&status=active&status=stopped", 0),
        ("/Observation?patient=HNORTH0041&code=http://loinc.org|2823-3", 7),
        ("/Observation?patient=HNORTH0041&code=2823-3", 7),
        ("/Observation?patient=HNORTH0041&code=http://snomed.info/sct|2823-3", 0),
        ("/Observation?patient=HNORTH0041&code=http://loinc.org|", 7),
        ("/Observation?patient=HNORTH0041&category=laboratory", 7),
        ("/Observation?patient=HNORTH0041&category=vital-signs", 0),
        ("/Observation?patient=HNORTH0041&date=ge2026-11-22", 3),
        ("/Observation?patient=HNORTH0041&date=lt2026-11-22", 4),
        ("/Observation?patient=HNORTH0041&date=gt2026-11-21T22:00:00-05:00&date=lt2026-11-22", 1),
        ("/Observation?patient=HNORTH0099", 0),
        ("/AllergyIntolerance?clinical-status=active", 1),
        ("/AllergyIntolerance?patient=HNORTH0041&code=7980", 1),
        ("/Encounter?status=in-progress", 1),
        ("/Encounter?identifier=urn:wardlight:authority:NORTH|V0042", 1),
        ("/Encounter?date=2026-11-22", 0),
        ("/Encounter?date=gt2027", 1),
        ("/Appointment?date=2026-11-23", 1),
        ("/Appointment?patient.identifier=0041", 0),
        ("/Location?status=active", 3),
        ("/Patient", 2),
        ("/Patient?_id=HNORTH0041,HNORTH0042", 2),
        ("/Patient?_id=HNORTH0041&identifier=0042", 0),
    ],
)
def test_what_is_asked_for_is_found(address: str, number: int) -> None:
    assert len(found(ward(), address)) == number


def test_a_resource_is_found_by_its_id_without_its_patient() -> None:
    views = ward()
    first = found(views, "/Observation?patient=HNORTH0041")[0]
    views.opened.clear()
    assert found(views, f"/Observation?_id={first['id']}") == [first]
    assert views.opened == [WREN]


def test_withdrawn_results_are_found_by_their_status() -> None:
    chart = Chart(patient=WREN, reports=(report(potassium(state=ResultState.WITHDRAWN)),))
    views = kept.Fake([kept.person()], charts=[chart])
    assert len(found(views, "/Observation?patient=HNORTH0041&status=cancelled")) == 1


def test_the_newest_comes_first() -> None:
    listed = found(ward(), "/Observation?patient=HNORTH0041")
    times = [one["effectiveDateTime"] for one in listed]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("whose", ["", "&patient=HNORTH0041"])
def test_pages_hold_everything_once_in_order(whose: str) -> None:
    views = ward()
    whole = ids(walked(views, f"/Observation?_count=100{whose}"))
    bundles = walked(views, f"/Observation?_count=3{whose}")
    assert ids(bundles) == whole
    assert [len(one.get("entry", [])) for one in bundles] == [3, 3, 1]


@pytest.mark.parametrize("whose", ["", "&patient=HNORTH0041"])
def test_previous_pages_lead_back_to_the_first(whose: str) -> None:
    views = ward()
    bundles = walked(views, f"/Observation?_count=3{whose}")
    last = next(link["url"] for link in bundles[-1]["link"] if link["relation"] == "previous")
    back = walked(views, last, "previous")
    assert [ids([one]) for one in back[:2]] == [ids([bundles[1]]), ids([bundles[0]])]


def test_a_page_in_hand_stays_in_its_place_when_a_newer_result_comes() -> None:
    views = ward()
    first = ask(views, "/Observation?patient=HNORTH0041&_count=3").json()
    onward = next(link["url"] for link in first["link"] if link["relation"] == "next")
    expected = ids([ask(views, onward).json()])
    chart = views.charts[WREN]
    newest = report(potassium(), number="LAB|99", collected=moment(0.5))
    views.charts[WREN] = replace(chart, reports=(newest, *chart.reports))
    assert ids([ask(views, onward).json()]) == expected


def test_links_to_other_pages_carry_no_number_of_a_patient() -> None:
    bundle = ask(ward(), "/Observation?patient.identifier=0041&_count=3").json()
    onward = next(link["url"] for link in bundle["link"] if link["relation"] == "next")
    assert "0041" not in onward.replace("HNORTH0041", "")
    assert "patient=HNORTH0041" in onward


def test_a_search_over_everybody_opens_a_limited_number_of_charts_for_a_page() -> None:
    keys = [PatientKey(f"NORTH|{number:05d}") for number in range(CHARTS_A_PAGE_MAX + 20)]
    last = Chart(patient=keys[-1], orders=(order(),))
    views = kept.Fake([kept.person(key) for key in keys], charts=[last])
    first = ask(views, "/MedicationRequest").json()
    assert len(views.opened) == CHARTS_A_PAGE_MAX
    assert "total" not in first
    assert len(ids(walked(views, "/MedicationRequest"))) == 1


def test_a_search_gives_the_loop_back_between_charts() -> None:
    views = ward()
    copy = KeptCopy(
        views=views,
        sites=kept.SITES,
        clock=lambda: kept.NOW,
        handle_of=kept.handle_of,
        key_of=lambda _: None,
        systems={},
        remembered=Remembered(lambda: kept.NOW),
    )

    async def opened_meanwhile() -> int:
        asked = asyncio.create_task(
            search(copy, Query(kind="Condition", criteria=(), patients=None))
        )
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        seen = len(views.opened)
        await asked
        return seen

    assert asyncio.run(opened_meanwhile()) == 1


def test_only_the_number_is_given_when_only_it_is_asked_for() -> None:
    bundle = ask(ward(), "/Observation?patient=HNORTH0041&_summary=count").json()
    assert (bundle["total"], bundle.get("entry")) == (7, None)


def test_a_second_number_of_a_patient_finds_them_too() -> None:
    numbers = (Identifier("0041", "NORTH", "MR"), Identifier("900", "STATE", "PI"))
    views = kept.Fake([kept.person(identifiers=numbers)])
    assert len(found(views, "/Patient?identifier=urn:wardlight:authority:STATE|900")) == 1
