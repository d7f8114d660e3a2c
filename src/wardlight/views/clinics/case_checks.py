"""What is known of each theatre case before it goes: the latest word on every item, with its age.

An item nobody stated is not known; so is one of which the last word was that it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, convert, to_builtins

from wardlight.record.entry import Entry
from wardlight.record.events.case_checks import CaseItem, CaseStated, Checked, CheckState
from wardlight.record.events.charting import EntryVoided
from wardlight.record.events.entered import Entered
from wardlight.record.instants import Instant
from wardlight.views.kept_rows import Row, Rows, row_of


class Stated(Struct, frozen=True, kw_only=True, gc=False):
    """The latest word on one item: what was found, by whom, when."""

    check: Checked
    by: str
    at: Instant
    id: str = ""


class CaseChecks:
    """The items of every case of a node's sites."""

    def __init__(self) -> None:
        self._rows: Rows[CaseStated] = Rows()
        self._of: dict[str, dict[CaseItem, tuple[tuple[int, int, str], Stated]]] = {}

    def take(self, entry: Entry, entered: Entered) -> None:
        """Take an entry of staff into account."""
        said = entered.said
        gone = self._rows.take_back(entered.corrects) if entered.corrects else False
        if isinstance(said, EntryVoided):
            gone = self._rows.take_back(said.entry)
        elif isinstance(said, CaseStated):
            row = row_of(entry, entered, said)
            self._rows.add(row)
            if row.id not in self._rows.gone:
                self._count(row)
        if gone:
            self._replay()

    def of(self, appointment: str) -> Mapping[CaseItem, Stated]:
        """Return the latest word on each item of a case; an item nobody stated is not there."""
        return {item: stated for item, (_, stated) in self._of.get(appointment, {}).items()}

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        return {"rows": to_builtins(self._rows.rows), "gone": sorted(self._rows.gone)}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._rows.rows = convert(kept["rows"], list[Row[CaseStated]])
        self._rows.gone = set(kept["gone"])
        self._replay()

    def _replay(self) -> None:
        self._of = {}
        for row in self._rows.standing():
            self._count(row)

    def _count(self, row: Row[CaseStated]) -> None:
        """Let the word count that was found last, whichever came first."""
        known = self._of.setdefault(row.said.appointment, {})
        for check in row.said.checks:
            before = known.get(check.item)
            if before is None or before[0] <= row.happened():
                stated = Stated(check=check, by=row.by, at=row.occurred, id=row.id)
                known[check.item] = (row.happened(), stated)


def lacking(
    stated: Mapping[CaseItem, Stated], starts: Instant | None, items: Sequence[CaseItem]
) -> tuple[tuple[CaseItem, str], ...]:
    """Return which of these items a case that begins then cannot count on, and why in words."""
    found = ((item, _lack(item, stated.get(item), starts)) for item in items)
    return tuple((item, why) for item, why in found if why)


def _lack(item: CaseItem, stated: Stated | None, starts: Instant | None) -> str:
    if stated is None:
        return f"{item} not stated"
    check = stated.check
    if check.state in (CheckState.NO, CheckState.UNKNOWN):
        return f"no {item}" if check.state is CheckState.NO else f"{item} not known"
    if item is not CaseItem.TYPE_AND_SCREEN or check.state is CheckState.NOT_NEEDED:
        return ""
    if check.until is None:
        return f"{item} valid until not stated"
    return f"{item} ends before the case" if starts is not None and check.until < starts else ""
