"""MLLP framing without I/O: a stream of bytes to messages, and back.

HL7 v2 Minimal Lower Layer Protocol (HL7 v2.5.1 Implementation Guide, appendix C): a message stands
between VT (0x0B) and FS CR (0x1C 0x0D). Real senders forget the CR, send blanks between frames,
break off, or let control bytes slip into their text; none of that may stop the feed or lose bytes
unseen. Every byte is looked at a fixed number of times and memory is bounded by the two limits.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

START, END = b"\x0b", b"\x1c"
_FILLER = b"\r\n \t\0"
_LINE_ENDS = b"\r\n"
UNFRAMED_KEPT_BYTES = 4096
UNFRAMED_ALARM_BYTES = 65_536


class TroubleCode(StrEnum):
    """What was wrong on the wire."""

    TRUNCATED = "frame-truncated"  # a new frame, or the end, came before the old one was closed
    OVERSIZED = "frame-oversized"  # more than the limit: the first part is kept
    UNFRAMED = "bytes-outside-frame"  # no MLLP around them: never read as a message


class Frame(Struct, frozen=True, gc=False):
    """One whole message as it stood between VT and FS."""

    message: bytes


class Trouble(Struct, frozen=True, gc=False):
    """Bytes that are no whole message: not to be acknowledged, not to be applied, but to be seen.

    `part` is what was kept of them, `size` how many there were (outside frames: at least).
    """

    code: TroubleCode
    part: bytes
    size: int


def frame(message: bytes) -> bytes:
    """Return the message framed for the wire."""
    return b"\x0b%b\x1c\r" % message


class Unframer:
    """Turn what a connection delivers, in any pieces, into frames and troubles.

    A frame longer than `max_bytes` is skipped to its end and reported with its first
    `kept_bytes`. `skipped` counts the bytes that lay outside frames.
    """

    def __init__(self, max_bytes: int = 64 << 20, kept_bytes: int = 65_536) -> None:
        self.skipped = 0
        self._max_bytes = max_bytes
        self._kept_bytes = min(kept_bytes, max_bytes)
        self._inside = False
        self._closed_now = False  # the CR that belongs to the FS may still come
        self._buffer = bytearray()
        self._size = 0
        self._over = False  # past the limit, or past the alarm outside frames

    @property
    def open(self) -> bool:
        """Whether a frame has begun that is not whole yet."""
        return self._inside

    @property
    def holding(self) -> int:
        """Bytes kept of what is not whole yet."""
        return len(self._buffer)

    def feed(self, chunk: bytes) -> list[Frame | Trouble]:
        """Return what became complete with these bytes; a frame is given at its FS, at once."""
        if self._is_one_frame(chunk):
            self._closed_now = False
            return [Frame(chunk[1:-2])]
        found: list[Frame | Trouble] = []
        at = 0
        start, end = chunk.find(START), chunk.find(END)
        while at < len(chunk):
            if -1 < start < at:
                start = chunk.find(START, at)
            if -1 < end < at:
                end = chunk.find(END, at)
            if self._inside:
                at = self._inside_frame(chunk, at, start, end, found)
            else:
                at = self._outside_frame(chunk, at, start, found)
        return found

    def end(self) -> list[Frame | Trouble]:
        """Return what an ended connection leaves behind; the unframer can be used again."""
        found: list[Frame | Trouble] = []
        if self._inside:
            self._close(TroubleCode.TRUNCATED, found)
        else:
            self._report_unframed(found)
        self._closed_now = False
        return found

    def _is_one_frame(self, chunk: bytes) -> bool:
        """Say whether nothing is waiting and the bytes are one whole frame: nearly always so."""
        return (
            chunk[:1] == START
            and chunk.find(END) == len(chunk) - 2
            and chunk[-1:] == b"\r"
            and chunk.find(START, 1) < 0
            and not self._inside
            and not self._size
            and len(chunk) <= self._max_bytes
        )

    def _inside_frame(
        self, chunk: bytes, at: int, start: int, end: int, found: list[Frame | Trouble]
    ) -> int:
        """Take the bytes of the open frame; return where to go on."""
        if start >= 0 and (end < 0 or start < end):
            self._keep(chunk[at:start])
            self._close(TroubleCode.TRUNCATED, found)
            self._inside = True
            return start + 1
        if end < 0:
            self._keep(chunk[at:])
            return len(chunk)
        self._keep(chunk[at:end])
        if self._is_data(chunk, end, start):
            self._keep(END)
            return end + 1
        self._close(None, found)
        self._closed_now = True
        return end + 1

    def _is_data(self, chunk: bytes, end: int, start: int) -> bool:
        """Say whether this FS lies inside a message rather than at its end.

        Only when the segment before it is unfinished, text that begins no message follows, and
        the true end is already here before any new frame: a sender is never kept waiting.
        """
        after = chunk[end + 1 : end + 4]
        if not after or after[:1] in b"\r\n \x0b\x1c" or after == b"MSH":
            return False
        if self._over or self._buffer[-1:] in b"\r\n":
            return False
        following = chunk.find(END, end + 1)
        return following >= 0 and (start < 0 or following < start)

    def _outside_frame(
        self, chunk: bytes, at: int, start: int, found: list[Frame | Trouble]
    ) -> int:
        """Skip to the next VT; return where to go on."""
        if self._closed_now:
            self._closed_now = False
            if chunk[at] in _LINE_ENDS:
                return at + 1
        between = chunk[at:start] if start >= 0 else chunk[at:]
        self._skip(between, found)
        if start < 0:
            return len(chunk)
        self._report_unframed(found)
        self._inside = True
        return start + 1

    def _skip(self, between: bytes, found: list[Frame | Trouble]) -> None:
        """Count bytes outside frames; report them once they are too many to be a slip."""
        self.skipped += len(between)
        if not self._size:
            between = between.lstrip(_FILLER)
        if not between:
            return
        self._buffer += between[: max(0, UNFRAMED_KEPT_BYTES - len(self._buffer))]
        self._size += len(between)
        if self._size >= UNFRAMED_ALARM_BYTES and not self._over:
            part = bytes(self._buffer)
            found.append(Trouble(TroubleCode.UNFRAMED, part, UNFRAMED_ALARM_BYTES))
            self._over = True

    def _report_unframed(self, found: list[Frame | Trouble]) -> None:
        """Report what lay outside frames, unless it was blanks or is reported already."""
        if self._size and not self._over:
            found.append(Trouble(TroubleCode.UNFRAMED, bytes(self._buffer), self._size))
        self._forget()

    def _keep(self, part: bytes) -> None:
        """Add bytes to the open frame, as far as the limits allow."""
        self._size += len(part)
        if self._size <= self._max_bytes:
            self._buffer += part
        elif not self._over:
            self._buffer += part[: self._kept_bytes]
            del self._buffer[self._kept_bytes :]
            self._over = True

    def _close(self, trouble: TroubleCode | None, found: list[Frame | Trouble]) -> None:
        """Give out the frame that ends here; a broken one without a byte is nothing."""
        whole = bytes(self._buffer)
        if self._over:
            found.append(Trouble(TroubleCode.OVERSIZED, whole, self._size))
        elif trouble is None:
            found.append(Frame(whole))
        elif whole:
            found.append(Trouble(trouble, whole, self._size))
        self._forget()

    def _forget(self) -> None:
        self._inside = False
        self._buffer = bytearray()
        self._size = 0
        self._over = False
