"""How one sender writes: the separators of MSH-1 and MSH-2, and the character set.

HL7 v2.5.1 §2.5.4 (message delimiters), §2.15.9.18 (MSH-18), table 0211.
"""

from __future__ import annotations

import codecs
from enum import StrEnum
from functools import lru_cache
from string import punctuation

from msgspec import Struct


class Oddity(StrEnum):
    """What a message did that the standard does not allow, and that we read all the same."""

    SEPARATORS_DAMAGED = "separators-damaged"
    LINES_BEFORE_HEADER = "lines-before-header"
    LINE_CONTINUES_FIELD = "line-continues-field"
    NAME_LOWER_CASE = "name-lower-case"
    HEADER_REPEATED = "header-repeated"
    CHARSET_UNKNOWN = "charset-unknown"
    CHARSET_WRONG = "charset-wrong"
    CHARSET_GUESSED = "charset-guessed"
    MOJIBAKE_LIKELY = "mojibake-likely"
    SEGMENT_CUT = "segment-cut"
    BATCH_COUNT_WRONG = "batch-count-wrong"
    BATCH_STRAY_LINES = "batch-stray-lines"


class Anomaly(Struct, frozen=True, gc=False):
    """An oddity and where it was met; never holds content of the message."""

    code: Oddity
    where: str


class Encoding(Struct, frozen=True, gc=False, cache_hash=True):
    """The separators of one message ("" where the sender has none) and its character set."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"
    truncation: str = ""
    charset: str = "utf-8"

    @property
    def characters(self) -> str:
        """MSH-2 as it is written."""
        return self.component + self.repetition + self.escape + self.subcomponent + self.truncation


STANDARD = Encoding()
HEADER_LENGTH = 7
"""Characters after `MSH` that are enough to know the separators."""
_MARKS_MIN, _MARKS_MAX = 2, 5
_PUNCTUATION = frozenset(punctuation)

_WINDOWS_1252 = "".join(
    bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)
)
"""Windows-1252 with its five holes filled, so that every byte is some character."""

_CODECS = {
    "ASCII": "ascii",
    "USASCII": "ascii",
    "ISOIR6": "ascii",
    "UNICODE": "utf-8",
    "UNICODEUTF8": "utf-8",
    "UTF8": "utf-8",
    "UNICODEUTF16": "utf-16",
    "UTF16": "utf-16",
    "88591": "cp1252",  # Windows senders say 8859/1 and mean 1252, which holds all of it
    "LATIN1": "cp1252",
    "CP1252": "cp1252",
    "WINDOWS1252": "cp1252",
    "ISOIR100": "cp1252",
    "ISOIR13": "shift_jis",
    "ISOIR14": "iso2022_jp",
    "ISOIR87": "iso2022_jp",
    "ISOIR159": "iso2022_jp_1",
    "SHIFTJIS": "shift_jis",
    "GB180302000": "gb18030",
    "GB18030": "gb18030",
    "KSX1001": "euc_kr",
    "BIG5": "big5",
}
_CODECS |= {f"8859{part}": f"iso8859_{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15)}


@lru_cache(maxsize=256)
def codec_named(declared: str) -> str:
    """Return the codec for an MSH-18 value (table 0211 and its misspellings), or ""."""
    first = declared.split("~", 1)[0]
    name = "".join(letter for letter in first.upper() if letter.isalnum())
    return _CODECS.get(name) or _CODECS.get(name.removeprefix("ISO"), "")


def decode(raw: bytes, codec: str) -> str | None:
    """Return `raw` in that character set, or None when it is not written in it."""
    if codec == "cp1252":
        return codecs.charmap_decode(raw, "strict", _WINDOWS_1252)[0]
    try:
        return raw.decode(codec)
    except (UnicodeError, LookupError):
        return None


def decide_charset(raw: bytes, declared: str, default: str) -> tuple[str, str, tuple[Anomaly, ...]]:
    """Return text, codec and anomalies: MSH-18, then UTF-8, then the source's own, then 1252."""
    named = codec_named(declared)
    if named == "utf-8" and (text := decode(raw, named)) is not None:
        return text, named, ()
    odd: list[Anomaly] = []
    if declared.strip() and not named:
        odd.append(Anomaly(Oddity.CHARSET_UNKNOWN, "MSH-18"))
    for codec in dict.fromkeys((named, "utf-8", codec_named(default), "cp1252")):
        text = decode(raw, codec) if codec and not _denies(raw, codec) else None
        if text is None:
            continue
        if named and codec != named:
            odd.append(Anomaly(Oddity.CHARSET_WRONG, "MSH-18"))
        elif codec == "cp1252" and not named and codec_named(default) != codec:
            odd.append(Anomaly(Oddity.CHARSET_GUESSED, "MSH-18"))
        if _could_be_utf8(raw, codec):
            odd.append(Anomaly(Oddity.MOJIBAKE_LIKELY, "MSH-18"))
        return text, codec, tuple(odd)
    raise AssertionError("Windows-1252 reads every byte")


def _denies(raw: bytes, codec: str) -> bool:
    """Say whether the header itself shows that this is not its character set."""
    return codec == "utf-16" and raw[:3] == b"MSH"


def _could_be_utf8(raw: bytes, codec: str) -> bool:
    """Say whether text taken for a one-byte character set is in truth UTF-8."""
    one_byte = codec == "cp1252" or codec.startswith("iso8859")
    return one_byte and not raw.isascii() and decode(raw, "utf-8") is not None


@lru_cache(maxsize=512)
def encoding_of(header: str, charset: str) -> tuple[Encoding, Anomaly | None]:
    """Return the separators from the characters that follow `MSH` (HEADER_LENGTH of them).

    MSH-2 of two to five different ASCII punctuation characters is taken as it is; separators
    it does not name do not exist. Anything else is damaged and read as the usual five.
    """
    field = header[:1]
    line = header.split("\r", 1)[0].split("\n", 1)[0]
    characters, closed, _ = line[1:].partition(field)
    characters = characters.rstrip(" \t")
    good = (
        (closed or len(line) < HEADER_LENGTH)
        and _MARKS_MIN <= len(characters) <= _MARKS_MAX
        and len(set(characters)) == len(characters)
        and _PUNCTUATION.issuperset(characters)
    )
    if good:
        marks = [*characters, "", "", ""]
        return Encoding(field, marks[0], marks[1], marks[2], marks[3], marks[4], charset), None
    usual = Encoding(field=field, charset=charset)
    return usual, Anomaly(Oddity.SEPARATORS_DAMAGED, "MSH-2")


def is_field_separator(mark: str) -> bool:
    """Say whether MSH-1 can be a separator at all: one ASCII punctuation character."""
    return mark in _PUNCTUATION
