"""Real views over record events told one after the other, without any wire or log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

import msgspec
from tests.web.ward_of_28 import SITE, SOURCE, Told

from wardlight.record import catalogue
from wardlight.record.entry import Draft, Entry
from wardlight.record.instants import Instant
from wardlight.record.reading import Charted, Headline, Stamp
from wardlight.views.fold import Views
from wardlight.views.services.downtimes import declaration
from wardlight.wire.entered.reading import entered_chart, entered_headline


class KeptCopy:
    """Views, and what was told to them; entry bodies are the places in that list."""

    def __init__(self, told: Iterable[Told] = ()) -> None:
        self.views = Views(self._headline, self._chart, self._fetch)
        self._told: list[Told] = []
        self._entries: list[Entry] = []
        for head, events in sorted(told, key=lambda one: one[0].occurred):
            self.tell((head, events))

    def tell(self, told: Told) -> None:
        """Let the feed say one thing more."""
        self._told.append(told)
        body = str(len(self._told) - 1).encode()
        self._append(catalogue.HL7V2_MESSAGE, told[0].occurred, body)

    def declare(self, off_since: Instant, *, drill: bool = False, site: str = SITE.code) -> None:
        """Declare the EHR off."""
        body = declaration(off_since, drill=drill)
        self._append(catalogue.DOWNTIME_DECLARED, off_since, body, ("staff", site))

    def _append(
        self, kind: str, at: Instant, body: bytes, said_at: tuple[str, str] = (SOURCE, SITE.code)
    ) -> None:
        source, site = said_at
        entry = Entry(
            node="test",
            position=len(self._entries) + 1,
            site=site,
            source=source,
            author="EHR",
            subject="",
            kind=kind,
            version=1,
            occurred=at,
            recorded=at,
            body=body,
            chain=b"",
        )
        self._entries.append(entry)
        self.views.apply(entry)

    async def write(self, draft: Draft) -> Entry:
        """Take what a person enters, as a node's log would."""
        fields = {name: getattr(draft, name) for name in Draft.__struct_fields__}
        place = len(self._entries) + 1
        entry = Entry(node="test", position=place, chain=sha256(draft.body).digest(), **fields)
        self._entries.append(entry)
        self.views.apply(entry)
        return entry

    def entries(self) -> tuple[Entry, ...]:
        """Return everything that was written down."""
        return tuple(self._entries)

    def reopened(self) -> Views:
        """Return the views as they come back from a snapshot."""
        kept = self.views.snapshot()
        return Views.restored(kept, self._headline, self._chart, self._fetch)

    def seal_at(self, position: int) -> str:
        """Return the beginning of an entry's seal."""
        known = 0 < position <= len(self._entries)
        return self._entries[position - 1].chain.hex()[:16] if known else ""

    def _fetch(self, positions: Sequence[int]) -> list[Entry]:
        return [self._entries[position - 1] for position in positions]

    def _headline(self, entry: Entry) -> Headline:
        if entry.kind in catalogue.ENTERED:
            return entered_headline(entry)
        head = self._told[int(entry.body)][0]
        return msgspec.structs.replace(head, content=b"content " + entry.body)

    def _chart(self, entry: Entry) -> tuple[Charted, ...]:
        if entry.kind in catalogue.ENTERED:
            return entered_chart(entry)
        head, events = self._told[int(entry.body)]
        stamp = Stamp(head.occurred, entry.recorded, entry.source, entry.position, entry.author)
        return tuple(Charted(head.charted[0], stamp, event) for event in events)
