"""What of a FHIR resource is not as its StructureDefinition says: a small checker of snapshots.

It walks every element of a snapshot into the resource: how many there are, fixed and pattern
values, the codes of required bindings it is given, that nothing is there which has no element, and
slices told apart by a value, a pattern, a type or a profile. What it does not judge: invariants
(FHIRPath), extensible and preferred bindings, and what references lead to outside the bundle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]
UNBOUNDED = "*"


class Profile:
    """One StructureDefinition, its elements by the id of their parent."""

    def __init__(
        self,
        definition: Json,
        codes: Mapping[str, frozenset[str]],
        others: Mapping[str, Profile],
    ) -> None:
        """Take a definition with its snapshot, codes of value sets, profiles by their address."""
        self.url: str = definition["url"]
        self.type: str = definition["type"]
        self._codes = codes
        self._others = others
        self._by_id = {one["id"]: one for one in definition["snapshot"]["element"]}
        self._children: dict[str, list[Json]] = defaultdict(list)
        for one in self._by_id.values():
            self._children[one["id"].rpartition(".")[0]].append(one)

    def faults(self, resource: Json) -> Iterator[str]:
        """Yield what is wrong, each with its place."""
        yield from self._inside(resource, self.type, self.type)

    def _inside(self, value: Json, parent: str, at: str) -> Iterator[str]:
        children = self._children.get(parent) or self._children.get(self._refers_to(parent), [])
        known: set[str] = {"resourceType"}
        for element in (one for one in children if "sliceName" not in one):
            held = list(_held(value, element))
            known.update(name for name, _ in held)
            found = [one for _, one in held]
            yield from self._each(element, found, f"{at}.{_name(element)}")
            yield from self._slices(element, found, f"{at}.{_name(element)}")
        if children:
            yield from (f"{at}.{one}: no such element" for one in _names(value) - known)

    def _refers_to(self, element: str) -> str:
        """Return the id of the element whose content one is the same as: sections in sections."""
        told = str(self._by_id.get(element, {}).get("contentReference", ""))
        return told.rpartition("#")[2] or "no other"

    def _each(self, element: Json, found: list[Any], at: str) -> Iterator[str]:
        yield from _too_few_or_many(element, len(found), at)
        for one in found:
            yield from self._value(element, one, at)
            if isinstance(one, dict):
                yield from self._inside(one, element["id"], at)

    def _value(self, element: Json, value: Any, at: str) -> Iterator[str]:
        for key, wanted in element.items():
            if key.startswith("fixed") and value != wanted:
                yield f"{at}: not {wanted!r}"
            if key.startswith("pattern") and not _covers(wanted, value):
                yield f"{at}: not like {wanted!r}"
        binding = element.get("binding", {})
        allowed = self._codes.get(binding.get("valueSet", "").partition("|")[0])
        if binding.get("strength") == "required" and allowed:
            said = list(_codes_in(value))
            if said and not allowed.intersection(said):
                yield f"{at}: {said} is no code of {binding['valueSet']}"

    def _slices(self, element: Json, found: list[Any], at: str) -> Iterator[str]:
        """Check each slice; of a closed slicing, also that nothing is outside of all slices."""
        told = element.get("slicing")
        slices = [
            one
            for one in self._by_id.values()
            if one["id"].startswith(f"{element['id']}:")
            and "." not in one["id"][len(element["id"]) :]
        ]
        if not told or not slices:
            return
        taken = 0
        for one in slices:
            mine = [x for x in found if self._is_of(one, told["discriminator"], x)]
            taken += len(mine)
            yield from self._each(one, mine, f"{at}:{one['sliceName']}")
        if told.get("rules") == "closed" and taken < len(found):
            yield f"{at}: {len(found) - taken} in no slice"

    def _is_of(self, piece: Json, discriminators: list[Json], value: Any) -> bool:
        return all(self._tells(piece, one, value) for one in discriminators)

    def _tells(self, piece: Json, discriminator: Json, value: Any) -> bool:
        kind, path = discriminator["type"], discriminator["path"]
        target = piece if path == "$this" else self._by_id.get(f"{piece['id']}.{path}", {})
        inner = value if path == "$this" else value.get(path) if isinstance(value, dict) else None
        if kind == "type":
            types = {one["code"] for one in target.get("type", ())}
            return isinstance(inner, dict) and inner.get("resourceType") in types
        if kind in ("value", "pattern"):
            wanted = [v for k, v in target.items() if k.startswith(("pattern", "fixed"))]
            return bool(wanted) and all(_covers(one, inner) for one in wanted)
        if kind == "profile" and isinstance(inner, dict):  # one that is as the profile says
            profiles = [p for one in target.get("type", ()) for p in one.get("profile", ())]
            known = [self._others[one] for one in profiles if one in self._others]
            return any(not list(one.faults(inner)) for one in known)
        return False


def _name(element: Json) -> str:
    return str(element["path"]).rpartition(".")[2]


def _names(value: Json) -> set[str]:
    return {name.removeprefix("_") for name in value}


def _held(value: Json, element: Json) -> Iterator[tuple[str, Any]]:
    """Yield the values of an element with the name they stand under, `value[x]` by its type."""
    name = _name(element)
    if name.endswith("[x]"):
        stem = name.removesuffix("[x]")
        kinds = {one["code"] for one in element.get("type", ())}
        names = {stem + kind[:1].upper() + kind[1:] for kind in kinds}
    else:
        names = {name}
    for one in sorted(names & _names(value)):
        found = value.get(one, value.get(f"_{one}"))
        for each in found if isinstance(found, list) else [found]:
            yield one, each


def _too_few_or_many(element: Json, count: int, at: str) -> Iterator[str]:
    if count < element.get("min", 0):
        yield f"{at}: {count}, at least {element['min']}"
    most = element.get("max", UNBOUNDED)
    if most != UNBOUNDED and count > int(most):
        yield f"{at}: {count}, at most {most}"


def _covers(wanted: Any, value: Any) -> bool:
    """Return whether a value has everything a pattern has (FHIR R4, ElementDefinition.pattern)."""
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(_covers(v, value.get(k)) for k, v in wanted.items())
    if isinstance(wanted, list):
        found = value if isinstance(value, list) else []
        return all(any(_covers(one, x) for x in found) for one in wanted)
    return bool(wanted == value)


def _codes_in(value: Any) -> Iterator[str]:
    """Yield the codes of a code, a Coding or a CodeableConcept."""
    if isinstance(value, str):
        yield value
    if isinstance(value, dict):
        for one in value.get("coding", [value]):
            if "code" in one:
                yield one["code"]
