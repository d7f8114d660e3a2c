from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from tests.examples import examples
from tests.fhir_profiles import ips_faults
from tests.outputs.fhir import kept
from tests.outputs.fhir.kept import stamp
from tests.outputs.fhir.strategies import any_of
from tests.outputs.fhir.test_resources import PENICILLIN, order

from wardlight.outputs.fhir.summary import summary
from wardlight.record.codes import AllergyState, Coded, OrderState
from wardlight.record.events.charting import Allergy
from wardlight.record.identity import Person
from wardlight.views.facts import AllergyFact, AllergyList, Chart

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REQUIRED = {"11450-4", "48765-2", "10160-0"}


def document(chart: Chart | None = None, person: Person | None = None) -> dict[str, Any]:
    chart = chart or Chart(patient=kept.WREN)
    return kept.plain(summary(person or kept.person(), chart, kept.subject(), kept.NOW))


def section(bundle: dict[str, Any], code: str) -> dict[str, Any]:
    sections: list[dict[str, Any]] = bundle["entry"][0]["resource"]["section"]
    return next(one for one in sections if one["code"]["coding"][0]["code"] == code)


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (held for name, held in value.items() if name == "reference")
        for held in value.values():
            yield from references(held)
    elif isinstance(value, list):
        for held in value:
            yield from references(held)


def faults(bundle: dict[str, Any]) -> Iterator[str]:
    """Check what IPS 2.0.1 demands beyond R4."""
    kinds = [one["resource"]["resourceType"] for one in bundle["entry"]]
    first, who = (bundle["entry"][index]["resource"] for index in (0, 1))
    if not bundle.get("identifier", {}).get("value") or not bundle.get("timestamp"):
        yield "no identifier or timestamp"
    if kinds[0] != "Composition" or kinds.count("Composition") != 1 or kinds[1] != "Patient":
        yield "the composition is not first and alone"
    codes = {one["code"]["coding"][0]["code"] for one in first["section"]}
    yield from (f"section {code} is missing" for code in REQUIRED - codes)
    for one in first["section"]:
        if "div" not in one["text"] or ("entry" in one) == ("emptyReason" in one):
            yield f"{one['title']}: narrative, and either entries or why there are none"
    if not (who.get("birthDate") or who.get("_birthDate")) or not who.get("name"):
        yield "patient without name or birth date, or why there is none"
    inside = {one["fullUrl"] for one in bundle["entry"]}
    yield from (f"{one} leads out" for one in references(bundle) if one not in inside)


@given(any_of(Person), any_of(Chart))
@settings(max_examples=examples(60), deadline=None)
def test_any_summary_keeps_the_rules_of_ips(person: Person, chart: Chart) -> None:
    assert [*faults(document(chart, person))] == []


@given(person=any_of(Person), chart=any_of(Chart))
@settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_summary_is_as_the_profiles_of_ips_say(
    shared: Path, person: Person, chart: Chart
) -> None:
    assert ips_faults(shared / "schemas", document(chart, person)) == []


def test_what_was_never_recorded_is_unavailable_and_not_none() -> None:
    bundle = document()
    for code in REQUIRED:
        reason = section(bundle, code)["emptyReason"]["coding"][0]["code"]
        assert reason == "unavailable"
    assert "716186003" not in json.dumps(bundle)


def test_an_assertion_of_no_known_allergies_is_an_entry() -> None:
    asserted = AllergyList(state=AllergyState.NONE_KNOWN, none_known=stamp(), as_of=stamp())
    bundle = document(Chart(patient=kept.WREN, allergies=asserted))
    held = section(bundle, "48765-2")
    assert len(held["entry"]) == 1
    assert "No known allergies" in held["text"]["div"]
    assert "as of 2026-11-22T02:00:00-05:00" in held["text"]["div"]


def test_ended_allergies_and_stopped_medicines_are_not_in_the_summary() -> None:
    chart = Chart(
        patient=kept.WREN,
        allergies=AllergyList(ended=(AllergyFact(PENICILLIN, stamp(), ended=True),)),
        orders=(order(state=OrderState.STOPPED), order(number="RX|78", state=OrderState.HELD)),
    )
    bundle = document(chart)
    assert "entry" not in section(bundle, "48765-2")
    assert len(section(bundle, "10160-0")["entry"]) == 1
    assert "on-hold" in section(bundle, "10160-0")["text"]["div"]


def test_hostile_words_are_inert_in_the_narrative() -> None:
    agent = Allergy(agent=Coded(text="<script>alert(1)</script>"))
    known = AllergyList(state=AllergyState.KNOWN, known=(AllergyFact(agent, stamp()),))
    held = section(document(Chart(patient=kept.WREN, allergies=known)), "48765-2")
    assert "<script>" not in held["text"]["div"]
