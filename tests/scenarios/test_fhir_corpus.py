"""A hospital nobody here invented: its FHIR resources go in as HL7 v2 and come back equal.

The corpus' own resources are the truth; a running node's FHIR API and the text of the packs it
prints are held to them: nothing missing, nothing on another patient.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from tests.scenarios.fhir_client import everything
from tests.scenarios.node import ask, running

from wardlight.record.sources import Site
from wardlight.sim.fhir_words import NO_KNOWN_ALLERGY, Resource, first
from wardlight.sim.from_fhir import TYPES, Corpus, feed, instant, read_corpus

SITE = Site(code="CLIN", name="Clinosim General", zone="America/New_York")
SENT = frozenset(TYPES) - {"Observation"}
PACKED = ("UNIT CENSUS", "PATIENT SUMMARY", "DOWNTIME MAR")


class Copy:
    """What the node says of the hospital: its resources, and its pages by patient."""

    def __init__(self, resources: Mapping[str, Sequence[Resource]], pages: list[str]) -> None:
        self.resources = resources
        self.pages = pages
        self.number = {
            f"Patient/{one['id']}": first(one, "identifier", "value")
            for one in resources["Patient"]
        }


@pytest.fixture(scope="module")
def corpus(shared: Path) -> Corpus:
    return read_corpus(shared / "corpora/fhir/clinosim-us-seed101", SENT)


@pytest.fixture(scope="module")
def copy(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    folder = tmp_path_factory.mktemp("corpus")
    messages = folder / "feed.hl7"
    messages.write_bytes(b"".join(one.raw for one in feed(corpus, SITE)))
    with running(folder / "data", site=SITE.code) as node:
        counts = ask("send", str(messages), "--to", node.mllp)
        assert counts["accepted"] == counts["sent"] > 10_000
        kinds = [kind for kind in TYPES if kind in SENT]
        resources = {kind: list(everything(node.http, kind)) for kind in kinds}
        packs = ask("pack", "--all", "--data", str(node.data), "--out", str(folder / "packs"))
    return Copy(resources, [text for one in packs["files"] for text in texts(Path(one["path"]))])


def texts(path: Path) -> Iterator[str]:
    document = pypdfium2.PdfDocument(path)
    for page in document:
        yield page.get_textpage().get_text_bounded()


def numbers(corpus: Corpus) -> dict[str, str]:
    return {f"Patient/{one['id']}": first(one, "identifier", "value") for one in corpus["Patient"]}


def amount(value: object) -> Decimal | None:
    return Decimal(str(value)) if value not in ("", None) else None


def bed(stay: Resource) -> str:
    return first(stay, "location", "location", "display").removeprefix("Bed ")


def present(stays: Sequence[Resource], number: Mapping[str, str]) -> set[tuple[Any, ...]]:
    return {
        (number[stay["subject"]["reference"]], bed(stay), instant(first(stay, "period", "start")))
        for stay in stays
        if stay["status"] == "in-progress"
    }


def allergic(rows: Sequence[Resource], number: Mapping[str, str]) -> set[tuple[str, ...]]:
    """Return who is known to be allergic to what, and who to nothing."""
    return {
        (
            number[one["patient"]["reference"]],
            first(one, "code", "coding", "code"),
            first(one, "code", "text"),
            first(one, "verificationStatus", "coding", "code"),
            first(one, "reaction", "manifestation", "text"),
            first(one, "reaction", "severity"),
        )
        for one in rows
        if first(one, "clinicalStatus", "coding", "code") == "active"
        or first(one, "code", "coding", "code") == NO_KNOWN_ALLERGY
    }


def running_medicines(rows: Sequence[Resource], number: Mapping[str, str]) -> list[tuple[Any, ...]]:
    return sorted(
        (
            number[one["subject"]["reference"]],
            first(one, "medicationCodeableConcept", "text"),
            first(one, "medicationCodeableConcept", "coding", "code"),
            *dose_of(one),
            first(one, "dosageInstruction", "route", "text"),
            instant(one["authoredOn"]),
        )
        for one in rows
        if one["status"] == "active"
    )


def dose_of(order: Resource) -> tuple[str, str]:
    """Return dose and rate as `75 mg`, whatever its decimals."""
    rate = order["dosageInstruction"][0].get("doseAndRate", [{}])[0] if order else {}
    return words(rate.get("doseQuantity")), words(rate.get("rateQuantity"))


def words(quantity: Mapping[str, Any] | None) -> str:
    if not quantity:
        return ""
    return f"{Decimal(str(quantity['value'])).normalize():f} {quantity['unit']}"


def given(rows: Sequence[Resource], number: Mapping[str, str]) -> list[tuple[Any, ...]]:
    return sorted(
        (
            number[one["subject"]["reference"]],
            instant(one["effectiveDateTime"]),
            first(one, "medicationCodeableConcept", "text"),
            one["status"],
            words(one["dosage"].get("dose")) if "value" in one["dosage"].get("dose", {}) else "",
        )
        for one in rows
    )


def test_the_same_people_lie_in_the_same_beds(corpus: Corpus, copy: Copy) -> None:
    true = present([*corpus["Encounter"]], numbers(corpus))
    assert len(true) == 42
    assert present(copy.resources["Encounter"], copy.number) == true


def test_allergies_come_back_equal_for_everybody(corpus: Corpus, copy: Copy) -> None:
    true = allergic([*corpus["AllergyIntolerance"]], numbers(corpus))
    assert len(true) == 296
    assert allergic(copy.resources["AllergyIntolerance"], copy.number) == true


def test_active_medicines_come_back_equal_for_everybody(corpus: Corpus, copy: Copy) -> None:
    true = running_medicines([*corpus["MedicationRequest"]], numbers(corpus))
    assert len(true) == 1191
    assert running_medicines(copy.resources["MedicationRequest"], copy.number) == true


def test_doses_come_back_equal_for_everybody(corpus: Corpus, copy: Copy) -> None:
    true = given([*corpus["MedicationAdministration"]], numbers(corpus))
    assert given(copy.resources["MedicationAdministration"], copy.number) == true


def test_every_sheet_of_an_inpatient_holds_their_facts_and_nobody_elses(
    corpus: Corpus, copy: Copy
) -> None:
    number = numbers(corpus)
    names = {first(one, "medicationCodeableConcept", "text") for one in corpus["MedicationRequest"]}
    names |= {first(one, "code", "text") for one in corpus["AllergyIntolerance"]}
    routes = {
        first(one, "dosageInstruction", "route", "text") for one in corpus["MedicationRequest"]
    }
    names -= {"No known allergies", *(name for name in names if name.upper() in routes)}
    missing, foreign = [], []
    for mrn, _, _ in present([*corpus["Encounter"]], number):
        own = [*facts(corpus, number, mrn)]
        sheets = " ".join(page for page in copy.pages if is_of(page, mrn))
        missing += [(mrn, fact) for fact in own if not printed(fact).search(sheets)]
        for fact in sorted(own, key=len, reverse=True):
            sheets = printed(fact).sub(" ", sheets)
        foreign += [(mrn, name) for name in names if printed(name).search(sheets)]
    assert (missing, foreign) == ([], [])


def facts(corpus: Corpus, number: Mapping[str, str], mrn: str) -> Iterator[str]:
    """Give what has to be on a patient's sheets, as it is written there."""
    for said in corpus["AllergyIntolerance"]:
        ended = first(said, "clinicalStatus", "coding", "code") != "active"
        none_known = first(said, "code", "coding", "code") == NO_KNOWN_ALLERGY
        if number[said["patient"]["reference"]] == mrn and (none_known or not ended):
            yield first(said, "code", "text")
    for order in corpus["MedicationRequest"]:
        if number[order["subject"]["reference"]] == mrn and order["status"] == "active":
            yield first(order, "medicationCodeableConcept", "text")


def is_of(page: str, mrn: str) -> bool:
    return any(title in page for title in PACKED[1:]) and f"MRN{mrn}" in "".join(page.split())


def printed(text: str) -> re.Pattern[str]:
    """Return how a whole name is found on paper, wherever its lines were broken."""
    letters = r"\W*?".join(re.escape(letter) for letter in text if letter.isalnum())
    return re.compile(rf"(?<!\w){letters}(?!\w)", re.IGNORECASE)
