"""What proves who somebody is: passphrase and code, badge and PIN, one-time cards.

Secrets are kept as argon2id hashes (RFC 9106; OWASP minimum of 19 MiB, two passes), peppered with
a key of the node, in one sealed file beside the log and never in it. A badge's number can be read
by anybody who stands near it: it says who, the PIN proves it.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from hmac import compare_digest, digest
from threading import Lock
from typing import Protocol

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret_raw
from msgspec import Struct, json
from msgspec.structs import replace

SALT_BYTES = 16

PINS_WRONG_MAX = 5  # then the passphrase; nobody is ever locked out
CARD_CODES = 10
CARD_CHARACTERS = 8  # of Crockford base 32: 40 bits
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FORGIVEN = str.maketrans("OIL", "011")
TOTP_STEP_S = 30
TOTP_STEPS_OFF = 1  # one step either way: clocks of phones


class Cost(Struct, frozen=True):
    """What one guess at a secret costs whoever stole the hashes (RFC 9106, section 4)."""

    passes: int
    memory_kib: int
    lanes: int


OWASP_MINIMUM = Cost(passes=2, memory_kib=19 * 1024, lanes=1)  # what every node uses


class Passkey(Struct, frozen=True):
    """One security key or device of somebody (WebAuthn)."""

    id: str  # base64url
    public_key: str
    sign_count: int
    name: str = ""


class Card(Struct, frozen=True):
    """The codes of a printed card that are left.

    They share one salt, so that one hash is held against all of them: a wrong code takes as long
    as a right one, and as long as one of somebody who has no card.
    """

    salt: str
    left: tuple[str, ...]  # argon2id


class Credential(Struct, frozen=True, kw_only=True):
    """How one account can prove itself."""

    passphrase: str = ""  # argon2id
    totp: str = ""  # shared secret, base 32
    totp_next: str = ""  # one that the phone has not shown a code of yet
    totp_used: int = 0  # last step that was taken: a code counts once
    badge: str = ""  # digest
    pin: str = ""  # argon2id
    pins_wrong: int = 0
    card: Card | None = None
    passkeys: tuple[Passkey, ...] = ()

    def codes_left(self) -> int:
        """Return how many codes of the card were not used yet."""
        return len(self.card.left) if self.card else 0

    def lasts(self) -> bool:
        """Return whether there is a way to sign in that is not used up by using it."""
        return bool(self.passphrase or (self.badge and self.pin) or self.passkeys)


class Vault(Protocol):
    """Where credentials are kept: sealed, on this node only."""

    def load(self) -> bytes:
        """Return what was kept; b"" for nothing yet."""

    def save(self, body: bytes) -> None:
        """Keep this, durably, whole or not at all."""


class Credentials:
    """Everybody's credentials, opened from the vault."""

    def __init__(self, vault: Vault, pepper: bytes, cost: Cost = OWASP_MINIMUM) -> None:
        self._vault = vault
        self._pepper = pepper
        self._cost = cost
        self._hasher = PasswordHasher(cost.passes, cost.memory_kib, cost.lanes)
        self._changing = Lock()  # hashes are made in threads; what is kept changes one at a time
        body = vault.load()
        self._held = json.decode(body, type=dict[str, Credential]) if body else {}
        self._nobody = self._hasher.hash(self._peppered("nobody", "nothing"))

    def of(self, account: str) -> Credential:
        """Return somebody's credentials; empty ones where there are none."""
        return self._held.get(account, Credential())

    def forget(self, account: str) -> None:
        """Take every credential from somebody."""
        with self._changing:
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
        """Return a new shared secret, once, for a phone; it counts when a code of it was seen."""
        secret = pyotp.random_base32()
        self._change(account, totp_next=secret)
        return secret

    def confirm_totp(self, account: str, code: str, now_s: int) -> bool:
        """Let codes count from now on, when the phone shows the right one."""
        with self._changing:
            held = self.of(account)
            step = _step_of(held.totp_next, code, now_s)
            if step is None:
                return False
            self._put(account, totp=held.totp_next, totp_next="", totp_used=step)
            return True

    def totp_fits(self, account: str, code: str, now_s: int) -> bool:
        """Return whether a code is right now; each one counts once (RFC 6238 §5.2)."""
        with self._changing:
            held = self.of(account)
            step = _step_of(held.totp, code, now_s)
            if step is None or step <= held.totp_used:
                return False
            self._put(account, totp_used=step)
            return True

    # --- badge and PIN ----------------------------------------------------------------------

    def set_badge(self, account: str, badge: str, pin: str) -> None:
        """Bind a badge to somebody, with the PIN that proves them; nobody else keeps that badge."""
        mark, hashed = self._badge(badge), self._hash(account, pin)
        with self._changing:
            other = self.badge_owner(badge)
            if other and other != account:
                self._held[other] = replace(self.of(other), badge="", pin="")
            self._put(account, badge=mark, pin=hashed, pins_wrong=0)

    def badge_owner(self, badge: str) -> str:
        """Return whose badge it is; "" for nobody's."""
        mark = self._badge(badge)
        return next((name for name, one in self._held.items() if one.badge == mark), "")

    def pin_fits(self, account: str, pin: str) -> bool:
        """Return whether a PIN is right. After five wrong ones only the passphrase is."""
        fits = self._fits(account, pin, self.of(account).pin)
        with self._changing:
            held = self.of(account)
            if not held.pin or held.pins_wrong >= PINS_WRONG_MAX:
                return False
            wrong = 0 if fits else held.pins_wrong + 1
            if wrong != held.pins_wrong:
                self._put(account, pins_wrong=wrong)
        return fits

    def pins_used_up(self, account: str) -> bool:
        """Return whether the PIN is closed until a passphrase or a card opens it again."""
        return self.of(account).pins_wrong >= PINS_WRONG_MAX

    def open_pins(self, account: str) -> None:
        """Let the PIN count again, after a passphrase or a card did."""
        if self.of(account).pins_wrong:
            self._change(account, pins_wrong=0)

    # --- one-time cards ---------------------------------------------------------------------

    def print_card(self, account: str, codes: int = CARD_CODES) -> tuple[str, ...]:
        """Return new codes, each to be used once; those printed before are closed."""
        made = tuple(_code() for _ in range(codes))
        salt = secrets.token_hex(SALT_BYTES)
        left = tuple(self._card_hash(account, one, salt) for one in made)
        self._change(account, card=Card(salt, left))
        return made

    def card_fits(self, account: str, code: str) -> bool:
        """Return whether a code of the card is right and not used yet; it is used now."""
        card = self.of(account).card or Card("00" * SALT_BYTES, ())
        mark = self._card_hash(account, code, card.salt)
        with self._changing:
            held = self.of(account).card
            if held is None or mark not in held.left:
                return False
            left = tuple(one for one in held.left if one != mark)
            self._put(account, card=Card(held.salt, left))
            return True

    # --- passkeys ---------------------------------------------------------------------------

    def keep_passkey(self, account: str, passkey: Passkey) -> None:
        """Keep a passkey of somebody."""
        with self._changing:
            others = tuple(one for one in self.of(account).passkeys if one.id != passkey.id)
            self._put(account, passkeys=(*others, passkey))

    def count_passkey(self, account: str, id_: str, count: int) -> None:
        """Keep how often a passkey has signed: a copy of it would fall behind."""
        with self._changing:
            held = self.of(account).passkeys
            changed = tuple(
                replace(one, sign_count=count) if one.id == id_ else one for one in held
            )
            self._put(account, passkeys=changed)

    def passkey(self, id_: str) -> tuple[str, Passkey] | None:
        """Return whose passkey it is; None for nobody's."""
        for account, held in self._held.items():
            for one in held.passkeys:
                if one.id == id_:
                    return account, one
        return None

    # --- keeping ----------------------------------------------------------------------------

    def _change(self, account: str, **changed: object) -> None:
        with self._changing:
            self._put(account, **changed)

    def _put(self, account: str, **changed: object) -> None:
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

    def _card_hash(self, account: str, code: str, salt: str) -> str:
        secret, cost = self._peppered(account, _plain(code)), self._cost
        return hash_secret_raw(
            secret, bytes.fromhex(salt), cost.passes, cost.memory_kib, cost.lanes, 32, Type.ID
        ).hex()

    def _badge(self, badge: str) -> str:
        return digest(self._pepper, f"badge\0{badge.strip()}".encode(), sha256).hex()


def _step_of(secret: str, code: str, now_s: int) -> int | None:
    """Return the step a code belongs to; None when it is not of this secret or not of now."""
    if not secret:
        return None
    totp, typed = pyotp.TOTP(secret), code.strip().replace(" ", "")
    now = now_s // TOTP_STEP_S
    steps = range(now - TOTP_STEPS_OFF, now + TOTP_STEPS_OFF + 1)
    right = [at for at in steps if compare_digest(totp.generate_otp(at).encode(), typed.encode())]
    return right[0] if right else None


def _code() -> str:
    drawn = "".join(secrets.choice(_CROCKFORD) for _ in range(CARD_CHARACTERS))
    return f"{drawn[:4]}-{drawn[4:]}"


def _plain(code: str) -> str:
    kept = "".join(one for one in code.upper() if one.isalnum())
    return kept.translate(_FORGIVEN)
