"""Ten days of a hospital without its record: 1,200 visits, 90 cases, six agents, one nurse.

The truth of who was told what is kept beside the log, so that the two can be compared at any time.
"""

from __future__ import annotations

from collections import Counter
from random import Random

from tests.rules.clinics.clinic_day import (
    AGENTS,
    DOCTOR,
    NURSE,
    SCHEDULER,
    START,
    ClinicDay,
    key,
    visit_row,
)
from tests.rules.laboratory.loop_ward import TABLES

from wardlight.record import catalogue
from wardlight.record.events.contact import Outcome
from wardlight.record.events.triage import Decision
from wardlight.record.instants import DAY, HOUR, MINUTE, Instant, iso
from wardlight.rules.asking import Author, Refusal
from wardlight.rules.clinics.triage_rules import proposed
from wardlight.views.clinics.cases import Case, CaseState
from wardlight.views.services.clinic_status import ClinicDays

VISITS, CASES = 1_200, 90
SERVICES = (
    ("Haemodialysis chair", "DIALYSIS", "travel_minutes", "75"),
    ("Radiotherapy fraction", "LINAC", "", ""),
    ("Chemotherapy cycle", "INFUSION", "prep", "bloods the day before"),
    ("Colonoscopy", "ENDOSCOPY", "prep", "bowel preparation"),
    ("MRI with contrast", "IMAGING", "prep", "fasting"),
    ("Annual review", "DIABETES", "", ""),
    ("Wound check", "SURGERY", "", ""),
    ("Contact lenses", "EYE", "", ""),
)
SHUT = ("INFUSION", "ENDOSCOPY", "IMAGING", "DIABETES", "EYE", "LINAC")
LANGUAGES = ("en", "en", "en", "es", "pt", "vi")
CHIEF = Author("chief", "C. Chief-Sample", "charge nurse")
TICK_MS = 10 * MINUTE
TICKS_A_DAY = 48  # eight hours on the phone


