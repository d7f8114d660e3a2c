"""Messages that nobody here wrote: each is answered once, and applied or named with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.scenarios.node import ask, running

from wardlight.feeds.senders import Senders
from wardlight.log.contract import stream
from wardlight.record import catalogue
from wardlight.record.reading import Headline
from wardlight.record.sources import Source
from wardlight.run.keeping.node_log import node_log
from wardlight.run.settings import read_settings
from wardlight.wire.hl7v2.acks import is_answer, wishes
from wardlight.wire.hl7v2.batch import split
from wardlight.wire.hl7v2.message import Message
from wardlight.wire.hl7v2.reading import reader

TEST_MESSAGES_WANTED = "accepts_test_messages = true\n"


@pytest.fixture(scope="module")
def files(shared: Path) -> list[Path]:
    return sorted(path for path in (shared / "corpora/hl7v2").rglob("*") if path.is_file())


def expected(files: list[Path]) -> Iterator[bytes]:
    for path in files:
        yield from split(path.read_bytes()).messages


def asks_for_no_answer(raw: bytes) -> bool:
    """Say whether table 0155 lets a kept message go without any answer (v2.5.1 §2.9.3)."""
    message = Message.parse(raw)
    if not isinstance(message, Message):
        return False
    said = set(wishes(message)) - {""}
    return is_answer(message) or (bool(said) and said <= {"NE", "ER"})


def has_effect(headline: Headline) -> bool:
    return bool(headline.persons or headline.stays or headline.appointments or headline.charted)


def test_every_corpus_message_is_answered_once_and_applied_or_named(
    files: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "wardlight.toml").write_text(TEST_MESSAGES_WANTED)
    messages = list(expected(files))
    with running(tmp_path) as node:
        counts = ask("send", *map(str, files), "--to", node.mllp)
        unread = ask("unread", "--data", str(tmp_path))
        links = ask("links", "--data", str(tmp_path))
    silent = sum(asks_for_no_answer(raw) for raw in messages)
    assert counts["sent"] == len(messages)
    assert counts["accepted"] + silent == len(messages)
    assert (counts["rejected"], counts["unanswered"]) == (0, silent)
    log = node_log(tmp_path, read_settings(tmp_path)).read()
    entries = [entry for entry in stream(log) if entry.kind not in catalogue.ACCESS]
    log.close()
    assert [entry.body for entry in entries] == messages
    assert sum(feed["received"] for feed in links["feeds"]) == len(messages)
    read, _ = reader(Senders(Source(name="feed", site="TEST", accepts_test_messages=True)))
    named = {item["position"]: item["reason"] for item in unread["items"]}
    met: dict[bytes, bytes] = {}
    for entry in entries:
        headline = read(entry)
        key = headline.identity or headline.content + repr(headline.sent).encode()
        again = met.get(key) == headline.content
        met[key] = headline.content
        expected_on_list = headline.unread is not None and not again
        assert (entry.position in named) == expected_on_list
        assert has_effect(headline) or again or named[entry.position]
