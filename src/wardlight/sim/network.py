"""Several simulated hospitals under one seed, their messages in the order they are sent."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from random import Random

from wardlight.record.instants import Instant
from wardlight.sim.care import Care
from wardlight.sim.clinics import Clinics
from wardlight.sim.dirt import Sent
from wardlight.sim.figures import SimSite
from wardlight.sim.hospital import Hospital
from wardlight.sim.pathways import Pathways
from wardlight.sim.truth import TruePatient


class Network:
    """Everything that happens in the network, and everything that is said of it.

    The first `advance` also gives what happened in the three days before `starts`: the load a
    new node begins with.
    """

    def __init__(self, seed: int, sites: Sequence[SimSite], starts: Instant) -> None:
        self._hospitals = [
            _opened(Random(f"{seed}:{sim.site.code}"), sim, starts)  # noqa: S311 -- a simulation
            for sim in sites
        ]

    def advance(self, until: Instant) -> list[Sent]:
        """Return what is sent up to then, in the order it is sent."""
        sent: list[tuple[Instant, int, Sent]] = []
        for hospital in self._hospitals:
            hospital.run(until)
            arriving = hospital.arriving
            while arriving and arriving[0][0] <= until:
                sent.append(heapq.heappop(arriving))
        return [
            one for _, _, one in sorted(sent, key=lambda item: (item[0], item[2].site, item[1]))
        ]

    def rest(self) -> list[Sent]:
        """Return what is still on its way."""
        late = [item for hospital in self._hospitals for item in hospital.arriving]
        for hospital in self._hospitals:
            hospital.arriving.clear()
        return [
            one for _, _, one in sorted(late, key=lambda item: (item[0], item[2].site, item[1]))
        ]

    def truth(self) -> Mapping[str, Mapping[str, TruePatient]]:
        """Return every patient as they are, by site and number."""
        return {hospital.site.code: hospital.patients for hospital in self._hospitals}

    def retired(self) -> Mapping[str, Mapping[str, str]]:
        """Return the numbers that were merged away, by site, with the surviving number."""
        return {hospital.site.code: hospital.retired for hospital in self._hospitals}


def _opened(dice: Random, sim: SimSite, starts: Instant) -> Hospital:
    hospital = Hospital(dice, sim, starts)
    Pathways(hospital, Care(hospital).begin)
    Clinics(hospital)
    return hospital
