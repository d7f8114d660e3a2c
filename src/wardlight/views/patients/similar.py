"""People who look like the one who is being registered: shown first, chosen by a person, or not.

Nothing is ever matched by itself. Each candidate comes with the reasons in words, the best first.
A device holds a short list of who is in house and searches it alone when there is no server; it
does so by the same rules (`static/register_search.js`, held equal by a table of cases).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct, json, to_builtins
from msgspec.structs import replace

from wardlight.record.identity import PatientKey, Person, PersonName
from wardlight.record.instants import PartialDate
from wardlight.views.fold import Views
from wardlight.views.patients.find import plain
from wardlight.views.rows import Stay

CANDIDATES_MAX = 20
ROW_BYTES_MAX = 500  # of one person on a device
LIKELY_MIN = 20  # points; fewer are not worth a look
_NAMES_HELD, _NUMBERS_HELD, _NAME_CUT = 3, 4, 40
_NEAR_LENGTH_MIN, _BEGINS_MIN, _PART_MIN = 4, 2, 3
_AGE_BAND = 5  # years either side, or a tenth of the age if that is more
_ISO_LENGTH = 10
_SEPARATORS = re.compile("[\\s\\-'\u2019.,]+")
_ALIKE = str.maketrans({"o": "0", "i": "1", "l": "1"})  # as people read a number off a band


class Held(Struct, frozen=True, omit_defaults=True, gc=False):
    """One person as a device holds them. Short names, for hundreds fit on it."""

    n: tuple[tuple[str, str], ...] = ()  # family and given, the present name first
    b: str = ""  # birth date as YYYY, YYYY-MM or YYYY-MM-DD
    s: str = ""  # sex, table 0001
    i: tuple[str, ...] = ()  # numbers
    p: str = ""  # unit and bed


class LookedFor(Struct, frozen=True, kw_only=True):
    """What is known of the one who is being registered; empty means not known."""

    number: str = ""
    family: str = ""
    given: str = ""
    birth: str = ""  # YYYY, YYYY-MM or YYYY-MM-DD
    age: int | None = None  # about, in years
    sex: str = ""


class Reason(Struct, frozen=True, gc=False):
    """Why somebody looks like the one looked for."""

    points: int
    words: str


class Candidate(Struct, frozen=True):
    """Somebody to be looked at before a new patient is registered."""

    row: int  # place in the list that was searched
    points: int
    reasons: tuple[str, ...]
    same_family: bool = False  # NAME ALERT, should it prove to be another person


class LookAlike(Struct, frozen=True):
    """Somebody a node knows who looks like the one looked for."""

    patient: PatientKey
    candidate: Candidate


def candidates(
    looked: LookedFor, rows: Sequence[Held], today: PartialDate
) -> tuple[Candidate, ...]:
    """Return who of a list looks like the one looked for, the likeliest first."""
    found = [_candidate(looked, row, at, today) for at, row in enumerate(rows)]
    likely = [one for one in found if one.points >= LIKELY_MIN]
    return tuple(sorted(likely, key=lambda one: (-one.points, one.row))[:CANDIDATES_MAX])


def look_alikes(views: Views, looked: LookedFor, today: PartialDate) -> tuple[LookAlike, ...]:
    """Return who of everybody a node knows looks like the one looked for."""
    stays = {stay.patient: stay for stay in views.census.present()}
    keys = list(dict.fromkeys([*stays, *_found(views, looked, today)]))
    rows = [_row(views.people.person(key), stays.get(key)) for key in keys]
    return tuple(LookAlike(keys[one.row], one) for one in candidates(looked, rows, today))


def census_extract(
    views: Views, site: str, units: Iterable[str] | None = None
) -> list[tuple[PatientKey, dict[str, Any]]]:
    """Return who is in house, for a device to hold: each row of at most ROW_BYTES_MAX as JSON.

    Protected patients are left out: they are found while the server can be asked.
    """
    wanted = None if units is None else set(units)
    extract: list[tuple[PatientKey, dict[str, Any]]] = []
    for stay in views.census.present(site):
        person = views.people.person(stay.patient)
        if person is None or person.protected:
            continue
        if wanted is None or stay.location.unit in wanted:
            extract.append((stay.patient, to_builtins(_short(_row(person, stay)))))
    return extract


def alike_family(rows: Iterable[Held], family: str) -> bool:
    """Return whether somebody of a list has this family name: NAME ALERT for both."""
    wanted = _joined(family)
    return bool(wanted) and any(_joined(one) == wanted for row in rows for one, _ in row.n[:1])


def _row(person: Person | None, stay: Stay | None) -> Held:
    place = stay.location.words() if stay is not None else ""
    if person is None:
        return Held(p=place)
    names = [name for name in (person.name, *person.other_names) if name != PersonName()]
    pairs = dict.fromkeys((name.family, name.given) for name in names)
    return Held(
        n=tuple(pairs),
        b=person.birth.iso() if person.birth else "",
        s=person.sex,
        i=tuple(one.value for one in person.identifiers),
        p=place,
    )


def _short(row: Held) -> Held:
    """Return a row that is small enough: old names go first, then numbers, and last of all words.

    What is cut off ends in …; the banner of the patient's page has all of it.
    """
    row = replace(row, n=row.n[:_NAMES_HELD], i=row.i[:_NUMBERS_HELD])
    for change in (
        {"n": row.n[:1]},
        {"i": row.i[:1]},
        {"n": tuple((_cut(family), _cut(given)) for family, given in row.n[:1])},
        {"i": (), "p": _cut(row.p), "s": row.s[:1]},
    ):
        if len(json.encode(row)) <= ROW_BYTES_MAX:
            break
        row = replace(row, **change)
    return row


def _cut(text: str) -> str:
    return text if len(text) <= _NAME_CUT else f"{text[: _NAME_CUT - 1]}…"


def _found(views: Views, looked: LookedFor, today: PartialDate) -> Iterator[PatientKey]:
    """Give who is worth a closer look: by each thing that is known, alone and together."""
    family, given = _joined(looked.family), _joined(looked.given)
    birth = looked.birth if len(looked.birth) == _ISO_LENGTH else ""
    for asked in (
        looked.number,
        f"{family} {given}" if family and given else "",
        f"{family} {birth}" if family and birth else "",
        f"{given} {birth}" if given and birth else "",
        birth,
        family,
        f"{family[:_PART_MIN]} {given[:_PART_MIN]}" if family and given else "",
    ):
        if asked.strip():
            yield from views.people.search(asked, today)


def _candidate(looked: LookedFor, row: Held, at: int, today: PartialDate) -> Candidate:
    told = [_by_name(looked, *name, at=n) for n, name in enumerate(row.n)]
    named = max(told, key=_points, default=())
    number = _by_number(looked.number, row.i)
    others = [*_by_birth(looked, row.b, today), *_by_sex(looked.sex, row.s)]
    if not row.n and not (looked.family or looked.given):
        others.insert(0, Reason(15, "name of neither known"))
    reasons = [*number, *named, *others]
    points = _points(reasons)
    family = _joined(looked.family)
    same = bool(family) and any(_joined(name) == family for name, _ in row.n[:1])
    return Candidate(at, points, tuple(one.words for one in reasons), same)


def _by_number(number: str, numbers: Sequence[str]) -> list[Reason]:
    wanted = _as_read(number)
    if wanted and any(_as_read(one) == wanted for one in numbers):
        return [Reason(100, "same number")]
    return []


def _as_read(number: str) -> str:
    return "".join(char for char in plain(number).translate(_ALIKE) if char.isalnum())


def _by_name(looked: LookedFor, family: str, given: str, *, at: int) -> tuple[Reason, ...]:
    """Return what one of somebody's names says; `at` 0 is the name they have now."""
    straight = [_family(looked.family, family), _given(looked.given, given)]
    crossed = [_exchanged(looked, family, given)]
    return tuple(
        Reason(one.points, one.words if at == 0 else f"{one.words} (another name)")
        for one in max(straight, crossed, key=_points)
        if one.points
    )


