"""Which feed a message belongs to, and what is agreed with that feed.

A feed is known by its sending application and facility (MSH-3, MSH-4), so several senders on
one port each have their own health line; a sender nobody set up works with the site's
defaults. How many may appear by themselves is limited: past it they share the port's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from wardlight.record.sources import Source

SENDERS_MAX = 200  # feeds that may appear by themselves at one node
NAME_BYTES_MAX = 80
HEADER_BYTES_MAX = 512


class Senders:
    """The feeds of a node: those in its settings and those that were heard."""

    def __init__(
        self,
        default: Source,
        *,
        known: Mapping[str, Source] | None = None,
        sites: Iterable[str] = (),
        zones: Mapping[str, str] | None = None,
    ) -> None:
        """`known` maps `APP|FACILITY` to a feed; `sites` are codes a facility may name.

        `zones` are those of the sites, where a feed nobody set up belongs to one.
        """
        self.default = default
        self._known = dict(known or {})
        self._sites = frozenset(sites)
        self._zones = dict(zones or {})
        self._by_name: dict[str, Source] = {default.name: default}
        self._by_name.update({source.name: source for source in self._known.values()})
        self._by_header: dict[bytes, Source] = {}

    def named(self, name: str, site: str = "") -> Source:
        """Return the settings of the feed of that name, made from the defaults when unknown."""
        found = self._by_name.get(name)
        if found is None:
            zone = self._zones.get(site, self.default.zone)
            found = replace(self.default, name=name, site=site or self.default.site, zone=zone)
            if len(self._by_name) < SENDERS_MAX:
                self._by_name[name] = found
        return found

    def of(self, message: bytes) -> Source:
        """Return the feed that sent `message`; the port's own when its header does not say."""
        start = message.find(b"MSH", 0, HEADER_BYTES_MAX)
        if start < 0 or len(message) < start + 4:
            return self.default
        mark = message[start + 3 : start + 4]
        parts = message[start : start + HEADER_BYTES_MAX].split(mark, 4)
        if len(parts) < 5:  # noqa: PLR2004 -- MSH-1 … MSH-4 and the rest
            return self.default
        header = parts[2] + b"|" + parts[3]
        found = self._by_header.get(header)
        if found is None:
            found = self._learn(header, parts[2], parts[3])
        return found

    def _learn(self, header: bytes, application: bytes, facility: bytes) -> Source:
        app, place = _first_component(application), _first_component(facility)
        known = self._known.get(f"{app}|{place}")
        name = "@".join(part for part in (app, place) if part)
        if known is None and (not name or len(self._by_header) >= SENDERS_MAX):
            return self.default
        site = place if place in self._sites else self.default.site
        source = known or self.named(name, site)
        self._by_header[header] = source
        return source


def _first_component(field: bytes) -> str:
    text = field[:NAME_BYTES_MAX].decode("ascii", "replace").strip()
    return "".join(char for char in text.split("^")[0] if char.isalnum() or char in "-_. ").strip()
