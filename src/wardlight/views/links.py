"""How each feed is doing: a feed that died and a quiet ward must not look the same.

A feed is measured against its own rhythm: the longest silence it has shown at this hour of the
week, forgotten slowly. Silence beyond that, with a margin, is named.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, convert, to_builtins

from wardlight.record.entry import Entry
from wardlight.record.instants import DAY, HOUR, MINUTE, Instant
from wardlight.views.rows import FeedRow

EXPECTED_AT_LEAST_MS = 5 * MINUTE
EXPECTED_UNKNOWN_MS = 20 * MINUTE  # until a feed has shown its rhythm (domain S2's default)
EXPECTED_AT_MOST_MS = 12 * HOUR
KNOWN_AFTER_MS = 24 * HOUR  # a day and a night before a feed's own rhythm counts
MARGIN = 1.5
KINDS_MAX = 50  # kinds of anomaly counted per feed
_WEEK = 7 * DAY


class _Feed(Struct, gc=False):
    """One feed's figures."""

    site: str
    first: int
    last: int
    received: int = 0
    duplicates: int = 0
    unread: int = 0
    drift: int | None = None
    began: int = 0  # first and last time it spoke, by its own clock
    spoke: int = 0
    gaps: dict[int, int] = {}  # hour of the week → longest gap
    longest: int = 0  # at any hour
    anomalies: dict[str, int] = {}
    trouble: str = ""
    trouble_at: int | None = None


class Links:
    """The feeds of a node."""

    def __init__(self) -> None:
        self._feeds: dict[str, _Feed] = {}
        self._heard: dict[str, Instant] = {}  # site → last message of any of its feeds

    def heard(
        self, entry: Entry, anomalies: tuple[str, ...] = (), sent: Instant | None = None
    ) -> None:
        """Note that a feed has spoken; `sent` is when it says it did (MSH-7).

        The rhythm is learnt from the sender's own times where it states them: a backlog that
        arrives in one burst is not a feed that speaks every millisecond.
        """
        feed = self._feed(entry)
        _learn(feed, sent if sent is not None else entry.recorded)
        feed.last = max(feed.last, entry.recorded)
        feed.received += 1
        self._heard[entry.site] = max(self._heard.get(entry.site, Instant(0)), entry.recorded)
        if sent is not None:
            feed.drift = sent - entry.recorded
        for name in anomalies:
            self.odd(entry.source, name)

    def odd(self, source: str, name: str) -> None:
        """Count one oddity that was survived."""
        counts = self._feeds[source].anomalies
        if name in counts or len(counts) < KINDS_MAX:
            counts[name] = counts.get(name, 0) + 1

    def repeated(self, source: str) -> None:
        """Count one message that came twice."""
        self._feeds[source].duplicates += 1

    def not_understood(self, source: str) -> None:
        """Count one message that went to the unread list."""
        self._feeds[source].unread += 1

    def trouble(self, entry: Entry, sentence: str) -> None:
        """Note what went wrong on a link."""
        feed = self._feed(entry)
        feed.trouble, feed.trouble_at = sentence, entry.recorded

    def rows(self, now: Instant) -> tuple[FeedRow, ...]:
        """Return every feed, silent ones first."""
        rows = [self._row(source, feed, now) for source, feed in self._feeds.items()]
        return tuple(sorted(rows, key=lambda row: (not row.silent, row.site, row.source)))

    def row(self, source: str, now: Instant) -> FeedRow | None:
        """Return one feed."""
        feed = self._feeds.get(source)
        return self._row(source, feed, now) if feed is not None else None

    def site_as_of(self, site: str) -> Instant | None:
        """Return when any feed of a site was last heard; None for never."""
        return self._heard.get(site)

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        return {"feeds": to_builtins(self._feeds, str_keys=False), "heard": self._heard}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._feeds = convert(kept["feeds"], dict[str, _Feed])
        self._heard = kept["heard"]

    def _feed(self, entry: Entry) -> _Feed:
        feed = self._feeds.get(entry.source)
        if feed is None:
            feed = _Feed(site=entry.site, first=entry.recorded, last=entry.recorded)
            self._feeds[entry.source] = feed
        return feed

    def _row(self, source: str, feed: _Feed, now: Instant) -> FeedRow:
        gap = max(now - feed.last, 0)
        expected = _expected(feed, now)
        return FeedRow(
            source=source,
            site=feed.site,
            last_heard=Instant(feed.last) if feed.received else None,
            gap_ms=gap,
            expected_gap_ms=expected,
            silent=feed.received > 0 and gap > expected,
            received=feed.received,
            duplicates=feed.duplicates,
            unread=feed.unread,
            drift_ms=feed.drift,
            anomalies=tuple(sorted(feed.anomalies.items(), key=lambda pair: (-pair[1], pair[0]))),
            trouble=feed.trouble,
            trouble_at=Instant(feed.trouble_at) if feed.trouble_at is not None else None,
        )


def _hour_of_week(at: int) -> int:
    return at % _WEEK // HOUR


def _learn(feed: _Feed, spoke: int) -> None:
    """Remember the gap before a message under the hour it ended in."""
    gap = spoke - feed.spoke if feed.spoke else 0
    feed.began = min(feed.began, spoke) if feed.began else spoke
    feed.spoke = max(feed.spoke, spoke)
    if gap <= 0:
        return
    if feed.spoke - feed.began > _WEEK:  # an outage is not rhythm: it counts only so far
        gap = min(gap, 2 * _expected(feed, Instant(spoke)))
    hour = _hour_of_week(spoke)
    known = feed.gaps.get(hour, 0)
    feed.gaps[hour] = max(gap, known - known // 1000)
    feed.longest = max(gap, feed.longest - feed.longest // 1000)


def _expected(feed: _Feed, now: Instant) -> int:
    """Return how long this feed may be silent at this hour of the week."""
    if feed.spoke - feed.began < KNOWN_AFTER_MS:
        return EXPECTED_UNKNOWN_MS
    longest = feed.gaps.get(_hour_of_week(now), feed.longest)
    usual = int(max(longest, feed.longest // 2) * MARGIN)
    return min(max(usual, EXPECTED_AT_LEAST_MS), EXPECTED_AT_MOST_MS)
