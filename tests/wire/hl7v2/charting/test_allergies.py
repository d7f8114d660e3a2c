"""AL1 and IAM: what a sender says of allergies."""

from __future__ import annotations

import pytest
from tests.wire.hl7v2.charting.told import at, only, told

from wardlight.record.codes import Coded
from wardlight.record.events.charting import AllergiesReported, Allergy, AllergyChange, Change
from wardlight.record.sources import Source

COMPLETE = Source(name="HIS@GEN", site="GEN", allergies_complete=True)
PENICILLIN = "AL1|1|DA|70618^Penicillin^RXN|SV|Hives~Swelling|20200105"


def test_an_allergy_is_told_with_reactions_severity_and_onset() -> None:
    change = only(AllergiesReported, "ADT^A08", PENICILLIN).changes[0]
    assert change == AllergyChange(
        key="rxn|70618",
        change=Change.ADD,
        allergy=Allergy(
            agent=Coded("70618", "Penicillin", "RXN"),
            category="DA",
            severity="SV",
            reactions=("Hives", "Swelling"),
            onset=at("2020-01-05", 8),
        ),
    )


def test_a_list_replaces_only_when_the_source_is_declared_complete() -> None:
    assert not only(AllergiesReported, "ADT^A08", PENICILLIN).replaces
    assert only(AllergiesReported, "ADT^A08", PENICILLIN, source=COMPLETE).replaces


def test_silence_and_an_empty_segment_say_nothing() -> None:
    assert told(AllergiesReported, "ADT^A08", "PV1|1|I", source=COMPLETE) == []
    assert told(AllergiesReported, "ADT^A08", "AL1|1|||", source=COMPLETE) == []


def test_two_quotes_clear_the_list() -> None:
    said = only(AllergiesReported, "ADT^A08", 'AL1|1||""', source=COMPLETE)
    assert said == AllergiesReported(cleared=True)


@pytest.mark.parametrize(
    "agent",
    [
        "716186003^No known allergy^SCT",
        "NKA",
        "^No Known Allergies",
        "^none known",
        "^NIL KNOWN.",
        "X1^No known allergy (situation)^L",
        "NKDA^NKDA",
        "409137002^No known drug allergy^SCT",
        "^No Known Drug Allergies (NKDA)",
    ],
)
def test_no_known_allergies_is_an_assertion_and_no_agent(agent: str) -> None:
    said = only(AllergiesReported, "ADT^A08", f"AL1|1||{agent}")
    assert said == AllergiesReported(none_known=True)


def test_no_known_drug_allergies_beside_a_food_allergy_asserts_nothing() -> None:
    said = only(AllergiesReported, "ADT^A08", "AL1|1||NKDA", "AL1|2|FA|^Peanut")
    assert not said.none_known
    assert [change.allergy.agent.text for change in said.changes] == ["Peanut"]


def test_no_known_allergies_beside_an_allergy_is_told_as_the_contradiction_it_is() -> None:
    said = only(AllergiesReported, "ADT^A08", "AL1|1||NKA", PENICILLIN)
    assert said.none_known
    assert len(said.changes) == 1


def test_no_known_food_allergies_alone_asserts_nothing() -> None:
    assert told(AllergiesReported, "ADT^A08", "AL1|1||^No known food allergies") == []


def test_a_reaction_to_something_not_stated_is_kept() -> None:
    said = only(AllergiesReported, "ADT^A08", "AL1|1|DA||SV|Anaphylaxis")
    assert said.changes[0].allergy.agent.words() == "agent not stated"


@pytest.mark.parametrize(
    ("action", "change"),
    [
        ("A", Change.ADD),
        ("U", Change.UPDATE),
        ("D", Change.END),
        ("X", Change.NO_CHANGE),
        ("S", Change.ADD),
    ],
)
def test_an_iam_does_what_its_action_says(action: str, change: Change) -> None:
    said = only(AllergiesReported, "ADT^A60", f"IAM|1|DA|^Latex|MO|Rash|{action}|A77^HIS")
    assert (said.changes[0].key, said.changes[0].change) == ("HIS|A77", change)


def test_an_erroneous_iam_ends_the_allergy() -> None:
    said = only(AllergiesReported, "ADT^A60", "IAM|1|DA|^Latex|||U|A77||||||||||E")
    assert said.changes[0].change is Change.END


def test_the_same_agent_in_iam_and_al1_is_told_once() -> None:
    said = only(AllergiesReported, "ADT^A60", "AL1|1|DA|^Latex", "IAM|1|DA|^Latex|||A|A77")
    assert [change.key for change in said.changes] == ["GEN|A77"]
