"""An independent check against HL7's own R4 definitions: names, cardinality, types, codes.

Small on purpose: what a resource may hold is read from the StructureDefinitions, which codes are
allowed from the value sets; nothing here knows the product.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

_REGEX = "http://hl7.org/fhir/StructureDefinition/regex"
Json = dict[str, Any]


class R4:
    """The definitions of one folder."""

    def __init__(self, folder: Path) -> None:
        self.types = {
            **_definitions(folder / "profiles-types.json.gz"),
            **_definitions(folder / "profiles-resources.json.gz"),
        }
        named = [one["resource"] for one in _load(folder / "valuesets.json.gz")["entry"]]
        named += [one["resource"] for one in _load(folder / "v3-codesystems.json.gz")["entry"]]
        self.sets = {one["url"]: one for one in named if one["resourceType"] == "ValueSet"}
        self.systems = {one["url"]: one for one in named if one["resourceType"] == "CodeSystem"}

    def faults(self, resource: Json) -> list[str]:
        """Return what is wrong with a resource, as sentences."""
        kind = resource["resourceType"]
        held = {name: value for name, value in resource.items() if name != "resourceType"}
        return [*self._faults(kind, kind, held), *invariants(resource)]

    def _faults(self, kind: str, path: str, held: Json) -> Iterator[str]:
        if not held:
            yield f"{path} is empty"
        known: set[str] = set()
        for element in _children(self.types[kind], path):
            names = _names(element)
            known |= set(names) | {f"_{name}" for name in names}
            yield from self._element(kind, element, names, held)
        yield from (f"{path} has no {name}" for name in held.keys() - known)

    def _element(
        self, kind: str, element: Json, names: dict[str, str], held: Json
    ) -> Iterator[str]:
        present = [name for name in names if name in held or f"_{name}" in held]
        count = 0
        for name in present:
            value = held.get(name, held.get(f"_{name}"))
            many = element["base"]["max"] != "1"
            if many != isinstance(value, list):
                yield f"{element['path']} {'has to' if many else 'may not'} be a list"
                continue
            values = value if isinstance(value, list) else [value]
            count += len(values)
            if name in held:
                for one in values:
                    yield from self._value(kind, element, names[name], one)
        if count < element["min"]:
            yield f"{element['path']} is missing"
        if element["max"] != "*" and count > int(element["max"]):
            yield f"{element['path']} is there {count} times"

    def _value(self, kind: str, element: Json, code: str, value: Any) -> Iterator[str]:
        path = element["path"]
        if code in ("Resource", "xhtml"):
            if code == "Resource":
                yield from self.faults(value)
        elif any(_children(self.types[kind], path)) or "contentReference" in element:
            inner = element.get("contentReference", f"#{path}")[1:]
            yield from self._faults(kind, inner, value)
        elif self.types[code]["kind"] == "primitive-type":
            yield from self._primitive(path, code, value)
        else:
            yield from self._faults(code, code, value)
        yield from self._binding(element, value)

    def _primitive(self, path: str, code: str, value: Any) -> Iterator[str]:
        expected = {"boolean": bool, "integer": int, "positiveInt": int, "unsignedInt": int}
        if code == "decimal":
            if isinstance(value, bool) or not isinstance(value, int | float):
                yield f"{path} is no number"
        elif not isinstance(value, expected.get(code, str)):
            yield f"{path} is no {code}"
        elif isinstance(value, str) and not re.fullmatch(_pattern(self, code), value):
            yield f"{path} is not written as {code}"

    def _binding(self, element: Json, value: Any) -> Iterator[str]:
        binding = element.get("binding", {})
        if binding.get("strength") != "required" or "valueSet" not in binding:
            return
        allowed = _codes(self, binding["valueSet"].partition("|")[0])
        said = [value] if isinstance(value, str) else [one["code"] for one in _coded(value)]
        if allowed and not set(said) & allowed:
            yield f"{element['path']} has a code that is not of its value set"


def _coded(value: Json) -> list[Json]:
    return value.get("coding", []) if "coding" in value or "text" in value else [value]


def _observation(one: Json) -> bool:
    """obs-6."""
    return "dataAbsentReason" in one and bool({"valueQuantity", "valueString"} & one.keys())


def _appointment(one: Json) -> bool:
    """app-1, app-2, app-3."""
    ends = [name in one or f"_{name}" in one for name in ("start", "end")]
    open_ended = one["status"] in ("proposed", "cancelled", "waitlist")
    somebody = all(held.get("actor") or held.get("type") for held in one["participant"])
    return ends[0] != ends[1] or not (ends[0] or open_ended) or not somebody


def _allergy(one: Json) -> bool:
    """ait-1, ait-2."""
    wrong = "entered-in-error" in json.dumps(one.get("verificationStatus", {}))
    return wrong == ("clinicalStatus" in one)


def _condition(one: Json) -> bool:
    """con-4."""
    code = one.get("clinicalStatus", {}).get("coding", [{}])[0].get("code")
    return "abatementDateTime" in one and code not in ("inactive", "resolved", "remission")


def _administration(one: Json) -> bool:
    """mad-1."""
    return "dosage" in one and "dose" not in one["dosage"]


_BROKEN = {
    "Observation": _observation,
    "Appointment": _appointment,
    "AllergyIntolerance": _allergy,
    "Condition": _condition,
    "MedicationAdministration": _administration,
}


def invariants(resource: Json) -> Iterator[str]:
    """Check the rules of R4 that definitions hold as FHIRPath, for the types that are served."""
    broken = _BROKEN.get(resource["resourceType"])
    if broken is not None and broken(resource):
        yield f"breaks {broken.__doc__}"


@cache
def _pattern(r4: R4, code: str) -> re.Pattern[str]:
    for element in r4.types[code]["snapshot"]["element"]:
        for one in element.get("type", [{}])[0].get("extension", []):
            if element["path"].endswith(".value") and one["url"] == _REGEX:
                return re.compile(one["valueString"], re.ASCII)
    return re.compile(r"[\s\S]+")


@cache
def _codes(r4: R4, url: str) -> frozenset[str]:
    codes: set[str] = set()
    for include in r4.sets.get(url, {}).get("compose", {}).get("include", []):
        if "concept" in include:
            codes |= {one["code"] for one in include["concept"]}
        else:
            codes |= _within(r4.systems.get(include.get("system"), {}))
    return frozenset(codes)


def _within(concept: Json) -> set[str]:
    inner = concept.get("concept", [])
    return {one["code"] for one in inner}.union(*(_within(one) for one in inner))


def _load(path: Path) -> Json:
    read: Json = json.loads(gzip.decompress(path.read_bytes()))
    return read


def _definitions(path: Path) -> dict[str, Json]:
    resources = [one["resource"] for one in _load(path)["entry"]]
    return {one["id"]: one for one in resources if one["resourceType"] == "StructureDefinition"}


def _children(definition: Json, path: str) -> Iterator[Json]:
    for element in definition["snapshot"]["element"]:
        if element["path"].startswith(f"{path}.") and "." not in element["path"][len(path) + 1 :]:
            yield element


def _names(element: Json) -> dict[str, str]:
    """Return the names an element may have in JSON, with the type each stands for."""
    name = element["path"].rpartition(".")[2]
    types = [_type(one) for one in element.get("type", [{"code": "Element"}])]
    if not name.endswith("[x]"):
        return {name: types[0]}
    return {name[:-3] + code[0].upper() + code[1:]: code for code in types}


def _type(stated: Json) -> str:
    code: str = stated["code"]
    return "string" if code.startswith("http://hl7.org/fhirpath/") else code
