"""Is this the patient the chart is open for? What was scanned or typed from the wristband."""

from __future__ import annotations

import re

from msgspec import Struct

from wardlight.record.identity import PatientKey
from wardlight.rules.asking import Asked, Ground
from wardlight.views.patients.people import People
from wardlight.views.words import name_words

_NOT_A_NUMBER = re.compile(r"[^0-9A-Z]")


class Band(Struct, frozen=True):
    """What came of looking at the wristband."""

    how: str = ""  # kept with the entry: "matched …", "not checked", "another patient's"
    other: bool = False  # it is somebody else's, or nobody's we know
    words: str = ""


def plain(number: str) -> str:
    """Return a number as it is compared: no blanks, dashes or case."""
    return _NOT_A_NUMBER.sub("", number.upper())


def band_of(asked: Asked, ground: Ground) -> Band:
    """Return whether the wristband is this patient's; not having looked is said too."""
    scanned = asked.fields.one("wristband")
    if not scanned:
        return Band(how="not checked")
    people = ground.views.people
    if plain(scanned) in numbers_of(people, asked.patient):
        if others := _others(people, asked.patient, scanned):
            return Band(how="matched; others have this number too", words=_shared(people, others))
        return Band(how="matched")
    return Band(how="another patient's", other=True, words=_stop(people, asked.patient, scanned))


def numbers_of(people: People, patient: PatientKey) -> frozenset[str]:
    """Return every number that may stand on this patient's wristband, as compared."""
    numbers = {plain(one.value) for one in people.identifiers(patient)}
    return frozenset(numbers - {""})


def _others(people: People, patient: PatientKey, scanned: str) -> list[PatientKey]:
    """Return who else has this number: each hospital gives its own, and two may give the same."""
    mine, number = people.resolve(patient), plain(scanned)
    found = (key for key in people.search(scanned) if key != mine)
    return [key for key in found if number in numbers_of(people, key)]


def _shared(people: People, others: list[PatientKey]) -> str:
    person = people.person(others[0])
    name = name_words(person.name) if person else "another patient"
    more = f" and {len(others) - 1} more" if len(others) > 1 else ""
    return (
        f"{name}{more} of another hospital has this number too: "
        "compare name and birth date on the wristband"
    )


def _stop(people: People, patient: PatientKey, scanned: str) -> str:
    mine = people.person(patient)
    name = name_words(mine.name) if mine else ""
    others = _others(people, patient, scanned)
    other = people.person(others[0]) if len(others) == 1 else None
    whose = name_words(other.name) if other else "nobody this system knows"
    return f"STOP. This wristband is of {whose}. This chart is of {name}."