class TenDays(ClinicDay):
    """The clinic, and what really happened."""

    def __init__(self, seed: int = 8) -> None:
        super().__init__()
        self.dice = Random(seed)  # noqa: S311 -- a simulated day, not a secret
        self.told: dict[int, str] = {}  # patient → the plan they really heard last
        self.ringing: dict[int, str] = {}
        self.calls: Counter[str] = Counter()
        self.rung_while_held = 0
        self.moved = 0
        self.last: Counter[CaseState] = Counter()
        self.dead = set(self.dice.sample(range(1, VISITS + CASES + 1), 60))  # first number is wrong
        self.ill = set(self.dice.sample(range(1, VISITS + CASES + 1), 40))
        self.read_file(*(self._row(number) for number in range(1, VISITS + CASES + 1)))
        self._offer_slots()

    def _row(self, number: int) -> str:
        starts = Instant(START + 2 * HOUR + self.dice.randrange(10 * 24) * HOUR)
        more = {"language": LANGUAGES[number % len(LANGUAGES)]}
        if number > VISITS:
            more |= {"procedure": "Hip replacement left", "place": "THEATRE"}
            return visit_row(number, starts, "Hip replacement", **more)
        service, place, name, value = SERVICES[number % len(SERVICES)]
        more |= {"place": place} | ({name: value} if name else {})
        if number % 3 == 0:
            more["phone2"] = f"556-{number:04d}"
        return visit_row(number, starts, service, **more)

    def _offer_slots(self) -> None:
        times = [Instant(START + 11 * DAY + at * HOUR) for at in range(300)]
        rows = [f"S{n},,{iso(at)},30,Room,1" for n, at in enumerate(times)]
        self.read_file(*rows, head="slot,service,starts,minutes,where,holds")

    def shut_clinics(self) -> None:
        """Say which clinics are closed, and the theatres limited."""
        for name in SHUT:
            self._state("clinic", name, "closed")
        self._state("OR", "", "limited")

    def _state(self, service: str, name: str, state: str) -> None:
        fields = (("service", service), ("name", name), ("state", state))
        more = (("category", "IT outage"), ("authorised_by", "C. Chief-Sample"))
        self.say("service.stated", *fields, *more, by=CHIEF)

    def affected(self) -> tuple[Case, ...]:
        days = ClinicDays(self.views.service_status, self.now)
        span = (Instant(START - DAY), Instant(START + 40 * DAY))
        return self.views.cases.all("MMH", span, days.affected)

    def triage(self) -> int:
        """Let the clinician take over what the rules propose; return how many were decided."""
        days = ClinicDays(self.views.service_status, self.now)
        open_ = [one for one in self.affected() if one.state is CaseState.TO_DECIDE]
        for at in range(0, len(open_), 60):
            fields: list[tuple[str, str]] = []
            for case in open_[at : at + 60]:
                closed = days.of(case.appointment).words()
                found = proposed(case.appointment, TABLES.triage, off=(), closed=closed, zone="UTC")
                fields += [
                    ("appointment", case.key),
                    ("urgency", found.urgency or "C"),
                    ("decision", found.decision),
                    ("harm_by", found.harm_by),
                    ("rule", found.rule),
                    ("proposed", found.urgency or ""),
                    ("take", case.key),
                ]
            why = (("reason", "clinic shut"), ("review_on", "2026-12-10"), ("to", "Partner"))
            self.say(catalogue.VISITS_TRIAGED, *fields, *why, by=DOCTOR)
        return len(open_)

    def move_some(self, most: int) -> int:
        """Let two schedulers give postponed visits the free times, both from the same list."""
        waits = [
            one
            for one in self.affected()
            if one.verdict is not None
            and one.verdict.line.decision is Decision.POSTPONE
            and one.move is None
        ]
        moved = 0
        for case, slot in zip(waits[:most], range(self.moved, self.moved + most), strict=False):
            fields = (("appointment", case.key), ("slot", f"MMH|S{slot}"))
            self.say(catalogue.VISIT_MOVED, *fields, by=SCHEDULER)
            again = self.ask(catalogue.VISIT_MOVED, *fields, by=SCHEDULER)
            moved += isinstance(again, Refusal)  # whoever comes second never gets it
        self.moved += moved
        return moved

    def ring(self, agent: Author) -> int | None:
        """Let an agent ask for the next patient and write down how the call ended."""
        got = self.lease(agent)
        if not got:
            return None
        number = int(got)
        self.rung_while_held += number in self.ringing
        self.ringing[number] = agent.account
        return number

    def end_call(self, number: int, agent: Author) -> Outcome:
        """Write down how a call ended; the truth is noted beside it."""
        del self.ringing[number]
        self.wait(0.01)
        outcome = self.luck(number)
        phone = self.views.cases.reach(key(number)).phones()[0]
        fields: tuple[tuple[str, str], ...] = (("outcome", outcome), ("phone", phone))
        if outcome is Outcome.TOLD:
            case = self.case(number)
            fields = (*self.telling(number), ("phone", phone), *self._proof())
            if number in self.ill and number not in self.told:
                fields = (*fields, ("symptoms", "short of breath"))
            self.told[number] = case.plan
        elif outcome is Outcome.CALL_BACK:
            fields = (*fields, ("call_back_at", "16:00"))
        self.say(catalogue.CONTACT_ATTEMPTED, *fields, by=agent, patient=number)
        self.calls[outcome] += 1
        return outcome

    def _proof(self) -> tuple[tuple[str, str], ...]:
        return ("said_birth", "1958-03-09"), ("said_postcode", "19013")

    def luck(self, number: int) -> Outcome:
        """Return how a call to somebody's first number ends."""
        first = self.views.cases.reach(key(number)).phones()[0]
        if number in self.dead and first.startswith("555"):
            return Outcome.WRONG_NUMBER
        luck = self.dice.random()
        if luck < 0.6:
            return Outcome.TOLD
        if luck < 0.8:
            return Outcome.NO_ANSWER
        if luck < 0.88:
            return Outcome.VOICEMAIL
        return Outcome.CALL_BACK if luck < 0.94 else Outcome.NOT_VERIFIED

    def nurse_rings(self) -> None:
        """Let the nurse speak with everybody who waits for her, and tell those nobody told."""
        for case in self.affected():
            if case.state is not CaseState.NURSE or case.patient is None:
                continue
            number = int(case.patient.removeprefix("MMH|"))
            words = (("complaint", "asked"), ("advice", "stay at home, call 911 if worse"))
            self.say(
                catalogue.CONTACT_ADVISED, ("reached", "yes"), *words, by=NURSE, patient=number
            )
            if self.told.get(number) != case.plan:
                fields = (*self.telling(number), *self._proof())
                self.told[number] = case.plan
                self.say(catalogue.CONTACT_ATTEMPTED, *fields, by=NURSE, patient=number)

    def scam_wave(self, calls: int) -> None:
        """Let patients report calls of strangers who ask for money."""
        for number in range(calls):
            fields = (("caller", "patient"), ("question", "scam report"), ("answer", "not us"))
            scam = ("scam", f"555-66{number:02d} asked for a card number")
            self.say(catalogue.INBOUND_ANSWERED, *fields, scam, by=AGENTS[0])
