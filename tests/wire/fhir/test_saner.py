"""MeasureReports of SANER: what was counted, and nothing that was not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from tests.fhir_profiles import profiles
from tests.wire.edxl.boards import BOARDS, NOW, board
from tests.wire.edxl.schemas import SHARED

from wardlight.record.instants import HOUR, Instant
from wardlight.wire.fhir.saner import MEASURE, PROFILE, measure_reports
from wardlight.wire.outside import ToldBeds, ToldBoard, ToldHospital

WARD = ToldBeds(kind="ward", available=12, baseline=100, counted=Instant(NOW - HOUR))
ICU = ToldBeds(kind="ICU", available=-1, baseline=10, counted=NOW)


def counts(*beds: ToldBeds) -> dict[str, int | None]:
    hospital = ToldHospital(code="LKS", name="Lakeside", beds=beds)
    (report,) = measure_reports(board(hospital))
    return {
        one["code"]["coding"][0]["code"]: one.get("count")
        for group in report["group"]
        for one in group["population"]
    }


def test_beds_are_counted_over_all_kinds() -> None:
    found = counts(WARD, ICU)
    assert (found["numTotBeds"], found["numbeds"], found["numBedsOcc"]) == (110, 110, 99)
    assert (found["numICUBeds"], found["numICUBedsOcc"]) == (10, 11)


def test_an_icu_alone_is_never_the_whole_house() -> None:
    found = counts(ICU)
    assert (found["numbeds"], found["numICUBeds"]) == (None, 10)


def test_what_nobody_counted_is_absent_with_a_reason() -> None:
    hospital = ToldHospital(code="LKS", name="Lakeside", beds=(WARD,))
    (report,) = measure_reports(board(hospital))
    ventilators = report["group"][1]["population"][0]
    assert ventilators["_count"]["extension"][0]["valueCode"] == "unknown"


def test_a_report_is_as_old_as_its_counts() -> None:
    hospital = ToldHospital(code="LKS", name="Lakeside", beds=(WARD, ICU))
    (report,) = measure_reports(board(hospital))
    assert report["period"] == {
        "start": "2026-11-21T22:00:00-05:00",
        "end": "2026-11-21T23:00:00-05:00",
    }


@settings(max_examples=40, deadline=None)
@given(BOARDS)
def test_every_report_has_what_the_profile_asks_for(said: ToldBoard) -> None:
    for report in measure_reports(said):
        assert (report["meta"]["profile"], report["measure"]) == ([PROFILE], MEASURE)
        assert report["subject"]["identifier"]["value"]
        assert report["date"] == report["period"]["end"]
        for group in report["group"]:
            assert all(("count" in one) != ("_count" in one) for one in group["population"])
            assert group["code"]["coding"]


@settings(max_examples=25, deadline=None)
@given(BOARDS)
def test_every_report_is_as_its_structure_definition_says(said: ToldBoard) -> None:
    if not (SHARED / "fhir-saner").is_dir():
        pytest.skip("no SANER profile beside the repository (../shared/schemas)")
    profile = profiles(SHARED)[PROFILE]
    assert next(profile.faults({"resourceType": "MeasureReport"}))
    for report in measure_reports(said):
        assert list(profile.faults(report)) == []


def test_every_code_is_one_of_the_measure() -> None:
    path = SHARED / "fhir-saner/conformance/Measure-CDCPatientImpactAndHospitalCapacity.json"
    if not path.is_file():
        pytest.skip("no SANER measure beside the repository (../shared/schemas)")
    measure = json.loads(path.read_text())
    assert measure["url"] == MEASURE
    known = [
        [coding["code"] for coding in one["code"]["coding"]]
        for group in measure["group"]
        for one in group["population"]
    ]
    hospital = ToldHospital(code="LKS", name="Lakeside", beds=(WARD, ICU))
    (report,) = measure_reports(board(hospital))
    told = [
        [coding["code"] for coding in one["code"]["coding"]]
        for group in report["group"]
        for one in group["population"]
    ]
    roles = {one[0]: one[1:] for one in known}
    assert {one[0] for one in told} <= set(roles)
    assert [one for one in told if roles[one[0]] and one[1:] != roles[one[0]]] == []


@settings(max_examples=40, deadline=None)
@given(BOARDS)
def test_an_independent_reader_takes_every_report(said: ToldBoard) -> None:
    model: Any = pytest.importorskip("fhir.resources.R4B.measurereport").MeasureReport
    for report in measure_reports(said):
        model.model_validate_json(json.dumps(report))
