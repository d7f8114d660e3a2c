"""The headline of any entry: an effect, or exactly one reason why there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.examples import examples
from tests.wire.hl7v2.entries import FEED, PID, PV1, RECEIVED, at, entry, headline, reason, told

from wardlight.record import catalogue
from wardlight.record.reading import Charted, Headline
from wardlight.record.sources import Source
from wardlight.wire.hl7v2.batch import split
from wardlight.wire.hl7v2.headline import headline_of
from wardlight.wire.hl7v2.reading import charted_of, reader
from wardlight.wire.hl7v2.unread import READ

CORPUS = Path(__file__).parents[4] / "shared" / "corpora" / "hl7v2"
MSH = "MSH|^~\\&|HIS|GEN|WL|GEN|20261122031500||"
A01 = MSH + "ADT^A01|M1|P|2.5.1\rEVN||202611220305\r" + PID + PV1


class OneFeed:
    """A node that hears one feed."""

    def named(self, name: str, site: str = "") -> Source:
        return replace(FEED, name=name, site=site)


def has_effect_or_reason(found: Headline) -> bool:
    effect = bool(found.persons or found.stays or found.appointments or found.charted)
    return effect != (found.unread is not None)


# ---- the same message again


def test_a_resent_message_has_the_same_identity_and_content() -> None:
    first, again = headline(A01), headline(A01.replace("20261122031500", "20261122040000"))
    assert (first.identity, first.content) == (again.identity, again.content)
    assert (len(first.identity), len(first.content)) == (16, 16)


def test_the_same_number_with_other_content_is_another_message() -> None:
    first, other = headline(A01), headline(A01.replace("4N^12", "4N^13"))
    assert first.identity == other.identity
    assert first.content != other.content


def test_the_same_number_of_another_sender_is_another_identity() -> None:
    assert headline(A01).identity != headline(A01.replace("|HIS|", "|LAB|")).identity


def test_a_message_without_number_has_no_identity() -> None:
    found = headline(A01.replace("|M1|", "||"))
    assert (found.identity, found.control_id) == (b"", "")


def test_the_content_of_bytes_that_are_no_message_is_known_too() -> None:
    assert headline(b"GET / HTTP/1.1").content != headline(b"GET /x HTTP/1.1").content


# ---- when it happened


@pytest.mark.parametrize(
    ("trigger", "event", "visit", "when"),
    [
        ("A01", "EVN||202611220305||||202611220250\r", "202611220240", "2026-11-22 02:50"),
        ("A01", "EVN||202611220305\r", "202611220240", "2026-11-22 02:40"),
        ("A02", "EVN||202611220305\r", "202611220240", "2026-11-22 03:05"),
        ("A01", "EVN||202611220305\r", "20261122", "2026-11-22 03:05"),
        ("A01", "EVN||202611220305\r", "20261120", "2026-11-20 00:00"),
        ("A01", "EVN||202611220305\r", "", "2026-11-22 03:05"),
        ("A01", "", "", "2026-11-22 03:15"),
    ],
)
def test_an_event_happened_when_its_best_field_says(
    trigger: str, event: str, visit: str, when: str
) -> None:
    pv1 = "PV1||I|4N" + "|" * 41 + visit + "\r"
    assert told(f"ADT^{trigger}", event, PID, pv1).occurred == at(when)


def test_a_derived_event_time_is_told_where_order_depends_on_it() -> None:
    assert told("ADT^A02", PID, PV1).anomalies == ("event time derived",)
    assert told("ADT^A08", PID, PV1).anomalies == ()


def test_a_message_without_any_time_happened_when_it_was_received() -> None:
    assert headline("MSH|^~\\&|A|B|||||ORU^R01|1|P\r" + PID).occurred == RECEIVED


def test_a_time_far_ahead_is_told_and_kept() -> None:
    found = told("ADT^A02", "EVN||202611230305\r", PID, PV1)
    assert found.occurred == at("2026-11-23 03:05")
    assert found.anomalies == ("event time in the future",)


def test_the_offset_of_the_header_counts_only_where_that_is_agreed() -> None:
    message = A01.replace("20261122031500", "20261122031500-0800")
    assert headline(message).occurred == at("2026-11-22 03:05")
    agreed = replace(FEED, msh_offset_applies=True)
    assert headline(message, agreed).occurred == at("2026-11-22 03:05", "America/Los_Angeles")


def test_in_the_hour_that_comes_twice_the_one_nearer_to_receipt_is_taken() -> None:
    late = replace(
        entry(A01.replace("202611220305", "202511020130")), recorded=at("2025-11-02 02:05")
    )
    found = headline_of(late, FEED)
    assert found.occurred == at("2025-11-02 06:30", "UTC")


# ---- what is not read


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("", "empty"),
        (" \r\n", "empty"),
        ("GET / HTTP/1.1\r\n\r\n", "not-hl7"),
        ("MSHHH", "not-hl7"),
        (MSH + "|1|P\r" + PID, "no-type"),
        (MSH + "ADT^A01|1|P\r", "cut-short"),
        (MSH + "ADT^A01|1|P\rEVN||20261122\rPV1||I|4N\r", "cut-short"),
        (MSH + "ORU^R01|1|P\rOBR|1\r", "no-patient"),
        (MSH + "ORU^R01|1|P\rPID|1||||Testwood\rOBX|1\r", "no-number"),
        (MSH + "ORU^R01|1|T\r" + PID, "test-message"),
        (MSH + "ORU^R01|1|D\r" + PID, "test-message"),
        (MSH + "ACK^A01|1|P\rMSA|AA|1\r", "answer"),
        (MSH + "ORL^O34|1|P\r" + PID, "answer"),
        (MSH + "QBP^Q22|1|P\rQPD|1\r", "question"),
        (MSH + "DFT^P03|1|P\r" + PID, "not-shown-yet"),
        (MSH + "BAR^P01|1|P\r" + PID, "not-shown-yet"),
        (MSH + "MFN^M02|1|P\rMFI|1\r", "not-shown-yet"),
        (MSH + "ZZZ^Z01|1|P\r" + PID, "unknown-type"),
        (MSH + "ADT^A20|1|P\rNPU||H\r", "no-bed"),
        (A01 + A01, "several-messages"),
    ],
)
def test_what_is_not_read_has_one_reason(message: str, code: str) -> None:
    found = headline(message)
    assert found.unread is not None
    assert found.unread.code == code
    assert has_effect_or_reason(found)


def test_a_reason_is_a_sentence_without_content_of_the_message() -> None:
    problem = headline(MSH + "ORU^R01|1|P\rPID|1||||Testwood\rOBX|1\r").unread
    assert problem is not None
    assert problem.where == "PID-3"
    assert problem.because == "the patient has no usable number (PID-3, PID-2 and PID-4 hold none)"


@pytest.mark.parametrize("code", sorted(READ - {"ADT", "SIU"}))
def test_every_kind_of_message_about_a_patient_is_read(code: str) -> None:
    found = headline(MSH + f"{code}^X01|1|P\r" + PID)
    assert (found.unread, len(found.persons)) == (None, 1)


def test_test_messages_are_applied_where_that_is_agreed() -> None:
    message = MSH + "ORU^R01|1|T\r" + PID
    assert reason(message) == "test-message"
    assert reason(message, replace(FEED, accepts_test_messages=True)) == ""


def test_an_unread_message_keeps_what_its_sender_called_it() -> None:
    found = headline(MSH + "DFT^P03|M9|P\r" + PID)
    assert (found.what, found.control_id, found.persons) == ("DFT^P03", "M9", ())


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (catalogue.HL7V2_TRUNCATED, "truncated"),
        (catalogue.HL7V2_OVERSIZED, "oversized"),
        (catalogue.HL7V2_UNFRAMED, "unframed"),
    ],
)
def test_what_came_of_a_broken_message_is_named_and_not_applied(kind: str, code: str) -> None:
    found = headline_of(entry(A01, kind), FEED)
    assert found.unread is not None
    assert found.unread.code == code
    assert (found.what, found.control_id) == ("ADT^A01", "M1")
    assert (found.persons, found.stays) == ((), ())


def test_trouble_on_a_link_is_no_unread_message() -> None:
    found = headline_of(entry("certificate refused", catalogue.LINK_TROUBLE), FEED)
    assert (found.what, found.unread) == ("link", None)


def test_an_entry_of_another_kind_says_nothing_here() -> None:
    found = headline_of(entry("{}", catalogue.DOWNTIME_ENDED), FEED)
    assert found == Headline(what="downtime.ended", occurred=RECEIVED)


@pytest.mark.parametrize(
    "sent", ["ADT^A02", "ADT~A02", "adt^a02", "ADT^A02^ADT_A02", " ADT ^ A02 "]
)
def test_the_kind_of_message_is_read_however_it_is_written(sent: str) -> None:
    assert told(sent, "EVN||202611220305\r", PID, PV1).what == "ADT^A02"


def test_oddities_of_the_grammar_are_told() -> None:
    message = A01.replace("PID|1||10001^^^GEN^MR||Testwood", "PID|1||10001^^^GEN^MR||Test\nwood")
    assert headline(message).anomalies == ("line continues field",)


# ---- the chart


def test_a_message_that_has_something_for_the_chart_names_the_patient() -> None:
    found = told("ORU^R01", PID, "OBR|1||F1|2951-2^Sodium^LN\r", "OBX|1|NM|2951-2^Sodium^LN||140\r")
    assert found.charted == ("GEN|10001",)
    assert told("ADT^A08", PID, PV1).charted == ()


def test_each_patient_of_a_message_gets_their_own_results() -> None:
    _, read_chart = reader(OneFeed())
    message = MSH + "ORU^R01|1|P\r"
    for number, value in (("10001", "140"), ("10002", "151")):
        message += f"PID|||{number}\rOBR|1||F{number}|2951-2^Sodium^LN\r"
        message += f"OBX|1|NM|2951-2^Sodium^LN||{value}||||||F\r"
    found = read_chart(entry(message))
    assert [(one.patient, value_of(one)) for one in found] == [
        ("GEN|10001", "140"),
        ("GEN|10002", "151"),
    ]
    assert found[0].stamp.occurred == at("2026-11-22 03:15")
    assert (found[0].stamp.position, found[0].stamp.source) == (7, "HIS@GEN")


def value_of(charted: Charted) -> str:
    return str(charted.event.observations[0].value)  # type: ignore[union-attr]


def test_an_unread_message_says_nothing_for_any_chart() -> None:
    assert charted_of(entry(MSH + "ORU^R01|1|T\r" + PID + "OBX|1|NM|X||1\r"), FEED) == ()
    assert charted_of(entry(b"GET /"), FEED) == ()
    assert charted_of(entry(A01, catalogue.HL7V2_TRUNCATED), FEED) == ()


# ---- any bytes

LINES = ("PID|||", "PV1|", "SCH|", "MRG|", "AIS|", "EVN||", "ZBE|", "NPU|4N")
VALUES = ("ADT^A0", "ADT^A40", "SIU^S12", "ORU^R01", "1|P|", "10001", '""', "20261122", "\xb2")
SHREDS = st.sampled_from(
    [
        b"MSH|^~\\&|A|B|||20261122||",
        *(b"\r" + line.encode() for line in LINES),
        *(value.encode() for value in VALUES),
        *(bytes([byte]) for byte in b"|^~&\\\r\xff\xb2"),
    ]
)


@given(st.lists(SHREDS, max_size=30).map(b"".join) | st.binary(max_size=100))
@settings(max_examples=examples(400))
def test_any_bytes_have_an_effect_or_a_reason(raw: bytes) -> None:
    assert has_effect_or_reason(headline(raw))
    charted_of(entry(raw), FEED)


@given(st.integers(0, len(A01)), st.binary(max_size=6), st.integers(0, 12))
@settings(max_examples=examples(300))
def test_a_damaged_message_has_an_effect_or_a_reason(where: int, new: bytes, lost: int) -> None:
    raw = A01.encode()
    assert has_effect_or_reason(headline(raw[:where] + new + raw[where + lost :]))


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpora are not beside the repository")
@pytest.mark.parametrize("accepts", [True, False])
def test_every_message_of_the_corpora_has_an_effect_or_a_reason(accepts: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    feed = replace(FEED, accepts_test_messages=accepts)
    applied = 0
    for path in sorted(CORPUS.rglob("*.hl7")):
        for raw in split(path.read_bytes()).messages:
            found = headline(raw, feed)
            assert has_effect_or_reason(found), path.name
            charted_of(entry(raw), feed)
            applied += found.unread is None
    assert applied > (300 if accepts else 150)
