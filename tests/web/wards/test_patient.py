from __future__ import annotations

from tests.web.screens import NUMBER, one_patient, patient, screens, whole_ward, words
from tests.web.ward_of_28 import NOW, ZONE, key_of

from wardlight.record.codes import AllergyState, Coded
from wardlight.record.events.charting import (
    AlertReported,
    AllergiesReported,
    Allergy,
    AllergyChange,
    Change,
    ChartEvent,
)
from wardlight.record.identity import Person, PersonName
from wardlight.record.reading import Stamp
from wardlight.views.facts import AllergyFact, AllergyList
from wardlight.web.banner import strip_of
from wardlight.web.times import Times

STAMP = Stamp(NOW, NOW, "MMH.ehr", 1)


def summary(*events: ChartEvent, person: Person | None = None) -> str:
    return words(screens(one_patient(*events, person=person)).get(patient()).text)


def allergy(name: str, *reactions: str, code: str = "C", severity: str = "") -> AllergyChange:
    said = Allergy(agent=Coded(code, name), reactions=reactions, severity=severity)
    return AllergyChange(key=name, change=Change.ADD, allergy=said)


def test_the_banner_says_who_this_is() -> None:
    page = words(screens(whole_ward()).get(patient()).text)
    assert (
        "O'BRIEN-SAMPLE, Siobhán (Ms) NAME ALERT Born 09-Mar-1958 (68y) Sex Female "
        "MRN 704 118 2236 Bed 4E-12 Weight 53.5 kg on 20-Nov-2026"
    ) in page


def test_known_allergies_are_in_order_with_reaction_and_severity() -> None:
    page = summary(
        AllergiesReported(
            changes=(
                allergy("Penicillin", "anaphylaxis", "rash", severity="SV"),
                allergy("Latex", "itch"),
                allergy("Codeine"),
            )
        )
    )
    assert (
        "Known allergies Codeine — reaction not recorded Latex — itch "
        "Penicillin — anaphylaxis + rash (severe)"
    ) in page


def test_an_agent_in_free_text_is_not_in_bold() -> None:
    copy = one_patient(AllergiesReported(changes=(allergy("some blue pill", code=""),)))
    page = screens(copy).get(patient()).text
    assert '<span class="agent"><bdi>some blue pill</bdi>' in page


def test_no_known_allergies_says_who_said_so_and_when() -> None:
    page = summary(AllergiesReported(none_known=True))
    assert "No known allergies Recorded 22-Nov-2026 02:47, EHR." in page


def test_allergies_not_recorded_is_not_drawn_like_none() -> None:
    page = screens(one_patient()).get(patient()).text
    assert '<div class="strip strip-warn"' in page
    assert "Allergies not recorded This is not the same as none" in words(page)
    assert "No known allergies" not in page


def test_none_and_some_together_are_shown_as_some_and_flagged() -> None:
    latex = AllergyFact(allergy("Latex").allergy, STAMP)
    said = AllergyList(state=AllergyState.KNOWN, known=(latex,), contradicted=True, as_of=STAMP)
    strip = strip_of(said, Times(now=NOW, zone=ZONE))
    assert strip.heading == "Known allergies"
    assert strip.said == "Somebody also recorded no known allergies: ask before relying on either."


def test_a_code_status_nobody_recorded_is_treated_per_hospital_rule() -> None:
    assert "Code status Not recorded : treat per hospital rule" in summary().replace("  ", " ")


def test_two_code_statuses_are_both_shown_and_somebody_has_to_ask() -> None:
    page = summary(
        AlertReported(alert="code status", text="DNR"),
        AlertReported(alert="code status", text="Full code"),
    )
    assert "DNR" in page
    assert "Full code" in page
    assert "Sources differ: ask" in page


def test_what_nobody_said_is_not_recorded_rather_than_blank() -> None:
    page = summary(person=Person(key=key_of(NUMBER), name=PersonName(family="Sample")))
    assert "Born Not known Sex Not known" in page
    assert "Weight Not recorded" in page
    assert "Language Not recorded Phones Not recorded Address Not recorded" in page
    assert "To ring Not recorded" in page


def test_a_preferred_name_has_its_label() -> None:
    nickname = PersonName(family="Sample", given="Maggie", kind="N")
    person = Person(key=key_of(NUMBER), name=PersonName(family="Sample"), other_names=(nickname,))
    assert "SAMPLE Preferred name SAMPLE, Maggie" in summary(person=person)


def test_nothing_heard_since_the_ehr_went_off_is_said() -> None:
    page = words(screens(whole_ward()).get(patient()).text)
    assert "Heard since EHR off 02:47 Nothing has been heard of this patient since." in page


def test_every_block_of_the_summary_has_its_own_age() -> None:
    page = screens(whole_ward()).get(patient()).text
    blocks = page.split('<section class="block')[1:]
    ages = ["data-at=" in block.split("</section>")[0] for block in blocks]
    assert ages.count(True) >= 5


def test_the_address_of_a_stranger_is_not_here() -> None:
    answer = screens(whole_ward()).get("/patient/AAAAAAAAAAAAAAAA")
    assert answer.status_code == 404
    assert "No patient of this node has this address." in words(answer.text)


def test_an_address_from_before_a_restart_still_leads_to_the_patient() -> None:
    answer = screens(whole_ward()).get(patient())
    assert answer.status_code == 200
