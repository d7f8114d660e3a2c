"""Where each visit stands on its way to a patient who knows: exactly one state at every moment.

A case is one appointment with what was decided of it, its new time and what its patient was told.
What has to be told is its *plan*; when the plan changes, what was told before counts no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct

from wardlight.record.codes import AppointmentState
from wardlight.record.events.contact import (
    REACHED,
    SENT,
    ContactAdvised,
    ContactAttempted,
    ContactRestricted,
    Outcome,
)
from wardlight.record.events.triage import Decision, UrgencyClass, VisitMoved
from wardlight.record.identity import PatientKey, Person
from wardlight.record.instants import DAY, Instant, local
from wardlight.views.clinics.contacts import Contacts, Telling, again_after
from wardlight.views.clinics.schedule import Schedule
from wardlight.views.clinics.triage import Triage, Verdict
from wardlight.views.kept_rows import Row
from wardlight.views.patients.people import People
from wardlight.views.rows import Appointment

NO_ANSWER_MAX = 3  # tries without an answer before a class A patient goes to the nurse
TRAVEL_LONG_MINUTES = 60
_OFF = frozenset(
    {
        AppointmentState.CANCELLED,
        AppointmentState.DELETED,
        AppointmentState.NO_SHOW,
        AppointmentState.COMPLETED,
    }
)


class CaseState(StrEnum):
    """Where a visit stands. Every affected visit is in exactly one of these."""

    OFF = "off in the record"
    TO_DECIDE = "waits for a decision"
    NURSE = "with the nurse"
    GOING = "told: goes ahead"
    RESCHEDULED = "told: new date"
    TRANSFERRED = "told: other site"
    WAITING = "told: waits for a date"
    CANCELLED = "told: not needed"
    CALL_BACK = "to be called back"
    BY_LETTER = "letter sent, not spoken to"
    NO_NUMBER = "no number that works"
    NOT_REACHED = "not reached"


TOLD = frozenset(
    {
        CaseState.GOING,
        CaseState.RESCHEDULED,
        CaseState.TRANSFERRED,
        CaseState.WAITING,
        CaseState.CANCELLED,
    }
)
OPEN = frozenset(CaseState) - TOLD - {CaseState.OFF}
"""States in which the patient does not know yet."""
TO_CALL = frozenset({CaseState.NOT_REACHED, CaseState.CALL_BACK})


class Case(Struct, frozen=True, kw_only=True, gc=False):
    """One appointment and everything that was decided and said of it."""

    key: str  # `site|number`
    appointment: Appointment
    patient: PatientKey | None
    state: CaseState
    plan: str = ""
    verdict: Verdict | None = None
    move: Row[VisitMoved] | None = None
    lost: Row[VisitMoved] | None = None  # the new time it had, taken back or shifted since
    told: Telling | None = None  # the last time this plan was told
    tries: int = 0  # since it was last told anything
    again: Instant | None = None  # not to be rung before that
    call_back: Instant | None = None

    def starts(self) -> Instant:
        """Return when the visit was to be; far ahead when nobody stated it."""
        starts = self.appointment.starts
        return starts.at if starts else Instant(2**53)

    def takes_place(self) -> Instant:
        """Return when the visit is now: its new time if it has one; far ahead without any."""
        return self.move.said.starts if self.move is not None else self.starts()

    def urgency(self) -> UrgencyClass:
        """Return its class; the most urgent while nobody decided."""
        return self.verdict.line.urgency if self.verdict else UrgencyClass.A


class Reach(Struct, frozen=True, kw_only=True, gc=False):
    """What is known of reaching one patient, whichever of their visits it is about."""

    patient: PatientKey
    person: Person | None
    aliases: tuple[PatientKey, ...]
    attempts: Sequence[Row[ContactAttempted]]
    advice: Sequence[Row[ContactAdvised]]
    rules: ContactRestricted

    def phones(self) -> tuple[str, ...]:
        """Return the numbers to try, best first, without those that were wrong."""
        wrong = {plain_phone(one) for one in self.rules.not_phones}
        wrong |= {
            plain_phone(one.said.phone)
            for one in self.attempts
            if one.said.outcome is Outcome.WRONG_NUMBER and one.said.phone
        }
        known = (*self.rules.phones, *(self.person.phones if self.person else ()))
        return tuple(dict.fromkeys(one for one in known if plain_phone(one) not in wrong))

    def emails(self) -> tuple[str, ...]:
        """Return the addresses something may be sent to; none where letters alone are wished."""
        known = self.person.emails if self.person else ()
        return () if self.rules.do_not_call or self.rules.do_not_disclose else known

    def language(self) -> str:
        """Return the language somebody is spoken with, as it was stated; "" when nobody did."""
        heard = (one.said for one in self.attempts if one.said.outcome not in SENT)
        stated = [one.language for one in heard if one.language]
        known = self.person.language if self.person else ""
        return self.rules.language or (stated[-1] if stated else known)

    def may_be_rung(self) -> bool:
        """Return whether there is a number, and nobody asked not to be called."""
        return bool(self.phones()) and not self.rules.do_not_call

    def nurse_since(self) -> Instant | None:
        """Return since when a nurse has to ring because of symptoms; None when she did."""
        asked = [one.occurred for one in self.attempts if one.said.symptoms]
        reached = [one.occurred for one in self.advice if one.said.reached]
        return asked[-1] if asked and (not reached or reached[-1] < asked[-1]) else None


def plain_phone(number: str) -> str:
    """Return the digits of a phone number, by which two are compared."""
    digits = "".join(one for one in number if one.isdigit())
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits  # noqa: PLR2004 -- NANP with its country code


def plan_of(appointment: Appointment, verdict: Verdict, move: Row[VisitMoved] | None) -> str:
    """Return what has to be told now, in one line that changes whenever that does."""
    decision = verdict.line.decision
    if decision in (Decision.POSTPONE, Decision.TRANSFER) and move is not None:
        return f"{decision}|{move.said.slot}|{move.said.starts}"
    if decision is Decision.GO:
        return f"{decision}|{appointment.starts.at if appointment.starts else 0}"
    return str(decision)


class Cases:
    """Reads cases out of the views; keeps nothing of its own."""

    def __init__(
        self, schedule: Schedule, triage: Triage, contacts: Contacts, people: People
    ) -> None:
        self._schedule = schedule
        self._triage = triage
        self._contacts = contacts
        self._people = people

    def case(self, key: str) -> Case | None:
        """Return one case; None for an appointment nobody knows."""
        appointment = self._schedule.appointment(key)
        return self.of(appointment) if appointment is not None else None

    def of(self, appointment: Appointment, reach: Reach | None = None) -> Case:
        """Return the case of an appointment."""
        key = key_of(appointment)
        verdict, move = self._triage.verdict(key), self._triage.move(key)
        patient = self._people.resolve(appointment.patient) if appointment.patient else None
        if reach is None and patient is not None:
            reach = self.reach(patient)
        plan = plan_of(appointment, verdict, move) if verdict else ""
        tellings = [one for one in self._contacts.told(key) if one.told.plan == plan]
        return _judged(
            Case(
                key=key,
                appointment=appointment,
                patient=patient,
                state=CaseState.NOT_REACHED,
                plan=plan,
                verdict=verdict,
                move=move,
                lost=self._triage.lost(key),
                told=next((one for one in reversed(tellings) if one.outcome in REACHED), None),
            ),
            reach,
            lettered=any(one.outcome is Outcome.LETTER for one in tellings),
        )

    def times_told(self, key: str) -> int:
        """Return how many new times of an appointment its patient was told, one after another."""
        told = {one.told.plan for one in self._contacts.told(key) if one.outcome in REACHED}
        return sum(plan.count("|") > 1 for plan in told)  # a plan with a slot and its start

    def every(self, patient: PatientKey, site: str) -> tuple[Case, ...]:
        """Return all of a patient's cases at a site by time, decided or not."""
        reach = self.reach(patient)
        mine = self._schedule.of(reach.patient)
        return tuple(self.of(one, reach) for one in mine if one.site == site)

    def resolve(self, patient: PatientKey) -> PatientKey:
        """Return the number somebody is known by now."""
        return self._people.resolve(patient)

    def reach(self, patient: PatientKey) -> Reach:
        """Return what is known of reaching somebody."""
        patient = self._people.resolve(patient)
        aliases = tuple(dict.fromkeys((patient, *self._people.aliases(patient))))
        return Reach(
            patient=patient,
            person=self._people.person(patient),
            aliases=aliases,
            attempts=self._contacts.attempts(aliases),
            advice=self._contacts.advice(aliases),
            rules=self._contacts.restriction(aliases),
        )

    def of_reach(self, reach: Reach, site: str) -> tuple[Case, ...]:
        """Return the decided cases of somebody who was looked up, at a site, by time."""
        found = (
            self.of(one, reach) for one in self._schedule.of(reach.patient) if one.site == site
        )
        return tuple(one for one in found if one.verdict is not None)

    def all(
        self,
        site: str,
        span: tuple[Instant, Instant],
        affected: Callable[[Appointment], bool],
    ) -> tuple[Case, ...]:
        """Return every case of a span of time: decided about, or `affected` and not decided.

        Who was decided about counts also when the visit was to be before the span: they wait on.
        """
        reaches: dict[PatientKey, Reach] = {}
        found = []
        begins, ends = span
        visits = self._schedule.between(Instant(0), ends, site)
        for one in (*visits, *self._schedule.untimed(site)):
            earlier = one.starts is not None and one.starts.at < begins
            if self._triage.verdict(key_of(one)) is None and (earlier or not affected(one)):
                continue
            reach = None
            if one.patient is not None:
                who = self._people.resolve(one.patient)
                reach = reaches.get(who) or reaches.setdefault(who, self.reach(who))
            found.append(self.of(one, reach))
        return tuple(found)


