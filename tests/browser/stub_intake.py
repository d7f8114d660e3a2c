"""The intake as the protocol says it, and nothing else: `python -m tests.browser.stub_intake`.

SQLite with full sync in a process of its own, so that a test may kill it at any moment.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
import uuid
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from wardlight.web.page import HERE
from wardlight.web.security import ALWAYS

SCRIPTS = ("store", "send", "link", "check", "form", "drafts", "save")
HEAD = """<!doctype html>
<html lang="en" data-now="1" data-every="10"><head><meta charset="utf-8"><title>Ward</title>
<link rel="icon" href="data:,">
<meta name="wardlight-who" content="RN A. Sample"><meta name="wardlight-grant" content="g1">
<link rel="stylesheet" href="/static/app.css?v=1">
<link rel="stylesheet" href="/static/outbox.css?v=1">
""" + "".join(
    f'<script src="/static/{name}.js?v=1" defer></script>\n'
    for name in [*(f"outbox_{one}" for one in SCRIPTS), "station", "outbox"]
)
BASE = HEAD + (
    '</head><body><header class="chrome"><p class="link" id="link" role="status"></p></header>'
    '<main id="main">{% block main %}{% endblock %}</main></body></html>'
)
SCHEMA = """
create table if not exists entries(
  position integer primary key, id text, hash text, body text, recorded integer, unique(id, hash))
"""


class Book:
    """What was taken in."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._base.execute("pragma journal_mode=wal")
        self._base.execute("pragma synchronous=full")
        self._base.execute(SCHEMA)

    def take(self, offered: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Write an entry once; the same id with other content is kept beside it."""
        told = json.dumps([offered["kind"], offered["patient"], offered["fields"]])
        hashed = sha256(told.encode()).hexdigest()
        now = time.time_ns() // 1_000_000
        self._base.execute("begin immediate")
        again = self._base.execute(
            "select position from entries where id = ? and hash = ?", (offered["id"], hashed)
        ).fetchone()
        if not again:
            self._base.execute(
                "insert into entries(id, hash, body, recorded) values (?, ?, ?, ?)",
                (offered["id"], hashed, json.dumps(offered), now),
            )
        position, copies = self._base.execute(
            "select max(position), count(*) from entries where id = ?", (offered["id"],)
        ).fetchone()
        self._base.execute("commit")
        said = {"position": position, "seal": self.seal(position), "recorded": now}
        both = "The same form was sent twice with different values. Both are kept."
        if copies > 1:
            return 409, {"ok": False, "because": both, **said}
        return 200, {"ok": True, "warnings": [], "again": bool(again), **said}

    def seal(self, position: int) -> str | None:
        """Return what stands for the log up to a position; None beyond its end."""
        rows = self._base.execute(
            "select id, hash, recorded from entries where position <= ? order by position",
            (position,),
        ).fetchall()
        end = self._base.execute("select max(position) from entries").fetchone()[0] or 0
        return sha256(repr(rows).encode()).hexdigest()[:16] if position <= end else None


class Intake:
    """The addresses of the protocol."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.given = 0
        self.templates = Environment(
            loader=ChoiceLoader([DictLoader({"base.html": BASE}),
                                 FileSystemLoader(HERE / "templates")]),
            autoescape=True,
        )  # fmt: skip

    async def entries(self, request: Request) -> Response:
        body = await request.body()
        if request.headers["content-type"].startswith("application/x-www-form-urlencoded"):
            pairs = parse_qsl(body.decode())
            form = dict(pairs)
            plain = {"id": form.get("id") or uuid.uuid4().hex, "kind": form["kind"],
                     "patient": form.get("patient", ""), "fields": pairs}  # fmt: skip
            self.book.take(plain)
            return RedirectResponse("/my-entries", 303)
        offered = json.loads(body)
        wrong = _wrong(offered)
        if wrong:
            return JSONResponse({"id": offered["id"], **wrong}, 422)
        status, told = self.book.take(offered)
        return JSONResponse({"id": offered["id"], **told}, status)

    async def check(self, request: Request) -> Response:
        offered = json.loads(await request.body())
        wrong = _wrong(offered)
        warned = [
            {"code": "dose", "words": "Ten times the order.", "reasons": ["Prescriber told"]}
            for name, value in offered["fields"]
            if name == "pulse" and value == "250"
        ]
        told = {"ok": not wrong, "because": "", "fields": {}, "warnings": warned, **wrong}
        return JSONResponse({"id": offered["id"], **told})

    async def ping(self, request: Request) -> Response:
        position, _, seal = request.query_params.get("ack", "").partition(".")
        holds = self.book.seal(int(position)) == seal if position else None
        now = time.time_ns() // 1_000_000
        told = {"now": now, "holds": holds, "who": "RN A. Sample", "station": "4E-tablet-3"}
        return JSONResponse(told, headers={"wardlight-now": str(now), "cache-control": "no-store"})

    async def numbers(self, request: Request) -> Response:
        have = int(request.query_params["have"])
        made = [f"DT-TEST-{self.given + one:04d}" for one in range(1, max(0, 20 - have) + 1)]
        self.given += len(made)
        return JSONResponse({"numbers": made})

    async def my_entries(self, _: Request) -> Response:
        page = self.templates.get_template("my_entries.html").render(assets="1")
        return HTMLResponse(page, headers={"wardlight-now": "1", **ALWAYS})


def _wrong(offered: dict[str, Any]) -> dict[str, Any]:
    pairs = [(name, value) for name, value in offered["fields"]]
    if ("pulse", "9000") in pairs:
        fields = {"pulse": "Write beats in a minute, up to 350."}
        return {"ok": False, "because": "Nothing was saved yet.", "fields": fields}
    return {}


async def worker(_: Request) -> Response:
    """Return the worker with the right to keep pages of the whole site."""
    headers = {"service-worker-allowed": "/", "cache-control": "no-cache"}
    body = (HERE / "static" / "sw.js").read_bytes()
    return Response(body, media_type="text/javascript", headers=headers)


def app(path: Path) -> Starlette:
    """Return the stub over one file."""
    intake = Intake(Book(path))
    return Starlette(
        routes=[
            Route("/entries", intake.entries, methods=["POST"]),
            Route("/entries/check", intake.check, methods=["POST"]),
            Route("/ping", intake.ping),
            Route("/numbers", intake.numbers),
            Route("/my-entries", intake.my_entries),
            Route("/sw.js", worker),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]
    )


if __name__ == "__main__":
    uvicorn.run(app(Path(sys.argv[2])), port=int(sys.argv[1]), log_level="warning")
