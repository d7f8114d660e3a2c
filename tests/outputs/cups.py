"""A CUPS of its own for a test: Debian's cupsd with its folders in a temporary place.

Its one printer keeps what it is sent as files; while a file `jam` lies there, it stops.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CUPSD = shutil.which("cupsd", path="/usr/sbin:/usr/bin")
START_SECONDS = 10
_CONF = """Listen 127.0.0.1:{port}
LogLevel warn
WebInterface No
Browsing No
DefaultAuthType None
MaxLogSize 0
JobRetryInterval 1
ErrorPolicy stop-printer
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
    Allow all
  </Limit>
</Policy>
"""
_FILES = """ServerRoot {at}/etc
ServerBin {at}/bin
RequestRoot {at}/spool
CacheDir {at}/cache
StateDir {at}/run
TempDir {at}/tmp
AccessLog {at}/log/access
ErrorLog {at}/log/error
PageLog {at}/log/page
SystemGroup root
User lp
Group lp
"""
_PRINTER = """<Printer Ward>
UUID urn:uuid:11111111-1111-3111-8111-111111111111
Info Ward
DeviceURI keep:/x
State Idle
Accepting Yes
Shared Yes
</Printer>
"""
_BACKEND = """#!/bin/sh
[ $# -ge 5 ] || exit 0
[ -e "{at}/jam" ] && {{ echo "STATE: +media-jam-error" >&2; exit 4; }}
if [ -n "$6" ]; then cat "$6"; else cat; fi > "{at}/kept/$1"
"""


class Cups:
    """A running CUPS, and what its printer printed."""

    def __init__(self, at: Path, port: int) -> None:
        self.address = f"ipp://127.0.0.1:{port}/printers/Ward"
        self._at = at

    def printed(self) -> list[bytes]:
        """Return the documents that came out, in order."""
        kept = sorted((self._at / "kept").iterdir(), key=lambda path: int(path.name))
        return [path.read_bytes() for path in kept]

    def jam(self) -> None:
        """Have the printer stop at the next job."""
        (self._at / "jam").touch()


@contextmanager
def running_cups(at: Path) -> Iterator[Cups]:
    """Run a CUPS on a free port for as long as the block lasts; skip where there is none."""
    if CUPSD is None:
        pytest.skip("no CUPS here (Debian: apt-get install cups-daemon)")
    if os.getuid() != 0:
        pytest.skip("cupsd runs its backends as another account: only root can start it")
    at.chmod(0o755)
    for parent in (at, *at.parents)[:4]:
        parent.chmod(parent.stat().st_mode | 0o055)  # the backend's account goes through them
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    _lay_out(at, port)
    command = [CUPSD, "-f", "-c", f"{at}/etc/cupsd.conf", "-s", f"{at}/etc/cups-files.conf"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:  # noqa: S603 -- our own
        try:
            _wait_for(port)
            yield Cups(at, port)
        finally:
            process.terminate()


def _lay_out(at: Path, port: int) -> None:
    for name in ("etc", "bin/backend", "bin/filter", "bin/notifier", "bin/cgi-bin"):
        (at / name).mkdir(parents=True)
    for name in ("spool", "cache", "run", "tmp", "log", "kept"):
        (at / name).mkdir()
        shutil.chown(at / name, "lp", "lp")
    (at / "bin/daemon").symlink_to("/usr/lib/cups/daemon")
    (at / "etc/cupsd.conf").write_text(_CONF.format(port=port))
    (at / "etc/cups-files.conf").write_text(_FILES.format(at=at))
    (at / "etc/printers.conf").write_text(_PRINTER)
    backend = at / "bin/backend/keep"
    backend.write_text(_BACKEND.format(at=at))
    backend.chmod(0o755)


def _wait_for(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.skip("CUPS did not start here")
