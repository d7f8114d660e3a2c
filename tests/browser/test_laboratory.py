"""The lab loop in a browser: asked for, received, typed, acknowledged; every page accessible."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has no types
from playwright.sync_api import Locator, Page, expect
from tests.browser.test_screens import RULES
from tests.web.test_laboratory import HANDLE, NUMBERS, PAGE, Lab
from tests.web.ward_of_28 import NOW

PAGES = (
    *("board", "patient", "specimen", "to receive", "unit"),
    *("imaging", "imaging list", "blood", "blood list"),
)


class Served:
    """A laboratory with something on every list, served on this machine."""

    def __init__(self) -> None:
        self.lab = Lab()
        self.specimen = self.lab.resulted()
        self.waiting = self.lab.asked()
        self.imaging = self._imaging()
        self.blood = self._blood()
        self.address = ""

    def path(self, page: str) -> str:
        """Return the address of a page."""
        return {
            "board": "/laboratory/MMH",
            "patient": PAGE,
            "specimen": f"/laboratory/MMH/specimen/{self.specimen}",
            "to receive": f"/laboratory/MMH/specimen/{self.waiting}",
            "unit": "/laboratory/MMH/unit/4E",
            "imaging": f"/imaging/MMH/{self.imaging}",
            "imaging list": "/imaging/MMH",
            "blood": f"/blood/MMH/{self.blood}",
            "blood list": "/blood/MMH",
        }[page]

    def _imaging(self) -> str:
        lab = self.lab
        asked = (("study", "CT head"), ("side", "no side"), ("priority", "STAT"), ("callback", "1"))
        more = (("clinical", "fall"), ("contrast_allergy", "no"), ("pregnancy", "no"))
        told = lab.enter("imaging.requested", *lab.label, *asked, *more, handle=HANDLE)
        about = ("request", told["id"])
        lab.enter("imaging.performed", about, *lab.label, ("images_with", "Dr Okafor"))
        read = (("reading", "preliminary"), ("text", "subdural"), ("read_by", "Dr Okafor"))
        lab.enter("imaging.read", about, *read, ("critical", "yes"))
        return str(told["id"])

    def _blood(self) -> str:
        lab = self.lab
        asked = (("product", "red cells"), ("units", "2"), ("priority", "STAT"), ("callback", "1"))
        signed = ("emergency_by", "Dr Patel")
        told = lab.enter("blood.requested", *lab.label, *asked, signed, handle=HANDLE)
        unit = (("request", told["id"]), ("unit", "W1"), ("group", "O neg"), ("to", "porter"))
        lab.enter("blood.issued", *unit, ("match", "emergency release, not crossmatched"))
        return str(told["id"])


@contextlib.contextmanager
def served() -> Iterator[Served]:
    """Serve the laboratory until the block ends."""
    with ThreadPoolExecutor(1) as aside:  # the browser's own loop runs in this thread
        running = aside.submit(Served).result()
    listener = socket.create_server(("127.0.0.1", 0))
    running.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    app = running.lab.site.app
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.should_exit = True
        thread.join(timeout=5)


@pytest.fixture(scope="module")
def loop() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.mark.parametrize("width", [1366, 768])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(page: Page, loop: Served, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(loop.address + loop.path(name))
    for summary in page.locator("main summary").all():
        summary.click()
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_stands_outside_the_window(page: Page, loop: Served, name: str) -> None:
    page.goto(loop.address + loop.path(name))
    wide: dict[int, int] = {}
    for width in (1366, 1024, 768, 640, 390):
        page.set_viewport_size({"width": width, "height": 768})
        wide[width] = page.evaluate("document.documentElement.scrollWidth")
    assert {width: most for width, most in wide.items() if most > width} == {}


def saved(page: Page, button: str) -> None:
    """Press a form's button; the node acknowledges the entry and the page is shown anew."""
    with page.expect_navigation(), page.expect_response(re.compile("/entries$")) as answer:
        page.get_by_role("button", name=button).first.click()
    assert answer.value.status == HTTPStatus.OK


def fill_label(form: Locator, running: Served, what: str) -> None:
    """Read number and birth date off a label."""
    number, birth = (value for _, value in running.lab.label)
    form.get_by_label(f"{what}: number").fill(number)
    form.get_by_label("birth date").fill(birth)


def test_a_specimen_goes_from_the_bedside_to_the_acknowledged_result(page: Page) -> None:
    with served() as running:
        page.clock.install(time=NOW / 1_000)
        page.goto(running.address + PAGE)
        form = page.locator("#ask-laboratory")
        fill_label(form, running, "Label")
        form.get_by_label("Lactate").check()
        form.get_by_label("Specimen and site").fill("venous blood")
        form.get_by_label("Phone on this ward").fill("5512")
        saved(page, "Ask for these tests")
        page.goto(running.address + "/laboratory/MMH")
        page.locator("#to-receive").get_by_role("link", name="Lactate").click()
        fill_label(page.locator("#receive"), running, "Tube")
        page.locator("#receive").get_by_label("Accession number").fill(NUMBERS[7])
        saved(page, "Receive")
        expect(page.locator("h1")).to_have_text(NUMBERS[7])
        fill_label(page.locator("#enter"), running, "Tube")
        page.locator("#enter").get_by_label("Value 1").fill("5.8")
        saved(page, "File these results")
        expect(page.locator("#tell")).to_contain_text("CRITICALLY HIGH")
        page.goto(running.address + PAGE)
        waiting = page.locator("#waiting .notice", has_text="Lactate 5.8 mmol/L (CRITICALLY HIGH)")
        with page.expect_navigation():
            waiting.get_by_role("button", name="Seen: I answer for it").click()
        expect(page.locator("#waiting")).not_to_contain_text("Lactate")


def test_another_patients_label_stops_the_form_and_keeps_what_was_typed(page: Page) -> None:
    with served() as running:
        page.clock.install(time=NOW / 1_000)
        page.goto(running.address + running.path("specimen"))
        form = page.locator("#enter")
        form.get_by_label("Tube: number").fill("0000000014")
        form.get_by_label("birth date").fill(running.lab.label[1][1])
        form.get_by_label("Value 1").fill("139")
        form.get_by_role("button", name="File these results").click()
        expect(form.locator(".entry-errors")).to_contain_text("STOP. The number on the label")
        expect(form.get_by_label("Value 1")).to_have_value("139")
        steps = running.lab.copy.views.loops.steps(running.specimen)
        assert len(steps) == 3
