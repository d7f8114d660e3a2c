"""Invented entries of a log, and what is agreed with the feed they came by."""

from __future__ import annotations

from datetime import datetime

from wardlight.record import catalogue
from wardlight.record.entry import Entry
from wardlight.record.instants import Instant, instant_of, zone_named
from wardlight.record.reading import Headline
from wardlight.record.sources import Source
from wardlight.wire.hl7v2.headline import headline_of

FEED = Source(name="HIS@GEN", site="GEN", zone="America/New_York")
HEADER = "MSH|^~\\&|HIS|GEN|WL|GEN|20261122031500||{kind}|M1|P|2.5.1\r"
PID = "PID|1||10001^^^GEN^MR||Testwood^Alpha\r"
PV1 = "PV1|1|I|4N^12^A^GEN|||3S^2^B|||||||||||||V1^^^GEN\r"


def at(text: str, zone: str = "America/New_York") -> Instant:
    """Return the instant of `2026-11-22 03:15` on a clock of the hospital."""
    return instant_of(datetime.fromisoformat(text).replace(tzinfo=zone_named(zone)))


RECEIVED = at("2026-11-22 03:20")


def entry(body: str | bytes, kind: str = catalogue.HL7V2_MESSAGE) -> Entry:
    """Return the entry that keeps these bytes."""
    return Entry(
        node="N1",
        position=7,
        site="GEN",
        source="HIS@GEN",
        author="HIS@GEN",
        subject="",
        kind=kind,
        version=1,
        occurred=RECEIVED,
        recorded=RECEIVED,
        body=body.encode() if isinstance(body, str) else body,
        chain=b"",
    )


def headline(body: str | bytes, source: Source = FEED) -> Headline:
    """Return the headline of a message."""
    return headline_of(entry(body), source)


def told(kind: str, *segments: str, source: Source = FEED) -> Headline:
    """Return the headline of a message of that kind with these segments behind its header."""
    return headline(HEADER.format(kind=kind) + "".join(segments), source)


def reason(body: str | bytes, source: Source = FEED) -> str:
    """Return the code under which a message stands on the unread list; "" when it is read."""
    problem = headline(body, source).unread
    return problem.code if problem else ""
