"""What a caller says to prove who they are, against the record."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.rules.clinics.clinic_day import clinic, key

from wardlight.rules.asking import Fields
from wardlight.rules.clinics.identity_check import checked

ADDRESS = "1234 Test St, Chester PA 19013-4455"


def agreed(said: str, address: str = ADDRESS) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what agrees and what differs when this is said to be the postcode."""
    person = clinic().views.people.person(key(1))
    assert person is not None
    found = checked(Fields((("said_postcode", said),)), replace(person, address=address))
    return found.agreed, found.differs


@pytest.mark.parametrize("said", ["19013", "19013-4455", "19013 4455"])
def test_a_postcode_of_the_record_agrees(said: str) -> None:
    assert agreed(said) == (("postcode",), ())


@pytest.mark.parametrize("said", ["sw1a 1aa", "SW1A1AA"])
def test_a_postcode_of_two_words_agrees_however_it_is_written(said: str) -> None:
    assert agreed(said, "10 Sample Street London SW1A 1AA") == (("postcode",), ())


@pytest.mark.parametrize("said", ["Chester", "Test St", "chesterpa"])
def test_a_town_or_street_said_as_the_postcode_proves_nothing(said: str) -> None:
    assert agreed(said) == ((), ())


@pytest.mark.parametrize("said", ["9013", "1901", "1234", "pa190", "19014"])
def test_a_part_of_the_postcode_or_a_house_number_does_not_agree(said: str) -> None:
    assert agreed(said) == ((), ("said_postcode",))


def test_the_number_that_was_rung_proves_nothing_and_another_one_does() -> None:
    person = clinic().views.people.person(key(1))
    assert person is not None
    person = replace(person, phones=("555-010-1234", "555-010-5678"))
    said = Fields((("said_phone", "1234"),))
    assert checked(said, person, rung="(555) 010 1234").agreed == ()
    assert checked(said, person, rung="(555) 010 5678").agreed == ("phone",)
    assert checked(said, person).agreed == ("phone",)
