"""All hospitals of a region, ready to be looked through from the nearest to the farthest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import acos

from wardlight.record.hospitals import Hospital
from wardlight.record.places import EARTH_KM, Position, unit_vector

HOSPITALS_MAX = 20_000


class HospitalIndex:
    """Exact: every hospital is looked at; only the order is worked out before its facts."""

    def __init__(self, hospitals: Iterable[Hospital] = ()) -> None:
        """Keep at most `HOSPITALS_MAX`; readers of tables refuse more."""
        self.hospitals = tuple(sorted(hospitals, key=lambda one: one.code))[:HOSPITALS_MAX]
        self.by_code = {one.code: one for one in self.hospitals}
        vectors = [unit_vector(one.at) for one in self.hospitals]
        self._x = [one[0] for one in vectors]
        self._y = [one[1] for one in vectors]
        self._z = [one[2] for one in vectors]

    def with_more(self, more: tuple[Hospital, ...]) -> HospitalIndex:
        """Return an index that has these too; the work already done is not done again."""
        if not more:
            return self
        joined, extra = HospitalIndex(), HospitalIndex(more)
        joined.hospitals = self.hospitals + extra.hospitals
        joined.by_code = {**self.by_code, **extra.by_code}
        joined._x = self._x + extra._x
        joined._y = self._y + extra._y
        joined._z = self._z + extra._z
        return joined

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.hospitals)

    def nearest_first(self, origin: Position) -> Iterator[tuple[float, Hospital]]:
        """Give each hospital with its straight-line distance in km, the nearest first.

        The product of two directions is larger the nearer they are: 6,000 of them and their order
        take some 2 ms.
        """
        x, y, z = unit_vector(origin)
        near = [x * a + y * b + z * c for a, b, c in zip(self._x, self._y, self._z, strict=True)]
        for at in sorted(range(len(near)), key=near.__getitem__, reverse=True):
            yield EARTH_KM * acos(max(-1.0, min(1.0, near[at]))), self.hospitals[at]
