from __future__ import annotations

import random
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from wardlight.record.entry import Entry
from wardlight.record.events.entered import Entered, kind_of
from wardlight.record.events.paperwork import (
    Origin,
    PaperworkSaid,
    SheetMark,
    SheetRun,
    SheetSaid,
    SheetsIssued,
    SheetsMarked,
)
from wardlight.record.events.scans import Closed, RowsClosed
from wardlight.record.identity import PatientKey
from wardlight.record.instants import MINUTE, Instant
from wardlight.record.sheet_serial import SheetSerial, serial_of
from wardlight.views.paperwork.paperwork import Paperwork
from wardlight.views.paperwork.sheets import IssuedSheet, SheetState, Tally

AT = Instant(1_795_305_600_000)
ANN, BEN = PatientKey("GEN|ANN"), PatientKey("GEN|BEN")
Said = tuple[int, PaperworkSaid | RowsClosed]
"""Minutes after the outage began, and what was said then."""


def serial(number: int) -> SheetSerial:
    return serial_of(7, number)


def issue(first: int, *pages: int, patients: tuple[PatientKey, ...] = ()) -> SheetsIssued:
    run = SheetRun(form="W3A", first=serial(first).code(), pages=pages, patients=patients)
    return SheetsIssued(runs=(run,), unit="4E", to="charge nurse", origin=Origin.PACK)


def marked(mark: SheetMark, *numbers: int, pages: tuple[int, ...] = ()) -> SheetsMarked:
    sheets = tuple(SheetSaid(serial(number).code(), pages) for number in numbers)
    return SheetsMarked(mark=mark, sheets=sheets, reason="looked everywhere")


def register(said: Iterable[Said], voided: tuple[str, ...] = ()) -> Paperwork:
    paperwork = Paperwork()
    for position, (minutes, one) in enumerate(said, 1):
        at = Instant(AT + minutes * MINUTE)
        entered = Entered(id=f"{hash((minutes, repr(one))) & 0xFFFFFFFF:032x}", by="RN", said=one)
        paperwork.take(entry_of(entered, at, position), entered)
    for name in voided:
        paperwork.void(name)
    return paperwork


def entry_of(entered: Entered, at: Instant, position: int) -> Entry:
    return Entry(
        node="n",
        position=position,
        site="GEN",
        source="staff",
        author="a",
        subject="",
        kind=kind_of(entered.said),
        version=1,
        occurred=at,
        recorded=at,
        body=b"",
        chain=b"",
    )


def sheet(paperwork: Paperwork, number: int) -> IssuedSheet:
    found = paperwork.sheet(serial(number))
    assert found is not None
    return found


def test_a_sheet_that_was_issued_is_out_and_known_by_its_serial() -> None:
    found = sheet(register([(0, issue(10, 1, 2, patients=(ANN, BEN)))]), 11)
    assert (found.patient, found.pages, found.job.to) == (BEN, 2, "charge nurse")
    assert found.state is SheetState.OUT


def test_a_serial_that_was_never_issued_is_nobodys() -> None:
    paperwork = register([(0, issue(10, 1, 1))])
    assert [paperwork.sheet(serial(number)) for number in (9, 12)] == [None, None]
    assert paperwork.sheet(serial_of(8, 10)) is None


def test_a_sheet_is_scanned_when_its_last_page_is() -> None:
    said: list[Said] = [(0, issue(1, 2)), (1, marked(SheetMark.SCANNED, 1, pages=(2,)))]
    half = sheet(register(said), 1)
    assert (half.state, half.pages_in) == (SheetState.OUT, (2,))
    assert half.is_incomplete()
    whole = [*said, (2, marked(SheetMark.SCANNED, 1, pages=(1,)))]
    assert sheet(register(whole), 1).state is SheetState.SCANNED


def test_a_missing_sheet_that_turns_up_is_returned() -> None:
    said: list[Said] = [
        (0, issue(1, 1)),
        (1, marked(SheetMark.MISSING, 1)),
        (2, marked(SheetMark.RETURNED, 1)),
    ]
    assert sheet(register(said), 1).state is SheetState.RETURNED


def test_a_sheet_scanned_again_after_it_was_entered_stays_entered() -> None:
    said: list[Said] = [
        (0, issue(1, 1)),
        (1, marked(SheetMark.ENTERED, 1)),
        (2, marked(SheetMark.SCANNED, 1)),
    ]
    assert sheet(register(said), 1).state is SheetState.ENTERED


def test_a_sheet_that_comes_back_after_it_was_destroyed_asks_for_a_person() -> None:
    gone: list[Said] = [(0, issue(1, 1)), (1, marked(SheetMark.DESTROYED, 1))]
    assert not sheet(register(gone), 1).came_back
    back = sheet(register([*gone, (2, marked(SheetMark.SCANNED, 1))]), 1)
    assert (back.state, back.came_back) == (SheetState.SCANNED, True)


def closed(number: int, *rows: str) -> RowsClosed:
    code = serial(number).code()
    return RowsClosed(image="", serial=code, page=1, rows=rows, of=2, how=Closed.ELSEWHERE)


def test_a_destroyed_sheet_that_is_entered_from_its_picture_stays_destroyed() -> None:
    said: list[Said] = [
        (0, issue(1, 1)),
        (1, marked(SheetMark.SCANNED, 1, pages=(1,))),
        (2, marked(SheetMark.DESTROYED, 1)),
        (3, closed(1, "0.0", "0.1")),
    ]
    gone = sheet(register(said), 1)
    assert (gone.state, gone.came_back) == (SheetState.DESTROYED, False)


