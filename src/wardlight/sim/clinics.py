"""Thirty days of clinic visits: booked, moved, called off, missed."""

from __future__ import annotations

from functools import partial

from wardlight.record.instants import DAY, HOUR, MINUTE, Instant
from wardlight.sim import figures, hl7_words
from wardlight.sim.hl7_words import SCHEDULING
from wardlight.sim.hospital import Hospital
from wardlight.sim.people import new_patient
from wardlight.sim.truth import TruePatient, TrueVisit
from wardlight.sim.vocabulary import BOOKED

DAYS_AHEAD = 30


class Clinics:
    """The schedule of one hospital."""

    def __init__(self, hospital: Hospital) -> None:
        self.here = hospital
        for day in range(3, DAYS_AHEAD + 3):
            self._plan(Instant(hospital.begins + day * DAY), within=2 * DAY)
        hospital.later(Instant(hospital.begins + 3 * DAY), self._tomorrow)

    def _tomorrow(self, at: Instant) -> None:
        """Open one day more of the schedule."""
        self._plan(Instant(at + DAYS_AHEAD * DAY), within=DAY)
        self.here.later(Instant(at + DAY), self._tomorrow)

    def _plan(self, day: Instant, *, within: int) -> None:
        here = self.here
        for _ in range(here.sim.clinic_visits_a_day):
            patient = self._somebody()
            minute = here.dice.randrange(8 * 4, 16 * 4) * 15
            starts = Instant(day - day % DAY + 5 * HOUR + minute * MINUTE)
            visit = TrueVisit(here.number("A"), here.dice.choice(BOOKED), starts)
            booked = Instant(here.now + here.dice.randrange(within))
            here.later(booked, partial(self._book, patient, visit))

    def _somebody(self) -> TruePatient:
        here = self.here
        patient = new_patient(here.dice, here.site.code, here.number("7"))
        here.patients[patient.mrn] = patient
        return patient

    def _book(self, patient: TruePatient, visit: TrueVisit, _: Instant) -> None:
        patient.visits[visit.number] = visit
        self._tell("S12", patient, visit)
        luck = self.here.dice.random()
        before = max(visit.starts - self.here.now, HOUR)
        when = Instant(self.here.now + self.here.dice.randrange(before))
        if luck < figures.SHARE_VISIT_CHANGED:
            self.here.later(when, lambda _: self._change(patient, visit))
        elif luck < figures.SHARE_VISIT_CHANGED + figures.SHARE_VISIT_CANCELLED:
            self.here.later(when, lambda _: self._end(patient, visit, "cancelled", "S15"))
        elif self.here.chance(figures.SHARE_NO_SHOW):
            missed = Instant(visit.starts + HOUR)
            self.here.later(missed, lambda _: self._end(patient, visit, "no show", "S26"))

    def _change(self, patient: TruePatient, visit: TrueVisit) -> None:
        visit.starts = Instant(visit.starts + self.here.dice.randrange(1, 5) * DAY)
        self._tell("S13", patient, visit)

    def _end(self, patient: TruePatient, visit: TrueVisit, state: str, trigger: str) -> None:
        visit.state = state
        self._tell(trigger, patient, visit)

    def _tell(self, trigger: str, patient: TruePatient, visit: TrueVisit) -> None:
        at = self.here.moment_for(patient)
        self.here.say(
            SCHEDULING,
            patient,
            at,
            lambda speech: hl7_words.booking(speech, trigger, patient, visit),
        )
