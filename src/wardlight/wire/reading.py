"""How every entry of a log is read: by who wrote it, a feed or a person."""

from __future__ import annotations

from wardlight.record import catalogue
from wardlight.record.entry import Entry
from wardlight.record.reading import Charted, Headline, ReadChart, ReadHeadline
from wardlight.wire.entered.reading import entered_chart, entered_headline
from wardlight.wire.hl7v2 import reading as hl7v2
from wardlight.wire.hl7v2.reading import Sources
from wardlight.wire.schedule.reading import schedule_headline


def reader(sources: Sources) -> tuple[ReadHeadline, ReadChart]:
    """Return how entries are read at a node with these feeds."""
    feed_headline, feed_chart = hl7v2.reader(sources)

    def read_headline(entry: Entry) -> Headline:
        if entry.kind in catalogue.ENTERED:
            return entered_headline(entry)
        if entry.kind == catalogue.SCHEDULE_FILE and not entry.meaning:
            return schedule_headline(entry, sources.named(entry.source, entry.site))
        return feed_headline(entry)

    def read_chart(entry: Entry) -> tuple[Charted, ...]:
        if entry.kind in catalogue.ENTERED:
            return entered_chart(entry)
        return feed_chart(entry)

    return read_headline, read_chart