def test_a_missing_sheet_that_was_entered_before_is_entered_when_it_turns_up() -> None:
    said: list[Said] = [
        (0, issue(1, 1)),
        (1, marked(SheetMark.SCANNED, 1, pages=(1,))),
        (2, closed(1, "0.0", "0.1")),
        (3, marked(SheetMark.MISSING, 1)),
    ]
    assert sheet(register(said), 1).state is SheetState.MISSING
    said.append((4, marked(SheetMark.RETURNED, 1)))
    assert sheet(register(said), 1).state is SheetState.ENTERED


def test_what_was_said_in_error_is_taken_back() -> None:
    said: list[Said] = [(0, issue(1, 1)), (1, marked(SheetMark.DESTROYED, 1))]
    name = sheet(register(said), 1).marks[0].entry
    assert sheet(register(said, voided=(name,)), 1).state is SheetState.OUT


def test_the_same_file_printed_again_is_counted_once_and_said() -> None:
    paperwork = register([(0, issue(1, 1, 1)), (1, issue(1, 1, 1))])
    assert paperwork.tally("GEN").issued == 2
    assert sheet(paperwork, 2).copies == 2


def test_two_jobs_that_claim_one_serial_are_named_and_counted_once() -> None:
    paperwork = register([(0, issue(1, 1, 1)), (1, issue(2, 1, 1))])
    assert paperwork.tally("GEN").issued == 2
    assert paperwork.clashes("GEN") == (serial(2).code(),)


def test_a_site_counts_its_own_strays_and_clashes_only() -> None:
    jobs: list[Said] = [
        (0, issue(1, 1, 1)),
        (1, issue(2, 1, 1)),
        (2, marked(SheetMark.RETURNED, 9)),
    ]
    paperwork = register(jobs)
    assert (paperwork.strays("GEN"), paperwork.strays("RVR")) == (1, 0)
    assert (len(paperwork.clashes("GEN")), paperwork.clashes("RVR")) == (1, ())


def test_what_is_said_of_a_sheet_before_its_print_job_is_known_counts_from_then() -> None:
    early = register([(1, marked(SheetMark.RETURNED, 1))])
    assert (early.strays("GEN"), early.tally("GEN")) == (1, Tally())
    late = register([(1, marked(SheetMark.RETURNED, 1)), (0, issue(1, 1))])
    assert (late.strays("GEN"), late.tally("GEN")) == (0, Tally(issued=1, returned=1))


def test_a_patients_sheets_are_found_under_every_number_they_had() -> None:
    paperwork = register([(0, issue(1, 1, 1, patients=(ANN, BEN))), (1, issue(5, 1))])
    assert [one.serial.number for one in paperwork.of_patient(lambda key: key in (ANN, BEN))] == [
        2,
        1,
    ]


jobs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), max_size=6).map(
    lambda found: [(at, issue(first * 4, 1, 2, 1, 1)) for at, first in found]
)
words = st.builds(
    lambda at, mark, numbers, pages: (at, marked(mark, *numbers, pages=pages)),
    st.integers(0, 30),
    st.sampled_from(SheetMark),
    st.lists(st.integers(0, 50), max_size=5),
    st.sampled_from([(), (1,), (2,), (1, 2)]),
)


@given(jobs, st.lists(words, max_size=30), st.randoms(use_true_random=False))
def test_issued_is_returned_and_missing_and_destroyed_and_out_always(
    issued: list[Said], said: list[Said], order: random.Random
) -> None:
    every = [*issued, *said]
    order.shuffle(every)
    for length in range(len(every) + 1):
        tally = register(every[:length]).tally("GEN")
        assert tally.adds_up()
    whole = register(every)
    seen = [one.state for one in whole.sheets("GEN")]
    assert tally == whole.tally("GEN")
    assert tally.issued == len(seen)
    assert len(whole.missing("GEN")) == tally.missing
    assert {one.serial for one in whole.missing("GEN")} == {
        one.serial for one in whole.sheets("GEN", states=(SheetState.MISSING,))
    }
    assert tally.back() == sum(one in ("returned", "scanned", "entered") for one in seen)
    assert (tally.missing, tally.destroyed) == (
        seen.count(SheetState.MISSING),
        seen.count(SheetState.DESTROYED),
    )


@given(jobs, st.lists(words, max_size=20), st.randoms(use_true_random=False))
def test_whatever_order_entries_arrive_in_every_sheet_is_in_the_same_state(
    issued: list[Said], said: list[Said], order: random.Random
) -> None:
    every = [*issued, *said]
    first = {one.serial: one.state for one in register(every).sheets("GEN")}
    order.shuffle(every)
    assert {one.serial: one.state for one in register(every).sheets("GEN")} == first


@given(jobs, st.lists(words, max_size=20))
def test_a_register_restored_from_a_snapshot_is_the_same(
    issued: list[Said], said: list[Said]
) -> None:
    before = register([*issued, *said])
    after = Paperwork()
    after.restore(before.snapshot())
    assert list(after.sheets("GEN")) == list(before.sheets("GEN"))
    assert after.tally("GEN") == before.tally("GEN")
    assert after.missing("GEN") == before.missing("GEN")
    assert after.strays("GEN") == before.strays("GEN")
    assert after.snapshot() == before.snapshot()
