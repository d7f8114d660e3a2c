"""From messages as they come over the wire to resources: nothing in between is made up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest
from fhir.resources.R4B import get_fhir_model_class
from tests.outputs.fhir import kept
from tests.outputs.fhir.r4 import R4

from wardlight.outputs.fhir.kept_copy import KeptCopy
from wardlight.outputs.fhir.parameters import TYPES
from wardlight.outputs.fhir.remembered import Remembered
from wardlight.outputs.fhir.summary import summary
from wardlight.record import catalogue
from wardlight.record.entry import Entry
from wardlight.record.identity import PatientKey
from wardlight.record.sources import Source
from wardlight.views.fold import Views
from wardlight.wire.hl7v2.batch import split
from wardlight.wire.hl7v2.reading import reader

if TYPE_CHECKING:
    from pathlib import Path

ADMITTED = rb"""MSH|^~\&|TESTEHR|NORTH|W|N|20261122013000||ADT^A01|1|P|2.5.1
PID|1||0041^^^NORTH^MR||Testwren^Ada||19500309|F
PV1|1|I|4E^12^A^NORTH||||||||||||||||V77^^^NORTH|||||||||||||||||||||||||20261121
AL1|1|DA|7980^Penicillin^RXNORM|SV|hives"""
RESULTED = rb"""MSH|^~\&|LAB|NORTH|W|N|20261122020000||ORU^R01|2|P|2.5.1
PID|1||0041^^^NORTH^MR||Testwren^Ada
OBR|1||L5^LAB|24320-4^BMP^LN|||20261122013000|||||||||||||||||CH|F
OBX|1|NM|2823-3^Potassium^LN||6.10|mmol/L|3.5-5.1|HH|||F"""


class Feeds:
    """One feed for every name."""

    def named(self, name: str, site: str = "") -> Source:
        return Source(name=name, site=site, accepts_test_messages=True)


def heard(messages: Sequence[bytes]) -> Views:
    entries = [
        Entry(
            node="n",
            position=position,
            site="NORTH",
            source="adt",
            author="TESTEHR",
            subject="",
            kind=catalogue.HL7V2_MESSAGE,
            version=1,
            occurred=kept.NOW,
            recorded=kept.NOW,
            body=body.replace(b"\n", b"\r"),
            chain=b"",
        )
        for position, body in enumerate(messages, start=1)
    ]
    views = Views(*reader(Feeds()), lambda positions: [entries[one - 1] for one in positions])
    for entry in entries:
        views.apply(entry)
    return views


def copy_of(views: Views) -> KeptCopy:
    return KeptCopy(
        views=views,
        sites=kept.SITES,
        clock=lambda: kept.NOW,
        handle_of=lambda key: f"P{abs(hash(key))}",
        key_of=lambda _: None,
        systems={},
        remembered=Remembered(lambda: kept.NOW),
    )


def test_what_was_sent_comes_out() -> None:
    copy = copy_of(heard([ADMITTED, RESULTED]))
    key = PatientKey("NORTH|0041")
    said = {kind: [row.resource for row in copy.rows(kind, key)] for kind in TYPES}
    assert said["Patient"][0]["identifier"][0]["value"] == "0041"
    assert said["Encounter"][0]["status"] == "in-progress"
    assert said["Encounter"][0]["period"]["start"] == "2026-11-21"
    assert said["AllergyIntolerance"][0]["code"]["text"] == "Penicillin"
    assert bytes(said["Observation"][0]["valueQuantity"]["value"]) == b"6.10"
    assert said["DiagnosticReport"][0]["effectiveDateTime"] == "2026-11-22T01:30:00-05:00"


def test_an_admission_without_allergies_says_nothing_of_allergies() -> None:
    copy = copy_of(heard([ADMITTED.rpartition(b"\n")[0]]))
    assert copy.rows("AllergyIntolerance", PatientKey("NORTH|0041")) == []


@pytest.mark.slow
def test_every_message_of_the_corpora_gives_resources_as_r4_defines_them(shared: Path) -> None:
    r4 = R4(shared / "schemas" / "fhir-r4")
    files = sorted((shared / "corpora" / "hl7v2").rglob("*.hl7"))
    views = heard([one for path in files for one in split(path.read_bytes()).messages])
    copy = copy_of(views)
    checked, everybody = 0, [*views.people.keys()]
    for key in everybody:
        for kind in TYPES:
            for row in copy.rows(kind, key):
                resource = kept.plain(row.resource)
                assert r4.faults(resource) == []
                get_fhir_model_class(kind).model_validate(resource)
                checked += 1
        person = views.people.person(key)
        assert person is not None
        document = summary(person, views.chart(key), copy.subject(key), kept.NOW)
        assert r4.faults(kept.plain(document)) == []
    assert checked > 300
