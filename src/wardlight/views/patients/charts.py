"""Charts, folded when somebody looks: which entries are about whom, and what they said.

On arrival only the patient, the event time and the position of an entry are noted. The chart is
read from those entries in the order things happened, so a late message falls into its place and
a better reader improves the past as well.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from wardlight.record.entry import Entry
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.record.reading import Charted, ReadChart
from wardlight.views.facts import Chart
from wardlight.views.patients.chart import fold_chart

CHARTS_MAX = 2_000  # folded charts at hand
READINGS_MAX = 2_000  # patients whose entries are at hand as they were read
BODIES_BYTES_MAX = 32 * 1024 * 1024  # entries that came last, at hand without asking the log
FETCH_MAX = 1_000  # entries asked of the log at a time

V = TypeVar("V")
Fetch = Callable[[Sequence[int]], list[Entry]]


class Charts:
    """The charts of everybody a node knows."""

    def __init__(self, read: ReadChart, fetch: Fetch) -> None:
        self.read = read
        self.fetch = fetch
        self._entries: dict[PatientKey, array[int]] = {}  # positions
        self._recent: OrderedDict[int, Entry] = OrderedDict()
        self._recent_bytes = 0
        self._readings: OrderedDict[PatientKey, dict[int, tuple[Charted, ...]]] = OrderedDict()
        self._folded: OrderedDict[PatientKey, Chart] = OrderedDict()

    def note(self, patients: Iterable[PatientKey], entry: Entry) -> None:
        """Note that an entry has something for these patients' charts."""
        for patient in patients:
            held = self._entries.get(patient)
            if held is None:
                held = self._entries[patient] = array("q")
            held.append(entry.position)
            self._folded.pop(patient, None)
        self._recent[entry.position] = entry
        self._recent_bytes += len(entry.body)
        while self._recent_bytes > BODIES_BYTES_MAX:
            self._recent_bytes -= len(self._recent.popitem(last=False)[1].body)

    def join(self, survivor: PatientKey, retired: PatientKey) -> None:
        """Give the survivor of a merge the other's entries."""
        old = self._entries.pop(retired, None)
        for patient in (survivor, retired):
            self._folded.pop(patient, None)
            self._readings.pop(patient, None)
        if old is not None:
            mine = self._entries.get(survivor, array("q"))
            self._entries[survivor] = array("q", sorted({*mine, *old}))

    def split(self, joined: PatientKey, others: Iterable[PatientKey]) -> None:
        """Let everybody of a merge that was taken back have the entries; each reads their own."""
        held = self._entries.get(joined)
        for patient in (joined, *others):
            self._folded.pop(patient, None)
            self._readings.pop(patient, None)
            if held is not None:
                self._entries[patient] = array("q", held)

    def chart(
        self,
        patient: PatientKey,
        *,
        is_theirs: Callable[[PatientKey], bool],
        dose_feed: Callable[[str], bool],
    ) -> Chart:
        """Return a patient's chart; `is_theirs` knows their retired numbers.

        `dose_feed` says of a source's site whether doses are sent at all.
        """
        chart = self._folded.get(patient)
        if chart is None:
            said = [one for one in self._said(patient) if is_theirs(one.patient)]
            said.sort(key=_by_time)
            sends = any(dose_feed(one.stamp.source) for one in said)
            chart = fold_chart(patient, said, dose_feed=sends)
            _hold(self._folded, patient, chart, CHARTS_MAX)
        else:
            self._folded.move_to_end(patient)
        return chart

    def entries(self, patient: PatientKey) -> tuple[int, ...]:
        """Return the positions of the entries a patient's chart is made of."""
        return tuple(self._entries.get(patient, ()))

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        positions = array("q")
        counts = array("q")
        for held in self._entries.values():
            positions.extend(held)
            counts.append(len(held))
        return {
            "patients": list(self._entries),
            "counts": counts.tobytes(),
            "positions": positions.tobytes(),
        }

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        counts, positions = array("q"), array("q")
        counts.frombytes(kept["counts"])
        positions.frombytes(kept["positions"])
        start = 0
        for patient, count in zip(kept["patients"], counts, strict=True):
            self._entries[patient] = positions[start : start + count]
            start += count

    def _said(self, patient: PatientKey) -> list[Charted]:
        positions = self._entries.get(patient, array("q"))
        readings = self._readings.get(patient)
        if readings is None:
            readings = {}
        missing = [position for position in positions if position not in readings]
        for entry in self._bodies(missing):
            readings[entry.position] = self.read(entry)
        _hold(self._readings, patient, readings, READINGS_MAX)
        return [one for position in positions for one in readings[position]]

    def _bodies(self, positions: list[int]) -> Iterable[Entry]:
        asked = [position for position in positions if position not in self._recent]
        for start in range(0, len(asked), FETCH_MAX):
            yield from self.fetch(asked[start : start + FETCH_MAX])
        for position in positions:
            entry = self._recent.get(position)
            if entry is not None:
                yield entry


def _by_time(one: Charted) -> tuple[Instant, int]:
    return one.stamp.occurred, one.stamp.position


def _hold(shelf: OrderedDict[PatientKey, V], key: PatientKey, value: V, most: int) -> None:
    shelf[key] = value
    shelf.move_to_end(key)
    while len(shelf) > most:
        shelf.popitem(last=False)
