"""What a run needs and makes itself: compiled C programs, the peers' packages, the feeds.

Everything goes into folders git ignores (`.build`, `.peers`, `peers/node_modules`). What
cannot be had is said in one line, and the rows that need it are left out with that reason.
"""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
BUILD = HERE / ".build"
PEERS_VENV = HERE / ".peers"
PEERS = HERE / "peers"
INSTALL_S_MAX = 600


class MissingError(RuntimeError):
    """A part a row needs is not on this machine; the text says which and why."""


def compiled(name: str) -> Path:
    """Compile `name`.c when it is newer than the program; return the program."""
    source, program = HERE / f"{name}.c", BUILD / name
    BUILD.mkdir(exist_ok=True)
    if program.exists() and program.stat().st_mtime >= source.stat().st_mtime:
        return program
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise MissingError(f"no C compiler for {source.name}")
    subprocess.run([compiler, "-O2", "-o", program, source], check=True)
    return program


def load_client() -> list[str]:
    """Return the command of the load client: C, or Python where no compiler is."""
    try:
        return [str(compiled("load"))]
    except MissingError:
        return [sys.executable, str(HERE / "load.py")]


def peers_python() -> Path:
    """Return the Python of the peers' own environment, made at the first run."""
    python = PEERS_VENV / "bin" / "python"
    wanted = (PEERS / "requirements.txt").read_text()
    made = PEERS_VENV / "made-from.txt"
    if made.exists() and made.read_text() == wanted:
        return python
    quiet("the Python peers", [sys.executable, "-m", "venv", str(PEERS_VENV)])
    requirements = str(PEERS / "requirements.txt")
    quiet("the Python peers", [str(python), "-m", "pip", "install", "-q", "-r", requirements])
    made.write_text(wanted)
    return python


def peers_node() -> str:
    """Return the node command after the npm peers are installed."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise MissingError("the npm peers need node and npm")
    made = PEERS / "node_modules" / "made-from.txt"
    wanted = (PEERS / "package.json").read_text()
    if not (made.exists() and made.read_text() == wanted):
        quiet("the npm peers", [npm, "install", "--no-audit", "--no-fund", "--prefix", str(PEERS)])
        made.write_text(wanted)
    probe = "new (require('better-sqlite3'))(':memory:')"
    done = subprocess.run([node, "-e", probe], cwd=PEERS, capture_output=True, check=False)
    if done.returncode:
        raise MissingError("better-sqlite3 has no built module here")
    return node


def quiet(what: str, command: list[str]) -> None:
    """Run an installer; say in one line why when it fails."""
    try:
        done = subprocess.run(
            command, cwd=PEERS, capture_output=True, timeout=INSTALL_S_MAX, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise MissingError(f"{what} cannot be installed: {type(problem).__name__}") from None
    if done.returncode:
        raise MissingError(f"{what} cannot be installed here (no package source reached?)")


def feed_file(name: str, *options: str) -> Path:
    """Return a feed made with the options of feed.py; made once a day, so that it is fresh."""
    start = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    path = BUILD / f"{name}-{start:%Y%m%d}-{'-'.join(options).replace('--', '')}.feed"
    BUILD.mkdir(exist_ok=True)
    if not path.exists():
        for old in BUILD.glob(f"{name}-*.feed"):
            old.unlink()
        begin = start.replace(tzinfo=None).isoformat()
        feed = [sys.executable, str(HERE / "feed.py"), str(path), "--start", begin, *options]
        subprocess.run(feed, check=True, stdout=subprocess.DEVNULL)
    return path


def fresh_folder(name: str) -> Path:
    """Return an empty folder on the disk that is measured."""
    folder = BUILD / "data" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
