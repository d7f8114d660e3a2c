from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contracts.log_contract import draft, numbered
from tests.durability.conftest import NewTrial
from tests.run.keeping.test_kept_copy import admission

from wardlight.log.evidence_verifier import ed25519
from wardlight.log.evidence_verifier import main as verify
from wardlight.record.sources import Site
from wardlight.run.keeping.evidence import Wish, run_evidence, write_bundle
from wardlight.run.keeping.node_log import NodeLog, node_log
from wardlight.run.settings import Settings, keep_site

SETTINGS = Settings(sites=(Site(code="GEN", name="General"),))
CORRUPTIONS = 100


def appended(where: NodeLog, count: int) -> None:
    log = where.open()
    log.append(numbered(count))
    log.sign_head()
    log.close()


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> NodeLog:
    folder = tmp_path_factory.mktemp("node")
    keep_site(folder, SETTINGS)
    where = node_log(folder, SETTINGS)
    log = where.open()
    for _ in range(7):
        log.append(numbered(43))
        log.sign_head()
    log.close()
    return where


@pytest.fixture(scope="module")
def bundle(where: NodeLog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("evidence") / "bundle"
    run_evidence(where.folder, out, Wish(first=200, last=290))
    return out


def test_a_bundle_verifies_with_nothing_but_python(bundle: Path) -> None:
    command = [sys.executable, "-I", "-S", str(bundle / "verify.py")]
    done = subprocess.run(  # noqa: S603 -- this Python and the bundle's program
        command, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "91 entries have their seals" in done.stdout
    assert "7 earlier heads are its beginnings" in done.stdout


def test_the_key_may_be_named_and_another_one_is_refused(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = (bundle / "key").read_text().strip()
    assert verify([str(bundle), "--key", key]) == 0
    assert verify([str(bundle), "--key", key[:-2] + "A="]) == 1
    assert "another key" in capsys.readouterr().out


def test_a_hundred_random_corruptions_are_refused(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], new_trial: NewTrial
) -> None:
    trial = new_trial("P30", CORRUPTIONS)
    dice = random.Random(20261123)  # noqa: S311 -- a seeded choice of bytes
    names = sorted(path.name for path in bundle.iterdir())
    copy = tmp_path / "copy"
    for number in range(CORRUPTIONS):
        shutil.copytree(bundle, copy)
        path = copy / names[number % len(names)]
        body = bytearray(path.read_bytes())
        body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
        path.write_bytes(body)
        trial.check(verify([str(copy)]) == 1, path.name)
        shutil.rmtree(copy)
    assert trial.violations == []
    assert capsys.readouterr().out.count("WRONG") == CORRUPTIONS


@pytest.mark.parametrize("ending", [b"\r", b"\r\n"])
def test_another_line_ending_is_another_text(bundle: Path, tmp_path: Path, ending: bytes) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(bundle, copy)
    path = copy / "checkpoint"
    path.write_bytes(path.read_bytes().replace(b"\n", ending, 1))
    assert verify([str(copy)]) == 1


@pytest.mark.parametrize("change", ["add", "remove", "swap lines", "drop a line", "empty"])
def test_files_and_lines_cannot_be_added_removed_or_moved(
    bundle: Path, tmp_path: Path, change: str
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(bundle, copy)
    path = copy / "entries.jsonl"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    if change == "add":
        (copy / "more.txt").write_text("more")
    elif change == "remove":
        path.unlink()
    else:
        changed = {
            "swap lines": [lines[1], lines[0], *lines[2:]],
            "drop a line": lines[1:],
            "empty": [],
        }
        path.write_text("".join(changed[change]), "utf-8")
    assert verify([str(copy)]) == 1


def test_a_bundle_signed_anew_by_another_key_is_not_this_nodes(
    where: NodeLog, tmp_path: Path
) -> None:
    other = node_log(tmp_path / "other", SETTINGS)
    log = other.open()
    log.append(numbered(50))
    write_bundle(tmp_path / "forged", other, log, [1, 2, 3], 50)
    log.close()
    assert verify([str(tmp_path / "forged")]) == 0
    key = where.keys.verifying().public_bytes_raw()
    assert other.keys.verifying().public_bytes_raw() != key


def test_a_log_that_lost_its_tail_is_not_signed_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_site(tmp_path, SETTINGS)
    where = node_log(tmp_path, SETTINGS)
    appended(where, 20)
    shutil.copytree(tmp_path / "log", tmp_path / "before")
    appended(where, 20)
    shutil.rmtree(tmp_path / "log")
    (tmp_path / "before").rename(tmp_path / "log")
    with pytest.raises(SystemExit) as ended:
        run_evidence(tmp_path, tmp_path / "bundle", Wish())
    assert ended.value.code == 1
    assert "20 are gone; nothing is signed" in capsys.readouterr().err
    assert not (tmp_path / "bundle").exists()


def test_a_folder_that_is_not_empty_is_left_alone(where: NodeLog, bundle: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        run_evidence(where.folder, bundle, Wish())
    assert ended.value.code == 5


def test_entries_that_are_not_there_are_not_found(where: NodeLog, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        run_evidence(where.folder, tmp_path / "none", Wish(first=9_999))
    assert ended.value.code == 3
    assert not (tmp_path / "none").exists()


@settings(max_examples=25, deadline=None)
@given(secret=st.binary(min_size=32, max_size=32), message=st.binary(max_size=100), at=st.data())
def test_signatures_are_verified_as_the_library_does(
    secret: bytes, message: bytes, at: st.DataObject
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(secret)
    public, signature = key.public_key().public_bytes_raw(), bytearray(key.sign(message))
    assert ed25519(public, message, bytes(signature))
    signature[at.draw(st.integers(0, 63))] ^= 1 << at.draw(st.integers(0, 7))
    assert not ed25519(public, message, bytes(signature))


@pytest.mark.parametrize(
    ("public", "told", "signature"),  # RFC 8032 section 7.1, TEST 1 to 3
    [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            (
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            (
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            ),
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            (
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
            ),
        ),
    ],
)
def test_the_published_vectors_verify(public: str, told: str, signature: str) -> None:
    key, message, signed = map(bytes.fromhex, (public, told, signature))
    assert ed25519(key, message, signed)
    assert not ed25519(key, message + b"\0", signed)


def test_what_is_about_one_patient_is_found_by_number(tmp_path: Path) -> None:
    keep_site(tmp_path, SETTINGS)
    log = node_log(tmp_path, SETTINGS).open()
    log.append([draft(admission(number)) for number in (2001, 2002, 2003)])
    log.close()
    run_evidence(tmp_path, tmp_path / "bundle", Wish(patient="2002"))
    lines = (tmp_path / "bundle" / "entries.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["position"] for line in lines] == [2]
    assert verify([str(tmp_path / "bundle")]) == 0
