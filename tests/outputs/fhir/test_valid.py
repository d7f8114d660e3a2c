from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.outputs.fhir import kept
from tests.outputs.fhir.r4 import R4
from tests.outputs.fhir.strategies import any_of

from wardlight.outputs.fhir.capability import capability
from wardlight.outputs.fhir.kept_copy import KeptCopy
from wardlight.outputs.fhir.parameters import TYPES
from wardlight.outputs.fhir.remembered import Remembered
from wardlight.outputs.fhir.summary import summary
from wardlight.record.identity import Person
from wardlight.views.facts import Chart
from wardlight.views.rows import Appointment, Stay

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.slow
MODEST = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, *HealthCheck]
)
TYPES_OF_A_PATIENT = st.sampled_from([kind for kind in TYPES if kind != "Location"])


@pytest.fixture(scope="session")
def r4(shared: Path) -> R4:
    folder = shared / "schemas" / "fhir-r4"
    if not folder.is_dir():
        pytest.skip("no R4 definitions beside the repository")
    return R4(folder)


def copy_of(person: Person, chart: Chart, stay: Stay, booked: Appointment) -> KeptCopy:
    key = kept.WREN
    views = kept.Fake(
        [replace(person, key=key)],
        charts=[replace(chart, patient=key)],
        stays=[replace(stay, patient=key, site="NORTH")],
        appointments=[replace(booked, patient=key)],
    )
    return KeptCopy(
        views=views,
        sites=kept.SITES,
        clock=lambda: kept.NOW,
        handle_of=kept.handle_of,
        key_of=lambda _: key,
        systems={},
        remembered=Remembered(lambda: kept.NOW),
    )


COPIES = st.builds(copy_of, any_of(Person), any_of(Chart), any_of(Stay), any_of(Appointment))


def independently_read(resource: dict[str, Any]) -> None:
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)


@given(COPIES, TYPES_OF_A_PATIENT)
@MODEST
def test_any_chart_gives_resources_that_another_reader_takes(copy: KeptCopy, kind: str) -> None:
    for row in copy.rows(kind, kept.WREN):
        independently_read(kept.plain(row.resource))


@given(COPIES, TYPES_OF_A_PATIENT)
@MODEST
def test_any_chart_gives_resources_as_r4_defines_them(r4: R4, copy: KeptCopy, kind: str) -> None:
    for row in copy.rows(kind, kept.WREN):
        assert r4.faults(kept.plain(row.resource)) == []


@given(COPIES)
@MODEST
def test_places_are_as_r4_defines_them(r4: R4, copy: KeptCopy) -> None:
    for row in copy.places().rows:
        assert r4.faults(kept.plain(row.resource)) == []


@given(COPIES, TYPES_OF_A_PATIENT)
@MODEST
def test_ids_are_unique_and_the_same_each_time(copy: KeptCopy, kind: str) -> None:
    ids = [row.resource["id"] for row in copy.rows(kind, kept.WREN)]
    assert len({*ids}) == len(ids)
    assert ids == [row.resource["id"] for row in copy.rows(kind, kept.WREN)]


@given(any_of(Person), any_of(Chart))
@MODEST
def test_any_summary_is_a_document_as_r4_defines_it(r4: R4, person: Person, chart: Chart) -> None:
    bundle = kept.plain(summary(person, chart, kept.subject(), kept.NOW))
    assert r4.faults(bundle) == []
    independently_read(bundle)


def test_the_capability_statement_is_as_r4_defines_it(r4: R4) -> None:
    stated = kept.plain(capability(kept.NOW, kept.BASE))
    assert r4.faults(stated) == []
    independently_read(stated)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"colour": "red"}, "Flag has no colour"),
        ({"status": "on"}, "Flag.status has a code that is not of its value set"),
        ({"subject": None}, "Flag.subject is missing"),
        ({"code": {}}, "CodeableConcept is empty"),
        ({"code": []}, "Flag.code may not be a list"),
        ({"period": {"start": "2026-11-22T08:00"}}, "Period.start is not written as dateTime"),
        ({"category": {"text": "x"}}, "Flag.category has to be a list"),
    ],
)
def test_the_check_itself_finds_one_fault(r4: R4, changed: dict[str, Any], fault: str) -> None:
    sound = {"status": "active", "code": {"text": "x"}, "subject": {"display": "x"}}
    whole = {"resourceType": "Flag", **sound, **changed}
    held = {name: value for name, value in whole.items() if value is not None}
    assert fault in r4.faults(held)
