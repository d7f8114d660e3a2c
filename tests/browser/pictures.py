"""Take the pictures of docs/ anew: `python -m tests.browser.pictures docs`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright
from tests.browser.serving import served
from tests.browser.tablet import SENT
from tests.web.ward_of_28 import NOW

SHOWN = ("ward", "patient", "medicines", "register")
SIZES = ((1366, 768), (768, 1024))


def take(folder: Path) -> None:
    """Save each screen in both widths."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with served() as ward, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for width, height in SIZES:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.clock.set_system_time(NOW / 1000)  # a ward's clock, not this machine's
            for screen in SHOWN:
                page.goto(ward.url(screen))
                expect(page.locator("#link")).to_have_text(SENT)
                page.screenshot(path=folder / f"{screen}-{width}.png")
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
