"""May this visit be decided about so, moved there? A slot never holds more than it has room for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from wardlight.record import catalogue
from wardlight.record.events.entered import Warned
from wardlight.record.events.schedule import SlotOffered
from wardlight.record.events.triage import (
    Decided,
    Decision,
    UrgencyClass,
    VisitMoved,
    VisitsTriaged,
)
from wardlight.record.instants import MINUTE, Instant, local
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.clinics.case_checks import go_warnings
from wardlight.rules.form import Form
from wardlight.rules.times import TimeTrouble, planned, time_words
from wardlight.views.clinics.cases import Case, CaseState, key_of
from wardlight.views.clinics.theatre_lists import case_minutes, is_list, list_minutes
from wardlight.views.clinics.triage import Slot, names_of, plain_service
from wardlight.wire.schedule.rows import HOLDS_MAX, is_number

LINES_MAX = 100
NO_SUCH_VISIT = "There is no such visit in the schedule of this site. Look at the list again."
SLOT_TAKEN = "This time has just been given to somebody else. Choose another."
MINUTES_IF_NOT_STATED = 30
POSTPONED_A = "class-a-postponed"
AFTER_HARM = "after-harm-date"
MOVED_BEFORE = "moved-before"
LIST_TOO_LONG = "theatre-list-too-long"
OTHER_SERVICE = "slot-of-another-service"


def triage(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Decide about the visits that are ticked: class, harm date, and what becomes of each."""
    form = Form(asked, ground)
    chosen = set(asked.fields.many("take"))
    rows = asked.fields.lines("appointment", "urgency", "decision", "harm_by", "rule", "proposed")
    lines = tuple(_line(row, form) for row in rows if row[0] in chosen)[:LINES_MAX]
    if not lines:
        form.wrong["take"] = "Tick at least one visit."
    said = VisitsTriaged(
        lines=lines,
        reason=form.text("reason"),
        decided_by=form.text("decided_by"),
        review_on=_day(form, "review_on"),
        to=form.text("to"),
    )
    _complete(form, said)
    goes = (line.appointment for line in lines if line.decision is Decision.GO)
    warnings = (*_class_a(said), *go_warnings(goes, ground))
    return form.refusal() or Accepted(said=said, occurred=form.at, warnings=warnings)


def _line(row: tuple[str, ...], form: Form) -> Decided:
    key, urgency, decision, harm_by, rule, proposed = row
    ground = form.ground
    if not key.startswith(f"{ground.site}|") or ground.views.schedule.appointment(key) is None:
        form.wrong["take"] = NO_SUCH_VISIT
    if urgency not in tuple(UrgencyClass):
        form.wrong["urgency"] = "Choose a class, A to D, for each visit that is ticked."
        urgency = UrgencyClass.A
    if decision not in tuple(Decision):
        form.wrong["decision"] = "Choose what becomes of each visit that is ticked."
        decision = Decision.GO
    return Decided(
        appointment=key,
        urgency=UrgencyClass(urgency),
        decision=Decision(decision),
        harm_by=_iso(harm_by, form, "harm_by"),
        rule=rule,
        proposed=proposed,
    )


def _complete(form: Form, said: VisitsTriaged) -> None:
    """Note what a postponement or a transfer still lacks."""
    decided = {line.decision for line in said.lines}
    if decided & {Decision.POSTPONE, Decision.CANCEL} and not said.reason:
        form.wrong["reason"] = "Write why: it is read to the patient's clinic later."
    if Decision.POSTPONE in decided and not said.review_on:
        form.wrong.setdefault("review_on", "Write the day somebody looks at it again.")
    if Decision.TRANSFER in decided and not said.to:
        form.wrong["to"] = "Write which site takes them."


def _class_a(said: VisitsTriaged) -> Iterator[Warned]:
    late = sum(
        line.decision is Decision.POSTPONE and line.urgency is UrgencyClass.A for line in said.lines
    )
    if late:
        yield Warned(POSTPONED_A, f"{late} of class A: waiting more than a day harms them.")


def _day(form: Form, name: str) -> str:
    return _iso(form.text(name), form, name)


def _iso(typed: str, form: Form, name: str) -> str:
    if not typed:
        return ""
    try:
        return date.fromisoformat(typed[:10]).isoformat()
    except ValueError:
        form.wrong[name] = "Write the day as year-month-day."
        return ""


