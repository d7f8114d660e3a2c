"""The page of a share, printed and read back."""

from __future__ import annotations

import pytest
from tests.paper.printed import Printed

from wardlight.paper.share import Share, share_page, share_text
from wardlight.paper.typeset import Press

LONGEST = (
    "academic",
    "acquire",
    "advocate",
    "alcohol",
    "capacity",
    "ceramic",
    "crystal",
    "criminal",
)
WORDS = (LONGEST * 5)[:33]
SHARE = Share(
    node="MMH",
    check="7417eb82c5489cca",
    number=2,
    total=5,
    needed=3,
    set_number=27058,
    made="2026-11-23",
    words=WORDS,
)
NUMBERED = [f"{place} {word}" for place, word in enumerate(WORDS, 1)]


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_a_share_is_one_page_with_every_word_behind_its_number(press: Press, paper: str) -> None:
    printed = Printed(share_page(SHARE, press, paper=paper).body)
    assert len(printed.texts) == 1
    for numbered in NUMBERED:
        assert f"{numbered} " in printed.texts[0]


def test_the_page_says_whose_key_which_share_and_what_to_do(press: Press) -> None:
    [text] = Printed(share_page(SHARE, press).body).texts
    for said in (
        "Node MMH",
        "Key check 7417eb82c5489cca",
        "Share 2 of 5, 3 are needed",
        "Set 27058, made 2026-11-23",
        "wardlight keys recover",
    ):
        assert said in text


def test_no_word_reaches_the_edge_of_the_paper(press: Press) -> None:
    image = Printed(share_page(SHARE, press).body).image(0).convert("L")
    ink = image.point(lambda value: 255 - value).getbbox()
    assert ink is not None
    left, top, right, bottom = ink
    assert min(left, top, image.width - right, image.height - bottom) > 90  # 15 mm at 150 dpi


def test_the_text_of_a_share_fits_on_a_page_of_80_columns() -> None:
    lines = share_text(SHARE).splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 60
    assert lines[7] == " 1 academic      12 alcohol       23 crystal"
