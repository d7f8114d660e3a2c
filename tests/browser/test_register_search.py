"""The tablet's own search answers as the node does: one table of cases for both."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page
from tests.views.patients.similar_cases import FILE
from tests.web.test_old_browsers import TOO_NEW_SCRIPT, bare

from wardlight.web.page import HERE

SCRIPTS = [HERE / "static" / name for name in ("register_search.js", "register_choice.js")]
TABLE: dict[str, Any] = msgspec.json.decode(FILE.read_bytes())
HELD = {
    "as_of": "22-Nov 02:31",
    "rows": [{**row, "h": f"h{number}"} for number, row in enumerate(TABLE["rows"])],
}


@pytest.fixture
def tablet(page: Page) -> Page:
    page.set_content("<form><div id=found></div></form>")
    for script in SCRIPTS:
        page.add_script_tag(content=script.read_text("utf-8"))
    return page


def shown(tablet: Page, held: dict[str, Any], **looked: str) -> str:
    tablet.evaluate(
        "([held, looked]) => window.wardlight.search.show("
        "document.getElementById('found'), held, looked, 2026)",
        [held, looked],
    )
    return tablet.inner_text("#found")


def test_the_tablet_finds_the_same_people_for_the_same_reasons(tablet: Page) -> None:
    found = tablet.evaluate(
        "table => table.cases.map(one => "
        "window.wardlight.search.candidates(one.looked, table.rows, table.year))",
        TABLE,
    )
    for case, answer in zip(TABLE["cases"], found, strict=True):
        assert answer == case["found"], case["says"]


def test_it_says_from_which_list_and_lets_a_person_choose(tablet: Page) -> None:
    text = shown(tablet, HELD, family="O'Brien", given="Siobhan")
    assert "2 people look like this, of 12 on this tablet as of 22-Nov 02:31" in text
    assert "same family name, same given name NAME ALERT" in text
    values = tablet.eval_on_selector_all("input", "all => all.map(one => one.value)")
    assert values == ["h0", "h1", ""]
    assert tablet.locator("input:checked").count() == 0


def test_hostile_names_are_text(tablet: Page) -> None:
    row = {"n": [["<img src=x onerror=alert(1)>", "<b>"]], "h": "h0"}
    text = shown(tablet, {**HELD, "rows": [row]}, family="<img src=x onerror=alert(1)>")
    assert "<IMG SRC=X ONERROR=ALERT(1)>, <b>" in text
    assert tablet.locator("#found img").count() == 0


def test_two_thousand_people_are_searched_while_somebody_types(tablet: Page) -> None:
    took = tablet.evaluate(
        "table => { const rows = [].concat(...Array(170).fill(table.rows));"
        "const began = performance.now();"
        "window.wardlight.search.candidates(table.cases[1].looked, rows, 2026);"
        "return performance.now() - began; }",
        TABLE,
    )
    assert took < 500


@pytest.mark.parametrize(("what", "pattern"), TOO_NEW_SCRIPT.items())
def test_its_scripts_have_nothing_newer_than_2017(what: str, pattern: str) -> None:
    for script in SCRIPTS:
        assert re.findall(pattern, bare(script.read_text("utf-8")), re.MULTILINE) == [], what


def test_its_search_stays_small() -> None:
    assert len(SCRIPTS[0].read_text("utf-8").splitlines()) <= 150
