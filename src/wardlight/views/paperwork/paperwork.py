"""The register of paper: every sheet that was printed, for whom, to whom, and what became of it.

A sheet is in exactly one state, so that issued = returned + missing + destroyed + still out, at
any moment and whatever was said in whatever order. What is said of a sheet that the register does
not know is kept and counts from the moment its print job arrives.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from operator import attrgetter
from typing import Any

from msgspec import Struct, convert, to_builtins
from msgspec.structs import replace

from wardlight.record.entry import Entry
from wardlight.record.events.contact import ContactAttempted, ContactLeased
from wardlight.record.events.entered import Entered, PaperRow
from wardlight.record.events.paperwork import (
    SheetMark,
    SheetRun,
    SheetSaid,
    SheetsIssued,
    SheetsMarked,
)
from wardlight.record.events.scans import PageSettled, RowsClosed
from wardlight.record.identity import PatientKey
from wardlight.record.sheet_serial import SheetSerial, serial_in
from wardlight.views.paperwork.sheets import (
    IssuedSheet,
    Job,
    Marked,
    SheetState,
    Tally,
    came_back,
    job_of,
    state_of,
)


class _Held(Struct, frozen=True, gc=False):
    """A run of serials within its lane."""

    first: int
    job: Job
    run: SheetRun

    def end(self) -> int:
        return self.first + len(self.run.pages)


_first = attrgetter("first")
EVERY = tuple(SheetState)


class Paperwork:
    """Every sheet a node knows of."""

    def __init__(self) -> None:
        self._lanes: dict[int, list[_Held]] = {}  # in the order of their serials
        self._marks: dict[str, list[Marked]] = {}
        self._sheet_of: dict[str, str] = {}  # id of an entry that dealt with a row → the serial
        self._with_rows: set[str] = set()  # serials of sheets of which a row was dealt with
        self._voided: set[str] = set()
        self._copies: Counter[str] = Counter()  # first serial of a run → times printed again
        self._replaced: dict[str, str] = {}
        self._clashes: list[tuple[str, str]] = []  # site and first serial of such runs
        self._issued: Counter[tuple[str, str]] = Counter()
        self._states: dict[tuple[str, str], Counter[SheetState]] = defaultdict(Counter)
        self._of: dict[PatientKey, list[str]] = {}
        self._missing: set[str] = set()
        self._strays: dict[str, str] = {}  # what was said before its print job was known → site

    def take(self, entry: Entry, entered: Entered) -> None:
        """Take an entry of staff into account; one that is not about paper changes nothing."""
        if entered.corrects:
            self._correct(entered)
        if isinstance(entered.said, SheetsIssued):
            self._issue(entered.said, job_of(entered.said, entry.site, entry.occurred, entered.by))
        elif isinstance(entered.said, SheetsMarked):
            self._mark(entered.said, entry, entered)
        elif isinstance(entered.said, RowsClosed):
            self._close(entered.said, entry, entered)
        elif isinstance(entered.said, PageSettled) and entered.said.serial:
            sheet = SheetSaid(entered.said.serial, tuple(filter(None, (entered.said.page,))))
            back = SheetsMarked(mark=SheetMark.SCANNED, sheets=(sheet,), where="filed by hand")
            self._mark(back, entry, entered)
        elif isinstance(entered.said, ContactAttempted | ContactLeased):
            self._called(entered.said, entry, entered)
        if entered.paper is not None:
            self._enter(entered.paper, entry, entered)

    def _correct(self, entered: Entered) -> None:
        """Void what a corrected entry said of sheets; a row it was typed from stays entered."""
        serial = self._sheet_of.get(entered.corrects.partition(".")[0], "")
        old = [
            one
            for one in self._standing(serial)
            if one.row and not one.closed and _is_of(one.entry, entered.corrects)
        ]
        self.void(entered.corrects)
        for one in old:
            self._say(serial, replace(one, entry=entered.name(), by=entered.by))

    def _enter(self, paper: PaperRow, entry: Entry, entered: Entered) -> None:
        """Take into account that a row of a sheet is in the record."""
        mark = _row_mark(paper.row, paper.page, paper.of, entry, entered)
        self._say(paper.serial, mark)

    def _close(self, said: RowsClosed, entry: Entry, entered: Entered) -> None:
        """Take into account that nothing more is entered from some rows."""
        for row in said.rows:
            mark = _row_mark(row, said.page, said.of, entry, entered)
            self._say(said.serial, replace(mark, closed=said.how.value, reason=said.reason))

    def _say(self, serial: str, mark: Marked) -> None:
        with self._recounted({serial}):
            self._marks.setdefault(serial, []).append(mark)
            self._note_stray(serial, mark.site)
        self._sheet_of[mark.entry.partition(".")[0]] = serial
        self._with_rows.add(serial)

    def rows(self, serial: str, page: int) -> dict[str, Marked]:
        """Return which rows of a page are entered or closed; the first that was said counts."""
        if serial not in self._with_rows:
            return {}
        marks = [one for one in self._standing(serial) if one.row and one.pages == (page,)]
        return {one.row: one for one in reversed(marks)}

    def _called(
        self, said: ContactAttempted | ContactLeased, entry: Entry, entered: Entered
    ) -> None:
        """Note that a call sheet is entered, or came back as it was given out."""
        if serial_in(said.sheet) is None:
            return
        if isinstance(said, ContactAttempted):
            mark, where = SheetMark.ENTERED, "call entered"
        elif said.until <= entry.recorded:
            mark, where = SheetMark.RETURNED, "given back unrung"
        else:
            return  # it is only given out
        back = SheetsMarked(mark=mark, sheets=(SheetSaid(said.sheet),), where=where)
        self._mark(back, entry, entered)

    def void(self, name: str) -> None:
        """Take back what an entry said of sheets; a print job itself cannot be taken back."""
        touched = {
            code
            for code, marks in self._marks.items()
            if any(_is_of(one.entry, name) for one in marks)
        }
        with self._recounted(touched):
            self._voided.add(name)

    def sheet(self, serial: SheetSerial) -> IssuedSheet | None:
        """Return a sheet; None for a serial that was never issued as far as this log knows."""
        held = self._held(serial)
        return None if held is None else self._sheet(held, serial.number - held.first)

    def tally(self, site: str, unit: str | None = None) -> Tally:
        """Return the counts of a site, or of one unit of it."""
        places = [place for place in self._issued if place[0] == site and unit in (None, place[1])]
        states: Counter[SheetState] = Counter()
        for place in places:
            states.update(self._states[place])
        counts = {state.value: states[state] for state in SheetState}
        return Tally(issued=sum(self._issued[place] for place in places), **counts)

    def units(self, site: str) -> tuple[str, ...]:
        """Return the units sheets were issued to."""
        return tuple(sorted(unit for at, unit in self._issued if at == site))

    def sheets(
        self, site: str, *, unit: str | None = None, states: Collection[SheetState] = EVERY
    ) -> Iterator[IssuedSheet]:
        """Give the sheets of a site or unit in some states, those printed last first."""
        every = (held for lane in self._lanes.values() for held in lane)
        wanted = [held for held in every if held.job.site == site and unit in (None, held.job.unit)]
        for held in sorted(wanted, key=lambda one: (one.job.at, one.first), reverse=True):
            lane = _lane_of(held.run)
            for place, pages in enumerate(held.run.pages):
                serial = SheetSerial(lane, held.first + place)
                if self._state(serial.code(), pages)[0] in states:
                    yield self._sheet(held, place)

    def of_patient(self, is_theirs: Callable[[PatientKey], bool]) -> list[IssuedSheet]:
        """Return a patient's sheets, whatever number they were printed under."""
        codes = [code for key, held in self._of.items() if is_theirs(key) for code in held]
        found = [self.sheet(serial) for code in codes if (serial := serial_in(code))]
        return sorted(
            (one for one in found if one), key=lambda one: (one.job.at, one.serial), reverse=True
        )

    def missing(self, site: str) -> list[IssuedSheet]:
        """Return the sheets of a site that were looked for and not found, printed last first."""
        found = [self.sheet(serial) for code in self._missing if (serial := serial_in(code))]
        here = [one for one in found if one is not None and one.job.site == site]
        return sorted(here, key=lambda one: (one.job.at, one.serial), reverse=True)

    def strays(self, site: str) -> int:
        """Return of how many sheets something was said at a site that were never issued here."""
        return sum(1 for at in self._strays.values() if at == site)

    def clashes(self, site: str) -> tuple[str, ...]:
        """Return the first serials of a site's print jobs that claim serials of another job."""
        return tuple(first for at, first in self._clashes if at == site)

    def _issue(self, said: SheetsIssued, job: Job) -> None:
        for run in said.runs:
            serial = serial_in(run.first)
            if serial is None or not run.pages:
                self._clashes.append((job.site, run.first))
                continue
            held = _Held(serial.number, job, run)
            lane = self._lanes.setdefault(serial.lane, [])
            if self._is_there(lane, held):
                self._copies[run.first] += 1
            elif self._overlaps(lane, held):
                self._clashes.append((job.site, run.first))
            else:
                insort(lane, held, key=_first)
                self._count(held, serial)
        if said.replaces:
            self._replaced[said.replaces] = said.runs[0].first if said.runs else ""

    def _is_there(self, lane: list[_Held], held: _Held) -> bool:
        at = bisect_right(lane, held.first, key=_first) - 1
        return at >= 0 and lane[at].first == held.first and lane[at].end() == held.end()

    def _overlaps(self, lane: list[_Held], held: _Held) -> bool:
        at = bisect_right(lane, held.first, key=_first)
        before = at > 0 and lane[at - 1].end() > held.first
        return before or (at < len(lane) and lane[at].first < held.end())

    def _count(self, held: _Held, first: SheetSerial) -> None:
        place = (held.job.site, held.job.unit)
        self._issued[place] += len(held.run.pages)
        for at in range(len(held.run.pages)):
            code = first.after(at).code()
            self._strays.pop(code, None)
            self._now(code, self._state(code, held.run.pages[at])[0], place, 1)
            if held.run.patients:
                self._of.setdefault(held.run.patients[at], []).append(code)

    def _mark(self, said: SheetsMarked, entry: Entry, entered: Entered) -> None:
        with self._recounted({one.serial for one in said.sheets}):
            for one in said.sheets:
                marked = Marked(
                    mark=said.mark,
                    at=entry.occurred,
                    entry=entered.name(),
                    by=entered.by,
                    pages=one.pages,
                    where=said.where,
                    reason=said.reason,
                    site=entry.site,
                )
                self._marks.setdefault(one.serial, []).append(marked)
                self._note_stray(one.serial, entry.site)

    def _note_stray(self, code: str, site: str) -> None:
        serial = serial_in(code)
        if serial is None or self._held(serial) is None:
            self._strays.setdefault(code, site)

    def _held(self, serial: SheetSerial) -> _Held | None:
        lane = self._lanes.get(serial.lane, [])
        at = bisect_right(lane, serial.number, key=_first) - 1
        return lane[at] if at >= 0 and serial.number < lane[at].end() else None

    @contextmanager
    def _recounted(self, codes: set[str]) -> Iterator[None]:
        """Take sheets out of the counts while something is said of them, and put them back."""
        self._add(codes, -1)
        yield
        self._add(codes, 1)

    def _add(self, codes: set[str], by: int) -> None:
        for code in codes:
            serial = serial_in(code)
            held = self._held(serial) if serial else None
            if held is not None and serial is not None:
                pages = held.run.pages[serial.number - held.first]
                place = (held.job.site, held.job.unit)
                self._now(code, self._state(code, pages)[0], place, by)

    def _now(self, code: str, state: SheetState, place: tuple[str, str], by: int) -> None:
        """Count a sheet where it is now, or take it out of there."""
        self._states[place][state] += by
        if state is SheetState.MISSING and by > 0:
            self._missing.add(code)
        elif state is SheetState.MISSING:
            self._missing.discard(code)

    def _standing(self, code: str) -> list[Marked]:
        """Return what was said of a sheet and not taken back, oldest first."""
        marks = [
            one
            for one in self._marks.get(code, ())
            if one.entry not in self._voided and one.entry.partition(".")[0] not in self._voided
        ]
        return sorted(marks, key=lambda one: (one.at, one.entry))

    def _state(self, code: str, pages: int) -> tuple[SheetState, list[Marked], set[int]]:
        marks = self._standing(code)
        pages_in = {page for one in marks if one.mark is SheetMark.SCANNED for page in one.pages}
        return state_of(marks, pages_in >= set(range(1, pages + 1))), marks, pages_in

    def _sheet(self, held: _Held, at: int) -> IssuedSheet:
        serial = SheetSerial(_lane_of(held.run), held.first + at)
        code = serial.code()
        state, marks, pages_in = self._state(code, held.run.pages[at])
        return IssuedSheet(
            serial=serial,
            form=held.run.form,
            pages=held.run.pages[at],
            patient=held.run.patients[at] if held.run.patients else None,
            job=held.job,
            state=state,
            pages_in=tuple(sorted(pages_in)),
            marks=tuple(marks),
            came_back=came_back(marks),
            copies=1 + self._copies[held.run.first],
            replaced_by=self._replaced.get(code, ""),
        )

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        held = [one for lane in self._lanes.values() for one in lane]
        return {
            "runs": to_builtins([(one.job, one.run) for one in held]),
            "marks": to_builtins(self._marks),
            "voided": sorted(self._voided),
            "copies": dict(self._copies),
            "replaced": self._replaced,
            "clashes": list(self._clashes),
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._lanes, self._of = {}, {}
        self._missing, self._strays = set(), {}
        self._issued, self._states = Counter(), defaultdict(Counter)
        self._marks = convert(kept["marks"], dict[str, list[Marked]])
        self._with_rows = {
            code for code, marks in self._marks.items() if any(one.row for one in marks)
        }
        self._sheet_of = {
            one.entry.partition(".")[0]: code
            for code, marks in self._marks.items()
            for one in marks
            if one.row
        }
        self._voided = set(kept["voided"])
        self._copies = Counter(kept["copies"])
        self._replaced = dict(kept["replaced"])
        self._clashes = convert(kept["clashes"], list[tuple[str, str]])
        for job, run in convert(kept["runs"], list[tuple[Job, SheetRun]]):
            serial = serial_in(run.first)
            assert serial is not None, "only runs with a serial are kept"
            held = _Held(serial.number, job, run)
            self._lanes.setdefault(serial.lane, []).append(held)
            self._count(held, serial)
        for code, marks in self._marks.items():
            self._note_stray(code, marks[0].site)


def _row_mark(row: str, page: int, of: int, entry: Entry, entered: Entered) -> Marked:
    return Marked(
        mark=SheetMark.ENTERED,
        at=entry.recorded,
        entry=entered.name(),
        by=entered.by,
        pages=(page,),
        site=entry.site,
        row=row,
        of=of,
    )


def _is_of(entry: str, name: str) -> bool:
    return name in (entry, entry.partition(".")[0])


def _lane_of(run: SheetRun) -> int:
    serial = serial_in(run.first)
    assert serial is not None, "only runs with a serial are held"
    return serial.lane
