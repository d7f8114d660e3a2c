from __future__ import annotations

from base64 import b64decode, b64encode
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from wardlight.log.checkpoint import (
    Checkpoint,
    CheckpointError,
    cosignatures,
    cosigned,
    read,
    read_verifier,
    signed,
    verifier_line,
)

GEN = "gen-1.wardlight.example/log"
CLI = "cli-1.wardlight.example/witness"
GEN_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CLI_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
LOGS = {GEN: GEN_KEY.public_key()}
WITNESSES = {CLI: CLI_KEY.public_key()}
HEAD = Checkpoint(GEN, 7, bytes(range(32)))
EMPTY_ROOT = bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
NOON = 1_795_305_600

BODY = f"{GEN}\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
LINE = (
    f"— {GEN} t8VrUFsaS05rVRsv+3sXiKoRzinnnP2fiKr9vyU2iJw8rGYsPgm8Qi70GdA6"
    "rWYnCWEux34IA6bV7y/89+ySfXXpGww=\n"
)
TEXT = f"{BODY}\n{LINE}"
COSIGNED = (
    f"{TEXT}— {CLI} aKgGOwAAAABrAjCAZ8fq/2E2af9rdQq+Ni3xoxEbjcPwZLIhsGw+N4Zmxtq2OYNEW8V1"
    "+hJTS37Zxdb3xjsr3vPvbgMZ46i6JZT8BA==\n"
)


def resigned(body: str) -> str:
    """Return any body, signed as a log would."""
    named = f"{GEN}\n".encode() + b"\x01" + GEN_KEY.public_key().public_bytes_raw()
    content = sha256(named).digest()[:4] + GEN_KEY.sign(body.encode())
    return f"{body}\n— {GEN} {b64encode(content).decode()}\n"


def test_the_text_of_a_signed_head_is_frozen() -> None:
    assert signed(HEAD, GEN, GEN_KEY) == TEXT


def test_a_signed_head_is_read_as_it_was_written() -> None:
    assert read(TEXT, LOGS) == HEAD


def test_the_key_id_and_signature_are_those_of_signed_note() -> None:
    content = b64decode(LINE.split(" ")[2])
    public = GEN_KEY.public_key()
    assert content[:4] == sha256(f"{GEN}\n\x01".encode() + public.public_bytes_raw()).digest()[:4]
    public.verify(content[4:], BODY.encode())
    assert resigned(BODY) == TEXT


def test_extension_lines_are_signed_and_read() -> None:
    head = Checkpoint(GEN, 7, bytes(32), ("pack 12", "printed — ward 4"))
    text = signed(head, GEN, GEN_KEY)
    assert read(text, LOGS) == head
    with pytest.raises(CheckpointError, match="wrong"):
        read(text.replace("ward 4", "ward 5"), LOGS)


def test_the_head_of_an_empty_log_is_written_and_read() -> None:
    empty = Checkpoint(GEN, 0, EMPTY_ROOT)
    assert read(signed(empty, GEN, GEN_KEY), LOGS) == empty


