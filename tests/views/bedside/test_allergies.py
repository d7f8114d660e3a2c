from __future__ import annotations

from tests.views.bedside.charting_builders import allergic, chart_of, charted

from wardlight.record.codes import AllergyState
from wardlight.record.events.charting import AllergiesReported, Change
from wardlight.record.identity import PatientKey
from wardlight.views.facts import AllergyList

NONE_KNOWN = AllergiesReported(none_known=True)


def agents(allergies: AllergyList) -> list[str]:
    return [fact.allergy.agent.text for fact in allergies.known]


def test_silence_is_never_none_known() -> None:
    assert chart_of().allergies.state is AllergyState.NOT_RECORDED


def test_an_event_that_states_nothing_is_silence() -> None:
    found = chart_of(charted(1, AllergiesReported(replaces=True))).allergies
    assert (found.state, found.as_of) == (AllergyState.NOT_RECORDED, None)


def test_none_known_is_somebodys_word_with_its_time() -> None:
    found = chart_of(charted(1, NONE_KNOWN)).allergies
    assert found.state is AllergyState.NONE_KNOWN
    assert found.none_known is not None
    assert found.none_known.position == 100


def test_agents_are_listed_alphabetically() -> None:
    found = chart_of(charted(1, allergic("penicillin", "Latex"))).allergies
    assert found.state is AllergyState.KNOWN
    assert agents(found) == ["Latex", "penicillin"]


def test_a_later_list_without_an_agent_does_not_end_it() -> None:
    found = chart_of(charted(1, allergic("latex")), charted(2, allergic("penicillin"))).allergies
    assert agents(found) == ["latex", "penicillin"]


def test_a_complete_list_ends_what_it_does_not_say_again() -> None:
    found = chart_of(
        charted(1, allergic("latex", "penicillin")),
        charted(2, allergic("penicillin", replaces=True)),
    ).allergies
    assert agents(found) == ["penicillin"]
    assert [(f.allergy.agent.text, f.stamp.position) for f in found.ended] == [("latex", 200)]


def test_a_complete_list_ends_nothing_of_another_source() -> None:
    found = chart_of(
        charted(1, allergic("latex"), source="pharmacy"),
        charted(2, allergic("penicillin", replaces=True)),
    ).allergies
    assert agents(found) == ["latex", "penicillin"]


def test_a_complete_list_ends_nothing_of_a_merged_record() -> None:
    found = chart_of(
        charted(1, allergic("latex"), patient=PatientKey("NORTH|OLD")),
        charted(2, allergic("penicillin", replaces=True)),
    ).allergies
    assert agents(found) == ["latex", "penicillin"]


def test_two_sources_of_one_agent_are_both_kept() -> None:
    found = chart_of(
        charted(1, allergic("latex")), charted(2, allergic("latex"), source="pharmacy")
    ).allergies
    assert [fact.stamp.source for fact in found.known] == ["adt", "pharmacy"]


def test_an_emptied_list_ends_and_is_not_none_known() -> None:
    found = chart_of(
        charted(1, allergic("latex")), charted(2, AllergiesReported(cleared=True))
    ).allergies
    assert (found.state, agents(found)) == (AllergyState.NOT_RECORDED, [])
    assert len(found.ended) == 1


def test_an_emptied_list_takes_back_none_known() -> None:
    found = chart_of(charted(1, NONE_KNOWN), charted(2, AllergiesReported(cleared=True))).allergies
    assert (found.state, found.none_known) == (AllergyState.NOT_RECORDED, None)


def test_an_ended_allergy_stays_as_ended() -> None:
    found = chart_of(
        charted(1, allergic("latex")), charted(2, allergic("latex", change=Change.END))
    ).allergies
    assert found.state is AllergyState.NOT_RECORDED
    assert [fact.ended for fact in found.ended] == [True]


def test_an_allergy_is_ended_on_the_merged_record_too() -> None:
    found = chart_of(
        charted(1, allergic("latex"), patient=PatientKey("NORTH|OLD")),
        charted(2, allergic("latex", change=Change.END)),
    ).allergies
    assert agents(found) == []


def test_an_agent_listed_against_none_known_elsewhere_is_shown_and_flagged() -> None:
    found = chart_of(
        charted(1, allergic("latex"), source="pharmacy"), charted(2, NONE_KNOWN)
    ).allergies
    assert (found.state, agents(found)) == (AllergyState.KNOWN, ["latex"])
    assert found.contradicted


def test_a_sources_own_later_list_settles_its_none_known() -> None:
    found = chart_of(charted(1, NONE_KNOWN), charted(2, allergic("latex"))).allergies
    assert (found.state, found.contradicted) == (AllergyState.KNOWN, False)


def test_a_sources_none_known_after_its_list_is_flagged() -> None:
    found = chart_of(charted(1, allergic("latex")), charted(2, NONE_KNOWN)).allergies
    assert (agents(found), found.contradicted) == (["latex"], True)


def test_an_update_that_does_not_state_reactions_keeps_them() -> None:
    found = chart_of(
        charted(1, allergic("latex", reactions="rash+wheeze")),
        charted(2, allergic("latex", change=Change.UPDATE)),
    ).allergies
    assert found.known[0].allergy.reactions == ("rash", "wheeze")


def test_no_change_of_an_unknown_allergy_lists_it() -> None:
    found = chart_of(charted(1, allergic("latex", change=Change.NO_CHANGE))).allergies
    assert agents(found) == ["latex"]


def test_no_change_does_not_wake_an_ended_allergy() -> None:
    found = chart_of(
        charted(1, allergic("latex", change=Change.END)),
        charted(2, allergic("latex", change=Change.NO_CHANGE)),
    ).allergies
    assert agents(found) == []
