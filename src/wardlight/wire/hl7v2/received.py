"""A message as it was heard: by which feed, when, what kind of message, about which patients.

Everything that reads meaning from a message starts here. HL7 v2.5.1 §2.15.9 (MSH).
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from wardlight.record.instants import (
    DIGITS_HOUR,
    DIGITS_MINUTE,
    DIGITS_SECOND,
    MINUTE,
    SECOND,
    Instant,
    Moment,
)
from wardlight.record.sources import Source
from wardlight.wire.hl7v2 import times
from wardlight.wire.hl7v2.message import Message, Segment

_KIND = re.compile(r"\s*([A-Z0-9_]{1,12})(?![A-Z0-9_])\s*(?:[^A-Z0-9_\s]\s*([A-Z0-9]{1,8}))?")
_SECONDS_PER_MINUTE = 60
_HEAD_LINES_MAX = 16  # lines before the first patient that are repeated for each


class Received(Struct, frozen=True, gc=False):
    """One message, the feed it came by and when this node received it."""

    message: Message
    header: Segment  # MSH
    source: Source
    at: Instant
    offset: str = ""  # MSH-7's, for a source whose MSH offset applies to every time

    def moment(self, text: str) -> Moment | None:
        """Return the instant of a time field, None when it has none to be had.

        Most times are `YYYYMMDDHHMM[SS]` without offset: their hour is looked up once.
        """
        if not text:
            return None
        whole = len(text) in {DIGITS_MINUTE, DIGITS_SECOND} and text.isascii() and text.isdigit()
        if whole and not self.offset:
            quick = _within_hour(text, self.source.zone)
            if quick is not None:
                return quick
        zone = self.source.zone
        return times.moment(text, zone, self.at, header_offset=self.offset).moment


def received(message: Message, source: Source, at: Instant) -> Received:
    """Return the message with the feed's ways of telling the time."""
    header = message.segment("MSH")
    offset = times.offset_of(header.text(7)) if source.msh_offset_applies else ""
    return Received(message, header, source, at, offset)


def kind_of(got: Received) -> tuple[str, str]:
    """Return message code and trigger event: MSH-9, or EVN-1 where MSH-9 names no trigger.

    Read by their letters, because some senders write `ADT~A01`, `ADT_A01` or damaged marks.
    """
    code, trigger = _kind(got.header.field(9)[:40])
    if not trigger and "EVN" in got.message.names:
        trigger = _kind(got.message.segment("EVN").field(1)[:40])[0]
    return code, trigger


def patient_groups(message: Message) -> list[Message]:
    """Return one message for each PID: what stands before the first, and what follows its own.

    A17, A24, A40 and batches of results name several patients (HL7 v2.5.1 §3.3.17, §3.3.40).
    """
    names, lines = message.names, message.lines
    if names.count("PID") <= 1:
        return [message]
    starts = [number for number, name in enumerate(names) if name == "PID"]
    head = min(starts[0], _HEAD_LINES_MAX)
    return [
        Message(
            message.raw,
            message.encoding,
            names[:head] + names[start:end],
            lines[:head] + lines[start:end],
            message.anomalies,
        )
        for start, end in zip(starts, [*starts[1:], len(names)], strict=True)
    ]


@lru_cache(maxsize=512)
def _kind(field: str) -> tuple[str, str]:
    found = _KIND.match(field.upper())
    if found is None:
        return "", ""
    code, trigger = found.group(1), found.group(2) or ""
    if "_" in code:
        code, _, structure = code.partition("_")
        trigger = trigger or structure
    return code, trigger


def _within_hour(text: str, zone: str) -> Moment | None:
    """Return the moment by its hour's; None where the clocks change or the digits are wrong."""
    hour = _hour(text[:DIGITS_HOUR], zone)
    if hour is None:
        return None
    minute, second = int(text[10:12]), int(text[12:] or 0)
    if minute >= _SECONDS_PER_MINUTE or second >= _SECONDS_PER_MINUTE:
        return None
    return Moment(Instant(hour + minute * MINUTE + second * SECOND), len(text))


@lru_cache(maxsize=8192)
def _hour(text: str, zone: str) -> Instant | None:
    """Return when an hour of a zone began; None for one that is doubtful in any way."""
    read = times.moment(text, zone, Instant(0))
    return read.moment.at if read.moment and read.doubt is None and text.isascii() else None
