"""Does a label belong to this patient? Two identifiers, as read off it, have to say so.

Accepted are number and birth date, number and family name, or full name and birth date where
nobody else here has both. Whatever was read and differs stops the entry, even when two others
agree: the words name what differs and never what the record says, because the record may be of
somebody else. Source: Joint Commission NPSG.01.01.01 (two identifiers); a room or bed is none.
"""

from __future__ import annotations

import re

from msgspec import Struct

from wardlight.record.events.laboratory import Label
from wardlight.record.identity import PatientKey, Person, PersonName
from wardlight.rules.asking import Fields, Ground
from wardlight.rules.paperwork.wristband import numbers_of
from wardlight.rules.paperwork.wristband import plain as plain_number
from wardlight.views.patients.find import birth_digits, plain
from wardlight.views.patients.people import People

NAME, BIRTH, NUMBER = "label_name", "label_birth", "label_number"
_WORDS = {NAME: "name", BIRTH: "birth date", NUMBER: "number"}
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "sr", "jr"})
_LETTERS = re.compile(r"[^\w]+")
_PART = re.compile(r"[\s,.()]+")


class LabelTrouble(Struct, frozen=True):
    """Why a label cannot be taken for this patient's, with words for each field."""

    because: str
    fields: dict[str, str]


class _Read(Struct, frozen=True):
    """What of a label agrees with the patient, and what differs."""

    agrees: frozenset[str]  # of "name", "family", "birth", "number"
    differs: tuple[str, ...]  # fields


def label_of(fields: Fields) -> Label:
    """Return what was read off a label."""
    return Label(
        name=fields.one(NAME), birth=fields.one(BIRTH), number=_one_line(fields.one(NUMBER))
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def label_trouble(
    label: Label, patient: PatientKey, ground: Ground, *, thing: str
) -> LabelTrouble | None:
    """Return why a label is not this patient's; None when two identifiers say that it is.

    `thing` is what carries it, in words: "specimen", "result".
    """
    people = ground.views.people
    person = people.person(patient)
    if person is None:
        return LabelTrouble("This patient is not known here. Find them first.", {})
    if label.birth and not _digits(label.birth):
        words = "Write the birth date as 09-Mar-1958 or 1958-03-09."
        return LabelTrouble("The birth date on the label could not be understood.", {BIRTH: words})
    read = _compared(label, person, numbers_of(people, patient))
    if read.differs:
        return _differs(read.differs, thing)
    if "number" in read.agrees and read.agrees & {"birth", "family", "name"}:
        return None
    if {"name", "birth"} <= read.agrees:
        return _namesake(person, people, patient)
    return _too_little(label)


def _compared(label: Label, person: Person, numbers: frozenset[str]) -> _Read:
    agrees: set[str] = set()
    differs: list[str] = []
    names = [one for one in (person.name, *person.other_names) if one.family]
    if label.name and names:
        found = max(_name_agrees(label.name, one) for one in names)
        agrees |= {"family", "name"} if found == _WHOLE else {"family"} if found else set()
        differs += [] if found else [NAME]
    if label.birth and person.birth is not None and person.birth.day:
        same = _digits(label.birth) == person.birth.iso().replace("-", "")
        agrees |= {"birth"} if same else set()
        differs += [] if same else [BIRTH]
    if label.number:
        same = plain_number(label.number) in numbers
        agrees |= {"number"} if same else set()
        differs += [] if same else [NUMBER]
    return _Read(frozenset(agrees), tuple(differs))


_FAMILY_ONLY, _WHOLE = 1, 2


def _name_agrees(text: str, name: PersonName) -> int:
    """Return 2 for the whole name, 1 for the family name alone, 0 when it is another name."""
    family = _squeezed(name.family)
    if "," in text:
        head, _, tail = text.partition(",")
        return _rest_agrees(_tokens(tail), name) if _squeezed(head) == family else 0
    tokens = _tokens(text)
    for cut in range(1, len(tokens) + 1):
        if "".join(tokens[:cut]) == family:
            return _rest_agrees(tokens[cut:], name)
        if "".join(tokens[-cut:]) == family:
            return _rest_agrees(tokens[:-cut], name)
    return 0


def _rest_agrees(tokens: list[str], name: PersonName) -> int:
    """Compare given names; a first name alone is enough, an initial says no more than none."""
    if not tokens:
        return _FAMILY_ONLY
    given, middle = _squeezed(name.given), _squeezed(name.middle)
    written = "".join(tokens)
    if len(written) == 1 and given.startswith(written):
        return _FAMILY_ONLY
    first = _squeezed(name.given.split()[0]) if name.given.split() else ""
    allowed = {given, first, given + middle, given + middle[:1]} - {""}
    return _WHOLE if written in allowed else 0


def _tokens(text: str) -> list[str]:
    parts = (_squeezed(part) for part in _PART.split(text))
    return [part for part in parts if part and part not in _TITLES]


def _squeezed(text: str) -> str:
    return _LETTERS.sub("", plain(text))


def _digits(text: str) -> str:
    return birth_digits(plain(text)) or ""


def _differs(fields: tuple[str, ...], thing: str) -> LabelTrouble:
    names = " and ".join(f"the {_WORDS[one]}" for one in fields)
    verb = "is" if len(fields) == 1 else "are"
    because = (
        f"STOP. {names[0].upper()}{names[1:]} on the label {verb} not this patient's. "
        f"The {thing} cannot be filed under this patient. Read the label again; if it stands, "
        f"reject the specimen as mislabelled and have it taken again."
    )
    return LabelTrouble(because, dict.fromkeys(fields, "Not this patient's."))


def _namesake(person: Person, people: People, patient: PatientKey) -> LabelTrouble | None:
    """Ask for the number where somebody else here has the same name and birth date."""
    mine = (_squeezed(person.name.family), _squeezed(person.name.given), person.birth)
    birth = person.birth.iso() if person.birth else ""
    for key in people.search(f"{person.name.family} {person.name.given} {birth}"):
        other = people.person(key)
        if other is None or people.resolve(key) == people.resolve(patient):
            continue
        if (_squeezed(other.name.family), _squeezed(other.name.given), other.birth) == mine:
            words = "Write the number on the label."
            because = "Somebody else here has the same name and birth date: the number decides."
            return LabelTrouble(because, {NUMBER: words})
    return None


def _too_little(label: Label) -> LabelTrouble:
    because = (
        "Two identifiers have to be read off the label: number and birth date, number and name, "
        "or full name and birth date."
    )
    missing = [
        field
        for field, read in ((NUMBER, label.number), (NAME, label.name), (BIRTH, label.birth))
        if not read
    ]
    return LabelTrouble(because, dict.fromkeys(missing[:1] or [NUMBER], "Read it off the label."))
