"""A public corpus of FHIR R4 resources as the HL7 v2 feed of the hospital it describes.

The resources are a state; the feed is a history that leads there: who is known, who came and
left, what they are allergic to, what was ordered, given and measured, in the order of the times
the resources carry.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from wardlight.record.instants import Instant
from wardlight.record.sources import Site
from wardlight.sim import fhir_words
from wardlight.sim.dirt import Sent
from wardlight.sim.fhir_words import Places, Resource, Segment, first
from wardlight.sim.hl7_words import EHR, LAB, PHARMACY, Speech, Voice

Corpus = Mapping[str, Sequence[Resource]]
"""Resources by their type."""

Say = Callable[[Speech], bytes]
Happening = tuple[Instant, int, str, Say]
"""When, which of several at one time, by which feed, in which words."""

TYPES = (
    *("Patient", "Location", "Encounter", "AllergyIntolerance"),
    *("MedicationRequest", "MedicationAdministration", "Observation"),
)
MEASURED = frozenset({"laboratory", "vital-signs"})
_TRIGGERS = {"IMP": "A01"}  # the others are registered: A04
_KNOWN, _CAME, _SAID, _LEFT = range(4)
_EXACT = Voice(offset=True)


def read_corpus(folder: Path, kinds: Collection[str] = TYPES) -> Corpus:
    """Read `Type.ndjson.gz` files; numbers stay text, so that 2.50 is not 2.5."""
    return {
        kind: list(_read(folder / f"{kind}.ndjson.gz")) if kind in kinds else [] for kind in TYPES
    }


def feed(corpus: Corpus, site: Site) -> list[Sent]:
    """Return what the hospital's systems would have said, in the order of its times."""
    happenings = sorted(_Hospital(corpus, site).happenings(), key=lambda one: one[:2])
    numbers = {EHR: count(1), PHARMACY: count(1), LAB: count(1)}
    return [
        Sent(at, site.code, name, say(_speech(site, name, at, next(numbers[name]))))
        for at, _, name, say in happenings
    ]


def instant(text: str) -> Instant:
    """Return when a FHIR date or time was; a day is its first moment in UTC."""
    at = datetime.fromisoformat(text)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return Instant(int(at.timestamp() * 1000))


def _read(path: Path) -> Iterator[Resource]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line, parse_float=str)


def _speech(site: Site, name: str, at: Instant, number: int) -> Speech:
    return Speech(site=site.code, zone=site.zone, feed=name, at=at, number=number, voice=_EXACT)


class _Hospital:
    """The corpus, found by reference."""

    def __init__(self, corpus: Corpus, site: Site) -> None:
        self._corpus = corpus
        self._zone = site.zone
        self._patients = {f"Patient/{one['id']}": one for one in corpus["Patient"]}
        self._stays = {f"Encounter/{one['id']}": one for one in corpus["Encounter"]}
        self._places = Places(corpus["Location"], site.code)

    def happenings(self) -> Iterator[Happening]:
        """Give all that is to be said, in no order."""
        yield from self._people()
        for stay in self._corpus["Encounter"]:
            yield from self._stay(stay)
        for said in self._corpus["AllergyIntolerance"]:
            yield self._allergy(said)
        for order in self._corpus["MedicationRequest"]:
            yield self._charted(fhir_words.medicine, PHARMACY, order, "authoredOn")
        for given in self._corpus["MedicationAdministration"]:
            yield self._charted(fhir_words.dose, PHARMACY, given, "effectiveDateTime")
        yield from self._observations()

    def _people(self) -> Iterator[Happening]:
        days = [first(said, "meta", "lastUpdated") for said in self._corpus["AllergyIntolerance"]]
        days += [first(stay, "period", "start") for stay in self._corpus["Encounter"]]
        earliest = min(map(instant, days))
        for patient in self._corpus["Patient"]:
            yield earliest, _KNOWN, EHR, _bound(fhir_words.person, patient)

    def _stay(self, stay: Resource) -> Iterator[Happening]:
        patient, start, end = self._of(stay), *_ends(stay)
        trigger = _TRIGGERS.get(first(stay, "class", "code"), "A04")
        came = {**stay, "period": {"start": start}, "hospitalization": {}}
        yield instant(start), _CAME, EHR, self._moved(trigger, patient, came)
        if end:
            yield instant(end), _LEFT, EHR, self._moved("A03", patient, stay)

    def _moved(self, trigger: str, patient: Resource, stay: Resource) -> Say:
        return lambda speech: fhir_words.stay(speech, trigger, patient, stay, self._places)

    def _allergy(self, said: Resource) -> Happening:
        patient = self._patients[said["patient"]["reference"]]
        at = instant(first(said, "meta", "lastUpdated"))
        return at, _SAID, EHR, _bound(fhir_words.allergy, patient, said)

    def _charted(
        self, words: Callable[..., bytes], name: str, said: Resource, time: str
    ) -> Happening:
        patient, stay = self._of(said), self._stay_of(said)
        return instant(said[time]), _SAID, name, self._within(words, patient, stay, said)

    def _observations(self) -> Iterator[Happening]:
        together: dict[tuple[str, ...], list[Resource]] = {}
        for said in self._corpus["Observation"]:
            category = first(said, "category", "coding", "code")
            if category in MEASURED and fhir_words.is_measured(said):
                within = first(said, "encounter", "reference")
                place = (said["subject"]["reference"], within, said["effectiveDateTime"], category)
                together.setdefault(place, []).append(said)
        for rows in together.values():
            patient, stay = self._of(rows[0]), self._stay_of(rows[0])
            at = instant(rows[0]["effectiveDateTime"])
            yield at, _SAID, LAB, self._within(fhir_words.observed, patient, stay, rows)

    def _within(
        self, words: Callable[..., bytes], patient: Resource, stay: Resource | None, said: object
    ) -> Say:
        return lambda speech: words(speech, patient, self._visit(stay, speech), said)

    def _visit(self, stay: Resource | None, speech: Speech) -> Segment:
        if stay is None:
            return "PV1", {1: "1", 2: "N"}
        here = {**stay, "period": {}, "hospitalization": {}}
        return fhir_words.pv1(here, self._places, speech)

    def _of(self, said: Resource) -> Resource:
        return self._patients[said["subject"]["reference"]]

    def _stay_of(self, said: Resource) -> Resource | None:
        found = first(said, "encounter", "reference") or first(said, "context", "reference")
        return self._stays.get(found)


def _ends(stay: Resource) -> tuple[str, str]:
    return first(stay, "period", "start"), first(stay, "period", "end")


def _bound(words: Callable[..., bytes], *said: Resource) -> Say:
    return lambda speech: words(speech, *said)
