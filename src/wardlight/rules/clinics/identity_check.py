"""Is the caller who they say? Two things that only they should know, compared and never shown.

The agent types what is said; the record is not on the screen, so that nobody can prompt. What was
typed is not kept: the entry says only which of it agreed. Source: Joint Commission NPSG.01.01.01
(two identifiers), HIPAA 45 CFR 164.514(h) (verification of identity before disclosure).
"""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.identity import Person
from wardlight.rules.asking import Fields
from wardlight.views.patients.find import birth_digits, plain

NEEDED = 2
LAST = 4  # digits of a phone, characters of a number
SHOWN, NUMBERS_MAX = 2, 3  # characters of a number on paper, and of how many numbers
BIRTH, POSTCODE, NUMBER, PHONE = "said_birth", "said_postcode", "said_number", "said_phone"
WORDS = {BIRTH: "birth date", POSTCODE: "postcode", NUMBER: "record number", PHONE: "phone"}


class Checked(Struct, frozen=True):
    """What agreed, and the fields that did not."""

    agreed: tuple[str, ...]
    differs: tuple[str, ...]

    def holds(self) -> bool:
        """Return whether the caller may be told: two things agree and nothing differs."""
        return len(self.agreed) >= NEEDED and not self.differs


def checked(fields: Fields, person: Person, rung: str = "") -> Checked:
    """Compare what a caller said with the record; what the record does not have proves nothing.

    Nor does the number that was `rung`: whoever picked up that phone knows it.
    """
    agreed: list[str] = []
    differs: list[str] = []
    for name in WORDS:
        said = fields.one(name)
        found = _agrees(name, said, person, rung) if said else None
        if found is not None:
            (agreed if found else differs).append(name)
    return Checked(tuple(WORDS[one] for one in agreed), tuple(differs))


def hints(person: Person) -> tuple[str, ...]:
    """Return what is compared on paper: too little to tell who somebody is, or to prompt with.

    By chance one stranger in 310 says a fitting birth date, and one in 100 a fitting number; the
    whole is compared when the sheet is entered.
    """
    found = []
    if person.birth is not None and person.birth.day:
        day, year = person.birth.day, person.birth.year
        found.append(f"born on day {day:02d} of the month, year ends in {year % 10}")
    ends = [_letters(one.value)[-SHOWN:] for one in person.identifiers[:NUMBERS_MAX]]
    if ends:
        found.append(f"record number ends in {' or '.join(dict.fromkeys(ends))}")
    last = person.address.split()[-1:]
    if last and any(one.isdigit() for one in last[0]):
        found.append(f"postcode ends in {last[0][-SHOWN:]}")
    return tuple(found)


def _agrees(name: str, said: str, person: Person, rung: str) -> bool | None:
    """Return whether it agrees; None where the record does not know."""
    if name == BIRTH:
        born = person.birth
        if born is None or not born.day:
            return None
        return birth_digits(plain(said)) == born.iso().replace("-", "")
    if name == POSTCODE:
        return _is_postcode(_letters(said), person.address)
    if name == NUMBER:
        ends = [_letters(one.value)[-LAST:] for one in person.identifiers]
        return _letters(said)[-LAST:] in ends if ends and len(_letters(said)) >= LAST else None
    if rung and _digits(said)[-LAST:] == _digits(rung)[-LAST:]:
        return None
    ends = [_digits(one)[-LAST:] for one in person.phones]
    return _digits(said)[-LAST:] in ends if ends and len(_digits(said)) >= LAST else None


def _is_postcode(said: str, address: str) -> bool | None:
    """Return whether these are whole words of an address; a town or street proves nothing.

    The address is one line: its first word is a house number or street and is left out.
    """
    if not address or len(said) < LAST or not any(one.isdigit() for one in said):
        return None
    words = "".join(one if one.isalnum() else " " for one in plain(address)).split()[1:]
    starts = range(len(words))
    return any("".join(words[at : at + size]) == said for at in starts for size in (1, 2))


def _letters(text: str) -> str:
    return "".join(one for one in plain(text) if one.isalnum())


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())
