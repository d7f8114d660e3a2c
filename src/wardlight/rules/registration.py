"""Registering somebody while the EHR is off, and where they go from there.

Four fields are enough: a number, a name or "unknown", a sex, and why they came. A number is
checked and never used twice; people who look alike are shown first and nobody is matched for us.
"""

from __future__ import annotations

import re
from datetime import date

from wardlight.record.codes import Location, StayClass
from wardlight.record.downtime_number import read_downtime_number
from wardlight.record.events.entered import Warned
from wardlight.record.events.registration import (
    AllergiesAsked,
    AllergyAnswer,
    AskedAllergy,
    IdentityFound,
    Leaving,
    PatientLeft,
    PatientPlaced,
    PatientRegistered,
)
from wardlight.record.identity import PatientKey, PersonName
from wardlight.record.instants import PartialDate, local
from wardlight.record.problems import Problem
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.times import TimeTrouble, when
from wardlight.wire.entered.registration import downtime_key

SEXES = ("F", "M", "O", "U")
OLDEST_YEARS = 130
NOT_YET = "Nobody was registered yet: look at the marked fields."
_AGE = re.compile(r"[0-9]{1,3}")
_WEIGHT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?")
AROUND_DESK = "around_desk"  # why a transfer is written here and not at the transfer desk
REASON_MIN = 10  # characters: one word is no reason
DESK_FIRST = "A transfer leaves through its page: acceptance, certificate, transport, packet."
WHY_AROUND = "Open Transfer on this patient. In an emergency: write here why it goes without."
CALLED = {"F": "Unknown female", "M": "Unknown male"}


