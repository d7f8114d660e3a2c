r"""Documents inside a message: the ED type of OBX-5, as bytes (HL7 v2.5.1 §2.A.24).

Senders break base64 with line ends and `\.br\`, call hexadecimal base64, or name no coding at
all. What cannot be decoded is told as such; the message keeps the original.
"""

from __future__ import annotations

import binascii
import re

from msgspec import Struct

from wardlight.wire.hl7v2.encoding import STANDARD, Encoding
from wardlight.wire.hl7v2.text import plain, unescape

_HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_WORDS_MAX = 16
"""Shorter than this, letters alone are taken for words and not for base64."""


class ED(Struct, frozen=True, gc=False):
    """A document; `content` is None where the data could not be decoded."""

    kind: str = ""  # table 0191: text, Application, Image
    subtype: str = ""  # table 0291: PDF, HTML, RTF
    coding: str = ""  # table 0299, as stated: Base64, Hex, A
    content: bytes | None = None


def ed(value: str, encoding: Encoding = STANDARD) -> ED:
    """Read a document field; the data decide about the coding where the sender is wrong."""
    parts = value.split(encoding.component, 4)
    if len(parts) < len(("source", "kind", "subtype", "coding", "data")):
        return ED(content=_content("", value, encoding))
    _, kind, subtype, coding, data = parts
    stated = plain(coding, encoding)
    content = _content(stated, data, encoding)
    return ED(plain(kind, encoding), plain(subtype, encoding), stated, content)


def _content(coding: str, data: str, encoding: Encoding) -> bytes | None:
    """Return the bytes that the data stand for."""
    text = unescape(data, encoding)
    solid = "".join(text.split())
    if coding.lower() == "hex" or (len(solid) >= _WORDS_MAX and _HEXADECIMAL.fullmatch(solid)):
        return bytes.fromhex(solid) if _HEXADECIMAL.fullmatch(solid) else None
    sniffed = len(solid) >= _WORDS_MAX and len(solid) % 4 == 0 and solid == text.strip()
    if coding.lower() == "base64" or (sniffed and _BASE64.fullmatch(solid)):
        return _from_base64(solid)
    return text.encode() if text else None


def _from_base64(solid: str) -> bytes | None:
    """Return decoded base64, missing padding forgiven; None when it is none."""
    if not _BASE64.fullmatch(solid):
        return None
    try:
        return binascii.a2b_base64(solid.rstrip("=") + "=" * (-len(solid.rstrip("=")) % 4))
    except binascii.Error:
        return None
