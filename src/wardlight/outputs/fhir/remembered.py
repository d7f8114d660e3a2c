"""What would cost too much to work out for every answer, kept for a few seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from wardlight.outputs.fhir.locations import Places
from wardlight.record.identity import PatientKey
from wardlight.record.instants import SECOND, Clock, Instant

PLACES_FOR_MS = 5 * SECOND
AUTHORITIES_FOR_MS = 60 * SECOND


class Remembered:
    """Places and numbering authorities, worked out again when they are old."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._places: tuple[Instant, Places] | None = None
        self._authorities: tuple[Instant, frozenset[str]] | None = None

    def places(self, work_out: Callable[[], Places]) -> Places:
        """Return where references to beds lead; a bed never seen before may have none yet."""
        now = self._clock()
        if self._places is None or not 0 <= now - self._places[0] < PLACES_FOR_MS:
            self._places = now, work_out()
        return self._places[1]

    def authorities(self, keys: Callable[[], Iterable[PatientKey]]) -> frozenset[str]:
        """Return who gives out the numbers that patients are known by."""
        now = self._clock()
        if self._authorities is None or not 0 <= now - self._authorities[0] < AUTHORITIES_FOR_MS:
            self._authorities = now, frozenset(key.rpartition("|")[0] for key in keys())
        return self._authorities[1]
