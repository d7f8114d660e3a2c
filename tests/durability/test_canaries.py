"""P24: who takes a node's disk finds no patient on it, and its output names none."""

from __future__ import annotations

import base64
import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pypdfium2
import pytest
from tests.durability.sizes import MARKS, size
from tests.scenarios.fhir_client import everything
from tests.scenarios.node import Node, ask, running
from tests.scenarios.test_lost_tail import signed_in

from wardlight.run.addresses import address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.durability.conftest import NewTrial

pytestmark = MARKS
# Every canary is one of these with its number behind it: who finds none of them finds no canary.
STEMS = ("QZXCANARY", "QZXGIVEN", "QZXSTREET", "QZXDRUG", "7731946")
SETTINGS = '[[sites]]\ncode = "TEST"\nname = "Test General"\n[packs]\nevery_minutes = 0\n'
LOOKED_AT = 10  # patients whose every page is opened, of each life
ADMISSION = (
    "MSH|^~\\&|ADT|TEST|WL|TEST|20261122080000||ADT^A01|M{n:05d}|P|2.5.1\r"
    "EVN|A01|20261122080000\r"
    "PID|1||7731946{n:04d}^^^TEST^MR||QZXCANARY{n:04d}^QZXGIVEN{n:04d}||19600101|F|||"
    "1 QZXSTREET{n:04d}^^TESTVILLE\r"
    "PV1|1|I|4E^{n}^A^TEST||||||||||||||||V{n:05d}^^^TEST^VN|||||||||||||||||||||||||20261122080000\r"
    "AL1|1|DA|1^QZXDRUG{n:04d}|SV|HIVES\r"
)
UNREAD = b"MSH|^~\\&|ADT|TEST|WL|TEST|20261122080000||ZZZ^Z99|U1|P|2.5.1\rPID|||||QZXCANARY9999\r"
BROKEN_OFF = b"\x0bMSH|^~\\&|ADT|TEST\rPID|1||77319469998||QZXCANARY9998"
NOT_FRAMED = b"hello QZXCANARY9997"


