"""Who the patients are: every field as it was last stated, under every number they have had.

A field keeps its newest statement by event time; an ADT message's word counts before that of a
result or an order, which only fills what is blank. Silence keeps, `""` clears. The order in
which messages arrive changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from wardlight.record.identity import Identifier, PatientKey, Person, PersonName
from wardlight.record.instants import Instant, PartialDate
from wardlight.views.patients.find import Index
from wardlight.views.shelf import Shelf

INDEXED_AT_ONCE = 10_000
FOUND_MAX = 50
_FIELDS = (
    *("name", "birth", "sex", "address", "phones", "emails", "language"),
    *("account", "mother", "died", "protected", "unconfirmed"),
)
_BLANK = Person(key=PatientKey(""))
_BLANKS = {name: getattr(_BLANK, name) for name in _FIELDS}

_Weight = tuple[int, int, int]
"""ADT or not, event time, position: the greater one counts."""
_Rank = tuple[bool, int, int, int]
"""Under the patient's own number or a retired one, then the weight."""


_Merge = tuple[Instant, PatientKey, PatientKey]
"""When, the surviving number, the retired one."""


class _Statement(Struct, gc=False):
    """The newest statement of one kind of source, repeated or not."""

    person: Person
    at: int
    position: int


class _Part(Struct, gc=False):
    """What was said under one number."""

    settled: dict[str, _Weight] = {}  # field → weight of what stands in `person`
    person: Person = _BLANK  # folded from all but the newest statements
    newest: list[_Statement | None] = field(default_factory=lambda: [None, None])  # others, ADT
    identifiers: dict[str, Identifier] = {}
    names: list[PersonName] = []


class _File(Struct, gc=False):
    """All that was said of one patient, under every number they have had."""

    parts: dict[str, _Part] = {}


