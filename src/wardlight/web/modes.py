"""The bar across the top: is the EHR up, silent, off, or is this a drill. Words, then colour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from wardlight.record.instants import Instant, age_words, clinical_time
from wardlight.record.sources import Site
from wardlight.views.fold import Views
from wardlight.views.rows import Downtime, FeedRow


class Mode(StrEnum):
    """What a site works in; the worst first, so that a bar over several sites shows it."""

    DOWNTIME = "downtime"
    DRILL = "drill"
    RECOVERY = "recovery"
    PARTLY = "partly"
    SILENT = "silent"
    READY = "ready"


WORDS: Mapping[Mode, str] = {
    Mode.DOWNTIME: "DOWNTIME",
    Mode.DRILL: "DRILL \N{EN DASH} NOT REAL",
    Mode.RECOVERY: "RECOVERY \N{EN DASH} BACK-ENTRY",
    Mode.PARTLY: "SYSTEMS OFF",
    Mode.SILENT: "FEED SILENT",
    Mode.READY: "READY",
}
_WORST_FIRST = tuple(Mode)


class Bar(Struct, frozen=True, kw_only=True):
    """The bar of one page."""

    mode: Mode
    text: str  # beside the mode word: "EHR off since 22-Nov-2026 02:47 · 1 h 12 min"
    off_since: Instant | None = None

    def word(self) -> str:
        """Return the mode word, also used in the title."""
        return WORDS[self.mode]


def bar_of(views: Views, sites: Mapping[str, Site], site: str, now: Instant) -> Bar:
    """Return the bar of one site's pages; of a page over all sites when `site` is empty."""
    feeds = views.links.rows(now)
    if site in sites:
        return _site_bar(views, sites[site], feeds, now)
    bars = {code: _site_bar(views, sites[code], feeds, now) for code in sites}
    if len(bars) == 1:
        return next(iter(bars.values()))
    return _shared_bar(bars)


def _shared_bar(bars: Mapping[str, Bar]) -> Bar:
    """Return the bar of a page over several sites: the worst mode and who is in it."""
    mode = min((bar.mode for bar in bars.values()), key=_WORST_FIRST.index, default=Mode.READY)
    if mode is Mode.READY:
        return Bar(mode=mode, text=f"EHR up at {_count(len(bars), 'site')}")
    affected = {code: bar.text for code, bar in bars.items() if bar.mode is mode}
    alike: dict[str, list[str]] = {}  # said once for all sites of which it is true
    for code, text in affected.items():
        alike.setdefault(text, []).append(code)
    told = " / ".join(f"{', '.join(codes)} {text}" for text, codes in alike.items())
    return Bar(mode=mode, text=f"{len(affected)} of {len(bars)} sites: {told}")


def _site_bar(views: Views, site: Site, feeds: Iterable[FeedRow], now: Instant) -> Bar:
    declared = _declared_bar(views.downtimes.at(site.code), site.zone, now)
    if declared is not None:
        return declared
    here = [feed for feed in feeds if feed.site == site.code]
    silent = [feed for feed in here if feed.silent]
    if silent:
        return Bar(mode=Mode.SILENT, text=_silent_words(silent, site.zone))
    if not here:
        return Bar(mode=Mode.SILENT, text="nothing has been heard from the EHR yet")
    return Bar(mode=Mode.READY, text="EHR up")


def _declared_bar(downtime: Downtime, zone: str, now: Instant) -> Bar | None:
    """Return the bar of what people declared; None where nothing is declared off."""
    others = " · ".join(_off(one.system, one.since, zone, now) for one in downtime.systems)
    if downtime.off_since is not None:
        mode = Mode.DRILL if downtime.drill else Mode.DOWNTIME
        text = _off("EHR", downtime.off_since, zone, now)
        text = f"{text} · also {others}" if others else text
        return Bar(mode=mode, text=text, off_since=downtime.off_since)
    if downtime.back_since is not None:
        back = f"EHR back since {clinical_time(downtime.back_since, zone)}"
        text = f"{back} · {others}" if others else back
        return Bar(mode=Mode.RECOVERY, text=text, off_since=downtime.was_off_since)
    return Bar(mode=Mode.PARTLY, text=others) if others else None


def _off(system: str, since: Instant, zone: str, now: Instant) -> str:
    return f"{system} off since {clinical_time(since, zone)} · {age_words(max(now - since, 0))}"


def _silent_words(silent: list[FeedRow], zone: str) -> str:
    """Return since when, by the feed that has been silent longest, and how many more are."""
    longest = max(silent, key=lambda feed: feed.gap_ms)
    if longest.last_heard is None:
        return f"{longest.source} has never been heard"
    since = clinical_time(longest.last_heard, zone)
    more = f" and {len(silent) - 1} more" if len(silent) > 1 else ""
    return f"since {since} · {longest.source}{more}"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
