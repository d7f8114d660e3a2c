"""What a release has stored, every later one reads: entries, seals, meanings, tables."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.golden.make import HERE, KEY, NODE, SENDERS, as_json, drafts, filled

from wardlight.log.chain import verify
from wardlight.log.heads import Witness
from wardlight.log.sqlite import open_log
from wardlight.log.sqlite_reader import open_reader
from wardlight.log.verifying import verify_log
from wardlight.record import catalogue
from wardlight.record.reading import Meaning
from wardlight.views.fold import Views
from wardlight.wire.reading import reader

RELEASES = sorted(path.name for path in HERE.iterdir() if (path / "log.db").exists())
NEWEST = RELEASES[-1]


def said(release: str) -> list[dict[str, object]]:
    text = (HERE / release / "entries.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("release", RELEASES)
def test_the_log_of_a_release_is_read_entry_by_entry(release: str, tmp_path: Path) -> None:
    shutil.copy(HERE / release / "log.db", tmp_path)
    log = open_reader(tmp_path, key=KEY)
    assert log.node == NODE
    assert verify(log.read(0, 1_000)) is None
    assert [json.loads(line) for line in as_json(log).splitlines()] == said(release)  # type: ignore[arg-type]
    log.close()


@pytest.mark.parametrize("release", RELEASES)
def test_the_log_of_a_release_is_written_on(release: str, tmp_path: Path) -> None:
    shutil.copy(HERE / release / "log.db", tmp_path)
    log = open_log(tmp_path, NODE, key=KEY)
    before = log.head().position
    log.append(list(drafts()))
    assert log.head().position > before
    assert verify_log(log, Witness(None, ())).ok
    log.close()


def test_this_release_stores_every_entry_as_its_golden_file_says(tmp_path: Path) -> None:
    log = filled(tmp_path)
    assert [json.loads(line) for line in as_json(log).splitlines()] == said(NEWEST)
    log.close()


def test_every_kind_and_version_has_its_golden_entry() -> None:
    stored = {(row["kind"], row["version"]) for release in RELEASES for row in said(release)}
    assert stored == set(catalogue.VERSIONS.items())


@pytest.mark.parametrize("release", RELEASES)
def test_the_views_of_a_release_are_folded_as_they_were_meant(release: str, tmp_path: Path) -> None:
    shutil.copy(HERE / release / "log.db", tmp_path)
    log = open_reader(tmp_path, key=KEY)
    views = Views(*reader(SENDERS), log.fetch)
    for entry in log.read(0, 1_000):
        views.apply(entry)
    [patient] = views.people.search("golden")
    chart = views.chart(patient)
    stay = views.census.stay(patient)
    assert stay is not None
    assert stay.location.words().endswith("A")
    assert [fact.allergy.agent.words() for fact in chart.allergies.known] == ["Penicillin"]
    assert [order.words() for order in chart.orders] == ["furosemide 40 MG tablet"]
    assert views.unread.count == 4
    assert Meaning.unpacked(log.fetch([1])[0].meaning).headline.what == "ADT^A01"
    log.close()
