"""A node as a hospital runs it: its own process, its own folder, its own ports."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-c", "from wardlight.run.cli import main; main()"]
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 30


class Node:
    """A running node's addresses and folder; `said` is all its output, once it has ended."""

    def __init__(self, ready: dict[str, Any], process: subprocess.Popen[str]) -> None:
        self._process = process
        self.http = f"http://{ready['http']}"
        self.mllp = str(ready["mllp"])
        self.data = Path(ready["data"])
        self.said = ""

    def kill(self) -> None:
        """End it as a power cut or the kernel would."""
        self._process.kill()
        self._process.wait()


@contextmanager
def running(data: Path, *words: str, site: str = "TEST") -> Iterator[Node]:
    """Start a node on free ports, and stop it as an administrator would."""
    arguments = ["--data", str(data), "--http", "127.0.0.1:0", "--mllp", "127.0.0.1:0", "--json"]
    process = subprocess.Popen(  # noqa: S603 -- our own command
        [*COMMAND, "up", "--site", site, *arguments, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    node = None
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else "the node did not start"
        node = Node(json.loads(line), process)
        yield node
    finally:
        process.terminate()
        out, said = process.communicate(timeout=STOP_SECONDS_MAX)
        if node is not None:
            node.said = line + out + said
        assert "Traceback" not in said, said


def ask(*words: str) -> Any:
    """Run a command with `--json` and return its document; its exit code may be 0 or 1."""
    done = subprocess.run(  # noqa: S603 -- our own command
        [*COMMAND, *words, "--json"], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout)
