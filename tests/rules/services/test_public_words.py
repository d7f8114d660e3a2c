"""Nothing reaches the public that a person did not approve, in every language at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import json
from tests.rules.laboratory.loop_ward import TABLES
from tests.rules.services.public_region import APPROVED, PublicRegion
from tests.rules.services.region import CHARGE

from wardlight.record import catalogue
from wardlight.record.events.public import PublicText
from wardlight.record.problems import Problem
from wardlight.rules.access import may_enter
from wardlight.rules.asking import Accepted, Refusal
from wardlight.rules.services.public_sentences import KEYS, read_public_sentences
from wardlight.views.services.public_words import PublicWords

TABLE = (Path(__file__).parents[3] / "src/wardlight/rules/tables/public_sentences.tsv").read_text(
    "utf-8"
)


def refused(fields: dict[str, str]) -> dict[str, str]:
    region = PublicRegion()
    region.approve()
    found = region.judge(catalogue.PUBLIC_APPROVED, **fields)
    assert isinstance(found, Refusal)
    return found.fields


def test_the_words_are_kept_as_they_were_approved() -> None:
    region = PublicRegion()
    region.approve()
    approval = region.views.public_words.current()
    assert approval is not None
    assert [one.language for one in approval.said.texts] == ["en", "es", "pt"]
    spanish = {one.key: one.text for one in approval.said.texts[1].sentences}
    assert spanish["emergency"] == "¿Es una emergencia? Llame al 911."
    assert len(spanish) == len(KEYS)


def test_words_of_the_day_are_written_in_every_language_or_in_none() -> None:
    wrong = refused(APPROVED | {"words_en": "Bring your medicine list."})
    assert wrong == {
        "words_es": "Write it in this language too.",
        "words_pt": "Write it in this language too.",
    }


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("read", "", "Read every language first, then tick this."),
        ("approved_by", "", "Write who approves it: name and role."),
        ("hotline", "", "Write the phone people may call."),
        ("next_at", "0229", "This time has passed. Write one that is still to come."),
        ("wait_minutes", "soon", "Write minutes as a whole number, or leave it empty."),
    ],
)
def test_a_page_has_an_approver_a_phone_and_an_end(field: str, typed: str, words: str) -> None:
    assert refused(APPROVED | {field: typed}) == {field: words}


def test_each_approval_names_the_one_it_takes_the_place_of() -> None:
    region = PublicRegion()
    first = region.approve()
    region.minutes(5)
    region.approve(hotline="555-0199")
    newest = region.views.public_words.current()
    assert newest is not None
    assert (newest.said.replaces, newest.said.hotline) == (first, "555-0199")
    assert len(region.views.public_words.every()) == 2


def test_what_was_taken_back_is_approved_no_longer() -> None:
    region = PublicRegion()
    name = region.approve()
    fields = {"approval": name, "reason": "wrong phone", "withdrawn_by": "C. Rivera"}
    region.tell(catalogue.PUBLIC_WITHDRAWN, **fields)
    assert region.views.public_words.current() is None
    found = region.judge(catalogue.PUBLIC_WITHDRAWN, **fields)
    assert isinstance(found, Refusal)


def test_an_older_page_cannot_take_back_a_newer_approval() -> None:
    region = PublicRegion()
    first = region.approve()
    region.minutes(1)
    region.approve()
    fields = {"approval": first, "reason": "wrong", "withdrawn_by": "C. Rivera"}
    assert isinstance(region.judge(catalogue.PUBLIC_WITHDRAWN, **fields), Refusal)


def test_a_long_sentence_is_said_and_not_refused() -> None:
    long = " ".join(["word"] * 25)
    words = {f"words_{one}": long for one in ("en", "es", "pt")}
    found = PublicRegion().judge(catalogue.PUBLIC_APPROVED, **(APPROVED | words))
    assert isinstance(found, Accepted)
    assert [one.code for one in found.warnings] == ["long-sentence"] * 3


def test_only_incident_staff_approve() -> None:
    assert may_enter("incident staff", catalogue.PUBLIC_APPROVED)
    assert not may_enter(CHARGE.role, catalogue.PUBLIC_APPROVED)
    assert not may_enter("administrator", catalogue.PUBLIC_APPROVED)


def test_approvals_outlive_a_restart() -> None:
    region = PublicRegion()
    region.approve()
    kept = PublicWords()
    kept.restore(json.decode(json.encode(region.views.public_words.snapshot())))
    assert kept.every() == region.views.public_words.every()


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (("title\t", "titel\t"), "it has to be there once"),
        (("\tWhat is open now\t", "\t\t"), "a sentence is missing in a language"),
        (("{phone}", "{telephone}"), "a word in {} that nothing stands for"),
        (("direction\tltr", "direction\tup"), "it is ltr or rtl"),
        (("January, February", "January February"), "it names 12, with commas between them"),
        (("key\ten", "key\tEnglish!"), "English! is no language tag"),
    ],
)
def test_a_table_with_a_hole_is_refused_at_the_start(change: tuple[str, str], because: str) -> None:
    found = read_public_sentences(TABLE.replace(*change))
    assert (found.because if isinstance(found, Problem) else "") == because


def test_the_shipped_table_is_read() -> None:
    assert TABLES.public == read_public_sentences(TABLE)
    assert all(isinstance(one, PublicText) for one in TABLES.public)