def register(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Register a patient under a downtime number."""
    at = when(asked, ground)
    wrong: dict[str, str] = {"at": at} if isinstance(at, TimeTrouble) else {}
    number = read_downtime_number(asked.fields.one("number"))
    if isinstance(number, Problem):
        wrong["number"] = number.because
    elif ground.views.people.person(downtime_key(number.text())) is not None:
        wrong["number"] = "This number was given to somebody already. Take the next one."
    born = _birth(asked, ground, wrong)
    wrong |= _wrong_registration(asked)
    asked_about = _allergies(asked, wrong)
    if wrong or isinstance(at, TimeTrouble) or isinstance(number, Problem):
        return Refusal(NOT_YET, wrong)
    said = _registered(asked, number.text(), born, asked_about)
    warnings = [] if said.same_as else _alike(asked, ground, said)
    return Accepted(said=said, occurred=at, warnings=tuple(warnings), patient=PatientKey(""))


def _registered(
    asked: Asked, number: str, born: PartialDate | None, allergies: AllergiesAsked | None
) -> PatientRegistered:
    fields = asked.fields
    name = PersonName(
        family=fields.one("family"), given=fields.one("given"), middle=fields.one("middle")
    )
    same = fields.one("same_as")
    return PatientRegistered(
        number=number,
        visit=number,
        name=name,
        called="" if name.family or name.given else _called(asked),
        sex=fields.one("sex"),
        birth=born,
        age=fields.one("age"),
        reason=fields.one("reason"),
        arrived_by=fields.one("arrived_by"),
        crew=fields.one("crew"),
        diverted_from=fields.one("diverted_from"),
        stay_class=StayClass(fields.one("stay_class") or StayClass.EMERGENCY),
        place=Location(
            unit=fields.one("unit"),
            room=fields.one("room"),
            bed=fields.one("bed"),
            facility=asked.site,
        ),
        triage=fields.one("triage"),
        phone=fields.one("phone"),
        address=fields.one("address"),
        language=fields.one("language"),
        contact=fields.one("contact"),
        mother=PatientKey(fields.one("mother_key")),
        birth_order=fields.one("birth_order"),
        same_as=PatientKey(same),
        shown_id=fields.one("shown_id"),
        allergies=allergies,
        weight_kg=fields.one("weight"),
        not_these=int(fields.one("not_these") or 0),
    )


def _called(asked: Asked) -> str:
    """Return what an unknown patient is called: sex and about how old, never a made-up name."""
    who = CALLED.get(asked.fields.one("sex"), "Unknown person")
    age = asked.fields.one("age")
    return f"{who}, about {age}" if age else who


def _wrong_registration(asked: Asked) -> dict[str, str]:
    fields = asked.fields
    wrong: dict[str, str] = {}
    known = bool(fields.one("family") or fields.one("given") or fields.one("same_as"))
    if not known and fields.one("name_known") != "no":
        wrong["family"] = "Write a name, or say that it is not known."
    if fields.one("sex") not in SEXES:
        wrong["sex"] = "Choose one; not known is an answer too."
    if not fields.one("reason"):
        wrong["reason"] = "Write why they came, in a word."
    if fields.one("age") and not _AGE.fullmatch(fields.one("age")):
        wrong["age"] = "Write the age in years, about."
    if fields.one("weight") and not _WEIGHT.fullmatch(fields.one("weight")):
        wrong["weight"] = "Write kilograms, such as 61.5."
    if fields.one("stay_class") and fields.one("stay_class") not in tuple(StayClass):
        wrong["stay_class"] = "Choose one."
    if not fields.one("not_these").isdigit() and fields.one("not_these"):
        wrong["not_these"] = "Write a number."
    return wrong


def _birth(asked: Asked, ground: Ground, wrong: dict[str, str]) -> PartialDate | None:
    """Return the birth date of three boxes; the day, or day and month, may be left out."""
    parts = [asked.fields.one(name) for name in ("born_year", "born_month", "born_day")]
    if not any(parts):
        return None
    today = local(ground.now, ground.zone).date()
    try:
        year, month, day = (int(part or 0) for part in parts)
        exact = date(year, month or 1, day or 1)
    except ValueError:
        wrong["born_year"] = "There is no such date."
        return None
    if exact > today or today.year - year > OLDEST_YEARS or (day and not month):
        wrong["born_year"] = "Nobody here was born then. Check the date."
        return None
    return PartialDate(year, month, day)


def _allergies(asked: Asked, wrong: dict[str, str]) -> AllergiesAsked | None:
    """Return what came of asking about allergies; None when nobody has asked yet."""
    answer = asked.fields.one("allergy_answer")
    listed = tuple(AskedAllergy(*row) for row in asked.fields.lines("agent", "reaction") if row[0])
    if listed and answer in ("", AllergyAnswer.LISTED):
        return AllergiesAsked(
            answer=AllergyAnswer.LISTED, allergies=listed, told_by=asked.fields.one("told_by")
        )
    if listed:
        wrong["agent_1"] = "Allergies are listed and none is said to be known: which is it?"
    elif answer == AllergyAnswer.LISTED:
        wrong["agent"] = "Write at least one agent."
    elif answer and answer not in tuple(AllergyAnswer):
        wrong["allergy_answer"] = "Choose one."
    elif answer:
        return AllergiesAsked(answer=AllergyAnswer(answer), told_by=asked.fields.one("told_by"))
    return None


def _alike(asked: Asked, ground: Ground, said: PatientRegistered) -> list[Warned]:
    """Warn where somebody of the same name and birth date is known; never decide for a person."""
    if not said.name.family:
        return []
    people = ground.views.people
    words = f"{said.name.family} {said.name.given}".strip()
    found = [people.person(key) for key in people.search(words)]
    same = [one for one in found if one is not None and one.birth == said.birth and said.birth]
    if not same or asked.fields.one("not_these"):
        return []
    count = "Somebody" if len(same) == 1 else f"{len(same)} people"
    return [
        Warned("looks-alike", f"{count} with this name and birth date is known here: look first")
    ]


def allergies(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write down what came of asking about allergies."""
    at = when(asked, ground)
    wrong: dict[str, str] = {"at": at} if isinstance(at, TimeTrouble) else {}
    said = _allergies(asked, wrong)
    if said is None and not wrong:
        wrong["allergy_answer"] = "Say what came of asking."
    if wrong or said is None or isinstance(at, TimeTrouble):
        return Refusal("Nothing was written yet: look at the marked fields.", wrong)
    return Accepted(said=said, occurred=at)


def place(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Put a patient to a bed, or move them; a bed that is taken is a warning, both are shown."""
    at = when(asked, ground)
    if isinstance(at, TimeTrouble):
        return Refusal("Nobody was moved yet.", {"at": at})
    unit, room, bed = (asked.fields.one(name) for name in ("unit", "room", "bed"))
    if not unit:
        return Refusal("Nobody was moved yet.", {"unit": "Say to which unit."})
    stay = ground.views.census.stay(asked.patient)
    there = Location(unit=unit, room=room, bed=bed, facility=asked.site)
    others = [
        one
        for row in ground.views.census.beds(asked.site, unit)
        for one in row.stays
        if bed
        and (row.location.room, row.location.bed) == (room, bed)
        and one.patient != asked.patient
    ]
    warnings = [Warned("bed-taken", "Somebody is said to be in this bed already: ask the ward")]
    said = PatientPlaced(
        place=there,
        visit=stay.visit if stay else "",
        attending=asked.fields.one("attending"),
        reason=asked.fields.one("reason"),
        admit=asked.fields.one("admit") == "yes",
    )
    return Accepted(said=said, occurred=at, warnings=tuple(warnings) if others else ())


def leave(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Discharge a patient, or write that they died or left."""
    at = when(asked, ground)
    how = asked.fields.one("how")
    if isinstance(at, TimeTrouble):
        return Refusal("Nothing was written yet.", {"at": at})
    if how not in tuple(Leaving):
        return Refusal("Nothing was written yet.", {"how": "Say how the patient left."})
    if how == Leaving.TRANSFERRED and not asked.fields.one("to"):
        return Refusal("Nothing was written yet.", {"to": "Say to which hospital."})
    around_desk = asked.fields.one(AROUND_DESK) if how == Leaving.TRANSFERRED else ""
    if how == Leaving.TRANSFERRED and len(around_desk) < REASON_MIN:
        return Refusal(DESK_FIRST, {AROUND_DESK: WHY_AROUND})
    words = f"left without the transfer desk: {around_desk}" if around_desk else ""
    stay = ground.views.census.stay(asked.patient)
    said = PatientLeft(
        how=Leaving(how),
        to=asked.fields.one("to"),
        visit=stay.visit if stay else "",
        note="; ".join(part for part in (asked.fields.one("note"), words) if part),
    )
    warned = (Warned("left-without", words, asks=False),) if words else ()
    return Accepted(said=said, occurred=at, warnings=warned)


def identify(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Say who an unknown patient is; joining two charts takes evidence and a second person."""
    at = when(asked, ground)
    wrong: dict[str, str] = {"at": at} if isinstance(at, TimeTrouble) else {}
    fields = asked.fields
    same = PatientKey(fields.one("same_as"))
    born = _birth(asked, ground, wrong)
    if not fields.one("evidence"):
        wrong["evidence"] = "Say how you know: a document, a relative, fingerprints."
    if same and not fields.one("second_person"):
        wrong["second_person"] = "Joining two charts takes a second person: write who looked too."
    if same and ground.views.people.person(same) is None:
        wrong["same_as"] = "That patient is not known here."
    if not same and not fields.one("family"):
        wrong["family"] = "Write the name."
    if wrong or isinstance(at, TimeTrouble):
        return Refusal("Nothing was changed yet: look at the marked fields.", wrong)
    said = IdentityFound(
        name=PersonName(family=fields.one("family"), given=fields.one("given")),
        birth=born,
        sex=fields.one("sex"),
        evidence=fields.one("evidence"),
        second_person=fields.one("second_person"),
        same_as=same,
    )
    return Accepted(said=said, occurred=at)
