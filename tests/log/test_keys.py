from __future__ import annotations

import pyrage
import pytest

from wardlight.log.keys import Keys, authenticated

KEYS = Keys(bytes(range(32)))


def test_each_purpose_has_a_key_of_its_own_and_another_secret_other_keys() -> None:
    both = [
        key
        for keys in (KEYS, Keys(bytes(32)))
        for key in (keys.secret, keys.store(), keys.files(), keys.mark(), keys.handles())
    ]
    assert len(set(both)) == 10
    assert all(len(key) == 32 for key in both)


def test_the_keys_of_a_secret_never_change() -> None:
    assert KEYS.store().hex()[:16] == "7eaf468bfb7ec75e"
    assert KEYS.check() == "21fe2491d95245be"
    assert KEYS.verifying().public_bytes_raw().hex()[:16] == "c3bafbbdf015b2f4"


def test_keys_have_no_readable_form() -> None:
    assert KEYS.secret.hex() not in repr(KEYS) + str(KEYS) + f"{KEYS}"
    assert repr(KEYS) == "Keys(secret)"


def test_the_age_identity_opens_what_is_sealed_for_it() -> None:
    identity = pyrage.x25519.Identity.from_str(KEYS.age_identity())
    sealed = pyrage.encrypt(b"a backup", [identity.to_public()])
    assert pyrage.decrypt(sealed, [identity]) == b"a backup"


def test_the_mark_is_rfc_4231_hmac() -> None:
    # RFC 4231 test case 2
    told = authenticated(b"Jefe", b"what do ya want for nothing?")
    assert told.hex() == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


@pytest.mark.parametrize("purpose", ["store", "files", "mark", "handles"])
def test_no_key_betrays_the_secret_or_its_check(purpose: str) -> None:
    key: bytes = getattr(KEYS, purpose)()
    assert KEYS.check() not in key.hex()
