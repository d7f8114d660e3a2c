"""No message, however damaged, stops the reading of a chart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.wire.hl7v2.charting.told import FEED, RECEIVED

from wardlight.record.sources import AlertRule, Source
from wardlight.wire.hl7v2.batch import split
from wardlight.wire.hl7v2.charting import chart_events, has_chart
from wardlight.wire.hl7v2.message import Message

CORPUS = Path(__file__).parents[5] / "shared" / "corpora" / "hl7v2"
RULES = Source(
    name="X",
    site="X",
    allergies_complete=True,
    alerts=(AlertRule("OBX", "A", "falls"), AlertRule("OBR-4", "", "x"), AlertRule("?", "", "y")),
)
NAMES = (
    *("AL1", "IAM", "DG1", "PRB", "NK1", "GT1", "PD1", "PV2", "ORC", "OBR", "OBX", "NTE", "SPM"),
    *("RXO", "RXE", "RXR", "RXC", "RXA", "TQ1", "ODS", "TXA", "ZZZ"),
)
CODES = ("ADT^A08", "ORU^R01", "OUL^R22", "RDE^O11", "ORM^O01", "OMD^O03", "VXU^V04", "MDM^T10")
PIECES = (
    *("A", "D", "NW", "RP", "RO", "DC", "20261122", "2026112203", "9" * 400, "-1", "nan", "0900"),
    *(
        "NKA",
        '""',
        "^",
        "&",
        "~",
        "\\",
        "\\X",
        "\\.br\\",
        "^~^~&",
        "Ω",
        "²",
        "\x00",
        " ",
        "U",
        "SN",
    ),
    *("BID&0900", "<script>", "{\\rtf1 x}", "R", "1&OE^2&RX"),
)
fields = st.lists(
    st.lists(st.sampled_from(PIECES), max_size=3).map("".join), min_size=0, max_size=46
)
segments = st.tuples(st.sampled_from(NAMES), fields).map(lambda one: "|".join([one[0], *one[1]]))


@settings(max_examples=examples(150), deadline=None)
@given(st.sampled_from(CODES), st.lists(segments, min_size=1, max_size=8))
def test_segments_of_any_content_are_read(code: str, body: list[str]) -> None:
    raw = "\r".join([f"MSH|^~\\&|A|B|||||{code}|1|P|2.5", *body])
    message = Message.parse(raw.encode())
    assert isinstance(message, Message)
    for source in (FEED, RULES):
        found = chart_events(message, source, RECEIVED)
        assert not found or has_chart(message, source.alerts)


@settings(max_examples=examples(100), deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_behind_a_header_are_read(body: bytes) -> None:
    message = Message.parse(b"MSH|^~\\&|A|B|||||ORU^R01|1\rOBX|1|" + body)
    if isinstance(message, Message):
        assert len(chart_events(message, RULES, RECEIVED)) < 100


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpora are not beside the repository")
def test_every_message_of_the_corpora_is_charted_alike_twice() -> None:
    charted = 0
    for path in sorted(CORPUS.rglob("*.hl7")):
        for one in split(path.read_bytes()).messages:
            message = Message.parse(one)
            assert isinstance(message, Message)
            found = chart_events(message, FEED, RECEIVED)
            assert found == chart_events(message, FEED, RECEIVED)
            assert has_chart(message) or not found
            charted += bool(found)
    assert charted > 250