def key_of(appointment: Appointment) -> str:
    """Return the key by which entries name an appointment."""
    return f"{appointment.site}|{appointment.number}"


def _judged(case: Case, reach: Reach | None, *, lettered: bool) -> Case:
    attempts = reach.attempts if reach is not None else ()
    since = case.told.at if case.told else (case.verdict.at if case.verdict else Instant(0))
    tries = [one for one in attempts if one.occurred >= since and one.said.outcome not in SENT]
    last = tries[-1] if tries else None
    silent = [one for one in tries if one.said.outcome not in REACHED]
    call_back = last.said.call_back if last and last.said.outcome is Outcome.CALL_BACK else None
    return Case(
        key=case.key,
        appointment=case.appointment,
        patient=case.patient,
        state=_state(case, reach, (len(silent), call_back), lettered=lettered),
        plan=case.plan,
        verdict=case.verdict,
        move=case.move,
        lost=case.lost,
        told=case.told,
        tries=len(silent),
        again=again_after(last) if last is not None else None,
        call_back=call_back,
    )


def _state(  # noqa: PLR0911 -- one line for each state, in the order they are asked
    case: Case, reach: Reach | None, tried: tuple[int, Instant | None], *, lettered: bool
) -> CaseState:
    silent, call_back = tried
    if case.appointment.state in _OFF:
        return CaseState.OFF
    if case.verdict is None:
        return CaseState.TO_DECIDE
    if reach is not None and reach.nurse_since() is not None:
        return CaseState.NURSE
    if case.told is not None:
        return _told(case, case.verdict)
    if call_back is not None:
        return CaseState.CALL_BACK
    if reach is None or not reach.may_be_rung():
        return CaseState.BY_LETTER if lettered else CaseState.NO_NUMBER
    if case.urgency() is UrgencyClass.A and silent >= NO_ANSWER_MAX:
        return CaseState.NURSE
    return CaseState.NOT_REACHED