def test_every_flipped_bit_of_a_signed_head_is_refused() -> None:
    written = TEXT.encode()
    for place in range(len(written) * 8):
        changed = bytearray(written)
        changed[place // 8] ^= 1 << place % 8
        text = changed.decode(errors="surrogateescape")
        with pytest.raises(CheckpointError):
            read(text, LOGS)


def test_a_head_cut_anywhere_is_refused() -> None:
    for end in range(len(TEXT)):
        with pytest.raises(CheckpointError):
            read(TEXT[:end], LOGS)


@pytest.mark.parametrize("key", [CLI_KEY.public_key(), None])
def test_a_head_signed_by_no_known_key_is_refused(key: object) -> None:
    known = WITNESSES | ({GEN: CLI_KEY.public_key()} if key else {})
    with pytest.raises(CheckpointError, match=r"^The checkpoint is not signed by a known key\.$"):
        read(TEXT, known)


def test_the_wrong_signature_of_a_known_key_is_named() -> None:
    with pytest.raises(CheckpointError, match=rf"^The signature of {GEN} is wrong\.$"):
        read(TEXT.replace("\n7\n", "\n8\n"), LOGS)


def test_a_wrong_signature_is_refused_even_beside_a_right_one() -> None:
    with pytest.raises(CheckpointError, match="wrong"):
        read(TEXT + LINE.replace("3sX", "3sY"), LOGS)


def test_signatures_of_others_are_ignored() -> None:
    assert read(f"{BODY}\n— example.com/other AAAAAAA=\n{LINE}", LOGS) == HEAD
    assert read(COSIGNED, LOGS) == HEAD


@pytest.mark.parametrize(
    ("body", "because"),
    [
        (BODY.replace("\n7\n", "\n07\n"), "plain decimal"),
        (BODY.replace("\n7\n", "\n+7\n"), "plain decimal"),
        (BODY.replace("\n7\n", "\n7 \n"), "plain decimal"),
        (BODY.replace("\n7\n", "\n-7\n"), "plain decimal"),
        (BODY.replace("\n7\n", "\n\u0667\n"), "plain decimal"),
        (BODY.replace("\n7\n", "\n9223372036854775808\n"), "plain decimal"),
        (BODY.replace("\n7\n", "\n0\n"), "of no entry"),
        (BODY.replace("Hh8=", "Hh9="), "canonical"),
        (BODY.replace("Hh8=", "Hh8"), "not base64"),
        (BODY.replace("Hh8=", "Hé8="), "not base64"),
        (BODY.replace("AAEC", "AAE C"), "not base64"),
        (BODY.replace("AAEC", ""), "not a SHA-256"),
        (BODY.replace(GEN, ""), "lacks its origin"),
        (f"{GEN}\n7\n", "lacks its origin"),
        (f"\n{BODY}", "lacks its origin"),
        (BODY.replace("\n", "\r\n"), "control character"),
        (BODY.replace(GEN, f"{GEN}\0"), "control character"),
        (f"{BODY}\n", "a dash, a name"),
        (f"{BODY}{'x' * 65_536}\n", "too long"),
    ],
)
def test_a_malformed_head_is_refused_although_its_signature_is_right(
    body: str, because: str
) -> None:
    with pytest.raises(CheckpointError, match=because):
        read(resigned(body), LOGS)


@pytest.mark.parametrize(
    ("line", "because"),
    [
        (LINE.replace("—", "-"), "a dash, a name"),
        (LINE.replace("— ", "—  "), "a dash, a name"),
        (LINE.replace("\n", " \n"), "a dash, a name"),
        (LINE.replace(GEN, "gen+1"), "a dash, a name"),
        (LINE.replace(GEN, "gen\u00a01"), "a dash, a name"),
        (LINE.replace("Gww=", "Gwx="), "canonical"),
        (LINE.replace("=", ""), "not base64"),
        (LINE.rstrip("\n"), "does not end"),
        (f"{LINE}\n", "a dash, a name"),
        (LINE * 65, "too many"),
        (f"{LINE}— other AAAA\n", "too short"),
        ("", "does not end"),
    ],
)
def test_a_malformed_signature_line_is_refused(line: str, because: str) -> None:
    with pytest.raises(CheckpointError, match=because):
        read(f"{BODY}\n{line}", LOGS)


@pytest.mark.parametrize(
    "head",
    [
        Checkpoint("", 7, bytes(32)),
        Checkpoint("gen\n1", 7, bytes(32)),
        Checkpoint("gen\r", 7, bytes(32)),
        Checkpoint("gen\ud800", 7, bytes(32)),
        Checkpoint(GEN, -1, bytes(32)),
        Checkpoint(GEN, 2**63, bytes(32)),
        Checkpoint(GEN, 7, bytes(31)),
        Checkpoint(GEN, 0, bytes(32)),
        Checkpoint(GEN, 7, bytes(32), ("",)),
        Checkpoint(GEN, 7, bytes(32), ("one\ntwo",)),
    ],
)
def test_a_head_that_could_not_be_read_back_is_not_signed(head: Checkpoint) -> None:
    with pytest.raises(CheckpointError):
        signed(head, GEN, GEN_KEY)


@pytest.mark.parametrize("name", ["", "gen 1", "gen+1", "gen\u20281", "gen\n1", "gen\ud800"])
def test_a_name_that_does_not_fit_a_signature_line_is_refused(name: str) -> None:
    with pytest.raises(CheckpointError):
        signed(HEAD, name, GEN_KEY)


def test_the_text_of_a_cosigned_head_is_frozen() -> None:
    assert cosigned(TEXT, CLI, CLI_KEY, NOON) == COSIGNED


def test_a_cosignature_is_over_the_time_and_the_head() -> None:
    content = b64decode(COSIGNED.splitlines()[-1].split(" ")[2])
    public = CLI_KEY.public_key()
    assert content[:4] == sha256(f"{CLI}\n\x04".encode() + public.public_bytes_raw()).digest()[:4]
    assert int.from_bytes(content[4:12], "big") == NOON
    public.verify(content[12:], f"cosignature/v1\ntime 1795305600\n{BODY}".encode())


def test_the_latest_cosignature_of_each_known_witness_is_read() -> None:
    later = cosigned(COSIGNED, CLI, CLI_KEY, NOON + 60)
    other = cosigned(later, "other.example/witness", GEN_KEY, NOON + 120)
    assert cosignatures(cosigned(other, CLI, CLI_KEY, NOON + 30), WITNESSES) == {CLI: NOON + 60}
    assert cosignatures(TEXT, WITNESSES) == {}


def test_a_cosignature_of_another_head_or_time_is_refused() -> None:
    with pytest.raises(CheckpointError, match=rf"^The signature of {CLI} is wrong\.$"):
        cosignatures(COSIGNED.replace("\n7\n", "\n8\n"), WITNESSES)
    with pytest.raises(CheckpointError, match="wrong"):
        cosignatures(COSIGNED.replace("ABrAjCA", "ABrAjCB"), WITNESSES)


def test_a_cosignature_from_after_the_end_of_time_is_refused() -> None:
    with pytest.raises(CheckpointError, match="out of range"):
        cosignatures(COSIGNED.replace("aKgGOwAAAAB", "aKgGO/AAAAB"), WITNESSES)
    for at in (-1, 2**63):
        with pytest.raises(CheckpointError, match="out of range"):
            cosigned(TEXT, CLI, CLI_KEY, at)


def test_a_cosignature_is_no_signature_of_a_log_nor_the_reverse() -> None:
    with pytest.raises(CheckpointError, match="not signed by a known key"):
        read(COSIGNED, WITNESSES)
    assert cosignatures(COSIGNED, LOGS) == {}


def test_a_malformed_head_is_not_cosigned() -> None:
    with pytest.raises(CheckpointError, match="plain decimal"):
        cosigned(TEXT.replace("\n7\n", "\n07\n"), CLI, CLI_KEY, NOON)


def test_a_cosignature_too_many_is_not_given() -> None:
    with pytest.raises(CheckpointError, match="too many"):
        cosigned(TEXT + LINE * 63, CLI, CLI_KEY, NOON)


def test_the_key_published_with_the_go_implementation_is_read_and_written() -> None:
    line = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    name, public = read_verifier(line)
    assert name == "PeterNeumann"
    assert verifier_line(name, public) == line


@pytest.mark.parametrize(
    "line",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumanm+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TX",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy",
        "PeterNeumann+c74f20a3+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter\ud800+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_a_line_that_is_not_a_verifier_is_refused(line: str) -> None:
    with pytest.raises(CheckpointError):
        read_verifier(line)


anything = st.text(st.characters(exclude_categories=()), max_size=40)


@given(anything, st.integers(0, len(COSIGNED)), st.integers(0, 20))
def test_no_text_is_answered_by_another_error(inserted: str, at: int, removed: int) -> None:
    head: Checkpoint | None = None
    text = COSIGNED[:at] + inserted + COSIGNED[at + removed :]
    for verifying in (read, cosignatures):
        try:
            found = verifying(text, LOGS | WITNESSES)
        except CheckpointError:
            continue
        head = found if isinstance(found, Checkpoint) else head
    assert head in (None, HEAD)


@given(anything)
def test_no_line_of_a_verifier_is_answered_by_another_error(line: str) -> None:
    with pytest.raises(CheckpointError):
        read_verifier(line)
