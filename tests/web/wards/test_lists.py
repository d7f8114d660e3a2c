from __future__ import annotations

from tests.web.kept_copy import KeptCopy
from tests.web.screens import one_patient, screens, words
from tests.web.ward_of_28 import EHR_OFF, at, bed_of, key_of

from wardlight.record.codes import StayClass
from wardlight.record.events.stays import Movement, Step
from wardlight.record.identity import Identifier, Person, PersonName
from wardlight.record.instants import Instant, Moment, PartialDate
from wardlight.record.reading import Headline


def tell(copy: KeptCopy, number: str, step: Step, when: Instant, bed: str) -> None:
    who = Person(
        key=key_of(number),
        identifiers=(Identifier(value=number, authority="MMH", kind="MR"),),
        name=PersonName(family="Second-Sample", given="Bo"),
        birth=PartialDate(1980, 1, 1),
    )
    movement = Movement(
        patient=who.key,
        step=step,
        at=when,
        visit=f"MMH|V{number}",
        stay_class=StayClass.INPATIENT,
        location=bed_of(bed),
        admitted=Moment(when, 12),
        discharged=Moment(when, 12) if step is Step.DISCHARGE else None,
    )
    copy.tell((Headline(what="ADT", occurred=when, persons=(who,), stays=(movement,)), ()))


def test_two_patients_in_one_bed_are_both_shown_as_a_conflict() -> None:
    copy = one_patient()
    tell(copy, "8", Step.ADMIT, EHR_OFF, "12")
    page = words(screens(copy).get("/ward/MMH/4E").text)
    assert page.count("4E-12 Two in one bed") == 2
    assert "SAMPLE, Ada" in page
    assert "SECOND-SAMPLE, Bo" in page
    assert "2 patients · 1 two in one bed" in page


def test_who_left_is_found_for_three_days() -> None:
    copy = one_patient()
    tell(copy, "8", Step.ADMIT, at("2026-11-20 10:00"), "13")
    tell(copy, "8", Step.DISCHARGE, at("2026-11-21 11:00"), "13")
    page = words(screens(copy).get("/left/MMH").text)
    assert "21-Nov-2026 11:00 SECOND-SAMPLE, Bo MRN 8 01-Jan-1980 (46y) 4E-13" in page


def test_who_left_long_ago_is_not_on_the_list() -> None:
    copy = one_patient()
    tell(copy, "8", Step.ADMIT, at("2026-11-10 10:00"), "13")
    tell(copy, "8", Step.DISCHARGE, at("2026-11-19 03:00"), "13")
    page = words(screens(copy).get("/left/MMH").text)
    assert "Nobody is known to have left in the last 72 h." in page


def test_who_is_expected_is_found() -> None:
    copy = one_patient()
    tell(copy, "8", Step.EXPECT, EHR_OFF, "14")
    assert "SECOND-SAMPLE, Bo" in words(screens(copy).get("/expected/MMH").text)
