"""The certificates a node signs for its own screens."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from wardlight.log.keys import Keys
from wardlight.record.instants import DAY, Instant
from wardlight.run.doors.authority import (
    AUTHORITY_FILE,
    SERVER_FILE,
    authority_key,
    authority_of,
    covers,
    days_left,
    fingerprint,
    names_in,
    new_authority,
    server_certificate,
)

NOW = Instant(1_795_314_660_000)
KEYS = Keys(bytes(range(32)))
NAMES = ("wardlight.mmh.example", "10.1.2.3")


def authority(folder: Path, names: tuple[str, ...] = NAMES, now: Instant = NOW) -> x509.Certificate:
    return authority_of(folder, KEYS, node="MMH", names=names, now=now)


def served(folder: Path, now: Instant = NOW, names: tuple[str, ...] = NAMES) -> x509.Certificate:
    return server_certificate(folder, authority(folder), KEYS, names=names, now=now)


def test_the_key_comes_back_from_the_nodes_secret_and_from_no_other() -> None:
    again, other = Keys(bytes(range(32))), Keys(bytes(32))
    assert authority_key(KEYS).private_numbers() == authority_key(again).private_numbers()
    assert authority_key(KEYS).private_numbers() != authority_key(other).private_numbers()
    assert isinstance(authority_key(KEYS).curve, ec.SECP256R1)


def test_the_authority_is_made_once_and_kept(tmp_path: Path) -> None:
    made = authority(tmp_path)
    assert authority(tmp_path, now=Instant(NOW + 900 * DAY)) == made
    assert days_left(made, NOW) == 3649


def test_the_authority_signs_for_its_own_names_alone(tmp_path: Path) -> None:
    made = authority(tmp_path)
    constraints = made.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    assert covers(made, "wardlight.mmh.example")
    assert covers(made, "10.1.2.3")
    assert covers(made, "localhost")
    assert not covers(made, "mmh.example")
    assert not covers(made, "evilwardlight.mmh.example")
    assert not covers(made, "10.1.2.4")


def test_an_authority_for_names_alone_still_signs_for_no_address(tmp_path: Path) -> None:
    made = authority(tmp_path, names=("wardlight.mmh.example",))
    assert not covers(made, "10.1.2.3")
    assert not covers(made, "2001:db8::1")


def test_a_device_that_trusts_the_authority_takes_the_certificate(tmp_path: Path) -> None:
    made = served(tmp_path)
    when = datetime.fromtimestamp(NOW / 1000, UTC)
    policy = PolicyBuilder().store(Store([authority(tmp_path)])).time(when)
    chain = policy.build_server_verifier(x509.DNSName("wardlight.mmh.example")).verify(made, [])
    assert chain == [made, authority(tmp_path)]
    with pytest.raises(VerificationError):
        policy.build_server_verifier(x509.DNSName("portal.mmh.example")).verify(made, [])


def test_a_server_certificate_is_for_the_names_and_for_397_days(tmp_path: Path) -> None:
    made = served(tmp_path)
    assert names_in(made) == ("wardlight.mmh.example", "localhost", "10.1.2.3", "127.0.0.1")
    assert (made.not_valid_after_utc - made.not_valid_before_utc).days == 397


def test_a_certificate_is_renewed_thirty_days_before_its_end_and_no_earlier(tmp_path: Path) -> None:
    first = served(tmp_path)
    assert served(tmp_path, now=Instant(NOW + 366 * DAY)) == first
    later = served(tmp_path, now=Instant(NOW + 367 * DAY))
    assert later.public_key() != first.public_key()
    assert days_left(later, Instant(NOW + 367 * DAY)) == 396


def test_another_name_makes_another_certificate_if_the_authority_may_sign_it(
    tmp_path: Path,
) -> None:
    served(tmp_path)
    made = served(tmp_path, names=("wardlight.mmh.example", "10.9.9.9"))
    assert names_in(made) == ("wardlight.mmh.example", "localhost", "127.0.0.1")


def test_a_file_somebody_else_signed_is_replaced(tmp_path: Path) -> None:
    stranger = Keys(bytes(32))
    (tmp_path / "other").mkdir()
    theirs = new_authority(tmp_path / "other", stranger, node="MMH", names=NAMES, now=NOW)
    server_certificate(tmp_path / "other", theirs, stranger, names=NAMES, now=NOW)
    (tmp_path / SERVER_FILE).write_bytes((tmp_path / "other" / SERVER_FILE).read_bytes())
    (tmp_path / AUTHORITY_FILE).write_bytes((tmp_path / "other" / AUTHORITY_FILE).read_bytes())
    made = served(tmp_path)
    made.verify_directly_issued_by(authority(tmp_path))
    with pytest.raises((InvalidSignature, ValueError)):
        made.verify_directly_issued_by(theirs)


def test_the_file_of_the_key_is_for_this_account_alone(tmp_path: Path) -> None:
    served(tmp_path)
    assert (tmp_path / SERVER_FILE).stat().st_mode & 0o077 == 0


def test_a_fingerprint_is_sixteen_groups_a_person_can_compare(tmp_path: Path) -> None:
    groups = fingerprint(authority(tmp_path)).split()
    assert [len(group) for group in groups] == [4] * 16
