from __future__ import annotations

import pytest

from wardlight.run.say import fail, harmless, line, table

HOSTILE = "\x1b[2J\x1b]0;owned\x07\x9b31mZEBRA\u202egnp.exe\r\n\x00\u2066[red]x[/red]"


def test_no_character_of_a_message_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    line(HOSTILE)
    table(("name",), [(HOSTILE,)])
    with pytest.raises(SystemExit):
        fail(HOSTILE)
    told = capsys.readouterr()
    for char in "\x1b\x07\x9b\u202e\r\x00\u2066":
        assert char not in told.out + told.err


def test_what_looks_like_markup_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    table(("name",), [("[red]ZEBRA[/red]",)])
    assert "[red]ZEBRA[/red]" in capsys.readouterr().out


def test_letters_of_any_language_stay() -> None:
    for name in ("Żółkiewska", "Nguyễn", "O'Brien", "山田", "Ümit—Örs", "ยา"):
        assert harmless(name) == name
