"""Two identifiers: what is this patient's label, what is not, and what is never given away."""

from __future__ import annotations

import pytest
from tests.rules.laboratory.loop_ward import Ward

from wardlight.record.events.laboratory import Label
from wardlight.rules.laboratory.labels import LabelTrouble, label_trouble


def trouble(label: Label) -> LabelTrouble | None:
    ward = Ward()
    patient = ward.admit("704118", "O'BRIEN", "Siobhán", "1958-03-09")
    ward.admit("704119", "O'BRIEN", "Sean", "1949-07-21")
    return label_trouble(label, patient, ward.ground(), thing="result")


@pytest.mark.parametrize(
    "label",
    [
        Label(number="704118", birth="1958-03-09"),
        Label(number="704 118", birth="09-Mar-1958"),
        Label(number="704-118", name="O'Brien"),
        Label(number="704118", name="O'BRIEN S."),
        Label(name="OBRIEN, Siobhan", birth="19580309"),
        Label(name="Siobhán O'Brien (Ms)", birth="03/09/1958"),
        Label(number="704118", birth="1958-03-09", name="O'BRIEN Siobhán"),
    ],
)
def test_two_identifiers_that_agree_are_enough(label: Label) -> None:
    assert trouble(label) is None


@pytest.mark.parametrize(
    ("label", "field"),
    [
        (Label(number="704119", birth="1958-03-09"), "label_number"),
        (Label(number="704118", birth="1958-03-08"), "label_birth"),
        (Label(number="704118", name="MURPHY"), "label_name"),
        (Label(name="O'BRIEN, Sean", birth="1958-03-09"), "label_name"),
        (Label(number="704118", birth="1958-03-09", name="O'BRIEN, Sean"), "label_name"),
        (Label(number="0704118", birth="1958-03-09"), "label_number"),
    ],
)
def test_what_differs_stops_the_entry_and_is_named(label: Label, field: str) -> None:
    found = trouble(label)
    assert found is not None
    assert list(found.fields) == [field]
    assert found.because.startswith("STOP.")


@pytest.mark.parametrize(
    "label",
    [
        Label(),
        Label(number="704118"),
        Label(birth="1958-03-09"),
        Label(name="O'BRIEN, Siobhán"),
        Label(name="O'BRIEN", birth="1958-03-09"),
        Label(name="O'BRIEN, S", birth="1958-03-09"),
    ],
)
def test_one_identifier_or_a_part_of_a_name_is_not_enough(label: Label) -> None:
    assert trouble(label) is not None


def test_the_words_never_say_what_the_record_says() -> None:
    found = trouble(Label(number="704119", birth="1949-07-21", name="MURPHY, Ann"))
    assert found is not None
    told = found.because + str(found.fields)
    assert not any(secret in told for secret in ("704118", "1958", "BRIEN", "Siobh"))


def test_of_two_people_with_one_name_and_birth_date_the_number_decides() -> None:
    ward = Ward()
    twin = ward.admit("1", "BYRNE", "Baby girl", "2026-11-20")
    ward.admit("2", "BYRNE", "Baby girl", "2026-11-20")
    found = label_trouble(
        Label(name="BYRNE, Baby girl", birth="2026-11-20"), twin, ward.ground(), thing="result"
    )
    assert found is not None
    assert list(found.fields) == ["label_number"]
    assert (
        label_trouble(Label(name="BYRNE", number="1"), twin, ward.ground(), thing="result") is None
    )


def test_a_birth_date_that_cannot_be_read_is_asked_for_again() -> None:
    found = trouble(Label(number="704118", birth="9.3.58"))
    assert found is not None
    assert found.fields == {"label_birth": "Write the birth date as 09-Mar-1958 or 1958-03-09."}
