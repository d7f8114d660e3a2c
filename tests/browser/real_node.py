"""The node a hospital runs, with its own log and one patient, behind the tablet of the tests."""

from __future__ import annotations

import atexit
import re
import shutil
import subprocess
from contextlib import closing
from functools import cache
from json import loads
from pathlib import Path
from tempfile import mkdtemp

import httpx
from playwright.sync_api import BrowserContext
from tests.browser.tablet import free_port
from tests.scenarios.node import COMMAND, ask, running
from tests.scenarios.test_lost_tail import ADMISSION

from wardlight.log.contract import stream
from wardlight.record import catalogue
from wardlight.record.events.entered import unpacked
from wardlight.record.events.observations import VitalsCharted
from wardlight.run.node_views import node_log_of

NURSES = ("amensah", "bsample")


@cache
def with_people(site: str) -> tuple[Path, list[str]]:
    """Return the folder of a node at which two nurses work, made once, and a code of each."""
    data = Path(mkdtemp(prefix="wardlight-tests-")) / "node"
    with running(data, site=site):
        pass  # makes the folder people are added to
    codes = []
    for account in NURSES:
        words = ["--name", f"RN {account}", "--role", "nurse", "--data", str(data)]
        codes.append(str(ask("staff", "add", account, *words)["codes"][0]))
    atexit.register(shutil.rmtree, data.parent, ignore_errors=True)
    return data, codes


class RealNode:
    """`wardlight up`, which can be killed, backed up and restored."""

    site = "TEST"

    def __init__(self, folder: Path) -> None:
        self._data = folder / "node"
        self._backup = folder / "backup"
        self.port = free_port()
        self.patient = ""
        self.grants = ("", "")
        self._cookies = ""
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it on its port; the first time, hire two nurses and admit the patient."""
        codes = [] if self.patient else self._first_people()
        where = ["--data", str(self._data), "--http", f"127.0.0.1:{self.port}"]
        self._process = subprocess.Popen(  # noqa: S603 -- our own command
            [*COMMAND, "up", "--site", self.site, *where, "--mllp", "127.0.0.1:0", "--json"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        ready = loads(self._process.stdout.readline())
        if not self.patient:
            (self._cookies, mine), (_, others) = map(self._signed_in, NURSES, codes)
            self.grants = (mine, others)
            self._admit(str(ready["mllp"]))

    def _first_people(self) -> list[str]:
        made, codes = with_people(self.site)
        shutil.copytree(made, self._data)
        return codes

    def _signed_in(self, account: str, code: str) -> tuple[str, str]:
        """Return the cookies and the grant of a person who signs in with a one-time code."""
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}") as browser:
            form = {"account": account, "card": code, "next": "/my-entries"}
            page = browser.post("/sign-in", data=form, follow_redirects=True)
            found = re.search(r'name="wardlight-grant" content="([^"]+)"', page.text)
            assert found, "nobody is signed in"
            cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
            return cookies, found[1]

    def sign_in(self, context: BrowserContext, address: str) -> None:
        """Let the first nurse sit down at a tablet."""
        for pair in self._cookies.split("; "):
            name, _, value = pair.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": address}])

    def _admit(self, mllp: str) -> None:
        feed = self._data / "feed.hl7"
        feed.write_text(ADMISSION.format(n=1), newline="")
        assert ask("send", str(feed), "--to", mllp)["accepted"] == 1
        board = f"http://127.0.0.1:{self.port}/ward/{self.site}/4E"
        page = httpx.get(board, headers={"cookie": self._cookies}, timeout=10)
        found = re.search(r'href="/patient/([^"/]+)"', page.text)
        assert found, "the patient is not on the board"
        self.patient = found[1]

    def kill(self) -> None:
        """End it as a power cut would; one that never came up too."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def pulses(self) -> list[str]:
        """Return the pulse of each entry of staff, in the order of the log."""
        found = []
        with closing(node_log_of(self._data).read()) as log:
            for entry in stream(log):
                if entry.kind in catalogue.ENTERED:
                    said = unpacked(entry.body).said
                    readings = said.readings if isinstance(said, VitalsCharted) else ()
                    found.append("".join(one.value for one in readings if one.sign == "pulse"))
        return found

    def back_up(self) -> None:
        """Keep the whole folder as it is now."""
        self.kill()
        shutil.copytree(self._data, self._backup)
        self.start()

    def restore(self) -> None:
        """Put the backup in its place, as after a lost disk."""
        self.kill()
        shutil.rmtree(self._data)
        shutil.copytree(self._backup, self._data)
        self.start()
