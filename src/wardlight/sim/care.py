"""What is done for a patient in house: orders, doses, laboratory results, and their corrections."""

from __future__ import annotations

from functools import partial

from msgspec import structs

from wardlight.record.instants import HOUR, MINUTE, Instant
from wardlight.sim import figures, hl7_words
from wardlight.sim.hl7_words import LAB, PHARMACY
from wardlight.sim.hospital import Hospital
from wardlight.sim.truth import TrueOrder, TruePatient, TrueStay, TrueValue, Where
from wardlight.sim.vocabulary import FORMULARY, NURSES, PANEL, Analyte

TIMES = {
    "QD": (9,),
    "Q24H": (9,),
    "BID": (9, 21),
    "Q12H": (9, 21),
    "TID": (9, 14, 21),
    "QHS": (21,),
    "Q6H": (0, 6, 12, 18),
    "PRN": (),
}


class Care:
    """Medicines and results of one hospital's patients."""

    def __init__(self, hospital: Hospital) -> None:
        self.here = hospital

    def begin(self, patient: TruePatient) -> None:
        """Order what a new patient needs."""
        stay = patient.stays[-1]
        wanted = self.here.dice.randint(*figures.ORDERS_PER_PATIENT)
        for drug in self.here.dice.sample(FORMULARY, wanted):
            order = TrueOrder(
                number=self.here.number("R"),
                drug=drug,
                dose=drug.dose,
                state="active",
                ordered=Instant(0),
                times=TIMES[drug.pattern],
            )
            self.here.after(HOUR, partial(self._order, patient, stay, order))
        self.here.after(HOUR, lambda _: self._draw(patient, stay))

    def _is_here(self, patient: TruePatient, stay: TrueStay) -> bool:
        return patient.stays[-1] is stay and stay.state is Where.PRESENT

    def _order(self, patient: TruePatient, stay: TrueStay, order: TrueOrder, _: Instant) -> None:
        if not self._is_here(patient, stay):
            return
        order.ordered = self.here.moment_for(patient)
        patient.orders[order.number] = order
        self._tell(patient, stay, order, "NW", order.ordered)
        self._await_dose(patient, stay, order)
        self.here.after(60 * HOUR, lambda _: self._change(patient, stay, order))

    def _tell(
        self, patient: TruePatient, stay: TrueStay, order: TrueOrder, control: str, at: Instant
    ) -> None:
        self.here.say(
            PHARMACY,
            patient,
            at,
            lambda speech: hl7_words.medicine(speech, patient, stay, order, control),
        )

    def _change(self, patient: TruePatient, stay: TrueStay, order: TrueOrder) -> None:
        """Stop, hold, resume or change an order."""
        if not self._is_here(patient, stay) or order.state == "stopped":
            return
        control = self.here.dice.choice(("DC", "HD", "XO"))
        if order.state == "held":
            control = "RL"
        at = self.here.moment_for(patient)
        if control == "XO":
            order.dose = f"{float(order.dose) * 2:g}"
        order.state = {"DC": "stopped", "HD": "held"}.get(control, "active")
        self._tell(patient, stay, order, control, at)
        self.here.after(30 * HOUR, lambda _: self._change(patient, stay, order))

    def _await_dose(self, patient: TruePatient, stay: TrueStay, order: TrueOrder) -> None:
        if order.times:
            due = min(self.here.next_local_hour(hour) for hour in order.times)
            late = round(self.here.dice.uniform(-15, 25) * MINUTE)
            at = Instant(max(due + late, self.here.now + MINUTE))
        else:
            at = Instant(self.here.now + round(self.here.dice.expovariate(1 / (14 * HOUR))))
        self.here.later(at, lambda _: self._dose(patient, stay, order))

    def _dose(self, patient: TruePatient, stay: TrueStay, order: TrueOrder) -> None:
        gone = stay.state in (Where.LEFT, Where.CANCELLED) or patient.stays[-1] is not stay
        if gone or order.state == "stopped":
            return
        if stay.state is Where.PRESENT and order.state == "active":
            at = self.here.moment_for(patient)
            status = self._status()
            if status == "CP":
                order.last_given = (at, order.dose)
            given = (at, status, self.here.dice.choice(NURSES))
            spoken = structs.replace(order)
            self.here.say(
                PHARMACY,
                patient,
                at,
                lambda speech: hl7_words.dose(speech, patient, stay, spoken, given),
            )
        # The next time on the clock, not the one just kept a little early.
        self.here.later(
            Instant(self.here.now + HOUR), lambda _: self._await_dose(patient, stay, order)
        )

    def _status(self) -> str:
        luck = self.here.dice.random()
        if luck < figures.SHARE_DOSE_REFUSED:
            return "RE"
        return "NA" if luck < figures.SHARE_DOSE_REFUSED + figures.SHARE_DOSE_NOT_GIVEN else "CP"

    def _draw(self, patient: TruePatient, stay: TrueStay) -> None:
        """Take blood; the laboratory tells what it finds, first as preliminary."""
        if not self._is_here(patient, stay):
            if stay.state is Where.ON_LEAVE:
                self.here.after(6 * HOUR, lambda _: self._draw(patient, stay))
            return
        collected = Instant(self.here.now - self.here.now % 1000)
        number = self.here.number("L")
        values = [
            TrueValue(one, self._measure(one), "preliminary", collected, number) for one in PANEL
        ]
        self.here.after(40 * MINUTE, lambda _: self._report(patient, stay, values, "preliminary"))
        self.here.after(figures.LAB_ROUND_HOURS * HOUR, lambda _: self._draw(patient, stay))

    def _report(
        self, patient: TruePatient, stay: TrueStay, values: list[TrueValue], state: str
    ) -> None:
        for value in values:
            value.state = state
        self._publish(patient, stay, values)
        if state == "preliminary":
            self.here.after(45 * MINUTE, lambda _: self._report(patient, stay, values, "final"))
        elif self.here.chance(figures.SHARE_CORRECTED):
            self.here.after(3 * HOUR, lambda _: self._correct(patient, stay, values))

    def _correct(self, patient: TruePatient, stay: TrueStay, values: list[TrueValue]) -> None:
        value = self.here.dice.choice(values)
        if self.here.chance(figures.SHARE_WITHDRAWN / figures.SHARE_CORRECTED):
            value.state = "withdrawn"
        else:
            value.was, value.value = value.value, self._measure(value.analyte)
            value.state = "corrected"
        self._publish(patient, stay, values)

    def _publish(self, patient: TruePatient, stay: TrueStay, values: list[TrueValue]) -> None:
        at = self.here.moment_for(patient)
        for value in values:
            known = patient.values.get(value.analyte.code)
            if known is None or known.collected <= value.collected:
                patient.values[value.analyte.code] = value
        number = values[0].number
        spoken = [structs.replace(value) for value in values]
        self.here.say(
            LAB,
            patient,
            at,
            lambda speech: hl7_words.report(speech, patient, stay, number, spoken),
        )

    def _measure(self, analyte: Analyte) -> str:
        middle, span = (analyte.low + analyte.high) / 2, analyte.high - analyte.low
        value = max(self.here.dice.gauss(middle, span * 0.6), analyte.low * 0.3)
        return f"{value:.{analyte.places}f}"
