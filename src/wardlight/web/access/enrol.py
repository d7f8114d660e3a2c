"""Giving somebody a way to sign in: that it was done, and by whom, is in the log, never what."""

from __future__ import annotations

from wardlight.record.events.access import CredentialChanged
from wardlight.web.access.credentials import CARD_CODES
from wardlight.web.access.door import Door


async def give_card(door: Door, account: str, by: str, codes: int = CARD_CODES) -> tuple[str, ...]:
    """Return the codes of a new card; the one before is closed."""
    made = await door.hashed(lambda: door.credentials.print_card(account, codes))
    await _say(door, account, "card printed", by)
    return made


async def give_passphrase(door: Door, account: str, passphrase: str) -> None:
    """Set somebody's own passphrase."""
    await door.hashed(lambda: door.credentials.set_passphrase(account, passphrase))
    await _say(door, account, "passphrase set", account)


async def give_badge(door: Door, account: str, badge: str, pin: str) -> None:
    """Bind a badge to somebody, with the PIN they chose."""
    await door.hashed(lambda: door.credentials.set_badge(account, badge, pin))
    await _say(door, account, "badge bound", account)


async def codes_count(door: Door, account: str) -> None:
    """Write down that codes of a phone count from now on."""
    await _say(door, account, "codes begun", account)


async def passkey_kept(door: Door, account: str) -> None:
    """Write down that somebody has one passkey more."""
    await _say(door, account, "passkey added", account)


async def _say(door: Door, account: str, what: str, by: str) -> None:
    await door.say(CredentialChanged(account=account, what=what, by=by), by)
