from __future__ import annotations

from msgspec.structs import replace
from tests.web.screens import screens, whole_ward, words
from tests.web.ward_of_28 import NOW

from wardlight.web.care import CareRow


def shown(*rows: CareRow) -> str:
    opened = screens(whole_ward())
    opened.app.state.desk = replace(opened.app.state.desk, care=lambda: rows)
    return words(opened.get("/feeds").text)


def test_the_feeds_screen_says_how_the_log_is_looked_after() -> None:
    said = shown(CareRow(what="Mirror of the log", good=True, said="7 entries, 2 behind", at=NOW))
    assert "Mirror of the log Good 7 entries, 2 behind" in said


def test_a_failed_scrub_is_not_drawn_like_a_good_one() -> None:
    said = shown(CareRow(what="Verification", good=False, said="the log is damaged", at=NOW))
    assert "Verification NOT GOOD the log is damaged" in said
