"""What went wrong on a link, kept where a person sees it and bounded so that it fills no disk."""

from __future__ import annotations

from wardlight.feeds.intake import Intake, Kept
from wardlight.record import catalogue
from wardlight.record.entry import Draft, Entry
from wardlight.record.instants import HOUR, Clock, Instant
from wardlight.record.sources import Source

KEPT_PER_HOUR_MAX = 300  # a port scanner or a broken sender repeats itself; the first tell all
PART_BYTES_MAX = 64 * 1024


def _no_one_waits(_: Entry | None) -> None:
    """Nobody is answered for this."""


class Troubles:
    """The troubles of one listener, written to the log like everything else."""

    def __init__(self, intake: Intake, source: Source, clock: Clock) -> None:
        self._intake = intake
        self._source = source
        self._clock = clock
        self._hour = Instant(0)
        self._kept = 0

    def note(self, sentence: str) -> None:
        """Keep a sentence about the link; it holds no patient data."""
        self.keep(catalogue.LINK_TROUBLE, sentence.encode())

    def keep(self, kind: str, part: bytes, kept: Kept = _no_one_waits) -> None:
        """Keep bytes that are no message, as `kind` of the catalogue; `kept` hears of it."""
        now = self._clock()
        if now - self._hour >= HOUR:
            self._hour, self._kept = now, 0
        self._kept += 1
        if self._kept > KEPT_PER_HOUR_MAX:
            kept(None)
            return
        if self._kept == KEPT_PER_HOUR_MAX:
            kind = catalogue.LINK_TROUBLE
            part = f"{KEPT_PER_HOUR_MAX} troubles in one hour: the next are not kept".encode()
        self._intake.submit(self._draft(kind, part[:PART_BYTES_MAX], now), kept)

    def _draft(self, kind: str, body: bytes, now: Instant) -> Draft:
        return Draft(
            site=self._source.site,
            source=self._source.name,
            author=self._source.name,
            subject="",
            kind=kind,
            version=catalogue.VERSIONS[kind],
            occurred=now,
            recorded=now,
            body=body,
        )
