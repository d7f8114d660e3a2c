"""Composite data types, whole and damaged."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardlight.wire.hl7v2 import types
from wardlight.wire.hl7v2.encoding import STANDARD
from wardlight.wire.hl7v2.types import CWE, CX, EI, HD, PL, TQ, XAD, XCN, XPN, XTN


@given(st.text(alphabet='^&~\\"a1 ', max_size=30))
def test_no_value_is_beyond_reading(value: str) -> None:
    for read in (
        types.cx,
        types.xpn,
        types.xcn,
        types.xad,
        types.xtn,
        types.pl,
        types.cwe,
        types.ei,
        types.tq,
    ):
        assert read(value, STANDARD).raw == value
    assert isinstance(types.hd(value, STANDARD), HD)


def test_an_identifier_keeps_its_zeros_and_its_authority() -> None:
    value = "000123^4^M10^GEN&1.2.3&ISO^MR^FAC&9"
    assert types.cx(value) == CX(value, "000123", HD("GEN", "1.2.3", "ISO"), "MR", "FAC")
    assert types.cx("77") == CX("77", "77")


def test_a_name_is_read_by_its_parts() -> None:
    value = "Beispiel&van^Zoë^Q^Jr^Ms^MD^L"
    assert types.xpn(value) == XPN(value, "Beispiel", "Zoë", "Q", "Jr", "Ms", "MD", "L")


def test_a_doctor_is_a_number_and_a_name() -> None:
    value = "4321^Attending^Anna^^^Dr^^^GEN&1&ISO"
    assert types.xcn(value) == XCN(
        value, "4321", "Attending", "Anna", "", "", "Dr", HD("GEN", "1", "ISO")
    )


def test_an_address_is_read_by_its_parts() -> None:
    value = "1 Sample \\T\\ St^^Town^ST^01234^XX^H"
    assert types.xad(value) == XAD(value, "1 Sample & St", "", "Town", "ST", "01234", "XX", "H")


def test_a_telephone_number_may_stand_in_its_parts() -> None:
    assert types.xtn("+1 555 0100^PRN^PH") == XTN("+1 555 0100^PRN^PH", "+1 555 0100", "PRN", "PH")
    assert types.xtn("^^^a@example.org^1^555^0100^7").number == "+1 555 0100 x7"
    assert types.xtn("^^^^^^^^^^^555 0100").number == "555 0100"


def test_a_unit_alone_is_a_place() -> None:
    assert types.pl("3WEST") == PL("3WEST", "3WEST")
    assert types.pl("3W^312^B^GEN&1^^N^MAIN^3").bed == "B"


def test_t15_an_ampersand_in_a_coded_text_is_a_character() -> None:
    value = "A1^AT&T syrup^L^B2^R&D^L2^^^as & sent"
    assert types.cwe(value) == CWE(value, "A1", "AT&T syrup", "L", "B2", "R&D", "L2", "as & sent")


def test_the_words_of_a_code_are_its_text_else_the_code() -> None:
    assert [types.cwe(value).words for value in ("A^b", "A", "^^^^^^^^orig")] == ["b", "A", "orig"]


def test_an_order_number_keeps_who_gave_it() -> None:
    assert types.ei("77^LAB^1.2^ISO") == EI("77^LAB^1.2^ISO", "77", "LAB", "1.2", "ISO")


def test_an_old_timing_value_is_read_by_its_parts() -> None:
    value = "1&TAB^Q6H&0600,1200^D5^20260101^20260106^R^^with food"
    expected = TQ(
        value, "1", "TAB", "Q6H", "0600,1200", "D5", "20260101", "20260106", "R", "", "with food"
    )
    assert types.tq(value) == expected
