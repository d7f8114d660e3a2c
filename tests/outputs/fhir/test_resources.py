from __future__ import annotations

from typing import Any

from tests.outputs.fhir import kept
from tests.outputs.fhir.kept import moment, stamp

from wardlight.outputs.fhir.allergies import allergies
from wardlight.outputs.fhir.appointments import appointments
from wardlight.outputs.fhir.conditions import conditions
from wardlight.outputs.fhir.encounters import encounters
from wardlight.outputs.fhir.flags import flags
from wardlight.outputs.fhir.locations import places
from wardlight.outputs.fhir.medicines import administrations, medication_requests
from wardlight.outputs.fhir.orders import service_requests
from wardlight.outputs.fhir.patient import patient
from wardlight.outputs.fhir.results import observations, reports
from wardlight.record.codes import (
    AllergyState,
    AppointmentState,
    Coded,
    DoseState,
    OrderKind,
    OrderState,
    ResultState,
)
from wardlight.record.events.charting import Allergy, MedicationDetail, Observation, Timing
from wardlight.record.instants import PartialDate
from wardlight.views.facts import (
    AlertFact,
    AllergyFact,
    AllergyList,
    Chart,
    DoseFact,
    ObservationFact,
    OrderFact,
    ProblemFact,
    ReportFact,
)
from wardlight.views.rows import Appointment, StayState

WHO = kept.subject()
NOWHERE = places({}, [], {})
PENICILLIN = Allergy(agent=Coded("7980", "Penicillin", "RXNORM"), category="DA", severity="SV")


def order(**more: Any) -> OrderFact:
    stated: dict[str, Any] = {
        "number": "RX|77",
        "kind": OrderKind.MEDICATION,
        "state": OrderState.ACTIVE,
        "what": Coded(text="metoprolol"),
        "stamp": stamp(),
    }
    return OrderFact(**{**stated, **more})


def report(line: Observation, **more: Any) -> ReportFact:
    stated: dict[str, Any] = {
        "number": "LAB|5",
        "test": Coded(text="BMP"),
        "state": ResultState.FINAL,
        "stamp": stamp(),
        "collected": moment(2),
        "section": "CH",
        "observations": (ObservationFact(line, stamp()),),
    }
    return ReportFact(**{**stated, **more})


def potassium(**more: Any) -> Observation:
    stated: dict[str, Any] = {
        "test": Coded("2823-3", "Potassium", "LN"),
        "value": "6.10",
        "unit": "mmol/L",
        "kind": "NM",
        "flags": ("HH",),
        "state": ResultState.FINAL,
    }
    return Observation(**{**stated, **more})


def observed(line: Observation, **more: Any) -> dict[str, Any]:
    return kept.plain(observations([report(line, **more)], [], WHO)[0].resource)


def test_a_resource_names_its_feed_position_and_times() -> None:
    meta = flags(Chart(patient=kept.WREN, alerts=(AlertFact("falls", "high", stamp()),)), WHO)
    assert meta[0].resource["meta"] == {
        "extension": [
            {"url": "urn:wardlight:extension:as-of", "valueInstant": "2026-11-22T02:00:00-05:00"}
        ],
        "lastUpdated": "2026-11-22T02:00:01-05:00",
        "source": "urn:wardlight:feed:adt#7",
    }


def test_no_statement_on_allergies_gives_no_resource() -> None:
    assert allergies(AllergyList(), WHO) == []


def test_no_known_allergies_stands_only_where_somebody_asserted_it() -> None:
    asserted = AllergyList(state=AllergyState.NONE_KNOWN, none_known=stamp())
    (only,) = allergies(asserted, WHO)
    assert only.resource["code"]["coding"][0]["code"] == "716186003"
    assert only.resource["recordedDate"] == "2026-11-22T02:00:00-05:00"
    assert only.resource["asserter"] == {"display": "TESTEHR"}


def test_a_contradicted_denial_is_a_flag_beside_the_listed_allergy() -> None:
    listed = AllergyList(
        state=AllergyState.KNOWN,
        known=(AllergyFact(PENICILLIN, stamp()),),
        none_known=stamp(),
        contradicted=True,
    )
    chart = Chart(patient=kept.WREN, allergies=listed)
    assert [row.resource["code"]["text"] for row in allergies(listed, WHO)] == ["Penicillin"]
    assert len(flags(chart, WHO)) == 1