def move(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Give a visit a slot; refused where the slot is full, over, or the patient is elsewhere."""
    key = asked.fields.one("appointment")
    case = ground.views.cases.case(key) if key.startswith(f"{ground.site}|") else None
    if case is None:
        return Refusal(NO_SUCH_VISIT, {"appointment": NO_SUCH_VISIT})
    slot = ground.views.triage.slot(asked.fields.one("slot"))
    form = Form(asked, ground)
    if case.verdict is None or case.verdict.line.decision not in (
        Decision.POSTPONE,
        Decision.TRANSFER,
    ):
        form.wrong["appointment"] = "Nobody has decided that this visit moves. Decide first."
    if slot is None:
        form.wrong["slot"] = "There is no such time. Look at the list again."
        return form.refusal() or Refusal(NO_SUCH_VISIT)
    if trouble := _slot_trouble(case, slot, ground):
        form.wrong["slot"] = trouble
    offered = slot.offered
    said = VisitMoved(
        appointment=case.key,
        slot=slot.key,
        starts=offered.starts,
        minutes=offered.minutes,
        service=offered.service,
        where=offered.where,
        partner=offered.partner,
        why=form.text("why"),
    )
    return form.refusal() or Accepted(
        said=said,
        occurred=form.at,
        patient=case.patient or asked.patient,
        warnings=(*_late(case, said, ground), *_too_long(case, slot, ground)),
        claims=(_claim(slot, ground), f"visit {case.key}"),
    )


def _slot_trouble(case: Case, slot: Slot, ground: Ground) -> str:
    """Return why a visit cannot have a slot; "" when it can."""
    if slot.offered.starts <= ground.now:
        return "This time is over. Choose another."
    has_it = case.move is not None and case.move.said.slot == slot.key
    if has_it:
        return "The visit has this time already."
    if _claim(slot, ground) == "" or f"visit {case.key}" in ground.claimed:
        return SLOT_TAKEN
    return _elsewhere(case, slot, ground)


def _claim(slot: Slot, ground: Ground) -> str:
    """Return the place of a slot that is still free, one claim for each; "" when none is."""
    free = slot.free()
    names = [f"slot {slot.key} {number}" for number in range(free)]
    return next((name for name in names if name not in ground.claimed), "")


def _elsewhere(case: Case, slot: Slot, ground: Ground) -> str:
    """Return where else a patient is at that time; "" for nowhere."""
    if case.patient is None:
        return ""
    starts, ends = _span(slot.offered.starts, slot.offered.minutes)
    for one in ground.views.schedule.of(case.patient):
        other = ground.views.cases.of(one)
        at = time_of(other)
        if key_of(one) == case.key or at is None:
            continue
        begins, until = _span(at, other.appointment.minutes)
        if begins < ends and starts < until:
            return f"The patient has another visit then, at {time_words(begins, ground)}."
    return ""


def time_of(case: Case) -> Instant | None:
    """Return when a visit takes place as things stand; None when it does not."""
    if case.state is CaseState.OFF:
        return None
    if case.move is not None:
        return case.move.said.starts
    waits = case.verdict is not None and case.verdict.line.decision is not Decision.GO
    starts = case.appointment.starts
    return starts.at if starts and not waits else None


def _span(starts: Instant, minutes: int) -> tuple[Instant, Instant]:
    return starts, Instant(starts + (minutes or MINUTES_IF_NOT_STATED) * MINUTE)


def _late(case: Case, said: VisitMoved, ground: Ground) -> Iterator[Warned]:
    harm_by = case.verdict.line.harm_by if case.verdict else ""
    day = local(said.starts, ground.zone).date().isoformat()
    if harm_by and day > harm_by:
        yield Warned(AFTER_HARM, f"The harm date is {harm_by}: this time is after it.")
    service = plain_service(said.service)
    if service and service not in names_of(case.appointment):
        yield Warned(OTHER_SERVICE, f"This time is for “{said.service}”, the visit is for another.")
    if case.move is not None or case.lost is not None:
        yield Warned(MOVED_BEFORE, "This patient was moved before.", asks=False)


def _too_long(case: Case, slot: Slot, ground: Ground) -> Iterator[Warned]:
    """Warn of a theatre list whose operations take longer than it is open."""
    given = (ground.views.cases.case(key) for key in slot.taken if key != case.key)
    visits = [case.appointment, *(one.appointment for one in given if one is not None)]
    used = sum(case_minutes(one) for one in visits)
    if case.appointment.procedure and is_list(slot) and used > list_minutes(slot):
        over = used - list_minutes(slot)
        yield Warned(LIST_TOO_LONG, f"The operations of this list take {over} minutes too long.")


def offer(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Enter a free time by hand, or take one back."""
    form = Form(asked, ground)
    starts = planned(asked, ground, "starts_at", "starts_on")
    if isinstance(starts, TimeTrouble):
        form.wrong["starts_at"] = starts
        starts = ground.now
    said = SlotOffered(
        slot=form.text("slot") or asked.id[:12],
        service=form.needed("service", "Write what can be done there."),
        starts=starts,
        minutes=_count(form, "minutes", 24 * 60),
        where=form.text("where"),
        partner=form.text("partner"),
        holds=_count(form, "holds", HOLDS_MAX) or 1,
        staff=form.text("staff"),
        closed=form.yes("closed"),
        equipment=tuple(part for one in form.text("equipment").split(";") if (part := one.strip())),
    )
    return form.refusal() or Accepted(said=said, occurred=form.at)


def _count(form: Form, name: str, most: int) -> int:
    typed = form.text(name)
    if typed and not is_number(typed, most):
        form.wrong[name] = f"Write a number up to {most}."
        return 0
    return int(typed or 0)


RULES = {
    catalogue.VISITS_TRIAGED: triage,
    catalogue.VISIT_MOVED: move,
    catalogue.SLOT_OFFERED: offer,
}
