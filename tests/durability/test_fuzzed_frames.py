"""P9: malformed input is never lost, never fatal and never slow."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator
from random import Random
from time import process_time_ns
from typing import TYPE_CHECKING

from tests.durability.mutation import spoiled
from tests.durability.sizes import MARKS, chance, size

from wardlight.feeds.answers import Answers
from wardlight.feeds.connection import draft_of
from wardlight.feeds.senders import Senders
from wardlight.log.memory import MemoryLog
from wardlight.record import catalogue
from wardlight.record.entry import Entry
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.record.reading import Headline
from wardlight.record.sources import Source
from wardlight.views.fold import Applied, Views
from wardlight.wire.hl7v2.acks import is_answer, wishes
from wardlight.wire.hl7v2.batch import Batch, split
from wardlight.wire.hl7v2.message import Message
from wardlight.wire.hl7v2.reading import reader
from wardlight.wire.mllp import Frame, Trouble, TroubleCode, Unframer, frame

if TYPE_CHECKING:
    from tests.durability.conftest import NewTrial

pytestmark = MARKS
FRAMES_OF_ONE_CONNECTION = 50
FRAME_BYTES_MAX = 30_000  # small, so that frames above the limit come too
PIECE_BYTES_MAX = 3_000
P99_MS_MAX = 20.0
LONGEST_MS_MAX = 2_000.0  # past it, it hangs
NOW = Instant(1_795_314_660_000)
_ENVELOPE = re.compile(rb"[ \t]*(?:\xef\xbb\xbf)?[FB](?:HS|TS)", re.IGNORECASE)
_ANSWER = re.compile(rb"MSH[^\r\n]*[\r\n]+MSA")
_KINDS = {
    TroubleCode.TRUNCATED: catalogue.HL7V2_TRUNCATED,
    TroubleCode.OVERSIZED: catalogue.HL7V2_OVERSIZED,
    TroubleCode.UNFRAMED: catalogue.HL7V2_UNFRAMED,
}


def clock() -> Instant:
    return NOW


class Ear:
    """What one connection's bytes go through, in the order a node does it."""

    def __init__(self) -> None:
        self.log = MemoryLog("fuzz")
        self.senders = Senders(Source(name="port", site="GEN"))
        self.answers = Answers(clock)
        headline, self.read_chart = reader(self.senders)
        self.headline = Headline(what="")
        self.views = Views(self._noted(headline), self.read_chart, self.log.fetch)
        self.unframer = Unframer(FRAME_BYTES_MAX, 1_000)

    def _noted(self, read: Callable[[Entry], Headline]) -> Callable[[Entry], Headline]:
        def noted(entry: Entry) -> Headline:
            self.headline = read(entry)
            return self.headline

        return noted

    def hear(self, piece: bytes) -> Iterator[str]:
        """Give what is wrong with how a piece of the stream was taken."""
        for item in self.unframer.feed(piece):
            if isinstance(item, Frame):
                yield from self._frame(item.message)
            else:
                yield from self._trouble(item)
        if self.unframer.holding > FRAME_BYTES_MAX:
            yield "more is held than the limit of a frame"

    def end(self) -> Iterator[str]:
        """Give what is wrong with what is left, and with the charts and the kept views."""
        for item in self.unframer.end():
            assert isinstance(item, Trouble)
            yield from self._trouble(item)
        charts = {key: self.views.chart(key) for key in self.views.people.keys()}  # noqa: SIM118
        again = Views.restored(
            self.views.snapshot(),
            self._noted(lambda _: self.headline),
            self.read_chart,
            self.log.fetch,
        )
        if any(again.chart(PatientKey(key)) != chart for key, chart in charts.items()):
            yield "a chart reads otherwise after a restart"

    def _frame(self, raw: bytes) -> Iterator[str]:
        batch = split(raw)
        if lost := lost_lines(raw, batch):
            yield f"lines of a frame are in no message and not stray: {lost[:3]!r}"
        for message in batch.messages or [raw]:
            yield from self._message(message)

    def _message(self, raw: bytes) -> Iterator[str]:
        source = self.senders.of(raw)
        (entry,) = self.log.append([draft_of(raw, source, clock)])
        applied = self.views.apply(entry)
        if not is_accounted_for(self.headline, applied):
            yield f"{self.headline.what}: neither an effect nor a reason why not"
        self.read_chart(entry)
        for safe in (True, False):
            answer = self.answers.to(raw, source, safe=safe)
            if not answer and wants_one(raw, source, safe=safe):
                yield f"{self.headline.what}: no answer"

    def _trouble(self, trouble: Trouble) -> Iterator[str]:
        draft = draft_of(trouble.part, self.senders.default, clock)
        fields = {name: getattr(draft, name) for name in draft.__struct_fields__}
        (entry,) = self.log.append([type(draft)(**fields | {"kind": _KINDS[trouble.code]})])
        self.views.apply(entry)
        if self.headline.unread is None:
            yield f"{trouble.code}: kept without a reason"
        if not self.answers.too_large(trouble.part, self.senders.default) and wants_one(
            trouble.part, self.senders.default, safe=False
        ):
            yield f"{trouble.code}: no answer"


