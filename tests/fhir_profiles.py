"""The profiles beside the repository (../shared/schemas), ready to check resources against."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.profile_check import Profile

IPS = "http://hl7.org/fhir/uv/ips/StructureDefinition/"
LABORATORY = "Observation-results-laboratory-pathology"
Json = dict[str, Any]


@cache
def profiles(schemas: Path) -> dict[str, Profile]:
    """Return every profile of IPS and SANER's report, by address."""
    codes = _codes(schemas / "fhir-r4/valuesets.json.gz")
    found: dict[str, Profile] = {}
    for path in (
        *sorted((schemas / "fhir-ips/profiles").glob("*.json")),
        schemas / "fhir-saner/conformance/StructureDefinition-PublicHealthMeasureReport.json",
    ):
        definition = json.loads(path.read_text("utf-8"))
        if "snapshot" in definition:
            found[definition["url"]] = Profile(definition, codes, found)
    return found


def ips_faults(schemas: Path, bundle: Json) -> list[str]:
    """Return what in a bundle, and in each of its resources, is not as its profile of IPS says."""
    known = profiles(schemas)
    found = list(known[f"{IPS}Bundle-uv-ips"].faults(bundle))
    for entry in bundle["entry"]:
        profile = known.get(f"{IPS}{_of(entry['resource'])}-uv-ips")
        found += profile.faults(entry["resource"]) if profile is not None else ()
    return found


def _of(resource: Json) -> str:
    """Return which profile a resource is of; of vital signs IPS has none."""
    kind = str(resource["resourceType"])
    if kind == "Flag":
        return "Flag-alert"
    if kind == "Observation" and "laboratory" in json.dumps(resource.get("category", "")):
        return LABORATORY
    return kind


def _codes(path: Path) -> dict[str, frozenset[str]]:
    """Return the codes of value sets that are whole code systems or lists; others are left out."""
    with gzip.open(path) as opened:
        entries = [one["resource"] for one in json.load(opened)["entry"]]
    systems = {
        one["url"]: frozenset(_concepts(one.get("concept", ())))
        for one in entries
        if one["resourceType"] == "CodeSystem"
    }
    found = {}
    for one in entries:
        if one["resourceType"] == "ValueSet":
            parts = [_part(part, systems) for part in one.get("compose", {}).get("include", ())]
            if parts and all(parts):
                found[one["url"]] = frozenset[str]().union(*parts)
    return found


def _part(include: Json, systems: dict[str, frozenset[str]]) -> frozenset[str]:
    """Return the codes one line of a value set takes in; none where it is not a plain list."""
    if "filter" in include or "valueSet" in include:
        return frozenset()
    if "concept" in include:
        return frozenset(one["code"] for one in include["concept"])
    return systems.get(include.get("system", ""), frozenset())


def _concepts(concepts: Any) -> Iterator[str]:
    for one in concepts:
        yield one["code"]
        yield from _concepts(one.get("concept", ()))
