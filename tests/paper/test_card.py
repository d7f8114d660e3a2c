"""One-time cards, printed and read back."""

from __future__ import annotations

import pytest
from tests.paper.printed import Printed

from wardlight.paper.card import CardSheet, card_pages
from wardlight.paper.typeset import Press

CODES = tuple(f"K7QX-4M2{end}" for end in "0123456789")
CARD = CardSheet(
    site="Marble City Memorial",
    name="RN A. Mensah-Sample",
    role="nurse",
    account="amensah",
    made="23-Nov-2026 11:10",
    codes=CODES,
)


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_a_card_is_one_page_with_every_code_and_whose_it_is(press: Press, paper: str) -> None:
    (text,) = Printed(card_pages([CARD], press, paper=paper).body).texts
    for said in (*CODES, "RN A. Mensah-Sample", "Account amensah", "Made 23-Nov-2026 11:10"):
        assert said in text


def test_each_person_has_a_page_of_their_own(press: Press) -> None:
    other = CardSheet(site="", name="B", role="", account="b", made="", codes=("0000-1111",))
    printed = Printed(card_pages([CARD, other], press).body)
    assert ["0000-1111" in text for text in printed.texts] == [False, True]


def test_no_code_stands_above_the_fold(press: Press) -> None:
    (text,) = Printed(card_pages([CARD], press).body).texts
    outside, _, inside = text.partition("Fold here, codes inside")
    assert [code in outside for code in CODES] == [False] * 10
    assert [code in inside for code in CODES] == [True] * 10


def test_a_card_in_a_log_or_an_error_shows_none_of_its_codes() -> None:
    assert repr(CARD) == "CardSheet(amensah)"


def test_a_name_of_any_characters_is_printed_as_it_is(press: Press) -> None:
    hostile = CardSheet(
        site="", name="#panic() *x* $y$ </b>", role="", account="a", made="", codes=("0-1",)
    )
    (text,) = Printed(card_pages([hostile], press).body).texts
    assert "#panic() *x* $y$ </b>" in text
