"""What makes two entries the same message: its sender's number, and its content.

A resent message may carry a new MSH-7 and is otherwise the same, byte for byte.
"""

from __future__ import annotations

from hashlib import blake2b

from wardlight.wire.hl7v2.message import Segment

DIGEST_BYTES = 16
_HEADER_MAX = 1_024
_MARK_AT = 3
_MSH_7 = 6  # separators between `MSH` and the value


def identity_of(source: str, header: Segment) -> bytes:
    """Return the digest of feed, sender and control id; b"" when MSH-10 is missing."""
    if not header.text(10):
        return b""
    parts = (source, header.field(3), header.field(4), header.field(10))
    return blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=DIGEST_BYTES).digest()


def content_of(raw: bytes) -> bytes:
    """Return the digest of a message without the value of MSH-7."""
    start, end = _message_time(raw)
    view = memoryview(raw)
    digest = blake2b(view[:start], digest_size=DIGEST_BYTES)
    digest.update(view[end:])
    return digest.digest()


def _message_time(raw: bytes) -> tuple[int, int]:
    """Return where MSH-7 stands; an empty stretch when the header has none."""
    start = 0 if raw[:3] == b"MSH" else raw.find(b"MSH", 0, _HEADER_MAX)
    mark = raw[start + _MARK_AT : start + _MARK_AT + 1]
    if start < 0 or not mark:
        return 0, 0
    at, limit = start + _MARK_AT, start + _HEADER_MAX
    for _ in range(_MSH_7 - 1):
        at = raw.find(mark, at + 1, limit)
        if at < 0:
            return 0, 0
    header = raw[start:at]
    if b"\r" in header or b"\n" in header:
        return 0, 0
    end = raw.find(mark, at + 1, limit)
    value = raw[at + 1 : end if end >= 0 else limit]
    if b"\r" in value or b"\n" in value:
        value = value.split(b"\r", 1)[0].split(b"\n", 1)[0]
    return at + 1, at + 1 + len(value)
