"""A killed node, one flipped bit in its hot WAL: it is noticed, and with a mirror mended."""

from __future__ import annotations

import re
import time
from pathlib import Path
from urllib.request import urlopen

from tests.scenarios.node import Node, ask, running

MESSAGES = 400
MIRROR = '[log]\nmirror = "usb"\n'
MIRROR_SECONDS_MAX = 60
ADMISSION = (
    "MSH|^~\\&|ADT|TEST|WL|TEST|20261122080000||ADT^A01|M{n:05d}|P|2.5.1\r"
    "EVN|A01|20261122080000\r"
    "PID|1||{n:07d}^^^TEST^MR||SPECIMEN{n}^TESTA||19600101|F\r"
    "PV1|1|I|4E^{n}^A^TEST||||||||||||||||V{n:05d}^^^TEST^VN|||||||||||||||||||||||||20261122080000\r"
)


def kept_and_killed(data: Path, *, mirror: bool = False) -> None:
    """Run a node once to make its tables; run it again, send to it and kill it."""
    data.mkdir(exist_ok=True)
    (data / "wardlight.toml").write_text(MIRROR if mirror else "")
    feed = data / "feed.hl7"
    feed.write_text("".join(ADMISSION.format(n=n) for n in range(1, MESSAGES + 1)), newline="")
    with running(data):
        pass
    with running(data) as node:
        assert ask("send", str(feed), "--to", node.mllp)["accepted"] == MESSAGES
        if mirror:
            wait_for_mirror(data)
        node.kill()


def wait_for_mirror(data: Path) -> None:
    by = time.monotonic() + MIRROR_SECONDS_MAX
    while ask("links", "--data", str(data))["mirror"]["behind"]:
        assert time.monotonic() < by, "the mirror does not follow"


def flip_middle(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)


def screens(node: Node) -> dict[str, str]:
    """Return every page that the first one leads to."""
    first = page(node, "/")
    others = set(re.findall(r'href="(/(?!static|pack)[^"#?]*)"', first)) - {"/"}
    return {"/": first} | {path: page(node, path) for path in others}


def page(node: Node, path: str) -> str:
    with urlopen(node.http + path, timeout=30) as answer:  # noqa: S310 -- our own node
        return str(answer.read().decode())


def test_a_lost_tail_is_said_on_every_screen_and_nothing_is_taken(tmp_path: Path) -> None:
    kept_and_killed(tmp_path)
    flip_middle(tmp_path / "log" / "log.db-wal")
    with running(tmp_path) as node:
        assert node.mllp == ""
        shown = screens(node)
        verified = ask("verify", "--data", str(tmp_path))
    assert len(shown) >= 3
    assert [path for path, body in shown.items() if "400 was acknowledged" not in body] == []
    assert verified["ok"] is False
    assert 1 <= verified["first_bad"] == verified["entries"] + 1 <= MESSAGES


def test_with_a_mirror_a_lost_tail_is_brought_back_whole(tmp_path: Path) -> None:
    kept_and_killed(tmp_path, mirror=True)
    flip_middle(tmp_path / "log" / "log.db-wal")
    with running(tmp_path) as node:
        assert node.mllp
        assert "repaired from its mirror" in page(node, "/feeds")
        assert ask("verify", "--data", str(tmp_path))["ok"]
        census = ask("census", "--data", str(tmp_path))
    assert len(census["patients"]) == MESSAGES
