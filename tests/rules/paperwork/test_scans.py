from __future__ import annotations

import asyncio
from functools import cache

from hypothesis import given
from hypothesis import strategies as st
from tests.paper.scans.scanned import SEAL, SERIAL, codes_of
from tests.web.kept_copy import KeptCopy
from tests.web.screens import NUMBER, whole_ward
from tests.web.ward_of_28 import NOW, key_of

from wardlight.paper.sheet_codes import Seal, looks_like_ours
from wardlight.record.events.entered import unpacked
from wardlight.record.events.paperwork import Origin, SheetRun, SheetsIssued
from wardlight.record.events.scans import Outcome, PageScanned
from wardlight.rules.asking import Author
from wardlight.rules.paperwork.paperwork import issue_draft
from wardlight.rules.paperwork.scans import (
    OF_DRILL,
    CodeFound,
    Numbering,
    Placed,
    Seen,
    drafts_of,
    placed,
)

CHARACTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE = codes_of()[0]


@cache
def ward() -> KeptCopy:
    """Return the ward, with three sheets printed: two for one patient, one for nobody."""
    copy = whole_ward()
    run = SheetRun(form="W3A", first=SERIAL.code(), pages=(1, 1), patients=(key_of(NUMBER),) * 2)
    blank = SheetRun(form="W3A", first=SERIAL.after(2).code(), pages=(1,))
    said = SheetsIssued(runs=(run, blank), unit="4E", origin=Origin.PAD)
    draft = issue_draft(said, Author(account="a", name="RN A. Sample"), site="MMH", now=NOW)

    async def write() -> None:
        await copy.write(draft)

    asyncio.run(write())
    return copy


def found(*texts: str, labels: tuple[str, ...] = ()) -> Placed:
    """Return where a page with these codes belongs, as the node asks it."""
    ours = [text for text in texts if looks_like_ours(text)]
    opened = [SEAL.read(text) for text in ours]
    codes = [
        CodeFound(one.serial, one.form, one.page, one.corner, one.drill) for one in opened if one
    ]
    seen = Seen(codes=codes, strange=opened.count(None), labels=labels)
    return placed(seen, ward().views, Numbering())


def test_a_whole_page_belongs_to_whom_it_was_printed_for() -> None:
    assert found(*codes_of()).patient == key_of(NUMBER)


@given(st.integers(0, len(CODE) - 1), st.sampled_from(CHARACTERS), st.booleans())
def test_no_altered_code_ever_files_a_page(at: int, other: str, beside_good: bool) -> None:  # noqa: FBT001
    altered = CODE[:at] + other + CODE[at + 1 :]
    codes = [altered, *(codes_of()[1:] if beside_good else [])]
    where = found(*codes)
    if altered == CODE:
        assert where.patient
    elif beside_good and not looks_like_ours(altered):
        assert where.patient == key_of(NUMBER)  # it is no code of a sheet at all: three good ones
    else:
        assert not where.patient
        assert where.because


@given(st.integers(0, 2**20), st.binary(min_size=8, max_size=32))
def test_no_code_of_another_node_files_a_page(after: int, key: bytes) -> None:
    where = found(*codes_of(SERIAL.after(after), Seal(key)))
    assert not where.patient


@given(st.integers(3, 2**20))
def test_no_serial_that_was_not_printed_files_a_page(after: int) -> None:
    assert not found(*codes_of(SERIAL.after(after))).patient


@given(st.text(max_size=9))
def test_no_label_of_nobody_files_a_blank_sheet(label: str) -> None:
    where = found(*codes_of(SERIAL.after(2)), labels=(label,))
    assert not where.patient


def test_a_leftover_sheet_of_a_drill_waits_on_the_real_list_with_its_reason() -> None:
    code = CodeFound(SERIAL.after(9), "OBSA", 1, "A", drill=True)
    where = placed(Seen(codes=(code,), strange=0, labels=(NUMBER,)), ward().views, Numbering())
    assert (where.patient, where.because) == ("", OF_DRILL)
    read = PageScanned(image="ab" * 32, file="", number=1, outcome=Outcome.UNMATCHED)
    author = Author(account="a", name="Clerk A. Sample")
    [page] = drafts_of(read, where, author, site="MMH", now=NOW, intake="x")
    assert not unpacked(page.body).drill
