from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.paper.printed import FIRST, RUN, SEAL

from wardlight.paper.sheet_codes import CODE_MAX, CORNERS, PageCode, Seal, drawn, looks_like_ours
from wardlight.record.field_32 import ALPHABET

CODE = SEAL.code("W3A", 2, FIRST, "B", drill=False)


def test_a_code_says_form_page_sheet_and_corner_and_nothing_else() -> None:
    assert CODE == "WL2.W3A.02.NF6Y00000Z8.9MJC3M4.B"
    assert SEAL.read(CODE) == PageCode("W3A", 2, FIRST, "B")


def test_a_code_fits_the_symbol_that_a_scan_of_150_dpi_reads() -> None:
    longest = SEAL.code("ABCDEFGH", 99, FIRST, "D", drill=True)
    assert len(longest) <= CODE_MAX
    assert drawn(longest)[0] == 25


@given(st.integers(0, len(CODE) - 1), st.sampled_from(ALPHABET + "."))
def test_an_altered_code_is_none_of_ours(at: int, char: str) -> None:
    altered = CODE[:at] + char + CODE[at + 1 :]
    assert (SEAL.read(altered) is None) == (altered != CODE)


@given(st.text(max_size=60))
def test_whatever_else_a_scanner_reads_is_none_of_ours(text: str) -> None:
    assert SEAL.read(text) is None


def test_a_code_of_another_node_has_the_shape_and_does_not_open() -> None:
    theirs = Seal(b"1" * 32).code("W3A", 2, FIRST, "B", drill=False)
    assert looks_like_ours(theirs)
    assert SEAL.read(theirs) is None


def test_a_drills_code_says_so_and_is_no_real_one() -> None:
    drill = SEAL.code("W3A", 2, FIRST, "B", drill=True)
    found = SEAL.read(drill)
    assert found is not None
    assert found.drill
    assert SEAL.read(drill.replace("WD2", "WL2")) is None


def test_the_corners_of_a_page_cannot_be_exchanged() -> None:
    codes = RUN.codes("W3A", 1, 0)
    assert [SEAL.read(one).corner for one in codes if SEAL.read(one)] == list(CORNERS)  # type: ignore[union-attr]
    swapped = codes[0][:-1] + "B"
    assert SEAL.read(swapped) is None
