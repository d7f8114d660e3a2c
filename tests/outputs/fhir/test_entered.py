"""What staff enter is in the FHIR API at once, with who and when."""

from __future__ import annotations

from typing import Any

from tests.web.kept_copy import KeptCopy
from tests.web.screens import HANDLES, NUMBER, SITES, Screens, patient, screens, whole_ward
from tests.web.ward_of_28 import NOW, key_of

from wardlight.outputs.fhir_api import fhir_routes
from wardlight.record.downtime_number import numbers_of_block
from wardlight.web.app import create_app

HANDLE = patient().removeprefix("/patient/")
NUMBER_GIVEN = next(iter(numbers_of_block(7, 3))).text()


def fhir(copy: KeptCopy) -> Screens:
    routes = fhir_routes(
        views=copy.views,
        sites=SITES,
        clock=lambda: NOW,
        handle_of=HANDLES.of,
        key_of=lambda handle: HANDLES.find(handle, copy.views.people.numbers()),
    )
    return Screens(
        create_app(views=copy.views, sites=SITES, clock=lambda: NOW, handles=HANDLES, routes=routes)
    )


def found(api: Screens, query: str) -> list[dict[str, Any]]:
    bundle = api.get(f"/fhir/{query}").json()
    return [one["resource"] for one in bundle.get("entry", [])]


def test_a_dose_charted_at_the_bedside_is_a_medication_administration() -> None:
    copy = whole_ward()
    order = copy.views.chart(key_of(NUMBER)).medications()[0].number
    fields = (("order", order), ("state", "given"), ("amount", "25"), ("unit", "mg"))
    screens(copy).enter("dose.charted", HANDLE, fields)
    doses = found(fhir(copy), f"MedicationAdministration?patient={HANDLE}&_count=100")
    mine = [one for one in doses if "25" in str(one.get("dosage", {}).get("dose", {}).get("value"))]
    assert any("2026-11-22T" in one["effectiveDateTime"] for one in mine)


def test_a_downtime_patient_is_found_by_the_downtime_number() -> None:
    copy = whole_ward()
    fields = (("number", NUMBER_GIVEN), ("name_known", "no"), ("sex", "M"), ("reason", "fall"))
    screens(copy).enter("patient.registered", "", fields)
    [person] = found(fhir(copy), f"Patient?identifier={NUMBER_GIVEN}")
    assert person["gender"] == "male"


def test_a_pulse_charted_at_the_bedside_is_an_observation_with_its_loinc_code() -> None:
    copy = whole_ward()
    screens(copy).enter("vitals.charted", HANDLE, (("pulse", "88"),))
    signs = found(fhir(copy), f"Observation?patient={HANDLE}&code=8867-4")
    assert [one["valueQuantity"]["value"] for one in signs] == [88]


def test_what_was_taken_back_is_not_given_out() -> None:
    copy = whole_ward()
    ward = screens(copy)
    ward.enter("vitals.charted", HANDLE, (("pulse", "88"),), id="a" * 32)
    ward.enter("entry.voided", HANDLE, (("entry", "a" * 32), ("reason", "another patient")))
    assert found(fhir(copy), f"Observation?patient={HANDLE}&code=8867-4") == []


def test_nothing_of_a_drill_is_given_out() -> None:
    copy = whole_ward(off=False)
    ward = screens(copy)
    declared = {"site": "MMH", "system": "", "at": "03:10", "drill": "yes", "sure": "yes"}
    ward.post("/declare/off", declared)
    ward.enter("vitals.charted", HANDLE, (("pulse", "77"),))
    assert found(fhir(copy), f"Observation?patient={HANDLE}&code=8867-4") == []