def _told(case: Case, verdict: Verdict) -> CaseState:
    assert case.told is not None, "asked before"
    decision = verdict.line.decision
    if decision is Decision.GO:
        return CaseState.GOING
    if decision is Decision.CANCEL or case.told.outcome is Outcome.DECLINED:
        return CaseState.CANCELLED
    if decision is Decision.TRANSFER:
        return CaseState.TRANSFERRED
    return CaseState.RESCHEDULED if case.move is not None else CaseState.WAITING


# What a worklist is ordered by: harm times time to the visit times preparation or travel.
HARM_POINTS = {UrgencyClass.A: 8, UrgencyClass.B: 4, UrgencyClass.C: 2, UrgencyClass.D: 1}
TIME_POINTS = ((DAY, 8), (2 * DAY, 6), (3 * DAY, 4), (7 * DAY, 2))
LATER_POINTS = 1
PREP_POINTS = 2


class Points(Struct, frozen=True, gc=False):
    """Why a patient stands where they do on the worklist."""

    harm: int
    time: int
    prep: int

    def total(self) -> int:
        """Return the product: the higher, the sooner they are rung."""
        return self.harm * self.time * self.prep

    def words(self) -> str:
        """Return the three factors as they are shown."""
        return f"harm {self.harm} x time {self.time} x preparation {self.prep} = {self.total()}"


def prepares(appointment: Appointment) -> bool:
    """Return whether somebody prepares for a visit or comes a long way: told first."""
    far = appointment.travel_minutes >= TRAVEL_LONG_MINUTES
    return bool(appointment.prep or appointment.transport or far)


class Rank(Struct, frozen=True, gc=False):
    """What the place of a case on the worklist is worked out from, at any hour."""

    harm: int
    prep: int
    starts: Instant
    harm_by: str = ""

    def points(self, now: Instant, zone: str) -> Points:
        """Return the points; a harm date nearer than the visit counts as its time."""
        due = self.starts
        if (
            self.harm_by
            and self.harm_by <= local(due if due < 2**53 else now, zone).date().isoformat()
        ):
            due = min(due, _end_of(self.harm_by, now, zone))
        left = due - now
        time = next((worth for span, worth in TIME_POINTS if left <= span), LATER_POINTS)
        return Points(self.harm, time, self.prep)


def rank_of(case: Case) -> Rank:
    """Return what the place of a case follows from."""
    return Rank(
        HARM_POINTS[case.urgency()],
        PREP_POINTS if prepares(case.appointment) else 1,
        case.starts(),
        case.verdict.line.harm_by if case.verdict else "",
    )


def points(case: Case, now: Instant, zone: str) -> Points:
    """Return the points of a case now."""
    return rank_of(case).points(now, zone)


def _end_of(day: str, now: Instant, zone: str) -> Instant:
    """Return about when a day ends: the points know no finer time."""
    today = local(now, zone).date()
    return Instant(now + (date.fromisoformat(day) - today).days * DAY)
