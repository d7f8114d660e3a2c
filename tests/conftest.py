"""What every test stands on: no network, the corpora and a browser where there are any."""

from __future__ import annotations

import shutil
import socket
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from playwright.sync_api import expect, sync_playwright
from tests.durability.conftest import new_trial  # noqa: F401 -- a fixture for every folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route

ROOT = Path(__file__).parents[1]
PURE = frozenset({"paper", "plan", "record", "rules", "style", "views", "wire"})
# At the end of a run one worker would sit alone with a file of these, or with what is slow.
LONG = frozenset({"browser", "durability", "planted"})
HERE = frozenset({"127.0.0.1", "::1", "localhost"})
EXPECTED_MS_MAX = (
    20_000  # a busy machine shows late what it shows; what never comes fails all the same
)
QUICK_EXAMPLES = 25  # of each hundred, in `make check`; `make test` makes them all
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
# Quiet and alone: no sandbox because the tests also run as root, nothing fetched behind our back.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

expect.set_options(timeout=EXPECTED_MS_MAX)
# How long one example takes says more about the neighbours of the machine than about the product.
settings.register_profile("no deadline", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=QUICK_EXAMPLES)
settings.load_profile("no deadline")


class NetworkUsedError(AssertionError):
    """A test opened a connection that its kind of test may not open."""


def _stage(item: pytest.Item) -> str:
    return _folder(item.path)


def _folder(path: Path) -> str:
    return path.relative_to(ROOT / "tests").parts[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by folder, so that no test has to say it again; what takes minutes begins first."""
    for item in items:
        if _stage(item) == "browser":
            item.add_marker(pytest.mark.browser)
        elif _stage(item) in {"scenarios", "simulated"}:
            item.add_marker(pytest.mark.slow)
    places = _places(items)
    items.sort(key=lambda item: places[item.path])


def _places(items: list[pytest.Item]) -> dict[Path, int]:
    """Return when each file begins: long ones first, a browser's beside one without a browser.

    Two workers that draw pages at once keep each other waiting until something gives up.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    every = dict.fromkeys(item.path for item in items)
    browsers = dict.fromkeys(item.path for item in items if _stage(item) == "browser")
    long = dict.fromkeys(one for one in every if one in slow or _folder(one) in LONG)
    others = [path for path in long if path not in browsers]
    pairs = chain.from_iterable(zip_longest(browsers, others))
    order = dict.fromkeys([*(one for one in pairs if one is not None), *every])
    return {path: place for place, path in enumerate(order)}


@pytest.fixture(autouse=True)
def _network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Close the network: altogether for the pure half, beyond this machine for the rest."""
    allowed = frozenset[str]() if _stage(request.node) in PURE else HERE
    connect = socket.socket.connect

    def guarded(sock: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in allowed:
            raise NetworkUsedError(f"this test may connect to {sorted(allowed) or 'nothing'}")
        connect(sock, address)  # type: ignore[arg-type]  # unix paths and loopback, as given

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of corpora beside the repository; they are never part of it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no ../shared beside the repository: the corpora are not here")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the browser; skip where there is none."""
    for name in CHROMIUM_NAMES:
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Start a browser for one module: longer would leave its event loop in other tests' way."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open an empty page in a ward PC's window; any request beyond this machine fails the test."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    outbound: list[str] = []

    def watch(route: Route) -> None:
        host = route.request.url.split("//")[-1].split("/")[0].rsplit(":", 1)[0].strip("[]")
        if host in HERE or not route.request.url.startswith("http"):
            route.continue_()
        else:
            outbound.append(host)
            route.abort()

    context.route("**/*", watch)
    opened = context.new_page()
    yield opened
    context.close()
    assert outbound == [], "the page asked for something beyond this machine"