class People:
    """Everybody a node knows."""

    def __init__(self) -> None:
        self._files = Shelf(_File)
        self._aliases: dict[PatientKey, PatientKey] = {}  # every retired number → its patient
        self._merges: dict[PatientKey, set[_Merge]] = {}
        self._links: set[tuple[PatientKey, PatientKey]] = set()
        self._index: Index | None = None
        self._unindexed: list[PatientKey] = []
        self._folded: dict[PatientKey, Person] = {}

    def resolve(self, key: PatientKey) -> PatientKey:
        """Return the number this patient is known by now, whatever merges there were."""
        return self._aliases.get(key, key)

    def person(self, key: PatientKey) -> Person | None:
        """Return a patient as they are known now; None when nobody has that number."""
        key = self.resolve(key)
        person = self._folded.get(key)
        if person is None:
            file = self._files.get(key)
            if file is None:
                return None
            person = self._folded[key] = _person(key, file)
        return person

    def identifiers(self, key: PatientKey) -> tuple[Identifier, ...]:
        """Return every number a patient has or had."""
        person = self.person(key)
        return person.identifiers if person else ()

    def aliases(self, key: PatientKey) -> tuple[PatientKey, ...]:
        """Return the retired numbers that lead to this patient."""
        survivor = self.resolve(key)
        if survivor not in self._merges:
            return ()
        return tuple(sorted(one for one in self._group(survivor)[0] if one != survivor))

    def linked(self, key: PatientKey) -> tuple[PatientKey, ...]:
        """Return patients that are said to be related to this one; nothing of them is merged."""
        mine = self.resolve(key)
        pairs = ((self.resolve(one), self.resolve(other)) for one, other in self._links)
        return tuple(sorted(b if a == mine else a for a, b in pairs if mine in (a, b)))

    def keys(self) -> Iterator[PatientKey]:
        """Give every patient once."""
        return (PatientKey(key) for key in self._files)

    def numbers(self) -> Iterator[PatientKey]:
        """Give every number a patient is or was known by."""
        return chain(self.keys(), self._aliases)

    def __len__(self) -> int:
        return len(self._files)

    def state(self, person: Person, at: Instant, position: int, *, adt: bool) -> None:
        """Take one message's statement about a patient into account."""
        key = self.resolve(person.key)
        file = self._files.open(key) or self._files.put(key, _File())
        part = file.parts.get(person.key)
        if part is None:
            part = file.parts[person.key] = _Part()
        newest = part.newest[adt]
        if newest is not None and newest.person == person:
            newest.at, newest.position = max((newest.at, newest.position), (at, position))
            return
        said = _Statement(person, at, position)
        if newest is None or (newest.at, newest.position) <= (at, position):
            part.newest[adt], said = said, newest  # type: ignore[assignment]
        if said is not None:
            _settle(part, said, adt=adt)
        self._meet(key, part, person)

    def merge(
        self, survivor: PatientKey, retired: PatientKey, at: Instant
    ) -> tuple[PatientKey, tuple[PatientKey, ...]]:
        """Make one person of two numbers; return their number now, and those it takes over from.

        The last merge of a group by event time decides which number it is known by, so that
        merges heard in another order, or in a ring, end the same way.
        """
        merge = (at, survivor, retired)
        for key in (survivor, retired):
            self._merges.setdefault(key, set()).add(merge)
        members, merges = self._group(survivor)
        leader = _leader(merges)
        before = tuple(sorted({self.resolve(key) for key in members} - {leader}))
        self._aliases.pop(leader, None)
        self._aliases.update((key, leader) for key in members if key != leader)
        for old in before:
            self._join(leader, old)
        return leader, before

    def unmerge(
        self, survivor: PatientKey, retired: PatientKey, at: Instant
    ) -> tuple[PatientKey, tuple[PatientKey, ...]]:
        """Take a merge back; return whose the joined file was, and who has one of their own now.

        What was said under each number goes back to that number.
        """
        merge = (at, survivor, retired)
        members, merges = self._group(survivor)
        joined = self.resolve(survivor)
        if merge not in merges:
            return joined, ()
        for key in (survivor, retired):
            self._merges[key].discard(merge)
        for key in members:
            self._aliases.pop(key, None)
        for key in members:
            leader = _leader(self._group(key)[1]) or key
            if leader != key:
                self._aliases[key] = leader
        return joined, self._take_apart(joined, members)

    def _take_apart(self, joined: PatientKey, members: set[PatientKey]) -> tuple[PatientKey, ...]:
        file = self._files.take(joined)
        self._folded.pop(joined, None)
        if file is None:
            return ()
        apart: dict[PatientKey, _File] = {}
        for number, part in file.parts.items():
            owner = self.resolve(PatientKey(number))
            apart.setdefault(owner, _File()).parts[number] = part
        for owner, own in apart.items():
            self._files.put(owner, own)
            self._folded.pop(owner, None)
            if self._index is not None:
                self._index.add(owner, self._said(owner))
        return tuple(sorted(owner for owner in apart if owner != joined and owner in members))

    def link(self, one: PatientKey, other: PatientKey, *, linked: bool) -> None:
        """Note that two patients are said to be related, or no longer."""
        pair = (min(one, other), max(one, other))
        if linked:
            self._links.add(pair)
        else:
            self._links.discard(pair)

    def prepare_search(self, most: int) -> bool:
        """Make up to `most` people more ready to be found; return whether others are left.

        In slices, so that a node that knows 100,000 people keeps no sender and no reader waiting.
        """
        if self._index is None:
            self._index, self._unindexed = Index(), list(self.keys())
        for key in self._unindexed[-most:]:
            file = self._files.peek(key)
            if file is not None:
                self._index.add(key, _person(key, file))
        del self._unindexed[-most:]
        return bool(self._unindexed)

    def search(self, text: str, today: PartialDate | None = None) -> list[PatientKey]:
        """Return patients by name parts, birth date or any number; at most FOUND_MAX."""
        while self.prepare_search(INDEXED_AT_ONCE):
            pass
        assert self._index is not None, "prepared"
        found: dict[PatientKey, None] = {}
        for key in self._index.find(text, today):
            resolved = self.resolve(key)
            if resolved in self._files and len(found) < FOUND_MAX:
                found[resolved] = None
        return list(found)

    def similar(self, keys: Iterable[PatientKey]) -> set[PatientKey]:
        """Return those among the given who share a family name with another (NAME ALERT)."""
        families: dict[str, set[PatientKey]] = {}
        for key in keys:
            person = self.person(key)
            if person and person.name.family:
                families.setdefault(person.name.family.casefold(), set()).add(key)
        return {key for same in families.values() if len(same) > 1 for key in same}

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        return {
            "files": self._files.snapshot(),
            "aliases": self._aliases,
            "merges": sorted({merge for merges in self._merges.values() for merge in merges}),
            "links": sorted(self._links),
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._files.restore(kept["files"])
        self._aliases = kept["aliases"]
        for at, survivor, retired in kept["merges"]:
            for key in (survivor, retired):
                self._merges.setdefault(key, set()).add((at, survivor, retired))
        self._links = {(one, other) for one, other in kept["links"]}
        self._index, self._folded = None, {}

    def _group(self, key: PatientKey) -> tuple[set[PatientKey], set[_Merge]]:
        """Return every number that merges connect with this one, and those merges."""
        members: set[PatientKey] = {key}
        merges: set[_Merge] = set()
        waiting = [key]
        while waiting:
            found = self._merges.get(waiting.pop(), set())
            merges |= found
            ends = {end for _, *pair in found for end in pair} - members
            members |= ends
            waiting += ends
        return members, merges

    def _join(self, survivor: PatientKey, retired: PatientKey) -> None:
        """Give a retired number's statements to the survivor, whose own count first."""
        self._folded.pop(retired, None)
        old = self._files.take(retired)
        if old is None:
            return
        file = self._files.open(survivor) or self._files.put(survivor, _File())
        file.parts = {**old.parts, **file.parts}
        self._folded.pop(survivor, None)
        if self._index is not None:
            self._index.add(survivor, self._said(survivor))

    def _meet(self, key: PatientKey, part: _Part, person: Person) -> None:
        self._folded.pop(key, None)
        for identifier in person.identifiers:
            part.identifiers.setdefault(identifier.key(), identifier)
        for name in (person.name, *person.other_names):
            if name != PersonName() and name not in part.names:
                part.names.append(name)
        if self._index is not None:
            self._index.add(key, self._said(key))

    def _said(self, key: PatientKey) -> Person:
        person = self.person(key)
        assert person is not None, "a known patient has a file"
        return person


def _leader(merges: set[_Merge]) -> PatientKey:
    """Return the number a group is known by: merge after merge, the survivor's."""
    known_as: dict[PatientKey, PatientKey] = {}

    def now(key: PatientKey) -> PatientKey:
        while key in known_as:
            key = known_as[key]
        return key

    leader = PatientKey("")
    for _, survivor, retired in sorted(merges):
        leader = now(survivor)
        if now(retired) != leader:
            known_as[now(retired)] = leader
    return leader


def _settle(part: _Part, said: _Statement, *, adt: bool) -> None:
    """Let a statement that is no longer the newest count field by field."""
    weight: _Weight = (int(adt), said.at, said.position)
    changed = {
        name: value
        for name, value in _stated(said.person)
        if weight >= part.settled.get(name, (0, 0, 0))
    }
    if changed:
        part.person = replace(part.person, **changed)
        part.settled.update(dict.fromkeys(changed, weight))


def _person(key: PatientKey, file: _File) -> Person:
    values = dict(_BLANKS)
    ranks: dict[str, _Rank] = {}
    for number, part in file.parts.items():
        for name, value, weight in _weighed(part):
            rank = (number == key, *weight)
            if name not in ranks or rank >= ranks[name]:
                values[name], ranks[name] = value, rank
    names = dict.fromkeys(name for part in file.parts.values() for name in part.names)
    others = tuple(sorted((one for one in names if one != values["name"]), key=_by_name))
    known: dict[str, Identifier] = {}
    for part in file.parts.values():
        known |= part.identifiers
    numbers = tuple(known[one] for one in sorted(known))
    return Person(key=key, identifiers=numbers, other_names=others, **values)


def _weighed(part: _Part) -> Iterator[tuple[str, Any, _Weight]]:
    """Give every field that was stated under one number, with the weight of its statement."""
    for name, weight in part.settled.items():
        yield name, getattr(part.person, name), weight
    for adt, said in enumerate(part.newest):
        if said is not None:
            for name, value in _stated(said.person):
                yield name, value, (adt, said.at, said.position)


def _stated(person: Person) -> Iterator[tuple[str, Any]]:
    """Give the fields a statement speaks of; a cleared one with its blank."""
    for name, blank in _BLANKS.items():
        value = getattr(person, name)
        if value != blank:
            yield name, value
        elif name in person.cleared:
            yield name, blank


def _by_name(name: PersonName) -> tuple[str, str, str]:
    return name.family, name.given, name.kind
