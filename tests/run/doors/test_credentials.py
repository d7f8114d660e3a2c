from __future__ import annotations

import stat
from pathlib import Path

import pytest

from wardlight.log.sealed import SealError
from wardlight.run.doors.credentials import ASIDE, FILE, CredentialFile, credentials_of
from wardlight.web.access.credentials import Credentials

KEY, OTHER = b"k" * 32, b"o" * 32
PASSPHRASE = "four quiet words at night"  # noqa: S105 -- of nobody


def test_what_was_kept_comes_back_and_nothing_is_nothing(tmp_path: Path) -> None:
    vault = CredentialFile(tmp_path, KEY)
    assert vault.load() == b""
    vault.save(b"a word")
    assert CredentialFile(tmp_path, KEY).load() == b"a word"


def test_the_file_is_sealed_and_for_this_account_of_the_machine_only(tmp_path: Path) -> None:
    Credentials(CredentialFile(tmp_path, KEY), KEY).set_passphrase("amensah", PASSPHRASE)
    kept = tmp_path / FILE
    assert b"amensah" not in kept.read_bytes()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_node_makes_its_hashes_as_costly_as_owasp_asks_at_the_least(tmp_path: Path) -> None:
    held, _ = credentials_of(tmp_path, KEY)
    held.set_passphrase("amensah", PASSPHRASE)
    assert held.of("amensah").passphrase.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    CredentialFile(tmp_path, KEY).save(b"a word")
    with pytest.raises(SealError):
        CredentialFile(tmp_path, OTHER).load()


@pytest.mark.parametrize("place", [0, 20, -1])
def test_a_bit_that_fell_over_is_noticed(tmp_path: Path, place: int) -> None:
    CredentialFile(tmp_path, KEY).save(b"a word")
    file = tmp_path / FILE
    body = bytearray(file.read_bytes())
    body[place] ^= 1
    file.write_bytes(body)
    with pytest.raises(SealError):
        CredentialFile(tmp_path, KEY).load()


def test_a_save_that_is_cut_short_leaves_what_was_kept_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = CredentialFile(tmp_path, KEY)
    vault.save(b"before")

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", no_room)
    with pytest.raises(OSError, match="No space"):
        vault.save(b"after")
    monkeypatch.undo()
    assert CredentialFile(tmp_path, KEY).load() == b"before"


@pytest.mark.parametrize("body", [b"", b"rubbish", b"wardlight.sealed.1\n" + b"x" * 60])
def test_a_damaged_file_keeps_no_node_from_starting_and_is_put_aside(
    tmp_path: Path, body: bytes
) -> None:
    (tmp_path / FILE).write_bytes(body)
    held, said = credentials_of(tmp_path, KEY)
    assert "put aside as credentials.unreadable" in said
    assert (tmp_path / ASIDE).read_bytes() == body
    held.set_passphrase("amensah", PASSPHRASE)
    again, said = credentials_of(tmp_path, KEY)
    assert (again.passphrase_fits("amensah", PASSPHRASE), said) == (True, "")
