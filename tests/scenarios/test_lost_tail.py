"""A killed node, one flipped bit in its hot WAL: it is noticed, and with a mirror mended."""

from __future__ import annotations

import re
import time
from pathlib import Path

import httpx
from tests.scenarios.node import Node, ask, running

MESSAGES = 400
SAID = "Screens show what is left, and no new message is taken: call IT."
MIRROR = '[log]\nmirror = "usb"\n'
MIRROR_SECONDS_MAX = 60
ADMISSION = (
    "MSH|^~\\&|ADT|TEST|WL|TEST|20261122080000||ADT^A01|M{n:05d}|P|2.5.1\r"
    "EVN|A01|20261122080000\r"
    "PID|1||{n:07d}^^^TEST^MR||SPECIMEN{n}^TESTA||19600101|F\r"
    "PV1|1|I|4E^{n}^A^TEST||||||||||||||||V{n:05d}^^^TEST^VN|||||||||||||||||||||||||20261122080000\r"
)


def kept_and_killed(data: Path, *, mirror: bool = False) -> str:
    """Run a node once to make its tables; hire a nurse, send to it and kill it; return her code."""
    data.mkdir(exist_ok=True)
    (data / "wardlight.toml").write_text(MIRROR if mirror else "")
    feed = data / "feed.hl7"
    feed.write_text("".join(ADMISSION.format(n=n) for n in range(1, MESSAGES + 1)), newline="")
    with running(data):
        pass
    words = ["--name", "RN A. Mensah", "--role", "charge nurse", "--data", str(data)]
    codes = ask("staff", "add", "amensah", *words)["codes"]
    with running(data) as node:
        assert ask("send", str(feed), "--to", node.mllp)["accepted"] == MESSAGES
        if mirror:
            wait_for_mirror(data)
        node.kill()
    return str(codes[0])


def wait_for_mirror(data: Path) -> None:
    by = time.monotonic() + MIRROR_SECONDS_MAX
    while ask("links", "--data", str(data))["mirror"]["behind"]:
        assert time.monotonic() < by, "the mirror does not follow"


def flip_middle(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)


def signed_in(node: Node, code: str) -> httpx.Client:
    """Return a browser the nurse signed in at."""
    form = {"account": "amensah", "card": code, "next": "/feeds"}
    went = httpx.post(node.http + "/sign-in", data=form, timeout=30)
    assert went.headers["location"] == "/feeds"
    return httpx.Client(base_url=node.http, cookies=went.cookies, timeout=30)


def screens(browser: httpx.Client) -> dict[str, str]:
    """Return every page that the first one leads her to."""
    first = browser.get("/").text
    others = set(re.findall(r'href="(/(?!static|pack)[^"#?]*)"', first)) - {"/"}
    return {"/": first} | {path: browser.get(path).text for path in others}


def test_a_lost_tail_is_said_on_every_screen_and_nothing_is_taken(tmp_path: Path) -> None:
    code = kept_and_killed(tmp_path)
    flip_middle(tmp_path / "log" / "log.db-wal")
    with running(tmp_path) as node:
        assert node.mllp == ""
        shown = screens(signed_in(node, code))
        verified = ask("verify", "--data", str(tmp_path))
    assert len(shown) >= 3
    refused = {path for path, body in shown.items() if body.startswith("This page is not for your")}
    assert refused <= {"/people", "/audit", "/stations"}
    assert [path for path in shown.keys() - refused if SAID not in shown[path]] == []
    assert verified["ok"] is False
    assert 1 <= verified["first_bad"] == verified["entries"] + 1 <= MESSAGES


def test_with_a_mirror_a_lost_tail_is_brought_back_whole(tmp_path: Path) -> None:
    code = kept_and_killed(tmp_path, mirror=True)
    flip_middle(tmp_path / "log" / "log.db-wal")
    with running(tmp_path) as node:
        assert node.mllp
        assert "repaired from its mirror" in signed_in(node, code).get("/feeds").text
        assert ask("verify", "--data", str(tmp_path))["ok"]
        census = ask("census", "--data", str(tmp_path))
    assert len(census["patients"]) == MESSAGES