def encodings(word: str) -> Iterator[bytes]:
    """Give a word as it may stand in a file; of base64, what is the same whatever is around it."""
    for form in (word, word.lower(), word.title()):
        plain = form.encode()
        yield plain
        yield form.encode("utf-16-le")
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        for before in range(3):
            coded = base64.b64encode(b"\0" * before + plain)
            yield coded[-(-before * 8 // 6) : (before + len(plain)) * 8 // 6]


NEEDLES = sorted({needle for stem in STEMS for needle in encodings(stem)})


def found_in(content: bytes) -> list[bytes]:
    return [needle for needle in NEEDLES if needle in content]


def hits(folder: Path) -> list[str]:
    """Return the files of a folder in whose name or content a canary stands."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path: str(path.relative_to(folder)) for path in files}
    return [names[path] for path in files if found_in(names[path].encode() + b"\n" + content(path))]


def content(path: Path) -> bytes:
    """Return a file's bytes; of a PDF, which packs its text, the text as it is read."""
    return printed(path).encode() if path.suffix == ".pdf" else path.read_bytes()


def printed(path: Path) -> str:
    sheets = pypdfium2.PdfDocument(path.read_bytes())
    return "\n".join(sheet.get_textpage().get_text_bounded() for sheet in sheets)


def page(browser: httpx.Client, path: str, form: dict[str, str] | None = None) -> str:
    answer = browser.post(path, data=form) if form else browser.get(path)
    answer.raise_for_status()
    return answer.text


def looked_at(node: Node, browser: httpx.Client, number: int) -> None:
    """Ask for a patient in every way: by search, on every screen, over FHIR, and wrongly."""
    name = f"QZXCANARY{number:04d}"
    found = page(browser, "/search", {"q": name})
    assert name in found.upper()
    (handle,) = set(re.findall(r'href="/patient/([^"/?#]+)', found))
    for screen in ("", "/medicines", "/results"):
        assert name in page(browser, f"/patient/{handle}{screen}").upper()
    assert len(list(everything(node.http, f"Patient?identifier=7731946{number:04d}"))) == 1
    assert page(browser, f"/fhir/Patient?family={name}")
    assert page(browser, f"/ward/TEST/{name}")
    assert name in page(browser, f"/fhir/Patient/{handle}/$summary")
    for wrong in (f"/patient/{name}", f"/fhir/Patient/{name}"):
        with pytest.raises(httpx.HTTPStatusError):
            page(browser, wrong)


def sent_badly(node: Node) -> None:
    """Send what cannot be read: not framed, unknown, and a frame that breaks off."""
    with socket.create_connection(address(node.mllp), timeout=30) as sender:
        sender.sendall(NOT_FRAMED + b"\x0b" + UNREAD + b"\x1c\r")
        assert b"MSA|AA" in sender.recv(4_096)
        sender.sendall(BROKEN_OFF)


def lived(node: Node, feed: Path, numbers: range, code: str) -> None:
    """Have a node take a feed, and ask it for some of the patients."""
    feed.write_text("".join(ADMISSION.format(n=n) for n in numbers), newline="")
    assert ask("send", str(feed), "--to", node.mllp)["accepted"] == len(numbers)
    sent_badly(node)
    browser = signed_in(node, code)
    for number in numbers[:LOOKED_AT]:
        looked_at(node, browser, number)
    for screen in ("/", "/ward/TEST/4E", "/unread", "/feeds"):
        page(browser, screen)
    assert list(everything(node.http, "Encounter"))


def test_a_stolen_disk_names_no_patient(
    tmp_path: Path, new_trial: NewTrial, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = new_trial("P24", size("canaries", short=200, long=200))
    data, feeds, temporary = (tmp_path / name for name in ("data", "feeds", "temporary"))
    for folder in (data, feeds, temporary):
        folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    (data / "wardlight.toml").write_text(SETTINGS)
    half = trial.n // 2
    with running(data):
        pass  # makes the folder people are added to
    words = ["--name", "RN A. Mensah", "--role", "charge nurse", "--data", str(data)]
    codes = ask("staff", "add", "amensah", *words)["codes"]
    with running(data) as stopped:
        lived(stopped, feeds / "first.hl7", range(1, half + 1), codes[0])
    with running(data) as killed:
        lived(killed, feeds / "second.hl7", range(half + 1, trial.n + 1), codes[1])
        killed.kill()
    kept = {path.name: path.stat().st_size for path in data.rglob("*")}
    assert min(kept["views.snapshot"], kept["log.db-wal"]) > trial.n * 100
    trial.violations += hits(data) + hits(temporary)
    trial.check(not found_in((stopped.said + killed.said).encode()), "the node's own output")
    ask("backup", "--data", str(data), "--out", str(data / "backups"))
    trial.violations += hits(data)
    assert trial.violations == []
    assert hits(feeds) == ["first.hl7", "second.hl7"]
    assert named_in_packs(data) == {f"QZXCANARY{n:04d}" for n in range(1, trial.n + 1)}
    assert hits(data) == ["packs/4E.pdf"]


def named_in_packs(data: Path) -> set[str]:
    """Make packs, the one thing on a disk that is for eyes, and return the canaries in them."""
    ask("pack", "--all", "--data", str(data), "--out", str(data / "packs"))
    text = printed(data / "packs" / "4E.pdf").upper()
    return set(re.findall(r"QZXCANARY\d{4}", text))


@pytest.mark.parametrize("before", range(3))
@pytest.mark.parametrize(
    "written",
    [
        bytes,
        lambda said: said.decode().encode("utf-16-le"),
        base64.b64encode,
        lambda said: said.hex().encode(),
        bytes.lower,
    ],
)
def test_the_search_finds_a_canary_however_it_is_written(
    tmp_path: Path, written: object, before: int
) -> None:
    assert callable(written)
    (tmp_path / "control").write_bytes(written(b"x" * before + b"QZXCANARY0001, of Testville"))
    assert hits(tmp_path) == ["control"]
