"""A node's secret in five shares of words (SLIP-39): three custodians bring all of it back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct
from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic import Share as Slip39
from shamir_mnemonic.wordlist import WORDLIST

from wardlight.log.keys import SECRET_BYTES, Keys
from wardlight.paper.share import Share

if TYPE_CHECKING:
    from collections.abc import Sequence

TOTAL, NEEDED = 5, 3
WORDS = 33  # of a share of 32 bytes

_KNOWN = frozenset(WORDLIST)
_ROW = re.compile(r"^ *\d{1,2} [a-z]+(?: +\d{1,2} [a-z]+)*$", re.MULTILINE)
_NUMBERED = re.compile(r"(\d{1,2}) ([a-z]+)")
_CHECK = re.compile(r"^Key check: +([0-9a-f]{16})$", re.MULTILINE)


class ShareError(Exception):
    """The shares do not bring a key back; the sentence says why, and none of the words."""


class Typed(Struct, frozen=True):
    """One share as it was handed in: where from, its words, and the key check it names."""

    name: str
    words: tuple[str, ...]
    check: str = ""

    def __repr__(self) -> str:
        """Say where it came from, and none of its words."""
        return f"Typed({self.name})"


def split(keys: Keys, node: str, made: str) -> list[Share]:
    """Return a new set of shares; `made` is its ISO date. Every call gives another set."""
    [group] = generate_mnemonics(1, [(NEEDED, TOTAL)], keys.secret)
    return [
        Share(
            node=node,
            check=keys.check(),
            number=number,
            total=TOTAL,
            needed=NEEDED,
            set_number=Slip39.from_mnemonic(words).identifier,
            made=made,
            words=tuple(words.split()),
        )
        for number, words in enumerate(group, 1)
    ]


def read_share(text: str, name: str) -> Typed:
    """Return the share of a text file as `wardlight keys split` writes it, or of bare words."""
    rows = "\n".join(_ROW.findall(text))
    numbered = {int(number): word for number, word in _NUMBERED.findall(rows)}
    if sorted(numbered) == list(range(1, WORDS + 1)):
        words = tuple(numbered[place] for place in range(1, WORDS + 1))
    else:
        words = tuple(text.lower().split())
    check = _CHECK.search(text)
    return Typed(name, words, check.group(1) if check else "")


def typed_shares(text: str) -> list[Typed]:
    """Return the shares that were typed one after the other; numbers and line ends are ignored."""
    words = re.findall(r"[a-z]+", text.lower())
    parts = [tuple(words[at : at + WORDS]) for at in range(0, len(words), WORDS)]
    return [Typed(f"share {number}", part) for number, part in enumerate(parts, 1)]


def joined(shares: Sequence[Typed]) -> Keys:
    """Return the keys that shares of one set bring back. Raises ShareError."""
    read = [_read(share) for share in shares]
    first = read[0] if read else None
    for share, one in zip(shares, read, strict=True):
        if first is not None and one.common_parameters() != first.common_parameters():
            because = f"set {one.identifier}, while {shares[0].name} is of set {first.identifier}"
            raise ShareError(f"{share.name} is of {because}; take shares of one set")
    distinct = {one.index: share for share, one in zip(shares, read, strict=True)}
    if len(distinct) < NEEDED:
        have = f"{len(distinct)} different {'share' if len(distinct) == 1 else 'shares'}"
        raise ShareError(f"{have} given; {NEEDED} are needed")
    return _combined(list(distinct.values())[:NEEDED], shares)


def _combined(chosen: Sequence[Typed], shares: Sequence[Typed]) -> Keys:
    try:
        keys = Keys(combine_mnemonics(" ".join(share.words) for share in chosen))
    except MnemonicError as error:
        raise ShareError("the shares do not fit together; one of them is another key's") from error
    if len(keys.secret) != SECRET_BYTES:
        raise ShareError("the shares are of something else than a key of Wardlight")
    for share in shares:
        if share.check and share.check != keys.check():
            because = f"{share.check}, but the words bring back {keys.check()}"
            raise ShareError(f"{share.name} names the key check {because}")
    return keys


def _read(share: Typed) -> Slip39:
    if len(share.words) != WORDS:
        raise ShareError(f"{share.name} has {len(share.words)} words; a share has {WORDS}")
    for place, word in enumerate(share.words, 1):
        if word not in _KNOWN:
            raise ShareError(f"{share.name}: word {place} is none of the list; read it again")
    try:
        return Slip39.from_mnemonic(" ".join(share.words))
    except MnemonicError as error:
        because = "a word is wrong or two are swapped; read it again"
        raise ShareError(f"{share.name}: the words do not fit their checksum: {because}") from error
