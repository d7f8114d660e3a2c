"""Escapes decoded, lone backslashes kept, markup stripped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlight.wire.hl7v2.encoding import STANDARD, Encoding
from wardlight.wire.hl7v2.markup import display_text, inert
from wardlight.wire.hl7v2.text import escape, first_reader, piece, plain, prose, unescape

ENCODINGS = st.sampled_from([STANDARD, Encoding("%", "~", "^", "$", "@"), Encoding(truncation="#")])
TEXTS = st.text(max_size=40) | st.text(alphabet="\\|^~&#FSTRE.brX09AD\n", max_size=20)


@given(TEXTS.filter(lambda text: "\r" not in text), ENCODINGS)
def test_what_is_escaped_comes_back_the_same(text: str, encoding: Encoding) -> None:
    assert unescape(escape(text, encoding), encoding) == text


@given(TEXTS, ENCODINGS)
def test_escaped_text_holds_no_separator_and_no_control_byte(text: str, encoding: Encoding) -> None:
    written = escape(text, encoding)
    marks = {
        encoding.field,
        encoding.component,
        encoding.repetition,
        encoding.subcomponent,
        "\r",
        "\n",
        "\x0b",
        "\x1c",
    }
    assert not marks & set(written)


@given(TEXTS, ENCODINGS)
def test_no_text_is_beyond_reading(text: str, encoding: Encoding) -> None:
    for read in (unescape, piece, plain, prose, display_text):
        assert isinstance(read(text, encoding), str)
    assert first_reader(encoding)(text) == piece(text, encoding)


def test_a_sender_without_an_escape_gets_blanks_for_separators() -> None:
    assert escape("a|b^c", Encoding("|", "^", "~", "", "")) == "a b c"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f", "a|b^c&d~e\\f"),
        ("one\\.br\\two\\.sp\\three\\.ce\\four", "one\ntwo\nthree\nfour"),
        ("one\\.sp3\\two\\.sp+2\\x", "one\n\n\ntwo\n\nx"),
        ("\\.in+2\\a\\.ti-2\\b\\.fi\\c\\.nf\\d\\.sk3\\e", "abcd   e"),
        ("\\H\\bold\\N\\", "bold"),
        ("a\\X0D0A\\b\\XC3A9\\\\XC3\\\\XA9\\", "a\nbéé"),
        ("\\Zxx\\ \\C2842\\ \\M24423B\\", "\\Zxx\\ \\C2842\\ \\M24423B\\"),
    ],
)
def test_t13_escapes_are_decoded_and_unknown_ones_shown(sent: str, shown: str) -> None:
    assert unescape(sent, STANDARD) == shown


def test_t13_hexadecimal_is_in_the_messages_own_charset() -> None:
    assert unescape("\\XE9\\", Encoding(charset="cp1252")) == "é"
    assert unescape("\\XE9\\", STANDARD) == "é"


@pytest.mark.parametrize(
    "text",
    ["50\\% O2", "5\\10 pain", "\\\\server\\share", "a\\", "\\", "\\\\", "\\X0\\", "C:\\temp\\new"],
)
def test_t14_a_lone_backslash_is_a_backslash(text: str) -> None:
    assert unescape(text, STANDARD) == text


def test_t14_a_lone_backslash_does_not_hide_the_escape_after_it() -> None:
    assert unescape("50\\% O2 \\T\\ air", STANDARD) == "50\\% O2 & air"


@pytest.mark.parametrize("name", ["AT&T", "R&D", "50|50 mix", "O2~2 l ^ mask"])
def test_t15_separators_in_prose_are_characters(name: str) -> None:
    assert prose(name, STANDARD) == name


def test_t16_html_becomes_lines_of_text_without_scripts() -> None:
    page = (
        "<html><head><title>t</title></head><body><p>BP &lt; 90<br/>R&amp;D</p>"
        "<script>alert(1)</script>end</body></html>"
    )
    assert inert(page) == "BP < 90\nR&D\nend"


def test_t16_an_unclosed_script_shows_nothing_of_itself() -> None:
    assert inert("<b>Seen</b><script>alert(1)") == "Seen"


def test_t16_a_comparison_is_not_html() -> None:
    assert inert("Na <135 and K >5.0, a < b") == "Na <135 and K >5.0, a < b"


def test_t16_rtf_becomes_its_words() -> None:
    rtf = (
        "{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\*\\gen x}"
        "\\b Chest\\b0  clear\\par caf\\'e9 \\u8364? \\{ok\\}}"
    )
    assert inert(rtf) == "Chest clear\ncafé € {ok}"


def test_t16_control_characters_do_not_reach_a_screen() -> None:
    assert inert("a\x07b\x9bc\td\ne") == "abc\td\ne"


def test_t16_repetitions_of_a_report_are_lines_but_a_tilde_before_a_number_stays() -> None:
    assert display_text("Line one~Line two~5 ml left", STANDARD) == "Line one\nLine two~5 ml left"


def test_t20_numbers_are_kept_as_text() -> None:
    assert [piece(value, STANDARD) for value in ("<0.5", ">=100", "1:80", "12,5", "pos")] == [
        "<0.5",
        ">=100",
        "1:80",
        "12,5",
        "pos",
    ]
    assert piece("^182", STANDARD, 2) == "182"


def test_the_first_subcomponent_stands_for_a_component() -> None:
    assert plain("GEN&1.2.3&ISO", STANDARD) == "GEN"
