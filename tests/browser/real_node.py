"""The node a hospital runs, with its own log and one patient, behind the tablet of the tests."""

from __future__ import annotations

import re
import shutil
import subprocess
from contextlib import closing
from json import loads
from pathlib import Path
from urllib.request import urlopen

from tests.browser.tablet import free_port
from tests.scenarios.node import COMMAND, ask
from tests.scenarios.test_lost_tail import ADMISSION

from wardlight.log.contract import stream
from wardlight.record.events.entered import unpacked
from wardlight.record.events.observations import VitalsCharted
from wardlight.run.node_views import node_log_of


class RealNode:
    """`wardlight up`, which can be killed, backed up and restored."""

    site = "TEST"

    def __init__(self, folder: Path) -> None:
        self._data = folder / "node"
        self._backup = folder / "backup"
        self.port = free_port()
        self.patient = ""

    def start(self) -> None:
        """Start it on its port; the first time, admit the patient."""
        where = ["--data", str(self._data), "--http", f"127.0.0.1:{self.port}"]
        self._process = subprocess.Popen(  # noqa: S603 -- our own command
            [*COMMAND, "up", "--site", self.site, *where, "--mllp", "127.0.0.1:0", "--json"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        ready = loads(self._process.stdout.readline())
        if not self.patient:
            self._admit(str(ready["mllp"]))

    def _admit(self, mllp: str) -> None:
        feed = self._data / "feed.hl7"
        feed.write_text(ADMISSION.format(n=1), newline="")
        assert ask("send", str(feed), "--to", mllp)["accepted"] == 1
        board = f"http://127.0.0.1:{self.port}/ward/{self.site}/4E"
        with urlopen(board, timeout=10) as answer:
            found = re.search(r'href="/patient/([^"/]+)"', answer.read().decode())
        assert found, "the patient is not on the board"
        self.patient = found[1]

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.communicate()

    def pulses(self) -> list[str]:
        """Return the pulse of each entry of staff, in the order of the log."""
        found = []
        with closing(node_log_of(self._data).read()) as log:
            for entry in stream(log):
                if entry.source == "staff":
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
