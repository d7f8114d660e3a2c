"""What a search asks for: parameters read, and refused where they cannot be (R4 §3.1.1)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from urllib.parse import unquote

import msgspec
from msgspec import Struct

from wardlight.outputs.fhir.answers import invalid
from wardlight.outputs.fhir.criteria import (
    Criterion,
    alternatives,
    criterion,
    same_token,
    wanted_token,
)
from wardlight.outputs.fhir.kept_copy import NOBODY, KeptCopy
from wardlight.outputs.fhir.parameters import Parameter, ParameterKind, parameters
from wardlight.outputs.fhir.patient import patient
from wardlight.record.identity import PatientKey
from wardlight.wire.fhir.systems import AUTHORITY
from wardlight.wire.fhir.types import numbers

COUNT = 50
COUNT_MAX = 1_000
_CURSOR = "_cursor"
_SILENT = frozenset({"_format", "_pretty"})  # about the answer's form, not about what is in it
_SUMMARIES = frozenset({"count", "false"})

Pairs = Sequence[tuple[str, str]]


class Place(Struct, frozen=True, array_like=True, order=True):
    """A place in a list: whose resource, and which one of them (newest first, then by id)."""

    key: str
    at: int
    name: str


class Cursor(Struct, frozen=True):
    """Where a page begins or ends."""

    place: Place
    backwards: bool


class Query(Struct, frozen=True, kw_only=True):
    """A search, read."""

    kind: str
    criteria: tuple[Criterion, ...]
    patients: frozenset[PatientKey] | None  # None: everybody
    count: int = COUNT
    count_only: bool = False
    cursor: Cursor | None = None
    used: tuple[tuple[str, str], ...] = ()  # what was taken into account, for the self link
    carried: tuple[tuple[str, str], ...] = ()  # for the links to other pages: no patient's number

    def matches(self, resource: dict[str, object]) -> bool:
        """Return whether a resource is asked for."""
        return all(passes(resource) for passes in self.criteria)


def read_query(copy: KeptCopy, kind: str, pairs: Pairs, *, strict: bool) -> Query:
    """Return the search that was asked for. Raises Unanswerable with a sentence.

    A parameter that is not supported is left out and not named in the self link; under
    `Prefer: handling=strict` it is refused (R4 §3.1.1.3.3).
    """
    supported = parameters(kind)
    query = Query(kind=kind, criteria=(), patients=None)
    for name, value in pairs:
        parameter = supported.get(name)
        if parameter is not None:
            query = _narrowed(copy, query, parameter, (name, value))
        elif name == _CURSOR:
            query = msgspec.structs.replace(query, cursor=_read_cursor(copy, value))
        elif name not in _SILENT:
            query = _shaped(query, name, value, strict=strict)
    return query


def _narrowed(copy: KeptCopy, query: Query, parameter: Parameter, pair: tuple[str, str]) -> Query:
    whose: Iterable[PatientKey] | None = None
    criteria, carried = query.criteria, pair
    match parameter.kind:
        case ParameterKind.PATIENT:
            whose = _by_handle(copy, pair[1])
        case ParameterKind.PATIENT_NUMBER:
            whose = frozenset(_by_number(copy, pair[1]))
            handles = ",".join(sorted(copy.handle_of(key) for key in whose)) or "nobody"
            carried = ("_id" if query.kind == "Patient" else "patient", handles)
        case ParameterKind.TOKEN | ParameterKind.DATE:
            criteria = (*criteria, criterion(parameter, pair[1], copy.zone()))
            whose = _by_id(copy, query.kind, pair[1]) if parameter.name == "_id" else None
    patients = query.patients
    if whose is not None:
        patients = frozenset(whose) if patients is None else patients & frozenset(whose)
    return msgspec.structs.replace(
        query,
        criteria=criteria,
        patients=patients,
        used=(*query.used, pair),
        carried=(*query.carried, carried),
    )


def _shaped(query: Query, name: str, value: str, *, strict: bool) -> Query:
    changed: dict[str, object] = {}
    if name == "_count":
        changed["count"] = _count(value)
        changed["count_only"] = query.count_only or value == "0"
    elif name == "_summary" and value in _SUMMARIES:
        changed["count_only"] = value == "count"
    elif ":" in name:
        raise invalid("A modifier of a search parameter is not supported; leave it out.")
    elif strict:
        raise invalid(
            f"A search parameter is not supported for {query.kind}."
            f" Supported are: {', '.join(sorted(parameters(query.kind)))}, _count, _summary=count."
        )
    else:
        return query
    pair = (name, value)
    return msgspec.structs.replace(
        query, **changed, used=(*query.used, pair), carried=(*query.carried, pair)
    )


def _count(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < len("1000000")):
        raise invalid(f"The search parameter _count needs a number from 0 to {COUNT_MAX}.")
    return min(int(value), COUNT_MAX)


def _by_handle(copy: KeptCopy, value: str) -> Iterable[PatientKey]:
    for reference in alternatives(value):
        *path, handle = reference.split("/")
        if path and path[-1] != "Patient":
            raise invalid("A search by patient needs a reference such as Patient/<id>.")
        key = copy.known(handle)
        if key is not None:
            yield key


def _by_id(copy: KeptCopy, kind: str, value: str) -> Iterable[PatientKey]:
    for name in alternatives(value):
        key = copy.known(name if kind == "Patient" else name.rpartition("-")[0])
        yield NOBODY if key is None else key


def _by_number(copy: KeptCopy, value: str) -> Iterable[PatientKey]:
    """Return the patients with a number, also by that of a record that was joined with theirs.

    The numbers patients are known by here come first; their other ones (of the state, of another
    hospital) are looked through only when it is none of these.
    """
    people = copy.views.people
    for text in alternatives(value):
        wanted = wanted_token(text)
        number = wanted[1]
        if not number:
            raise invalid("A search by identifier needs a number, as in system|number or number.")
        likely = [PatientKey(f"{one}|{number}") for one in _authorities(copy, wanted[0])]
        found = [key for key in _resolved(copy, likely) if _has_number(copy, key, wanted)]
        if not found:
            others = _resolved(copy, people.search(number, None))
            found = [key for key in others if _has_number(copy, key, wanted)]
        yield from found


def _resolved(copy: KeptCopy, keys: Iterable[PatientKey]) -> frozenset[PatientKey]:
    return frozenset(copy.views.people.resolve(key) for key in keys)


def _authorities(copy: KeptCopy, system: str | None) -> Iterable[str]:
    if system is None:
        return copy.remembered.authorities(copy.views.people.keys)
    named = [authority for authority, uri in copy.systems.items() if uri == system]
    if system.startswith(AUTHORITY):
        named.append(unquote(system.removeprefix(AUTHORITY)))
    return named or [""]


def _has_number(copy: KeptCopy, key: PatientKey, wanted: tuple[str | None, str]) -> bool:
    person = copy.views.people.person(key)
    if person is None:
        return False
    held = patient(person, copy.subject(key)).get("identifier", [])
    held += numbers(copy.views.people.aliases(key), copy.systems)
    return any(same_token((one.get("system", ""), one["value"]), wanted) for one in held)


def cursor_text(copy: KeptCopy, cursor: Cursor) -> str:
    """Return a cursor as links carry it: the patient by handle, never by number."""
    place = cursor.place
    handle = copy.handle_of(PatientKey(place.key)) if place.key else ""
    parts = msgspec.json.encode((cursor.backwards, handle, place.at, place.name))
    return base64.urlsafe_b64encode(parts).decode("ascii").rstrip("=")


def _read_cursor(copy: KeptCopy, text: str) -> Cursor:
    padded = text + "=" * (-len(text) % 4)
    try:
        parts = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
        backwards, handle, at, name = msgspec.json.decode(parts, type=tuple[bool, str, int, str])
    except (UnicodeEncodeError, binascii.Error, msgspec.DecodeError, ValueError):
        raise invalid("The link to this page is damaged; begin the search again.") from None
    key = copy.key_of(handle) if handle else NOBODY
    if key is None:
        raise invalid("The link to this page is no longer valid; begin the search again.")
    return Cursor(Place(key, at, name), backwards)