def _points(reasons: Iterable[Reason]) -> int:
    return sum(one.points for one in reasons)


def _family(asked: str, known: str) -> Reason:
    one, other = _joined(asked), _joined(known)
    if not one or not other:
        return Reason(0, "")
    if one == other:
        return Reason(30, "same family name")
    if _begins(one, other):
        return Reason(20, "family name begins the same")
    if _shares_part(asked, known):
        return Reason(20, "one part of the family name is the same")
    return Reason(20, "family name one letter apart") if _near(one, other) else Reason(0, "")


def _given(asked: str, known: str) -> Reason:
    one, other = _joined(asked), _joined(known)
    if not one or not other:
        return Reason(0, "")
    if one == other:
        return Reason(15, "same given name")
    if other.startswith(one) or one.startswith(other):
        return Reason(10, "given name begins the same")
    return Reason(6, "given name one letter apart") if _near(one, other) else Reason(0, "")


def _exchanged(looked: LookedFor, family: str, given: str) -> Reason:
    one, other = _joined(looked.family), _joined(looked.given)
    if one and other and one == _joined(given) and other == _joined(family):
        return Reason(40, "family and given name exchanged")
    return Reason(0, "")


def _by_birth(looked: LookedFor, known: str, today: PartialDate) -> list[Reason]:
    asked = looked.birth
    if not known:
        return []
    if not asked:
        return _by_age(looked.age, known, today)
    if asked == known:
        full = len(asked) == _ISO_LENGTH
        return [Reason(30, "same birth date") if full else Reason(12, "same birth date, in part")]
    if len(asked) == len(known) == _ISO_LENGTH:
        if asked[:4] == known[:4] and asked[5:7] == known[8:] and asked[8:] == known[5:7]:
            return [Reason(20, "day and month of birth exchanged")]
        apart = sum(a != b for a, b in zip(asked, known, strict=True))
        return [Reason(15, "birth date one digit apart")] if apart == 1 else []
    short = min(len(asked), len(known))
    return [Reason(10, "birth date fits")] if asked[:short] == known[:short] else []


def _by_age(age: int | None, known: str, today: PartialDate) -> list[Reason]:
    if age is None:
        return []
    apart = abs(today.year - int(known[:4]) - age)
    return [Reason(8, "about the same age")] if apart <= max(_AGE_BAND, age // 10) else []


def _by_sex(asked: str, known: str) -> list[Reason]:
    if not asked or not known or "U" in (asked, known):
        return []
    return [Reason(2, "same sex")] if asked == known else [Reason(0, "another sex on record")]


def _joined(name: str) -> str:
    return "".join(_SEPARATORS.split(plain(name)))


def _begins(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= _BEGINS_MIN and long.startswith(short)


def _shares_part(one: str, other: str) -> bool:
    parts = [set(_SEPARATORS.split(plain(name))) for name in (one, other)]
    return any(len(part) >= _PART_MIN for part in parts[0] & parts[1])


def _near(one: str, other: str) -> bool:
    """Return whether one letter more, less or other, or two exchanged, makes them the same."""
    short, long = sorted((one, other), key=len)
    if len(short) < _NEAR_LENGTH_MIN or len(long) - len(short) > 1:
        return False
    at = next((n for n, char in enumerate(short) if char != long[n]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at : at + 2][::-1] + short[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or swapped == long[at:]
