"""What messages made of a few literal segments tell for the chart."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from wardlight.record.events.charting import ChartEvent
from wardlight.record.instants import Instant, Moment, instant_of, zone_named
from wardlight.record.sources import Source
from wardlight.wire.hl7v2.charting import chart_events, has_chart
from wardlight.wire.hl7v2.message import Message

FEED = Source(name="HIS@GEN", site="GEN", zone="America/New_York")
HEADER = "MSH|^~\\&|HIS|GEN|WL|GEN|20261122031500||{kind}|M1|P|2.5.1\r"
RECEIVED = Instant(1_795_335_600_000)

_Event = TypeVar("_Event")


def events(kind: str, *segments: str, source: Source = FEED) -> list[ChartEvent]:
    """Return the chart events of a message of that kind with these segments."""
    message = Message.parse((HEADER.format(kind=kind) + "\r".join(segments) + "\r").encode())
    assert isinstance(message, Message)
    found = chart_events(message, source, RECEIVED)
    assert has_chart(message, source.alerts) or not found
    return found


def told(event: type[_Event], kind: str, *segments: str, source: Source = FEED) -> list[_Event]:
    """Return the events of one type."""
    return [one for one in events(kind, *segments, source=source) if isinstance(one, event)]


def only(event: type[_Event], kind: str, *segments: str, source: Source = FEED) -> _Event:
    """Return the one event of that type."""
    (found,) = told(event, kind, *segments, source=source)
    return found


def at(text: str, digits: int = 12) -> Moment:
    """Return `2026-11-22 03:15` on a clock of the hospital, known to so many digits."""
    wall = datetime.fromisoformat(text).replace(tzinfo=zone_named(FEED.zone))
    return Moment(instant_of(wall), digits)
