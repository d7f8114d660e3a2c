"""A hospital's network between the tablet and the node: cuts, portals, errors, on command."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORTAL = b"<!doctype html><title>Guest Wi-Fi</title><p>Welcome. Accept the terms to go on."
UPSTREAM_S_MAX = 10
HANG_S_MAX = 30
HOP = frozenset({"connection", "transfer-encoding", "content-length", "date", "server"})


class Proxy(ThreadingHTTPServer):
    """Passes everything on to one port, except while a fault is set."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, upstream: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = upstream
        self.pages: dict[str, bytes] = {}  # served here, whatever stands behind
        self.fault = ""  # "", down, cut, portal, hang, or the status to answer entries with
        self.refused: dict[str, int] = {}  # text in an entry -> status it is answered with
        self.cuts = 0  # how many answers are still lost after they were made
        self.passed: list[str] = []  # ids of the entries that reached the node, each time
        self.over = threading.Event()

    @property
    def address(self) -> str:
        """Return where the tablet finds it."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Proxy

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._pass(b"")

    def do_POST(self) -> None:
        self._pass(self.rfile.read(int(self.headers.get("content-length") or 0)))

    def _pass(self, body: bytes) -> None:
        fault = self.server.fault
        if fault == "down":
            self.close_connection = True
            return
        if fault == "hang":
            self.server.over.wait(HANG_S_MAX)
            return
        if fault == "portal":
            self._say(200, PORTAL, {"content-type": "text/html"})
            return
        status = self._status_of(body)
        if status:
            told = json.dumps({"id": _id(body), "ok": False, "because": "Not now."}).encode()
            self._say(status, told, {"content-type": "application/json"})
            return
        page = self.server.pages.get(self.path.split("?")[0])
        if page is not None and self.command == "GET":
            headers = {"content-type": "text/html; charset=utf-8", "wardlight-now": "1"}
            self._say(200, page, headers)
            return
        self._forward(body)

    def _status_of(self, body: bytes) -> int:
        if self.path != "/entries" or self.command != "POST":
            return 0
        for text, status in self.server.refused.items():
            if text.encode() in body:
                return status
        return int(self.server.fault) if self.server.fault.isdigit() else 0

    def _forward(self, body: bytes) -> None:
        here = f"127.0.0.1:{self.server.upstream}"
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        headers["Host"] = here
        if "Origin" in headers:
            headers["Origin"] = f"http://{here}"
        node = http.client.HTTPConnection(here, timeout=UPSTREAM_S_MAX)
        try:
            node.request(self.command, self.path, body or None, headers)
            answer = node.getresponse()
            told = answer.read()
        except (OSError, http.client.HTTPException):
            self.close_connection = True  # nobody there: the tablet sees a broken line
            return
        finally:
            node.close()
        if self.path == "/entries" and self.command == "POST":
            self.server.passed.append(_id(body))
            if self.server.cuts > 0:
                self.server.cuts -= 1
                self.close_connection = True  # it is written, and the answer is lost
                return
        self._say(answer.status, told, dict(answer.getheaders()))

    def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        with contextlib.suppress(OSError):
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(body)


def _id(body: bytes) -> str:
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    return str(told.get("id", ""))


@contextlib.contextmanager
def proxied(upstream: int) -> Iterator[Proxy]:
    """Stand in front of a port of this machine until the block ends."""
    proxy = Proxy(upstream)
    thread = threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.over.set()
        proxy.shutdown()
        proxy.server_close()
        thread.join(timeout=5)
