from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardlight.record.instants import Instant
from wardlight.web.access.tokens import TOKEN_MAX, Grant, Session, Station, Tokens

TOKENS = Tokens(b"a key of the tests")
SESSION = Session("5e55", "amensah", "57a7", Instant(1_799_000_000_000), "badge")
TOKEN = TOKENS.made(SESSION)


def test_a_token_says_again_what_was_put_in() -> None:
    assert TOKENS.read(TOKEN, Session) == SESSION


def test_a_token_of_another_node_is_none_of_ours() -> None:
    assert Tokens(b"another key").read(TOKEN, Session) is None


def test_a_token_for_one_purpose_is_never_taken_for_another() -> None:
    assert TOKENS.read(TOKENS.made(Station("57a7", Instant(0))), Session) is None
    assert TOKENS.read(TOKEN, Grant) is None


@pytest.mark.parametrize("place", range(0, len(TOKEN), 7))
def test_a_token_with_one_letter_changed_says_nothing(place: int) -> None:
    other = "A" if TOKEN[place] != "A" else "B"
    assert TOKENS.read(TOKEN[:place] + other + TOKEN[place + 1 :], Session) is None


@pytest.mark.parametrize("token", ["", ".", "e30.", "e30", "\u0661.\u0661", "ä.ö", "a" * 9_000])
def test_what_is_no_token_says_nothing(token: str) -> None:
    assert TOKENS.read(token, Session) is None


def test_a_body_that_was_swapped_is_not_believed() -> None:
    other = TOKENS.made(Session("5e55", "hadmin", "57a7", Instant(0)))
    forged = other.partition(".")[0] + "." + TOKEN.partition(".")[2]
    assert TOKENS.read(forged, Session) is None


def test_a_token_fits_into_a_cookie_with_the_longest_names_there_are() -> None:
    grant = Grant("a" * 60, "ß" * 120, "privacy officer", "s" * 60)
    assert len(TOKENS.made(grant)) < TOKEN_MAX


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_sent_as_a_token_is_answered(token: str) -> None:
    assert TOKENS.read(token, Session) is None
