from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.log.sealed import MAGIC, SealError, seal, unseal

KEY = bytes(range(32))


@given(st.binary(max_size=500))
def test_what_was_sealed_comes_back_and_stands_nowhere_in_the_file(body: bytes) -> None:
    sealed = seal(body, "views", KEY)
    assert unseal(sealed, "views", KEY) == body
    assert len(body) < 8 or body not in sealed.removeprefix(MAGIC)


@given(st.data())
def test_any_changed_bit_is_refused(data: st.DataObject) -> None:
    sealed = bytearray(seal(b"an invented chart", "views", KEY))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealError):
        unseal(bytes(sealed), "views", KEY)


@pytest.mark.parametrize("length", [0, 5, 20, 31, 40])
def test_a_file_that_was_cut_is_refused(length: int) -> None:
    with pytest.raises(SealError):
        unseal(seal(b"an invented chart", "views", KEY)[:length], "views", KEY)


def test_a_file_for_another_purpose_or_of_another_key_is_refused() -> None:
    sealed = seal(b"an invented chart", "views", KEY)
    for purpose, key in (("backup", KEY), ("views", bytes(32))):
        with pytest.raises(SealError, match="another"):
            unseal(sealed, purpose, key)


def test_the_same_content_is_never_sealed_alike() -> None:
    assert seal(b"same", "views", KEY) != seal(b"same", "views", KEY)
