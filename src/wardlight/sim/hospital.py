"""One simulated hospital: patients come, are moved, treated, measured and leave, hour by hour.

What happens changes the truth first and is told afterwards. Two events of one patient are never
in the same minute, so that a sender who writes no seconds still tells the right order.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count
from random import Random

from wardlight.record.instants import DAY, HOUR, MINUTE, SECOND, Instant, local
from wardlight.sim import figures, hl7_words
from wardlight.sim.dirt import Sent, on_the_way, voice_of
from wardlight.sim.figures import SimSite
from wardlight.sim.hl7_words import EHR, Speech
from wardlight.sim.people import new_patient
from wardlight.sim.truth import TruePatient, TrueStay, Where
from wardlight.sim.vocabulary import DOCTORS, REASONS, UNITS

Write = Callable[[Speech], bytes]
Act = Callable[[Instant], None]
SPACING_MS = 61 * SECOND
EMERGENCY = "ED"
WARM_UP_MS = 3 * DAY


class Hospital:
    """The engine of one site. Care of patients in house is `care`, clinic visits `clinics`."""

    def __init__(self, dice: Random, sim: SimSite, starts: Instant) -> None:
        self.dice = dice
        self.site = sim.site
        self.sim = sim
        self.begins = Instant(starts - WARM_UP_MS)
        self.patients: dict[str, TruePatient] = {}
        self.retired: dict[str, str] = {}  # number → surviving number
        self.arriving: list[tuple[Instant, int, Sent]] = []
        self.now = self.begins
        self._agenda: list[tuple[Instant, int, Act]] = []
        self._order = count()
        self._numbers = count(1)
        self._said: dict[str, int] = {}
        units = UNITS[: max(1, -(-sim.census // figures.PATIENTS_PER_UNIT))]
        beds = -(-sim.census * 5 // (4 * len(units)))
        self._free = {
            (unit, f"{unit}{bed + 1:02d}A") for unit in units for bed in range(max(beds, 4))
        }
        self._free |= {(EMERGENCY, f"ED{bed + 1:02d}A") for bed in range(max(4, sim.census // 5))}
        self._fill()

    def run(self, until: Instant) -> None:
        """Let everything happen that is due by then."""
        while self._agenda and self._agenda[0][0] <= until:
            self.now, _, act = heapq.heappop(self._agenda)
            act(self.now)
        self.now = until

    def later(self, at: Instant, act: Act) -> None:
        """Put something on the agenda."""
        heapq.heappush(self._agenda, (at, next(self._order), act))

    def after(self, mean_ms: float, act: Act) -> None:
        """Put something on the agenda after a random time."""
        self.later(Instant(self.now + round(self.dice.expovariate(1 / mean_ms))), act)

    def number(self, prefix: str) -> str:
        """Return a number that was never given before."""
        return f"{prefix}{next(self._numbers):06d}"

    def chance(self, share: float) -> bool:
        """Return true in that share of cases."""
        return self.dice.random() < share

    def moment_for(self, patient: TruePatient) -> Instant:
        """Return when the next event of a patient may be said to happen: now, or a minute on."""
        patient.spoken = Instant(max(self.now, patient.spoken + SPACING_MS))
        return patient.spoken

    def say(self, feed: str, patient: TruePatient, at: Instant, write: Write) -> None:
        """Have one of the hospital's systems send a message about a patient."""
        self._said[feed] = self._said.get(feed, 0) + 1
        speech = Speech(
            site=self.site.code,
            zone=self.site.zone,
            feed=feed,
            at=at,
            number=self._said[feed],
            voice=voice_of(self.dice, f"{patient.family}{patient.given}"),
        )
        sent = Sent(at, self.site.code, feed, write(speech))
        for one in on_the_way(self.dice, sent):
            heapq.heappush(self.arriving, (one.at, next(self._order), one))

    def say_adt(self, trigger: str, patient: TruePatient, *, chart: bool = False) -> Instant:
        """Say an event of a patient's stay, as the stay is now."""
        at = self.moment_for(patient)
        stay = patient.stays[-1]
        extra = hl7_words.chart_segments(patient) if chart else []
        self.say(EHR, patient, at, lambda s: hl7_words.adt(s, trigger, patient, stay, extra))
        return at

    def in_house(self) -> list[TruePatient]:
        """Return who is present."""
        return [
            patient
            for patient in self.patients.values()
            if (stay := patient.stay()) is not None and stay.state is Where.PRESENT
        ]

    def arrive(self, _: Instant) -> None:
        """Let a person come who has never been here."""
        nameless = self.chance(figures.SHARE_UNKNOWN_AT_FIRST)
        patient = new_patient(self.dice, self.site.code, self.number("7"), nameless=nameless)
        self.patients[patient.mrn] = patient
        emergency = self.chance(figures.SHARE_FROM_EMERGENCY)
        place = self.take_bed(emergency=emergency)
        if place is None:
            del self.patients[patient.mrn]
            return
        stay = TrueStay(
            visit=self.number("V"),
            state=Where.PRESENT,
            unit=place[0],
            bed=place[1],
            admitted=Instant(0),
            emergency=emergency,
            doctor=self.dice.choice(DOCTORS),
            reason=self.dice.choice(REASONS),
        )
        patient.stays.append(stay)
        stay.admitted = Instant(max(self.now, patient.spoken + SPACING_MS))
        self.say_adt("A04" if emergency else "A01", patient, chart=self.chance(0.5))
        self.listener(patient, nameless)

    def take_bed(self, *, emergency: bool = False) -> tuple[str, str] | None:
        """Return a free bed, no longer free; None when the house is full."""
        free = sorted(place for place in self._free if (place[0] == EMERGENCY) == emergency)
        if not free:
            return None
        place = self.dice.choice(free)
        self._free.discard(place)
        return place

    def free_bed(self, stay: TrueStay) -> None:
        """Give a bed back."""
        self._free.add((stay.unit, stay.bed))

    def is_free(self, place: tuple[str, str]) -> bool:
        """Return whether a bed is free."""
        return place in self._free

    def occupy(self, place: tuple[str, str]) -> None:
        """Take a certain free bed."""
        self._free.discard(place)

    def listener(self, patient: TruePatient, nameless: bool) -> None:  # noqa: FBT001
        """Begin the care of a patient who has come; set by the network."""

    def _fill(self) -> None:
        for _ in range(self.sim.census):
            self.later(Instant(self.begins + self.dice.randrange(DAY)), self.arrive)
        self._keep_coming(self.begins)

    def _keep_coming(self, _: Instant) -> None:
        gap = figures.STAY_HOURS_MEAN * HOUR / self.sim.census
        self.later(Instant(self.now + round(self.dice.expovariate(1 / gap))), self._next_comes)

    def _next_comes(self, at: Instant) -> None:
        if at >= self.begins + DAY:
            self.arrive(at)
        self._keep_coming(at)

    def next_local_hour(self, hour: int) -> Instant:
        """Return the next time the ward's clock shows that hour, on the hour."""
        here = local(self.now, self.site.zone)
        ahead = (hour - here.hour) % 24 * HOUR - here.minute * MINUTE - here.second * SECOND
        at = Instant(self.now + ahead - self.now % SECOND)
        return at if at > self.now else Instant(at + DAY)
