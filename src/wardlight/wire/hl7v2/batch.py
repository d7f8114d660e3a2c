"""One frame or file to its messages, byte for byte.

A file or frame may hold one message, several one after the other, a batch in its envelope (FHS,
BHS, BTS, FTS: HL7 v2.5.1 §2.10.3), or a recorded MLLP stream. A wrong count in an envelope is told
and changes nothing: every message is read.
"""

from __future__ import annotations

import re

from msgspec import Struct

from wardlight.wire.hl7v2.encoding import Anomaly, Oddity
from wardlight.wire.mllp import START, Frame, Unframer

_NAME = rb"[ \t]*+(?:\xef\xbb\xbf)?(?:(MSH|FHS|BHS)(?=[^\w\s])|([FB]TS)(?=[^\w\s]|[\r\n]|\Z))"
_FIRST = re.compile(rb"[\r\n]*+" + _NAME, re.IGNORECASE)
_LATER = re.compile(rb"[\r\n]" + _NAME, re.IGNORECASE)
_BLANK = b" \t\r\n\x0b\x1c\x1a\0"
_TRAILER = re.compile(rb"[ \t]*.TS[^\w\s]\s*(\d{1,9})", re.IGNORECASE | re.DOTALL)


class Batch(Struct, frozen=True, gc=False):
    """The messages of a frame or file in order, and what was odd about their envelope.

    `stray` are the bytes that belong to no message and no envelope (comments, an HTTP header, a
    frame that broke off). Bytes without any header give no messages and are all stray.
    """

    messages: list[bytes]
    anomalies: tuple[Anomaly, ...] = ()
    stray: bytes = b""


def split(raw: bytes) -> Batch:
    """Cut a frame or a file into messages, each with its own bytes unchanged."""
    if raw[:3] == b"MSH" and raw.find(b"MSH", 3) < 0:
        return Batch([raw])
    if raw[:64].lstrip(b" \t\r\n")[:1] == START:
        return _recorded(raw)
    cuts = _cuts(raw)
    if not cuts:
        return Batch([], (), raw)
    messages: list[bytes] = []
    stray = [raw[: cuts[0][1]]]
    trailers: list[tuple[bytes, bytes]] = []
    ends = [start for _, start in cuts[1:]] + [len(raw)]
    for (name, start), end in zip(cuts, ends, strict=True):
        part = raw[start:end]
        if name == b"MSH":
            messages.append(part)
        else:
            stray.append(_after_first_line(part))
        trailers.append((name, part[:64]))
    return _batch(messages, stray, _miscounted(trailers))


def _cuts(raw: bytes) -> list[tuple[bytes, int]]:
    """Return name and start of every line that begins a message or belongs to an envelope."""
    first = _FIRST.match(raw)
    found = [first] if first else []
    found += _LATER.finditer(raw, first.end() if first else 0)
    return [
        ((cut.group(1) or cut.group(2)).upper(), cut.start() + (cut is not first)) for cut in found
    ]


def _recorded(raw: bytes) -> Batch:
    """Return the messages of a recorded MLLP stream, whose frames may be batches themselves."""
    unframer = Unframer(max_bytes=len(raw))
    messages: list[bytes] = []
    stray: list[bytes] = []
    odd: list[Anomaly] = []
    for found in unframer.feed(raw) + unframer.end():
        if isinstance(found, Frame):
            inner = split(found.message)
            messages += inner.messages
            odd += inner.anomalies
            stray.append(inner.stray)
        else:
            stray.append(found.part)
    return _batch(messages, stray, odd)


def _batch(messages: list[bytes], stray: list[bytes], odd: list[Anomaly]) -> Batch:
    left = b"".join(part for part in stray if part.strip(_BLANK))
    if left and messages:
        odd = [*odd, Anomaly(Oddity.BATCH_STRAY_LINES, "MSH")]
    return Batch(messages, tuple(odd), left)


def _after_first_line(part: bytes) -> bytes:
    """Return what stands between an envelope line and the next message."""
    line = re.split(rb"[\r\n]", part.lstrip(b"\r\n"), maxsplit=1)
    return line[1] if len(line) > 1 else b""


def _miscounted(lines: list[tuple[bytes, bytes]]) -> list[Anomaly]:
    """Return an anomaly for each BTS-1 or FTS-1 that is not the number of what it closes."""
    odd: list[Anomaly] = []
    held = {b"BTS": 0, b"FTS": 0}
    opens = {b"BHS": b"BTS", b"FHS": b"FTS"}
    for name, line in lines:
        if name == b"MSH":
            held[b"BTS"] += 1
        elif name in opens:
            held[opens[name]] = 0
        else:
            stated = _TRAILER.match(line)
            if stated and int(stated.group(1)) != held[name]:
                odd.append(Anomaly(Oddity.BATCH_COUNT_WRONG, f"{name.decode()}-1"))
            held[b"FTS"] += name == b"BTS"
            held[b"BTS"] = 0
    return odd
