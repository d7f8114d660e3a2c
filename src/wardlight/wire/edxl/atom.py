"""The feed of alerts as Atom (RFC 4287), as CAP readers subscribe to it."""

from __future__ import annotations

from collections.abc import Sequence

from wardlight.record.instants import Instant, iso
from wardlight.wire.edxl.cap import Alert, Kind, Sender, headline
from wardlight.wire.edxl.tree import Part, Shape, Tag, tag, written

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES_MAX = 500  # the newest
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"


def atom(
    told: Sequence[Alert], names: dict[str, str], by: Sender, *, base: str, now: Instant
) -> Tag:
    """Return the feed, newest first; `names` gives hospitals by their code.

    `base` is the address other systems reach this node under; "" where none is set.
    """
    newest = told[-1].sent if told else now
    entries = [_entry(one, names, base) for one in reversed(told[-ENTRIES_MAX:])]
    return tag(
        "feed",
        tag("id", f"tag:{by.sender},2026:alerts"),
        tag("title", f"{by.network}: ambulance diversion"),
        tag("subtitle", by.restriction),
        tag("updated", iso(newest)),
        tag("author", tag("name", by.network)),
        _link("self", f"{base}/cap/alerts.atom"),
        *entries,
    )


def atom_bytes(root: Tag) -> bytes:
    """Return the feed as it is sent."""
    return written(root, {"": ATOM})


def _entry(one: Alert, names: dict[str, str], base: str) -> Tag:
    name = headline(one, names.get(one.told.key.facility, one.told.key.facility))
    ends = "ended" if one.kind is Kind.CANCEL else f"expires {iso(one.expires)}"
    return tag(
        "entry",
        tag("id", f"urn:wardlight:alert:{one.identifier}"),
        tag("title", name),
        tag("updated", iso(one.sent)),
        _link("alternate", f"{base}/cap/alerts/{one.identifier}.xml", "application/cap+xml"),
        tag("summary", f"{one.kind}, {'EXERCISE' if one.drill else 'actual'}, {ends}"),
    )


def _link(rel: str, href: str, kind: str = "application/atom+xml") -> Tag:
    return Tag("link", attributes=(("rel", rel), ("type", kind), ("href", href)))


SHAPE: Shape = {
    "feed": (
        Part("id", needed=True, filled=True),
        Part("title", needed=True, filled=True),
        Part("subtitle"),
        Part("updated", needed=True, pattern=_TIME),
        Part("author", needed=True),
        Part("link", needed=True),
        Part("entry", many=True),
    ),
    "entry": (
        Part("id", needed=True, filled=True),
        Part("title", needed=True, filled=True),
        Part("updated", needed=True, pattern=_TIME),
        Part("link", needed=True),
        Part("summary", needed=True, filled=True),
    ),
}
