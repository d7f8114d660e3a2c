from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.record.codes import Coded
from wardlight.record.identity import Identifier, PersonName
from wardlight.record.instants import Instant, Moment
from wardlight.wire.fhir import types
from wardlight.wire.fhir.systems import authority_system, code_system

AT = Instant(1_795_318_260_000)  # 2026-11-22T03:31:00Z
ZONE = "America/New_York"


@pytest.mark.parametrize(
    ("digits", "written"),
    [
        (4, "2026"),
        (6, "2026-11"),
        (8, "2026-11-21"),
        (10, "2026-11-21"),
        (12, "2026-11-21T22:31:00-05:00"),
        (14, "2026-11-21T22:31:00-05:00"),
    ],
)
def test_a_time_is_written_no_more_exactly_than_it_was_stated(digits: int, written: str) -> None:
    assert types.date_time(Moment(AT, digits), ZONE) == written


def test_a_time_before_there_were_zones_is_written_in_utc() -> None:
    assert types.instant(Instant(-3_000_000_000_000), ZONE) == "1874-12-07T18:40:00+00:00"


def test_milliseconds_are_written_where_there_are_any() -> None:
    assert types.instant(Instant(AT + 7), ZONE) == "2026-11-21T22:31:00.007-05:00"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (
            "5.40",
            '{"value":5.40,"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL"}',
        ),
        ("<0.5", '{"value":0.5,"comparator":"<","unit":"mg/dL",'),
        (">= 10", '{"value":10,"comparator":">=",'),
        ("=440", '{"value":440,"unit"'),
        ("-.5", '{"value":-0.5,'),
        ("007", '{"value":7,'),
    ],
)
def test_a_number_keeps_its_digits_and_comparator(value: str, written: str) -> None:
    assert msgspec.json.encode(types.quantity(value, "mg/dL")).decode().startswith(written)


@pytest.mark.parametrize("value", ["", "trace", "5,4", "1:80", "2-4", ".", "<", "\u0663", "5."])
def test_what_is_not_surely_a_number_is_no_quantity(value: str) -> None:
    assert types.quantity(value, "mg/dL") == {}


def test_a_unit_that_may_not_be_ucum_stays_words() -> None:
    assert types.quantity("4", "tabs").keys() == {"value", "unit"}


def test_a_code_keeps_its_words_and_gets_the_systems_address() -> None:
    assert types.codeable(Coded("2823-3", "Potassium", "LN")) == {
        "coding": [{"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}],
        "text": "Potassium",
    }


def test_a_local_code_is_not_made_to_look_standard() -> None:
    assert code_system("99 LAB") == "urn:wardlight:codes:99%20LAB"


def test_a_code_without_system_gets_none() -> None:
    assert types.codeable(Coded("K")) == {"coding": [{"code": "K"}], "text": "K"}


def test_nothing_stated_is_said_to_be_unknown() -> None:
    assert types.required(Coded()) == {
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                "valueCode": "unknown",
            }
        ]
    }


def test_a_number_of_a_patient_names_who_gave_it_out() -> None:
    assert types.identifier(Identifier("0041", "NORTH", "MR"), {}) == {
        "type": {
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]
        },
        "system": "urn:wardlight:authority:NORTH",
        "value": "0041",
    }


def test_a_site_may_set_the_address_of_an_authority() -> None:
    assert authority_system("NORTH", {"NORTH": "urn:oid:1.2.3"}) == "urn:oid:1.2.3"


def test_a_name_is_given_in_parts_and_in_words() -> None:
    assert types.human_name(PersonName("Testwren", "Ada", "B", "Dr", kind="L")) == {
        "use": "official",
        "text": "Dr Ada B Testwren",
        "family": "Testwren",
        "given": ["Ada", "B"],
        "prefix": ["Dr"],
    }


def test_hostile_text_is_inert_in_a_narrative() -> None:
    assert types.escaped('<b onclick="x">') == "&lt;b onclick=&quot;x&quot;&gt;"


@given(st.text(st.characters(exclude_categories=())))
def test_cleaned_text_holds_nothing_that_fhir_forbids(text: str) -> None:
    cleaned = types.clean(text)
    assert all(letter in "\t\r\n" or ord(letter) >= 32 for letter in cleaned)
    assert cleaned.encode().decode() == cleaned
