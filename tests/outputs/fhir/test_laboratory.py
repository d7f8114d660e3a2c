"""What a laboratory enters while its system is off, as FHIR says it at once."""

from __future__ import annotations

from tests.outputs.fhir.test_from_the_feed import copy_of
from tests.rules.laboratory.loop_ward import OneSpecimen, line


def test_a_typed_result_is_an_observation_of_a_report_with_its_code_and_flag() -> None:
    ward = OneSpecimen()
    ward.file(*line("Potassium", "6.90", "mmol/L", "3.5-5.1"))
    copy = copy_of(ward.views)
    (found,) = [row.resource for row in copy.rows("Observation", ward.patient)]
    assert found["code"]["coding"][0]["code"] == "2823-3"
    assert bytes(found["valueQuantity"]["value"]) == b"6.90"
    assert found["interpretation"][0]["coding"][0]["code"] == "HH"
    (report,) = [row.resource for row in copy.rows("DiagnosticReport", ward.patient)]
    assert report["status"] == "final"


def test_a_number_without_a_unit_is_still_a_number() -> None:
    ward = OneSpecimen()
    ward.file(*line("INR", "5.4"))
    (found,) = [row.resource for row in copy_of(ward.views).rows("Observation", ward.patient)]
    assert bytes(found["valueQuantity"]["value"]) == b"5.4"


def test_a_test_that_is_still_out_is_a_request_that_is_active() -> None:
    ward = OneSpecimen()
    (asked,) = [row.resource for row in copy_of(ward.views).rows("ServiceRequest", ward.patient)]
    assert (asked["status"], asked["code"]["text"]) == ("active", "Potassium")


def test_a_result_taken_back_is_no_longer_given_out() -> None:
    ward = OneSpecimen()
    result = ward.file(*line("Potassium", "6.9", "mmol/L"))
    ward.say("entry.voided", [("entry", result), ("reason", "x")], patient=ward.patient)
    assert copy_of(ward.views).rows("Observation", ward.patient) == []