def test_an_ended_allergy_is_inactive() -> None:
    listed = AllergyList(ended=(AllergyFact(PENICILLIN, stamp(), ended=True),))
    (only,) = allergies(listed, WHO)
    assert only.resource["clinicalStatus"]["coding"][0]["code"] == "inactive"
    assert only.resource["category"] == ["medication"]
    assert only.resource["reaction"][0]["severity"] == "severe"


def test_a_birth_date_keeps_its_precision_and_an_unknown_one_says_so() -> None:
    known = patient(kept.person(birth=PartialDate(1950, 3)), WHO)
    unknown = patient(kept.person(birth=None), WHO)
    assert known["birthDate"] == "1950-03"
    assert "birthDate" not in unknown
    assert unknown["_birthDate"]["extension"][0]["valueCode"] == "unknown"


def test_a_protected_patient_is_labelled_restricted_on_every_resource() -> None:
    who = kept.subject(protected=True)
    chart = Chart(patient=kept.WREN, alerts=(AlertFact("falls", "high", stamp()),))
    labelled = [patient(kept.person(), who), flags(chart, who)[0].resource]
    assert [one["meta"]["security"][0]["code"] for one in labelled] == ["R", "R"]


def test_a_stay_says_where_the_patient_is_and_what_is_not_known() -> None:
    here = kept.stay(provisional=True)
    (row,) = encounters([here], WHO, NOWHERE)
    assert row.resource["status"] == "in-progress"
    assert row.resource["class"]["code"] == "IMP"
    assert row.resource["location"] == [{"location": {"display": "4E 12-A"}, "status": "active"}]
    assert {
        "url": "urn:wardlight:extension:admission-not-seen",
        "valueBoolean": True,
    } in row.resource["extension"]


def test_a_deleted_stay_is_entered_in_error() -> None:
    (row,) = encounters([kept.stay(state=StayState.DELETED)], WHO, NOWHERE)
    assert row.resource["status"] == "entered-in-error"


def test_a_medication_order_gives_dose_and_words_as_received() -> None:
    detail = MedicationDetail(drug=Coded(text="metoprolol"), dose="25", unit="mg", route="PO")
    timing = Timing(pattern="BID", times=("08:00", "20:00"))
    asked = order(detail=detail, timing=timing, as_received="RXE||METOPROLOL|25||MG")
    resource = kept.plain(medication_requests([asked], WHO)[0].resource)
    dosage = resource["dosageInstruction"][0]
    assert resource["extension"][0]["valueString"] == "RXE||METOPROLOL|25||MG"
    assert dosage["text"] == "metoprolol 25 mg PO BID 08:00 20:00"
    assert dosage["doseAndRate"][0]["doseQuantity"]["value"] == 25
    assert dosage["timing"]["repeat"]["timeOfDay"] == ["08:00:00", "20:00:00"]
    assert dosage["route"] == {"text": "PO"}


def test_an_amount_that_is_no_number_stays_words_only() -> None:
    detail = MedicationDetail(drug=Coded(text="x"), dose="one or two", unit="tab")
    dosage = medication_requests([order(detail=detail)], WHO)[0].resource["dosageInstruction"][0]
    assert dosage == {"text": "x one or two tab"}


def test_an_order_without_detail_is_listed_with_its_original_to_look_at() -> None:
    bare = order(what=Coded(), state=OrderState.UNKNOWN)
    resource = medication_requests([bare], WHO)[0].resource
    assert resource["status"] == "unknown"
    assert resource["medicationCodeableConcept"]["text"] == "see original order"


def test_a_refused_dose_was_not_done_and_names_its_order() -> None:
    refused = DoseFact(
        order="RX|77",
        drug=Coded(text="metoprolol"),
        at=moment(3),
        state=DoseState.REFUSED,
        stamp=stamp(),
        reason="nausea",
    )
    resource = administrations([refused], [order()], WHO)[0].resource
    asked = medication_requests([order()], WHO)[0].resource["id"]
    assert resource["status"] == "not-done"
    assert resource["statusReason"] == [{"text": "nausea"}]
    assert resource["request"] == {"reference": f"MedicationRequest/{asked}"}


