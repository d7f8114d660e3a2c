"""The dirt of real feeds, in the shares they have, without changing what is said."""

from __future__ import annotations

from random import Random

from msgspec import Struct

from wardlight.record.instants import MINUTE, Instant
from wardlight.sim import figures
from wardlight.sim.hl7_words import Voice
from wardlight.wire.hl7v2.encoding import STANDARD, Encoding

_OTHER_SEPARATORS = Encoding(component="%", repetition="!", escape="\\", subcomponent="$")
_WESTERN = Encoding(charset="cp1252")


class Sent(Struct, frozen=True):
    """One message on its way to a node."""

    at: Instant
    site: str
    feed: str
    raw: bytes


def voice_of(dice: Random, text: str) -> Voice:
    """Return how a sender writes its next message; `text` is what it has to be able to write."""
    encoding, charset = STANDARD, ""
    if dice.random() < figures.DIRT_OTHER_SEPARATORS:
        encoding = _OTHER_SEPARATORS
    elif dice.random() < figures.DIRT_LATIN_1 and _is_western(text):
        encoding, charset = _WESTERN, "8859/1"
    return Voice(
        encoding=encoding,
        charset=charset,
        offset=dice.random() < figures.DIRT_ZONE_OFFSET,
        minutes_only=dice.random() < figures.DIRT_MINUTES_ONLY,
        control_id=dice.random() >= figures.DIRT_NO_CONTROL_ID,
        version=dice.random() >= figures.DIRT_NO_VERSION,
        event_segment=dice.random() >= figures.DIRT_NO_EVENT_SEGMENT,
        local_segment=dice.random() < figures.DIRT_LOCAL_SEGMENT,
    )


def on_the_way(dice: Random, sent: Sent) -> list[Sent]:
    """Return what reaches the node: other line ends, perhaps late, perhaps twice."""
    raw = _line_ends(dice, sent.raw)
    at = sent.at
    if dice.random() < figures.DIRT_LATE:
        at = Instant(at + dice.randrange(figures.LATE_MINUTES_MAX * MINUTE))
    arriving = [Sent(at, sent.site, sent.feed, raw)]
    if dice.random() < figures.DIRT_SENT_AGAIN:
        again = Instant(at + dice.randrange(MINUTE, 10 * MINUTE))
        arriving.append(Sent(again, sent.site, sent.feed, raw))
    return arriving


def _line_ends(dice: Random, raw: bytes) -> bytes:
    choice = dice.random()
    if choice < figures.DIRT_LF:
        return raw.replace(b"\r", b"\n")
    if choice < figures.DIRT_LF + figures.DIRT_CRLF:
        return raw.replace(b"\r", b"\r\n")
    return raw


def _is_western(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
