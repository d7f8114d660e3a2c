"""A stay from the door to the door: bed, moves, swaps, leave, cancels, a name found, discharge."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from wardlight.record.instants import HOUR, MINUTE, Instant
from wardlight.sim import figures, hl7_words
from wardlight.sim.hl7_words import EHR
from wardlight.sim.hospital import EMERGENCY, SPACING_MS, Hospital
from wardlight.sim.people import name_somebody
from wardlight.sim.truth import TruePatient, TrueStay, Where

Begin = Callable[[TruePatient], None]


class Pathways:
    """What happens to the stays of one hospital's patients."""

    def __init__(self, hospital: Hospital, treat: Begin) -> None:
        self.here = hospital
        self._treat = treat
        hospital.listener = self.follow  # type: ignore[method-assign]

    def follow(self, patient: TruePatient, nameless: bool) -> None:  # noqa: FBT001
        """Put a new patient's stay on the agenda."""
        here, stay = self.here, patient.stays[-1]
        here.after(30 * MINUTE, lambda _: self._chart(patient))
        if stay.emergency:
            here.after(3 * HOUR, lambda _: self._admit(patient, stay))
        elif here.chance(figures.SHARE_ADMISSION_CANCELLED):
            here.after(2 * HOUR, lambda _: self._cancel_admission(patient, stay))
        if nameless:
            here.after(5 * HOUR, lambda _: self._identify(patient))
        here.after(figures.STAY_HOURS_MEAN * HOUR, lambda _: self._discharge(patient, stay))
        here.after(
            figures.STAY_HOURS_MEAN * HOUR / figures.MOVES_PER_STAY,
            lambda _: self._move(patient, stay),
        )
        here.after(figures.STAY_HOURS_MEAN * 8 * HOUR, lambda _: self._swap(patient, stay))
        here.after(figures.STAY_HOURS_MEAN * 10 * HOUR, lambda _: self._leave(patient, stay))
        self._treat(patient)

    def _is_here(self, patient: TruePatient, stay: TrueStay) -> bool:
        return patient.stays[-1] is stay and stay.state is Where.PRESENT

    def _chart(self, patient: TruePatient) -> None:
        """Nursing completes the admission: allergies, weight, code status, problems."""
        if patient.stays[-1].state is Where.PRESENT:
            self.here.say_adt("A08", patient, chart=True)

    def _admit(self, patient: TruePatient, stay: TrueStay) -> None:
        if not self._is_here(patient, stay):
            return
        place = self.here.take_bed()
        if place is None:
            self.here.after(HOUR, lambda _: self._admit(patient, stay))
            return
        self._settle(stay, place)
        stay.emergency = False
        self.here.say_adt("A06", patient)

    def _settle(self, stay: TrueStay, place: tuple[str, str]) -> None:
        self.here.free_bed(stay)
        stay.prior = (stay.unit, stay.bed)
        stay.unit, stay.bed = place

    def _move(self, patient: TruePatient, stay: TrueStay) -> None:
        if self._is_here(patient, stay) and stay.unit != EMERGENCY:
            place = self.here.take_bed()
            if place is not None:
                self._settle(stay, place)
                self.here.say_adt("A02", patient)
                if self.here.chance(figures.SHARE_MOVE_CANCELLED):
                    self.here.after(15 * MINUTE, lambda _: self._cancel_move(patient, stay, place))
        if patient.stays[-1] is stay and stay.state is not Where.LEFT:
            mean = figures.STAY_HOURS_MEAN * HOUR / figures.MOVES_PER_STAY
            self.here.after(mean, lambda _: self._move(patient, stay))

    def _cancel_move(self, patient: TruePatient, stay: TrueStay, place: tuple[str, str]) -> None:
        back = stay.prior
        if not self._is_here(patient, stay) or (stay.unit, stay.bed) != place:
            return
        if not self.here.is_free(back):
            return
        self.here.occupy(back)
        self.here.free_bed(stay)
        (stay.unit, stay.bed), stay.prior = back, ("", "")
        self.here.say_adt("A12", patient)

    def _cancel_admission(self, patient: TruePatient, stay: TrueStay) -> None:
        if self._is_here(patient, stay):
            stay.state = Where.CANCELLED
            self.here.free_bed(stay)
            self.here.say_adt("A11", patient)

    def _swap(self, patient: TruePatient, stay: TrueStay) -> None:
        here = self.here
        others = [
            other
            for other in here.in_house()
            if other is not patient and other.stays[-1].unit == stay.unit != EMERGENCY
        ]
        if not self._is_here(patient, stay) or not others:
            return
        other = here.dice.choice(sorted(others, key=lambda one: one.mrn))
        theirs = other.stays[-1]
        mine = (stay.unit, stay.bed)
        stay.prior, theirs.prior = mine, (theirs.unit, theirs.bed)
        (stay.unit, stay.bed), (theirs.unit, theirs.bed) = (theirs.unit, theirs.bed), mine
        patient.spoken = other.spoken = Instant(max(patient.spoken, other.spoken))
        at = here.moment_for(patient)
        other.spoken = at
        pairs = (patient, stay), (other, theirs)
        here.say(EHR, patient, at, lambda speech: hl7_words.swap(speech, *pairs))

    def _leave(self, patient: TruePatient, stay: TrueStay) -> None:
        if self._is_here(patient, stay) and stay.unit != EMERGENCY:
            stay.state = Where.ON_LEAVE
            self.here.say_adt("A21", patient)
            self.here.after(6 * HOUR, lambda _: self._return(patient, stay))

    def _return(self, patient: TruePatient, stay: TrueStay) -> None:
        if stay.state is Where.ON_LEAVE:
            stay.state = Where.PRESENT
            self.here.say_adt("A22", patient)

    def _discharge(self, patient: TruePatient, stay: TrueStay) -> None:
        if patient.stays[-1] is not stay or stay.state in (Where.LEFT, Where.CANCELLED):
            return
        if stay.state is Where.ON_LEAVE or stay.emergency:
            self.here.after(4 * HOUR, lambda _: self._discharge(patient, stay))
            return
        stay.state = Where.LEFT
        stay.left = Instant(max(self.here.now, patient.spoken + SPACING_MS))
        self.here.free_bed(stay)
        self.here.say_adt("A03", patient)
        if self.here.chance(figures.SHARE_DISCHARGE_CANCELLED):
            self.here.after(20 * MINUTE, lambda _: self._cancel_discharge(patient, stay))

    def _cancel_discharge(self, patient: TruePatient, stay: TrueStay) -> None:
        place = (stay.unit, stay.bed)
        if stay.state is not Where.LEFT or not self.here.is_free(place):
            return
        self.here.occupy(place)
        stay.state, stay.left = Where.PRESENT, None
        self.here.say_adt("A13", patient)
        self.here.after(24 * HOUR, lambda _: self._discharge(patient, stay))

    def _identify(self, patient: TruePatient) -> None:
        """Let a nameless patient turn out to be somebody with a number of their own."""
        here = self.here
        retired = structs.replace(patient, allergies={}, stays=[], orders={}, values={}, visits={})
        del here.patients[patient.mrn]
        patient.mrn = here.number("7")
        here.patients[patient.mrn] = patient
        here.retired[retired.mrn] = patient.mrn
        retired.merged_into = patient.mrn
        name_somebody(here.dice, patient)
        at = here.moment_for(patient)
        here.say(EHR, patient, at, lambda speech: hl7_words.merge(speech, patient, retired))
