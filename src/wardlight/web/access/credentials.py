"""What proves who somebody is: passphrase and code, badge and PIN, one-time cards.

Secrets are kept as argon2id hashes (RFC 9106; OWASP minimum of 19 MiB, two passes), peppered with
a key of the node, in one sealed file beside the log and never in it. A badge's number can be read
by anybody who stands near it: it says who, the PIN proves it.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Protocol

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct, json
from msgspec.structs import replace

PINS_WRONG_MAX = 5  # then the passphrase; nobody is ever locked out
CARD_CODES = 10
CARD_CHARACTERS = 8  # of Crockford base 32: 40 bits
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FORGIVEN = str.maketrans("OIL", "011")
TOTP_STEP_S = 30
TOTP_STEPS_OFF = 1  # one step either way: clocks of phones


class Passkey(Struct, frozen=True):
    """One security key or device of somebody (WebAuthn)."""

    id: str  # base64url
    public_key: str
    sign_count: int
    name: str = ""


class Credential(Struct, frozen=True, kw_only=True):
    """How one account can prove itself."""

    passphrase: str = ""  # argon2id
    totp: str = ""  # shared secret, base 32
    totp_used: int = 0  # last step that was taken: a code counts once
    badge: str = ""  # digest
    pin: str = ""  # argon2id
    pins_wrong: int = 0
    cards: tuple[str, ...] = ()  # argon2id of the codes that are left
    passkeys: tuple[Passkey, ...] = ()


class Vault(Protocol):
    """Where credentials are kept: sealed, on this node only."""

    def load(self) -> bytes:
        """Return what was kept; b"" for nothing yet."""

    def save(self, body: bytes) -> None:
        """Keep this, durably, whole or not at all."""


class Credentials:
    """Everybody's credentials, opened from the vault."""

    def __init__(self, vault: Vault, pepper: bytes) -> None:
        self._vault = vault
        self._pepper = pepper
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        body = vault.load()
        self._held = json.decode(body, type=dict[str, Credential]) if body else {}
        self._nobody = self._hasher.hash(self._peppered("nobody", "nothing"))

    def of(self, account: str) -> Credential:
        """Return somebody's credentials; empty ones where there are none."""
        return self._held.get(account, Credential())

    def is_empty(self) -> bool:
        """Return whether nobody can sign in yet."""
        return not self._held

    def forget(self, account: str) -> None:
        """Take every credential from somebody."""
        if self._held.pop(account, None) is not None:
            self._save()

    # --- passphrase and code ----------------------------------------------------------------

    def set_passphrase(self, account: str, passphrase: str) -> None:
        """Give somebody a passphrase; whether it is a good one was asked before."""
        self._change(account, passphrase=self._hash(account, passphrase))

    def passphrase_fits(self, account: str, passphrase: str) -> bool:
        """Return whether it is theirs; a stranger's takes as long."""
        return self._fits(account, passphrase, self.of(account).passphrase)

    def begin_totp(self, account: str) -> str:
        """Give somebody a shared secret for codes and return it once, for their phone."""
        secret = pyotp.random_base32()
        self._change(account, totp=secret, totp_used=0)
        return secret

    def totp_fits(self, account: str, code: str, now_s: int) -> bool:
        """Return whether a code is right now; each one counts once (RFC 6238 §5.2)."""
        held = self.of(account)
        if not held.totp:
            return False
        totp = pyotp.TOTP(held.totp)
        step = now_s // TOTP_STEP_S
        for at in range(step - TOTP_STEPS_OFF, step + TOTP_STEPS_OFF + 1):
            right = totp.generate_otp(at)
            if at > held.totp_used and compare_digest(right, code.strip().replace(" ", "")):
                self._change(account, totp_used=at)
                return True
        return False

    # --- badge and PIN ----------------------------------------------------------------------

    def set_badge(self, account: str, badge: str, pin: str) -> None:
        """Bind a badge to somebody, with the PIN that proves them; nobody else keeps that badge."""
        other = self.badge_owner(badge)
        if other and other != account:
            self._change(other, badge="", pin="")
        self._change(account, badge=self._badge(badge), pin=self._hash(account, pin), pins_wrong=0)

    def badge_owner(self, badge: str) -> str:
        """Return whose badge it is; "" for nobody's."""
        mark = self._badge(badge)
        return next((name for name, one in self._held.items() if one.badge == mark), "")

    def pin_fits(self, account: str, pin: str) -> bool:
        """Return whether a PIN is right. After five wrong ones only the passphrase is."""
        held = self.of(account)
        fits = self._fits(account, pin, held.pin)
        if held.pins_wrong >= PINS_WRONG_MAX:
            return False
        if fits != (held.pins_wrong == 0) and self._held.get(account):
            self._change(account, pins_wrong=0 if fits else held.pins_wrong + 1)
        elif not fits and self._held.get(account):
            self._change(account, pins_wrong=held.pins_wrong + 1)
        return fits

    def pins_used_up(self, account: str) -> bool:
        """Return whether the PIN is closed until a passphrase opens it again."""
        return self.of(account).pins_wrong >= PINS_WRONG_MAX

    def open_pins(self, account: str) -> None:
        """Let the PIN count again, after the passphrase did."""
        if self.of(account).pins_wrong:
            self._change(account, pins_wrong=0)

    # --- one-time cards ---------------------------------------------------------------------

    def print_card(self, account: str, codes: int = CARD_CODES) -> tuple[str, ...]:
        """Return new codes, each to be used once; those printed before are closed."""
        made = tuple(_code() for _ in range(codes))
        self._change(account, cards=tuple(self._hash(account, _plain(one)) for one in made))
        return made

    def card_fits(self, account: str, code: str) -> bool:
        """Return whether a code of the card is right and not used yet; it is used now."""
        held = self.of(account)
        typed = _plain(code)
        for one in held.cards or (self._nobody,):
            if self._fits(account, typed, one):
                left = tuple(other for other in held.cards if other != one)
                self._change(account, cards=left)
                return True
        return False

    # --- passkeys ---------------------------------------------------------------------------

    def keep_passkey(self, account: str, passkey: Passkey) -> None:
        """Keep a passkey of somebody, or its newer count."""
        others = tuple(one for one in self.of(account).passkeys if one.id != passkey.id)
        self._change(account, passkeys=(*others, passkey))

    def passkey(self, id_: str) -> tuple[str, Passkey] | None:
        """Return whose passkey it is; None for nobody's."""
        for account, held in self._held.items():
            for one in held.passkeys:
                if one.id == id_:
                    return account, one
        return None

    # --- keeping ----------------------------------------------------------------------------

    def _change(self, account: str, **changed: object) -> None:
        self._held[account] = replace(self.of(account), **changed)
        self._save()

    def _save(self) -> None:
        self._vault.save(json.encode(self._held))

    def _hash(self, account: str, secret: str) -> str:
        return self._hasher.hash(self._peppered(account, secret))

    def _fits(self, account: str, secret: str, kept: str) -> bool:
        try:
            self._hasher.verify(kept or self._nobody, self._peppered(account, secret))
        except (VerificationError, InvalidHashError):
            return False
        return bool(kept)

    def _peppered(self, account: str, secret: str) -> bytes:
        return digest(self._pepper, f"{account}\0{secret}".encode(), sha256)

    def _badge(self, badge: str) -> str:
        return digest(self._pepper, f"badge\0{badge.strip()}".encode(), sha256).hex()


def _code() -> str:
    drawn = "".join(secrets.choice(_CROCKFORD) for _ in range(CARD_CHARACTERS))
    return f"{drawn[:4]}-{drawn[4:]}"


def _plain(code: str) -> str:
    kept = "".join(one for one in code.upper() if one.isalnum())
    return kept.translate(_FORGIVEN)
