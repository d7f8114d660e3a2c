"""Who rang in and what is still open for somebody; and the texts this site has approved."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, convert, to_builtins

from wardlight.record.entry import Entry
from wardlight.record.events.charting import EntryVoided
from wardlight.record.events.contact import (
    InboundAnswered,
    InboundSettled,
    Question,
    TextApproved,
)
from wardlight.record.events.entered import Entered
from wardlight.record.instants import Instant
from wardlight.views.kept_rows import Row, Rows, row_of

Said = InboundAnswered | InboundSettled | TextApproved


class Caller(Struct, frozen=True, kw_only=True, gc=False):
    """One call as it was answered, and how it was settled."""

    row: Row[InboundAnswered]
    settled: Row[InboundSettled] | None = None

    def is_open(self) -> bool:
        """Return whether somebody still has to go on."""
        return bool(self.row.said.open_for) and self.settled is None


class Inbound:
    """Every call that came in, and every text that was approved."""

    def __init__(self) -> None:
        self._rows: Rows[Said] = Rows()

    def take(self, entry: Entry, entered: Entered) -> None:
        """Take an entry of staff into account."""
        said = entered.said
        if entered.corrects:
            self._rows.take_back(entered.corrects)
        if isinstance(said, EntryVoided):
            self._rows.take_back(said.entry)
        elif isinstance(said, Said):
            self._rows.add(row_of(entry, entered, said))

    def callers(self, site: str) -> tuple[Caller, ...]:
        """Return a site's calls, newest first."""
        every: list[Row[Any]] = list(self._rows.standing())
        settled = {
            row.said.inbound.partition(".")[0]: row
            for row in every
            if isinstance(row.said, InboundSettled)
        }
        calls = [row for row in every if isinstance(row.said, InboundAnswered) and row.site == site]
        return tuple(Caller(row=row, settled=settled.get(row.id)) for row in reversed(calls))

    def scams(self, site: str) -> tuple[Caller, ...]:
        """Return the reports of fraud, newest first."""
        return tuple(one for one in self.callers(site) if one.row.said.question is Question.SCAM)

    def approved(
        self, site: str, name: str, language: str, now: Instant
    ) -> Row[TextApproved] | None:
        """Return the text a site approved last in a language, while it is valid."""
        found = self.versions(site, name, language)
        if not found or (found[-1].said.valid_until or now + 1) <= now:
            return None
        return found[-1]

    def versions(self, site: str, name: str, language: str) -> list[Row[TextApproved]]:
        """Return every version of a text that a site has approved, oldest first."""
        every: list[Row[Any]] = list(self._rows.standing())
        return [
            row
            for row in every
            if isinstance(row.said, TextApproved)
            and (row.site, row.said.name, row.said.language) == (site, name, language)
        ]

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        return {"rows": to_builtins(self._rows.rows), "gone": sorted(self._rows.gone)}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._rows.rows = convert(kept["rows"], list[Row[Said]])
        self._rows.gone = set(kept["gone"])
