"""The public page as it is copied to a host: from a folder, on a phone, by everybody."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Page
from tests.outputs.outside.published import Published

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = ("index.html", "index.es.html", "old/2026-11-22T023100Z/index.pt.html")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    node = Published(tmp_path_factory.mktemp("node"))
    node.approve(wait_minutes="12")
    node.look()
    return node.folder / "page"


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_the_page_of_a_folder(page: Page, folder: Path, name: str) -> None:
    for width in (1366, 768, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto((folder / name).as_uri())
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_its_style_comes_from_beside_it_and_the_languages_lead_to_each_other(
    page: Page, folder: Path
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / "index.html").as_uri())
    size = page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize")
    assert float(size.removesuffix("px")) >= 32
    page.get_by_role("link", name="Español").click()
    assert page.locator("html").get_attribute("lang") == "es"
    assert all(one.startswith("file:") for one in asked)
