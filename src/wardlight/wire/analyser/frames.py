"""Frames of the low-level protocol (CLSI LIS1-A, formerly ASTM E1381) taken off a recorded stream.

`<STX> n text <ETX or ETB> c c <CR><LF>`: n counts 1 to 7, then 0; the check is the sum of what
stands from n to ETX or ETB, modulo 256, as two hexadecimal digits. A frame whose check is wrong is
not believed; the analyser sends it again under the same number.
"""

from __future__ import annotations

import re

from msgspec import Struct

from wardlight.record.problems import Problem
from wardlight.wire.analyser.found import problem

STX, ETX, EOT, ENQ, ETB = b"\x02", b"\x03", b"\x04", b"\x05", b"\x17"
_FRAME = re.compile(rb"\x02([0-7])([^\x02]*?)([\x03\x17])([0-9A-Fa-f]{2})?", re.DOTALL)
_SESSION = re.compile(rb"[\x04\x05]+")
_NUMBERS = 8


class Unframed(Struct, frozen=True, gc=False):
    """The messages of a stream as plain bytes, and the frames that were not believed."""

    messages: tuple[bytes, ...] = ()
    problems: tuple[Problem, ...] = ()


def is_framed(raw: bytes) -> bool:
    """Return whether bytes are a recorded stream rather than a file of plain records."""
    return STX in raw[:4096]


def unframed(raw: bytes) -> Unframed:
    """Return the text of each transmission; one that lacks a frame gives no text at all.

    A transmission with a hole could hold one patient's header and another's values.
    """
    messages: list[bytes] = []
    problems: list[Problem] = []
    for number, session in enumerate((one for one in _SESSION.split(raw) if one.strip()), 1):
        text = _joined(session, f"transmission {number}")
        if isinstance(text, Problem):
            problems.append(text)
        elif text:
            messages.append(text)
    return Unframed(tuple(messages), tuple(problems))


def checksum(framed: bytes) -> bytes:
    """Return the check of what stands from the frame number to ETX or ETB."""
    return b"%02X" % (sum(framed) % 256)


def _joined(session: bytes, where: str) -> bytes | Problem:
    texts: list[bytes] = []
    expected, damaged = 1, False
    for found in _FRAME.finditer(session):
        number, text = int(found[1]), found[2]
        if found[4] is None or found[4].upper() != checksum(found[1] + text + found[3]):
            damaged = True
        elif texts and number == (expected - 1) % _NUMBERS:
            texts[-1] = text  # sent again because its acknowledgement was lost
        elif number != expected:
            return problem("frame-missing", where, "a frame is missing: have it sent again")
        else:
            texts.append(text)
            expected, damaged = (expected + 1) % _NUMBERS, False
    if damaged or (not texts and STX in session):
        return problem("frame-damaged", where, "a frame is damaged: have it sent again")
    return b"".join(texts)
