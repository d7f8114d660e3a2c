"""Find a person by what a nurse has: part of a name, a birth date, any number.

Names are compared without accents and case, by the beginnings of their parts; numbers as text,
zeros and all. Birth dates are understood as 09-Mar-1958, 1958-03-09, 19580309 and 03/09/1958.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from wardlight.record.identity import PatientKey, Person
from wardlight.record.instants import PartialDate

TERMS_MAX = 6
_LAST = "\U0010ffff"
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DATES = (
    (re.compile(r"^(\d{4})-?(\d{2})-?(\d{2})$"), ("y", "m", "d")),
    (re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$"), ("m", "d", "y")),
    (re.compile(r"^(\d{1,2})-([a-z]{3})-(\d{4})$"), ("d", "m", "y")),
)
# Letters that Unicode does not take apart into a letter and an accent.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "\u0131": "i"}
)


class Index:
    """Terms of everybody by first letter, each letter sorted when it is looked up.

    Sorting again after a few additions is quick: what is nearly in order stays nearly untouched.
    """

    def __init__(self) -> None:
        self._terms: dict[PatientKey, frozenset[str]] = {}
        self._letters: dict[str, list[tuple[str, PatientKey]]] = {}
        self._unsorted: set[str] = set()

    def add(self, key: PatientKey, person: Person) -> None:
        """Take over what is now known of one person."""
        terms = terms_of(person)
        for term in terms - self._terms.get(key, frozenset()):
            self._letters.setdefault(term[0], []).append((term, key))
            self._unsorted.add(term[0])
        self._terms[key] = terms

    def find(self, text: str, today: PartialDate | None = None) -> list[PatientKey]:
        """Return those who match every term, in the order of their first name part."""
        wanted = [term for term in _words(text, today) if term][:TERMS_MAX]
        if not wanted:
            return []
        found = set(self._beginning(wanted[0]))
        for term in wanted[1:]:
            found &= set(self._beginning(term))
        return sorted(found, key=lambda key: (min(self._terms[key]), key))

    def _beginning(self, term: str) -> Iterator[PatientKey]:
        words = self._letters.get(term[0], [])
        if term[0] in self._unsorted:
            words.sort()
            self._unsorted.discard(term[0])
        start = bisect_left(words, (term, PatientKey("")))
        end = bisect_left(words, (term + _LAST, PatientKey("")))
        for word, key in words[start:end]:
            if word in self._terms[key]:
                yield key


def terms_of(person: Person) -> frozenset[str]:
    """Return what a person may be looked up by."""
    terms: set[str] = set()
    for name in (person.name, *person.other_names):
        for part in (name.family, name.given, name.middle):
            terms.update(_parts(part))
    terms.update(plain(identifier.value) for identifier in person.identifiers)
    if person.birth is not None:
        terms.add(person.birth.iso().replace("-", ""))
    terms.discard("")
    return frozenset(terms)


@lru_cache(maxsize=16_384)
def plain(text: str) -> str:
    """Return text without accents, case and surrounding blanks."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(char for char in apart if not unicodedata.combining(char)).strip()


@lru_cache(maxsize=16_384)
def _parts(name: str) -> tuple[str, ...]:
    """Return a name's parts, and the name written together: O'BRIEN is found by OBRIEN too."""
    words = [word for word in re.split("[\\s\\-'\u2019.,]+", plain(name)) if word]
    return (*words, "".join(words)) if len(words) > 1 else tuple(words)


def _words(text: str, today: PartialDate | None) -> Iterator[str]:
    for word in plain(text).replace(",", " ").split():
        date = birth_digits(word)
        if date is not None and (today is None or date <= today.iso().replace("-", "")):
            yield date
        else:
            yield from [word] if any(map(str.isdigit, word)) else _parts(word)[:1] or [word]


def birth_digits(word: str) -> str | None:
    """Return a birth date as YYYYMMDD; None for a word that is no date. Expects plain text."""
    for pattern, order in _DATES:
        found = pattern.match(word)
        if found is None:
            continue
        parts = dict(zip(order, found.groups(), strict=True))
        month = parts["m"]
        if month.isalpha():
            if month not in _MONTHS:
                return None
            month = str(_MONTHS.index(month) + 1)
        return f"{parts['y']}{int(month):02d}{int(parts['d']):02d}"
    return None
