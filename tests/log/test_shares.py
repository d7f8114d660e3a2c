"""Five shares of a secret: any three bring it back, and a wrong one is named."""

from __future__ import annotations

from itertools import combinations

import msgspec
import pytest

from wardlight.log.keys import Keys
from wardlight.log.shares import ShareError, Typed, joined, read_share, split, typed_shares
from wardlight.paper.share import Share, share_text

KEYS = Keys(bytes(range(32)))


@pytest.fixture(scope="module")
def shares() -> list[Share]:
    return split(KEYS, "MMH", "2026-11-23")


def _read(shares: list[Share]) -> list[Typed]:
    return [read_share(share_text(share), f"share {share.number}") for share in shares]


def test_any_three_of_the_five_bring_the_key_back(shares: list[Share]) -> None:
    for three in combinations(_read(shares), 3):
        assert joined(three) == KEYS


def test_two_are_not_enough_and_neither_is_one_given_twice(shares: list[Share]) -> None:
    first, second, *_ = _read(shares)
    with pytest.raises(ShareError, match="2 different shares given; 3 are needed"):
        joined([first, second, second])


def test_shares_of_two_sets_of_one_key_do_not_mix(shares: list[Share]) -> None:
    mixed = _read([*shares[:2], split(KEYS, "MMH", "2026-11-24")[2]])
    with pytest.raises(ShareError, match=r"share 3 is of set .*take shares of one set"):
        joined(mixed)


def test_a_wrong_word_is_named_by_its_place_and_never_repeated(shares: list[Share]) -> None:
    words = ("zzzz", *shares[0].words[1:])
    with pytest.raises(ShareError, match="share 1: word 1 is none of the list") as caught:
        joined([Typed("share 1", words)])
    assert "zzzz" not in str(caught.value)


def test_two_swapped_words_are_noticed(shares: list[Share]) -> None:
    words = list(shares[1].words)
    words[8], words[9] = words[9], words[8]
    with pytest.raises(ShareError, match="share 2: the words do not fit their checksum"):
        joined([Typed("share 2", tuple(words))])


def test_words_are_typed_with_their_numbers_or_without(shares: list[Share]) -> None:
    bare = "\n".join(" ".join(share.words).upper() for share in shares[:2])
    numbered = " ".join(f"{place}. {word}" for place, word in enumerate(shares[2].words, 1))
    assert joined(typed_shares(f"{bare}\n{numbered}\n")) == KEYS


def test_a_share_that_stops_early_is_named(shares: list[Share]) -> None:
    with pytest.raises(ShareError, match="share 1 has 12 words; a share has 33"):
        joined(typed_shares(" ".join(shares[0].words[:12])))


def test_a_share_that_names_another_key_is_refused(shares: list[Share]) -> None:
    other = msgspec.structs.replace(shares[2], check="0123456789abcdef")
    with pytest.raises(ShareError, match="share 3 names the key check 0123456789abcdef, but"):
        joined(_read([*shares[:2], other]))


def test_no_share_shows_its_words_by_accident(shares: list[Share]) -> None:
    said = repr(shares) + repr(_read(shares))
    assert not any(f" {word}" in said for word in shares[0].words if len(word) > 5)