def lost_lines(raw: bytes, batch: Batch) -> list[bytes]:
    """Return the lines of a frame that are neither kept nor an envelope's."""
    if batch.messages == [raw] or batch.stray == raw:
        return []
    kept = b"\r".join([*batch.messages, batch.stray])
    lines = (line.strip(b" \t\0\x1a") for line in re.split(rb"[\r\n]", raw))
    return [line for line in lines if line not in kept and not _ENVELOPE.match(line)]


def is_accounted_for(headline: Headline, applied: Applied) -> bool:
    """Say whether a message has an effect, or stands on the unread list, never both."""
    effect = headline.persons or headline.stays or headline.appointments or headline.charted
    if (headline.unread is None) is not bool(effect):
        return False
    is_listed = headline.unread is not None
    return applied is Applied.DUPLICATE or (applied is Applied.UNREAD) is is_listed


def wants_one(raw: bytes, source: Source, *, safe: bool) -> bool:
    """Say whether the sender of a message waits for an answer, by HL7 v2.5.1 §2.9.3."""
    message = Message.parse(raw, source.charset)
    if not isinstance(message, Message):
        return not _ANSWER.match(raw)
    asked = wishes(message)
    return not is_answer(message) and (
        not any(asked) or bool({"AL", "SU" if safe else "ER"} & {*asked})
    )


def pieces(dice: Random, stream: bytes) -> Iterator[bytes]:
    while stream:
        at = dice.randint(1, PIECE_BYTES_MAX)
        yield stream[:at]
        stream = stream[at:]


def framed(dice: Random) -> bytes:
    """Return a frame as a bad sender writes it: some without their end, some with noise before."""
    whole = frame(spoiled(dice))
    choice = dice.random()
    if choice < 0.03:
        return whole[: dice.randrange(len(whole))]
    return dice.randbytes(dice.randrange(40)) + whole if choice < 0.06 else whole


def connection(dice: Random, frames: int, took: array[float]) -> Iterator[str]:
    """Give what was wrong in one connection; note the milliseconds of each frame."""
    ear = Ear()
    for _ in range(frames):
        sent = list(pieces(dice, framed(dice)))
        began = process_time_ns()
        wrong = [one for piece in sent for one in ear.hear(piece)]
        took.append((process_time_ns() - began) / 1e6)
        yield from wrong
    yield from ear.end()


def test_no_frame_however_spoiled_is_lost_or_fatal_or_slow(new_trial: NewTrial) -> None:
    trial = new_trial("P9", size("frames", short=50_000, long=2_000_000))
    took = array("d")
    for first in range(0, trial.n, FRAMES_OF_ONE_CONNECTION):
        dice = chance("frames", first)
        for wrong in connection(dice, min(FRAMES_OF_ONE_CONNECTION, trial.n - first), took):
            trial.violations.append(f"{first}: {wrong}")
    assert trial.violations == []
    slowest = sorted(took)
    p99 = slowest[len(slowest) * 99 // 100]
    trial.figures = {"p99_ms": round(p99, 2), "longest_ms": round(slowest[-1], 2)}
    assert p99 <= P99_MS_MAX
    assert slowest[-1] <= LONGEST_MS_MAX


def test_the_check_sees_a_line_that_got_lost() -> None:
    raw = b"BHS|^~\\&\rMSH|^~\\&|A\rPID|1\rMSH|^~\\&|B\rBTS|2\r"
    assert lost_lines(raw, split(raw)) == []
    assert lost_lines(raw, Batch([b"MSH|^~\\&|A\r", b"MSH|^~\\&|B\r"])) == [b"PID|1"]


def test_the_check_sees_a_message_without_effect_or_reason() -> None:
    assert not is_accounted_for(Headline(what="ADT^A01"), Applied.APPLIED)
