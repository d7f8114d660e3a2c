"""To which stated address a message may be sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.record.mail_address import LETTERS_MAX, mail_address


@pytest.mark.parametrize(
    "stated", ["ada@example.org", "a.b+visits@mail.example.co.uk", "O'Sample_1@example.org"]
)
def test_a_plain_address_is_kept_as_it_is(stated: str) -> None:
    assert mail_address(f" mailto:{stated} ".replace(" mailto:", "mailto:")) == stated


@pytest.mark.parametrize(
    "stated",
    [
        *("", "ada", "ada@", "@example.org", "ada@localhost", "a..b@example.org"),
        *("a@example.org, b@example.org", "a@example.org;b@example.org", "Ada <a@example.org>"),
        *("a@example.org\r\nBcc: b@example.org", "=1+a@example.org", "+a@example.org", "-a@b.org"),
        *("a b@example.org", '"a"@example.org', "a@-example.org", f"{'a' * 65}@example.org"),
    ],
)
def test_what_could_be_two_or_hide_something_is_no_address(stated: str) -> None:
    assert mail_address(stated) == ""


@given(st.text(alphabet="ab@.+-=\r\n,<> \"'", max_size=40))
def test_whatever_is_stated_an_address_is_one_line_with_one_at(stated: str) -> None:
    found = mail_address(stated)
    assert found == "" or (found.count("@") == 1 and found.isprintable() and " " not in found)
    assert len(found) <= LETTERS_MAX
