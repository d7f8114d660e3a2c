"""Who a message is about: numbers, names, dates of birth, what is cleared, what is masked."""

from __future__ import annotations

from msgspec.structs import replace
from tests.wire.hl7v2.entries import FEED, at, told

from wardlight.record.identity import Identifier, Person, PersonName
from wardlight.record.instants import DIGITS_YEAR, Moment, PartialDate
from wardlight.record.sources import Source


def person(*segments: str, source: Source = FEED) -> Person:
    (found,) = told("ADT^A08", *segments, source=source).persons
    return found


def test_a_patient_is_read_whole() -> None:
    pid = (
        "PID|1||0010001^^^GEN^MR~999-00-1111^^^SSA^SS||Testwood^Alpha^B^Jr^Ms^^L~Testley^Alpha^^^^^A"
        "||19510302|f|||1 Sample Way^Flat 2^Springfield^NY^00001^USA||555-0100~555-0101|555-0200"
        "|es^Spanish^ISO639|||A77^^^GEN^AN||||"
    )
    assert person(pid) == Person(
        key="GEN|0010001",  # type: ignore[arg-type]
        identifiers=(
            Identifier("0010001", "GEN", "MR"),
            Identifier("999-00-1111", "SSA", "SS"),
            Identifier("A77", "GEN", "AN"),
        ),
        name=PersonName("Testwood", "Alpha", "B", "Ms", "Jr", "L"),
        other_names=(PersonName("Testley", "Alpha", kind="A"),),
        birth=PartialDate(1951, 3, 2),
        sex="F",
        address="1 Sample Way, Flat 2, Springfield, NY 00001, USA",
        phones=("555-0100", "555-0101", "555-0200"),
        language="Spanish",
        account="A77",
    )


def test_zeros_in_front_of_a_number_are_part_of_it() -> None:
    assert person("PID|||007^^^GEN^MR").key != person("PID|||7^^^GEN^MR").key


def test_a_number_without_authority_gets_the_one_agreed_with_the_feed() -> None:
    assert person("PID|||10001").key == "GEN|10001"
    agreed = replace(FEED, authority="NORTH")
    assert person("PID|||10001^^^^MR", source=agreed).key == "NORTH|10001"


def test_an_authority_may_be_named_by_its_universal_id_alone() -> None:
    assert person("PID|||10001^^^&1.2.3&ISO^MR").key == "1.2.3|10001"


def test_the_feed_decides_which_kind_of_number_names_a_patient() -> None:
    pid = "PID|||E5^^^ENT^PI~M1^^^GEN^MR"
    assert person(pid).key == "GEN|M1"
    assert person(pid, source=replace(FEED, patient_kinds=("PI",))).key == "ENT|E5"


def test_a_local_kind_of_number_is_better_than_a_social_security_number() -> None:
    assert person("PID|||999001111^^^SSA^SS~X9^^^GEN^MRN").key == "GEN|X9"


def test_pid_2_and_pid_4_stand_in_for_pid_3() -> None:
    assert person("PID||E77").key == "GEN|E77"
    assert person("PID||||ALT4").key == "GEN|ALT4"
    assert person("PID||E77|V1^^^GEN^VN").key == "GEN|E77"


def test_a_number_that_stands_for_nobody_makes_no_patient() -> None:
    assert told("ADT^A08", "PID|||0000^^^GEN^MR\r").persons == ()
    assert told("ADT^A08", "PID|||UNKNOWN\r").persons == ()
    assert person("PID|||UNKNOWN~10001").key == "GEN|10001"


def test_the_legal_name_comes_first() -> None:
    found = person("PID|||1||Nick^Al^^^^^D~Testwood^Alpha^^^^^L")
    assert found.name.family == "Testwood"
    assert [name.family for name in found.other_names] == ["Nick"]


def test_a_newborn_has_a_mother_and_no_name() -> None:
    found = person("PID|||B1^^^GEN^MR||||20261122|F|||||||||||||10001^^^GEN^MR")
    assert (found.name, found.mother) == (PersonName(), "GEN|10001")


def test_a_date_of_birth_that_stands_for_unknown_is_unknown() -> None:
    found = told("ADT^A08", "PID|||1||Testwood^Alpha||19000101\r")
    assert found.persons[0].birth is None
    assert found.anomalies == ("birth date stands for unknown",)


def test_a_year_of_birth_stays_a_year() -> None:
    assert person("PID|||1||||1951").birth == PartialDate(1951)


def test_two_quotes_clear_and_emptiness_does_not() -> None:
    found = person('PID|||1||Testwood^Alpha||""||||""||""')
    assert found.cleared == ("birth", "address", "phones", "emails")
    assert (found.address, found.phones, found.birth) == ("", (), None)


def test_the_time_of_death_is_kept() -> None:
    died = person("PID|||1" + "|" * 26 + "202611220110|Y").died
    assert died == Moment(at("2026-11-22 01:10"), 12)


def test_a_death_without_a_time_is_known_to_the_year_only() -> None:
    found = told("ADT^A08", "PID|||1" + "|" * 27 + "Y\r")
    died = found.persons[0].died
    assert died is not None
    assert died.digits == DIGITS_YEAR
    assert "death without a time" in found.anomalies


def test_unknown_identity_is_said_and_taken_back() -> None:
    assert person("PID|||1" + "|" * 28 + "Y").unconfirmed
    assert person("PID|||1" + "|" * 28 + "N").cleared == ("unconfirmed",)


def test_protection_may_stand_in_four_segments() -> None:
    for segment in (
        "PD1||||||||||||Y",
        "PV1||||||||||||||||VIP",
        "PV2||||||||||||||||||||||Y",
        "ARV|1|A|DEM",
    ):
        assert person("PID|||1\r", segment).protected


def test_protection_is_taken_back_only_by_a_plain_no() -> None:
    found = person("PID|||1\r", "PD1||||||||||||N")
    assert (found.protected, found.cleared) == (False, ("protected",))
    assert person("PID|||1\r", "PD1||||||||||||\r").cleared == ()
    assert person("PID|||1\r", "PD1||||||||||||N\r", "PV1||||||||||||||||V").protected


def test_a_result_states_its_patient_too() -> None:
    (found,) = told("ORU^R01", "PID|||1^^^GEN^MR||Testwood^Alpha\r").persons
    assert found.name == PersonName("Testwood", "Alpha")


def test_an_e_mail_address_is_read_wherever_a_system_puts_it_and_is_no_phone() -> None:
    stated = "555-0100^PRN^PH~^NET^Internet^ada@example.org~b@example.org^NET^X.400"
    found = person(f"PID|||1||||||||||{stated}")
    assert found.emails == ("ada@example.org", "b@example.org")
    assert found.phones == ("555-0100",)


def test_an_employers_address_and_a_bad_one_are_not_kept() -> None:
    found = person("PID|||1||||||||||^NET^Internet^ada at example|^NET^Internet^ada@work.example")
    assert (found.emails, found.phones) == ((), ())
