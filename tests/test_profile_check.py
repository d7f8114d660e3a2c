"""The checker of profiles: quiet on the guide's own examples, loud on each fault planted in one."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from tests.fhir_profiles import ips_faults

Json = dict[str, Any]


def example(shared: Path) -> Json:
    path = shared / "schemas/fhir-ips/examples/Bundle-bundle-minimal.json"
    return dict(json.loads(path.read_text("utf-8")))


def first(bundle: Json, kind: str) -> Json:
    found = (one["resource"] for one in bundle["entry"])
    return next(one for one in found if one["resourceType"] == kind)


def test_the_guides_own_examples_have_no_fault(shared: Path) -> None:
    for path in (shared / "schemas/fhir-ips/examples").glob("Bundle-*.json"):
        assert ips_faults(shared / "schemas", json.loads(path.read_text("utf-8"))) == []


PLANTED: dict[str, tuple[Callable[[Json], object], str]] = {
    "a kind of bundle": (lambda b: b.update(type="collection"), "Bundle.type: not"),
    "no time": (lambda b: b.pop("timestamp"), "Bundle.timestamp: 0, at least 1"),
    "a section is missing": (
        lambda b: first(b, "Composition")["section"].pop(0),
        "Composition.section:section",
    ),
    "a section without title": (
        lambda b: first(b, "Composition")["section"][0].pop("title"),
        "title: 0, at least 1",
    ),
    "no such gender": (lambda b: first(b, "Patient").update(gender="F"), "Patient.gender: ['F']"),
    "no such element": (lambda b: first(b, "Patient").update(race="x"), "Patient.race: no such"),
    "no birth date": (lambda b: first(b, "Patient").pop("birthDate"), "birthDate: 0, at least"),
    "no such status": (
        lambda b: first(b, "Composition").update(status="done"),
        "Composition.status: ['done']",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(shared: Path, name: str) -> None:
    plant, said = PLANTED[name]
    bundle = deepcopy(example(shared))
    plant(bundle)
    assert any(said in one for one in ips_faults(shared / "schemas", bundle))
