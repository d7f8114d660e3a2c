"""Who the patients are: what counts when messages disagree, and how they are found."""

from __future__ import annotations

from msgspec.structs import replace
from tests.views.entries import MOON, STAR, SUN, at, person

from wardlight.record.identity import Identifier, Person, PersonName
from wardlight.record.instants import PartialDate
from wardlight.views.patients.people import People


def people(*said: tuple[Person, float, bool]) -> People:
    """Return what is known after these statements: person, hour, whether an ADT said it."""
    known = People()
    for position, (one, hours, adt) in enumerate(said, 1):
        known.state(one, at(hours), position, adt=adt)
    return known


def name_of(known: People) -> PersonName:
    found = known.person(STAR)
    assert found is not None
    return found.name


def test_a_newer_name_counts_and_the_old_one_stays_an_alias() -> None:
    known = people(
        (person(STAR, "UNKNOWN", "Male"), 0, True), (person(STAR, "Starling", "Rigel"), 1, True)
    )
    found = known.person(STAR)
    assert found is not None
    assert found.name == PersonName("Starling", "Rigel")
    assert found.other_names == (PersonName("UNKNOWN", "Male"),)


def test_an_older_statement_that_comes_late_changes_nothing_newer() -> None:
    known = people(
        (person(STAR, "Starling", "Rigel"), 1, True), (person(STAR, "UNKNOWN", "Male"), 0, True)
    )
    assert name_of(known) == PersonName("Starling", "Rigel")


def test_silence_keeps_what_was_known() -> None:
    known = people(
        (person(STAR, "Starling", "Rigel", "1958-03-09"), 0, True), (person(STAR), 1, True)
    )
    found = known.person(STAR)
    assert found is not None
    assert (found.birth, found.name.family) == (PartialDate(1958, 3, 9), "Starling")


def test_two_quotes_clear_a_field() -> None:
    cleared = replace(person(STAR, "Starling", "Rigel"), cleared=("birth",))
    known = people((person(STAR, "Starling", "Rigel", "1958-03-09"), 0, True), (cleared, 1, True))
    found = known.person(STAR)
    assert found is not None
    assert found.birth is None


def test_a_result_fills_only_what_no_adt_has_said() -> None:
    known = people(
        (person(STAR, "Starling", "Rigel"), 0, True),
        (person(STAR, "STARLNG", "R", "1958-03-09"), 5, False),
    )
    found = known.person(STAR)
    assert found is not None
    assert (found.name.family, found.birth) == ("Starling", PartialDate(1958, 3, 9))


def test_a_statement_repeated_after_another_counts_again() -> None:
    one, other = person(STAR, "Starling", "Rigel"), person(STAR, "Starlin", "Rigel")
    known = people((one, 0, True), (one, 4, True), (other, 2, True))
    assert name_of(known).family == "Starling"


def test_a_survivor_keeps_its_own_name_and_both_are_findable() -> None:
    known = people(
        (person(STAR, "Starling", "Rigel"), 0, True), (person(MOON, "Unknown", "Male"), 1, True)
    )
    known.merge(STAR, MOON, at(2))
    assert name_of(known).family == "Starling"
    assert known.search("unknown") == [STAR]
    assert known.search("705") == [STAR]
    assert known.aliases(STAR) == (MOON,)


def test_an_alias_of_somebody_never_heard_of_is_remembered() -> None:
    known = people()
    known.merge(STAR, MOON, at(2))
    known.state(person(MOON, "Starling", "Rigel"), at(1), 1, adt=True)
    assert name_of(known).family == "Starling"


def test_names_are_found_without_accents_case_and_in_any_order() -> None:
    known = people((person(STAR, "O'Brién-Łomski", "Siobhán"), 0, True))
    for text in ("obrien", "LOMSKI", "siobhan o'b", "brien, siobhan", "O\u2019Brien"):
        assert known.search(text) == [STAR], text
    assert known.search("rien") == []


def test_birth_dates_are_understood_as_they_are_written() -> None:
    known = people((person(STAR, "Starling", "Rigel", "1958-03-09"), 0, True))
    for text in ("09-Mar-1958", "1958-03-09", "19580309", "3/9/1958", "starling 09-mar-1958"):
        assert known.search(text) == [STAR], text
    assert known.search("10-Mar-1958") == []


def test_numbers_are_text_and_their_zeros_count() -> None:
    zero = Identifier(value="00704", authority="MMH")
    known = people((replace(person(STAR), identifiers=(zero,)), 0, True))
    assert known.search("00704") == [STAR]
    assert known.search("704") == []


def test_search_follows_people_who_come_after_the_first_search() -> None:
    known = people((person(STAR, "Starling", "Rigel"), 0, True))
    assert known.search("moon") == []
    known.state(person(MOON, "Moonfield", "Vega"), at(1), 2, adt=True)
    assert known.search("moon") == [MOON]


def test_everybody_is_found_however_many_were_made_ready_before() -> None:
    told = [(person(key), 0, True) for key in (STAR, MOON, SUN)]
    known = people(*told)
    everybody = {key for key in (STAR, MOON, SUN) for key in known.search(str(key)[-4:])}
    for steps in range(4):
        known = people(*told)
        assert [known.prepare_search(1) for _ in range(steps)] == [True, True, False][:steps]
        assert {
            key for one in (STAR, MOON, SUN) for key in known.search(str(one)[-4:])
        } == everybody


def test_a_shared_family_name_is_a_name_alert() -> None:
    known = people(
        (person(STAR, "Starling", "Rigel"), 0, True),
        (person(MOON, "STARLING", "Vega"), 0, True),
        (person(SUN, "Sunfield", "Vega"), 0, True),
    )
    assert known.similar([STAR, MOON, SUN]) == {STAR, MOON}


def test_linked_patients_are_named_and_never_merged() -> None:
    known = people((person(STAR), 0, True), (person(MOON), 0, True))
    known.link(STAR, MOON, linked=True)
    assert (known.linked(MOON), known.resolve(MOON)) == ((STAR,), MOON)
    known.link(STAR, MOON, linked=False)
    assert known.linked(MOON) == ()
