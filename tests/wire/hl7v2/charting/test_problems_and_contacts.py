"""DG1, PRB, NK1 and GT1."""

from __future__ import annotations

from tests.wire.hl7v2.charting.told import at, only, told

from wardlight.record.codes import Coded
from wardlight.record.events.charting import (
    Change,
    Contact,
    ContactsReported,
    ProblemChange,
    ProblemsReported,
)
from wardlight.record.sources import Source

PV1 = "PV1|1|I|||||||||||||||||V1^^^GEN"
COMPLETE = Source(name="HIS@GEN", site="GEN", contacts_complete=True)


def test_the_diagnoses_of_a_visit_and_type_are_one_whole_set() -> None:
    said = told(ProblemsReported, "ADT^A08", PV1, "DG1|1||I10^Hypertension^I10||20261101|A")
    assert said == [
        ProblemsReported(
            changes=(
                ProblemChange(
                    key="i10|i10|A",
                    change=Change.ADD,
                    problem=Coded("I10", "Hypertension", "I10"),
                    kind="A",
                    since=at("2026-11-01", 8),
                ),
            ),
            replaces=True,
            group="GEN|V1|A",
        )
    ]


def test_admitting_and_final_diagnoses_are_two_sets() -> None:
    said = told(ProblemsReported, "ADT^A08", PV1, "DG1|1||A|||A", "DG1|2||B|||F")
    assert [one.group for one in said] == ["GEN|V1|A", "GEN|V1|F"]


def test_a_diagnosis_with_an_action_replaces_nothing() -> None:
    segment = "DG1|1||I10^Hypertension|||W||||||||||||||D9|D"
    said = only(ProblemsReported, "ADT^A08", PV1, segment)
    assert (said.replaces, said.changes[0].key) == (False, "GEN|D9")
    assert said.changes[0].change is Change.END


def test_the_reason_of_an_order_is_no_whole_set() -> None:
    assert not only(ProblemsReported, "OML^O21", PV1, "DG1|1||I10^Hypertension|||W").replaces


def test_a_diagnosis_in_words_only_is_kept() -> None:
    said = only(ProblemsReported, "ADT^A08", "DG1|1|||Chest pain & dyspnoea")
    assert said.changes[0].problem.words() == "Chest pain & dyspnoea"


def test_a_problem_is_ended_by_its_action() -> None:
    said = only(ProblemsReported, "PPR^PC3", "PRB|DE|20261122|^Asthma|P1^HIS||||||20261120")
    change = said.changes[0]
    assert (change.key, change.change, said.group) == ("HIS|P1", Change.END, "problem list")


def test_a_problem_has_onset_and_resolution() -> None:
    said = only(ProblemsReported, "PPR^PC1", "PRB|AD|2026|^Asthma||||2010||2020|||||||2009")
    assert said.changes[0].since == at("2009-01-01", 4)
    assert said.changes[0].resolved == at("2020-01-01", 4)


def test_a_relative_is_told_with_relation_phones_and_role() -> None:
    said = only(
        ContactsReported, "ADT^A08", "NK1|1|Testwood^Beta|SPO^Spouse||555-0100~555-0101|555-0102|N"
    )
    assert said.contacts == (
        Contact(
            key="testwood, beta|spouse",
            name="Testwood, Beta",
            relation="Spouse",
            phones=("555-0100", "555-0101", "555-0102"),
            role="N",
        ),
    )


def test_contacts_replace_only_when_the_source_is_declared_complete() -> None:
    segment = "NK1|1|Testwood^Beta"
    assert not only(ContactsReported, "ADT^A08", segment).replaces
    assert only(ContactsReported, "ADT^A08", segment, source=COMPLETE).replaces


def test_a_guarantor_is_a_contact_too() -> None:
    said = only(ContactsReported, "ADT^A08", "GT1|1||Testwood^Gamma|||555-0103")
    assert (said.contacts[0].role, said.contacts[0].phones) == ("guarantor", ("555-0103",))


def test_two_quotes_clear_the_contacts() -> None:
    assert only(ContactsReported, "ADT^A08", 'NK1|1|""').cleared
