"""The two depths of reading an HL7 v2 message, each feed by its own settings.

The headline is read when a message arrives; the chart events when somebody opens the chart.
Both are pure: the same entry and settings always mean the same.
"""

from __future__ import annotations

from typing import Protocol

from wardlight.record import catalogue
from wardlight.record.entry import Entry
from wardlight.record.problems import Problem
from wardlight.record.reading import Charted, Headline, Meaning, ReadChart, ReadHeadline, Stamp
from wardlight.record.sources import Source
from wardlight.wire.hl7v2.charting import chart_events
from wardlight.wire.hl7v2.headline import headline_of, open_message
from wardlight.wire.hl7v2.message import Message
from wardlight.wire.hl7v2.received import kind_of, received


class Sources(Protocol):
    """The feeds of a node by name."""

    def named(self, name: str, site: str = "") -> Source:
        """Return what is agreed with the feed of that name."""


def reader(sources: Sources) -> tuple[ReadHeadline, ReadChart]:
    """Return how entries are read at a node with these feeds."""

    def read_headline(entry: Entry) -> Headline:
        if entry.meaning:
            return Meaning.unpacked(entry.meaning).headline
        return headline_of(entry, sources.named(entry.source, entry.site))

    def read_chart(entry: Entry) -> tuple[Charted, ...]:
        if entry.meaning:
            return Meaning.unpacked(entry.meaning).charted
        return charted_of(entry, sources.named(entry.source, entry.site))

    return read_headline, read_chart


def charted_of(entry: Entry, source: Source) -> tuple[Charted, ...]:
    """Return what an entry says for the charts of its patients; nothing when it is unread."""
    if entry.kind != catalogue.HL7V2_MESSAGE:
        return ()
    message = Message.parse(entry.body, source.charset)
    if isinstance(message, Problem):
        return ()
    got = received(message, source, entry.recorded)
    opened = open_message(got, *kind_of(got))
    if isinstance(opened, Problem):
        return ()
    stamp = Stamp(opened.at, entry.recorded, entry.source, entry.position, entry.author)
    return tuple(
        Charted(patient.key, stamp, event)
        for patient in opened.patients
        for event in chart_events(patient.message, source, entry.recorded)
    )
