"""Messages of other people's test suites: every one read, and its bytes unchanged."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from wardlight.wire.hl7v2.batch import split
from wardlight.wire.hl7v2.markup import display_text
from wardlight.wire.hl7v2.message import Message

CORPUS = Path(__file__).parents[4] / "shared" / "corpora" / "hl7v2"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpora are not beside the repository")
def test_every_message_of_the_corpora_is_read_and_keeps_its_bytes() -> None:
    read = 0
    for path in sorted(CORPUS.rglob("*.hl7")):
        raw = path.read_bytes()
        found = split(raw)
        assert all(one in raw for one in found.messages)
        assert found.messages, path.name
        for one in found.messages:
            message = Message.parse(one)
            assert isinstance(message, Message), path.name
            assert bytes(message) == one
            for segment in message:
                assert all(
                    isinstance(display_text(value, message.encoding), str)
                    for value in segment.fields
                )
            read += 1
    assert read > 400


def test_a_sixty_megabyte_document_is_read_in_place() -> None:
    document = b"QUJD" * 15_000_000
    raw = b"MSH|^~\\&|A|||||||1\rOBX|1|ED|PDF||^AP^^Base64^" + document + b"\rPV1|1|I\r"
    tracemalloc.start()
    message = Message.parse(raw)
    assert isinstance(message, Message)
    assert message.segment("PID").text(3) == ""
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2.1 * len(raw)
    assert len(message.segment("OBX").field(5)) == 60_000_000 + len("^AP^^Base64^")
    assert message.segment("PV1").text(2) == "I"
