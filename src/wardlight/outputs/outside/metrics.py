"""Figures for the house's monitoring (Prometheus text format 0.0.4): counts and ages, no patient.

Names of feeds and sites are the settings' own words; nothing of a message stands in a label.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from wardlight.record.instants import Instant
from wardlight.record.sources import Site
from wardlight.views.fold import Views

_MS = 1_000
Labels = Mapping[str, str]
Sample = tuple[Labels, float]


def metrics(views: Views, sites: Mapping[str, Site], now: Instant, *, notices: int) -> str:
    """Return all figures; `notices` counts what screens say about the node itself."""
    return "".join(
        line
        for name, help_, samples in _figures(views, sites, now, notices)
        for line in _lines(name, help_, samples)
    )


def _figures(
    views: Views, sites: Mapping[str, Site], now: Instant, notices: int
) -> Iterator[tuple[str, str, Iterable[Sample]]]:
    rows = views.links.rows(now)
    named = [({"source": row.source, "site": row.site}, row) for row in rows]
    heard = [(one, row) for one, row in named if row.last_heard is not None]
    yield "log_position", "Entries in the log", [({}, views.position)]
    yield "notices", "What every screen says about this node itself", [({}, notices)]
    yield "unread", "Entries that were not understood", [({}, views.unread.count)]
    yield "feed_silent", "1: silent beyond its rhythm", [(one, row.silent) for one, row in heard]
    yield "feed_received", "Messages received", [(one, row.received) for one, row in named]
    ages = [(one, row.gap_ms / _MS) for one, row in heard]
    yield "feed_age_seconds", "Since a feed was last heard", ages
    off = [({"site": code}, views.downtimes.at(code).off_since is not None) for code in sites]
    yield "ehr_off", "1: the EHR is declared off", off
    yield "drill", "1: a drill is on", [({}, views.downtimes.any_drill())]
    yield "services", "Services by state", _services(views, sites, now)
    approval = views.public_words.current()
    if approval is not None:
        age = (now - approval.at) / _MS
        yield (
            "public_words_age_seconds",
            "Since the words for the public were approved",
            [({}, age)],
        )


def _services(views: Views, sites: Mapping[str, Site], now: Instant) -> list[Sample]:
    names = {code: site.name for code, site in sites.items()}
    boards = views.service_status.facilities(now, names)
    counts = Counter(str(said.state) for one in boards for said in one.services)
    return [({"state": state}, count) for state, count in sorted(counts.items())]


def _lines(name: str, help_: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP wardlight_{name} {help_}\n# TYPE wardlight_{name} gauge\n"
    for labels, value in samples:
        said = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"wardlight_{name}{f'{{{said}}}' if said else ''} {float(value):.15g}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
