from __future__ import annotations

import json

import pytest

from wardlight.run.commands.say import document, fail, harmless, line, progress, shown, table

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


def test_json_says_the_same_without_a_character_that_steers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = HOSTILE + "\U000e0041 \u017b\u00f3\u0142kiewska"
    document("test.1", {"name": said})
    shown({"name": said})
    first, rest = capsys.readouterr().out.split("\n", 1)
    assert json.loads(first)["name"] == json.loads(rest)["name"] == said
    assert first.isprintable()
    assert all(line.isprintable() for line in rest.split("\n"))


def test_progress_does_not_steer_either(capsys: pytest.CaptureFixture[str]) -> None:
    progress(HOSTILE)
    assert all(part.isprintable() for part in capsys.readouterr().err.split("\n"))


def test_letters_of_any_language_stay() -> None:
    for name in ("Żółkiewska", "Nguyễn", "O'Brien", "山田", "Ümit—Örs", "ยา"):
        assert harmless(name) == name
