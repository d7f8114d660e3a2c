"""A tablet on a ward: the form in its browser, the network it hangs on, the node behind it."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from json import loads
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import BrowserContext, Page, expect
from tests.browser.proxy import Proxy, proxied
from tests.browser.stub_intake import HEAD

START_S_MAX = 30
STEP_S = 0.02
SENT = "\N{CHECK MARK} Connected \N{EN DASH} everything sent"
AWAY = "\N{BLACK UP-POINTING TRIANGLE} Server not reachable \N{EN DASH} "
WAITING = AWAY + "{} saved on this tablet, will send by themselves"
FORM = """</head><body><header class="chrome"><p class="link" id="link" role="status"></p></header>
<main id="main"><h1>Observations</h1>
<form class="entry" method="post" action="/entries" data-kind="vitals.charted"
 data-patient="{patient}" data-site="{site}" data-label="O'BRIEN S. observations"{more}>
<input type="hidden" name="id" value="{server_id}">
<input type="hidden" name="kind" value="vitals.charted">
<input type="hidden" name="patient" value="{patient}">
<input type="hidden" name="site" value="{site}"><input type="hidden" name="by" value="">
<div class="entry-errors"></div>
<label for="pulse">Pulse</label><input id="pulse" name="pulse" type="text"
 data-low="30" data-high="220" data-warn-code="unlikely-value" data-warn="Rare: look again.">
<label for="note">Note</label><input id="note" name="note" type="text">
<div class="entry-warnings"></div><p class="entry-saved" role="status"></p>
<button type="submit">Save</button></form>
<a href="/my-entries">My entries</a></main></body></html>"""


class NodeBehind(Protocol):
    """What takes the entries in, in a process that can be killed."""

    port: int
    site: str
    patient: str
    grants: tuple[str, str]  # of two people who work there

    def start(self) -> None: ...
    def sign_in(self, context: BrowserContext, address: str) -> None: ...
    def kill(self) -> None: ...
    def pulses(self) -> list[str]: ...
    def back_up(self) -> None: ...
    def restore(self) -> None: ...


class StubNode:
    """The protocol alone (stub_intake.py)."""

    site = "RVR"
    patient = "p1"
    grants = ("g1", "g2")

    def sign_in(self, context: BrowserContext, address: str) -> None:
        """Nobody signs in at the stub."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "stub.db"
        self._backup = folder / "backup.db"
        self.port = free_port()

    def start(self) -> None:
        """Start it on its port, and wait until it answers."""
        words = [sys.executable, "-m", "tests.browser.stub_intake", str(self.port)]
        self._process = subprocess.Popen([*words, str(self._file)])  # noqa: S603 -- our own module
        until(lambda: answers(self.port))

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()

    def pulses(self) -> list[str]:
        """Return the pulse of each entry, in the order they were taken in."""
        with closing(sqlite3.connect(self._file)) as base:
            rows = base.execute("select body from entries order by position").fetchall()
        return [dict(loads(body)["fields"]).get("pulse", "") for (body,) in rows]

    def offered(self) -> list[dict[str, Any]]:
        """Return each entry as it was sent, in the order they were taken in."""
        with closing(sqlite3.connect(self._file)) as base:
            rows = base.execute("select body from entries order by position").fetchall()
        return [loads(body) for (body,) in rows]

    def back_up(self) -> None:
        """Keep what it holds now."""
        with (
            closing(sqlite3.connect(self._file)) as base,
            closing(sqlite3.connect(self._backup)) as copy,
        ):
            base.backup(copy)

    def restore(self) -> None:
        """Put the backup in its place, as after a lost disk."""
        self.kill()
        for name in ("stub.db", "stub.db-wal", "stub.db-shm"):
            self._file.with_name(name).unlink(missing_ok=True)
        self._file.write_bytes(self._backup.read_bytes())
        self.start()


class Tablet:
    """What a test needs of a ward: the node, the network, and what is on the screen."""

    def __init__(self, node: NodeBehind, proxy: Proxy) -> None:
        self.node = node
        self.proxy = proxy
        self.form("")

    @property
    def url(self) -> str:
        """Return the address of the form."""
        return self.proxy.address + "/form"

    def form(self, more: str) -> None:
        """Serve the form, with more attributes."""
        page = HEAD + FORM.format(
            patient=self.node.patient, site=self.node.site, more=more, server_id="a" * 32
        )
        page = page.replace('content="g1"', f'content="{self.node.grants[0]}"')
        self.proxy.pages["/form"] = page.encode()

    def sent(self, page: Page, *pulses: str) -> None:
        """Wait until everything is sent, and look at what the node holds."""
        beat(page)
        until(lambda: len(self.node.pulses()) >= len(pulses))
        # The node has it before the tablet knows: an answer on its way would still change an entry.
        come(page, "wardlight.store.counts().then(all => !all.waiting)")
        expect(page.locator("#link")).to_have_text(SENT)
        assert sorted(self.node.pulses()) == sorted(pulses)


def chart(page: Page, pulse: str) -> None:
    """Chart a pulse, and wait for the words that it is kept."""
    page.get_by_label("Pulse").fill(pulse)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".entry-saved")).to_contain_text("Saved on this tablet")


def beat(page: Page) -> None:
    """Have the tablet look for the server now."""
    page.evaluate("window.dispatchEvent(new Event('online'))")


def until(seen: Callable[[], Any]) -> None:
    """Wait for something outside the browser, for a limited time."""
    last = time.monotonic() + START_S_MAX
    while not seen():
        assert time.monotonic() < last, "it never came"
        time.sleep(STEP_S)


def come(page: Page, expression: str) -> None:
    """Wait until something is so in the page; a promise is waited for too."""
    until(lambda: page.evaluate(expression))


def answers(port: int) -> bool:
    """Return whether somebody listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    """Return a port nobody uses just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def tablet_with(node: NodeBehind) -> Iterator[Tablet]:
    """Run a node behind a network until the block ends."""
    try:
        node.start()
        with proxied(node.port) as proxy:
            yield Tablet(node, proxy)
    finally:
        node.kill()