def test_a_result_keeps_its_digits_unit_flag_and_time() -> None:
    resource = observations([report(potassium())], [], WHO)[0].resource
    assert bytes(resource["valueQuantity"]["value"]) == b"6.10"
    assert resource["valueQuantity"]["code"] == "mmol/L"
    assert resource["interpretation"][0]["coding"][0]["code"] == "HH"
    assert resource["effectiveDateTime"] == "2026-11-22T01:00:00-05:00"
    assert resource["category"][0]["coding"][0]["code"] == "laboratory"


def test_a_value_below_the_limit_keeps_its_comparator() -> None:
    value = observed(potassium(value="<0.5", kind="SN"))["valueQuantity"]
    assert (value["comparator"], value["value"]) == ("<", 0.5)


def test_a_value_in_words_stays_words() -> None:
    assert observed(potassium(value="hemolyzed", unit=""))["valueString"] == "hemolyzed"


def test_digits_that_the_sender_calls_text_stay_text() -> None:
    assert observed(potassium(value="4012", unit="", kind="ST"))["valueString"] == "4012"


def test_a_withdrawn_result_has_no_value_whatever_the_chart_holds() -> None:
    resource = observed(potassium(state=ResultState.WITHDRAWN, notes=("6.10",), range="3-5"))
    assert resource["status"] == "cancelled"
    assert "6.1" not in str(resource)
    assert not {"valueQuantity", "interpretation", "referenceRange"} & resource.keys()


def test_a_result_of_another_patient_is_entered_in_error() -> None:
    resource = observed(potassium(state=ResultState.WRONG_PATIENT))
    assert resource["status"] == "entered-in-error"
    assert "valueQuantity" not in resource


def test_a_corrected_result_says_what_it_was() -> None:
    fact = ObservationFact(potassium(state=ResultState.CORRECTED), stamp(), was="5.1")
    changed = report(potassium(), observations=(fact,))
    resource = observations([changed], [], WHO)[0].resource
    assert resource["note"] == [{"text": "Corrected: was 5.1"}]


def test_a_report_refers_to_its_lines_and_its_order() -> None:
    asked = order(number="LAB|5", kind=OrderKind.LABORATORY)
    found = [report(potassium())]
    resource = reports(found, [asked], WHO)[0].resource
    line = observations(found, [asked], WHO)[0].resource["id"]
    request = service_requests([asked], WHO)[0].resource["id"]
    assert resource["result"] == [{"reference": f"Observation/{line}"}]
    assert resource["basedOn"] == [{"reference": f"ServiceRequest/{request}"}]


def test_a_problem_since_a_month_keeps_that_precision() -> None:
    fact = ProblemFact(Coded("I50.9", "Heart failure", "I10C"), "", stamp(), moment(1, digits=6))
    resource = conditions([fact], WHO)[0].resource
    assert resource["onsetDateTime"] == "2026-11"
    assert resource["code"]["coding"][0]["system"] == "http://hl7.org/fhir/sid/icd-10-cm"


def booked(**more: Any) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "number": "SCH|3",
        "patient": kept.WREN,
        "state": AppointmentState.BOOKED,
        "stamp": stamp(),
    }
    rows = appointments([Appointment(**{**stated, **more})], WHO)
    return rows[0].resource if rows else {}


def test_an_appointment_without_a_length_has_an_unknown_end() -> None:
    resource = booked(starts=moment(-24))
    assert resource["start"] == "2026-11-23T03:00:00-05:00"
    assert resource["_end"]["extension"][0]["valueCode"] == "unknown"


def test_an_appointment_on_a_day_is_not_put_at_midnight() -> None:
    resource = booked(starts=moment(-24, digits=8))
    assert "start" not in resource
    assert resource["extension"][0]["valueDateTime"] == "2026-11-23"


def test_blocked_time_is_nobodys_appointment() -> None:
    assert booked(state=AppointmentState.BLOCKED) == {}
