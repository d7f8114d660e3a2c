"""May this step of a transfer be written? Only what cannot be is refused; see the departure too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps

from wardlight.record.events.entered import Warned
from wardlight.record.events.transfers import (
    BedClass,
    DosesStated,
    PacketMade,
    PendingOwned,
    ReportGiven,
    TransferAccepted,
    TransferCancelled,
    TransferOffered,
    TransferRefused,
    TransferRequested,
    TransferSaid,
    TransportArranged,
    TransportLevel,
    Urgency,
    Why,
)
from wardlight.record.identity import PatientKey
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal, Rule
from wardlight.rules.form import Form, place_of
from wardlight.views.transfers.transfer_board import case_of, open_case, standing
from wardlight.views.transfers.transfers import OPEN, Case, OfferState, TransferState, same_hospital

NO_SUCH_TRANSFER = "This transfer is not known here. Look on the transfer board."
NEEDS_MAX = 12
LINES_MAX = 40
MINUTES_MAX = 24 * 60
HOSPITAL_MAX = 120
SECOND_REQUEST = "already-asked"
ALREADY_REFUSED = "refused-before"
ASKED_BEFORE = "asked-before"
HAS_A_PLACE = "has-a-place"
NOT_CAPABLE = "not-capable"


class Step:
    """One form about a transfer that began, while it is read."""

    def __init__(self, asked: Asked, ground: Ground, found: Case) -> None:
        self.form, self.case = Form(asked, ground), found
        self.warnings: list[Warned] = []
        self.form.not_before(found.at, "The transfer was asked for after that: check the time.")

    def hospital(self) -> str:
        """Return which hospital it is about; without a word the one that accepted."""
        typed = self.form.text("hospital")[:HOSPITAL_MAX]
        if typed or self.case.accepted is None:
            return typed or self.form.needed("hospital", "Write which hospital.")
        return self.case.accepted.said.hospital

    def answer(self, said: TransferSaid) -> Accepted | Refusal:
        """Return what is written, or why not."""
        form = self.form
        patient = form.ground.views.people.resolve(self.case.patient)
        return form.refusal() or Accepted(
            said=said,
            occurred=form.at,
            patient=patient,
            warnings=tuple(self.warnings),
        )


def step_of(asked: Asked, ground: Ground) -> Step | Refusal:
    """Return the form of a step, with the transfer it is about."""
    found = case_of(ground.views, asked.fields.one("request"))
    if found is None:
        return Refusal(NO_SUCH_TRANSFER, {"request": NO_SUCH_TRANSFER})
    return Step(asked, ground, found)


def a_step(read: Callable[[Step], TransferSaid]) -> Rule:
    """Return the rule of a step: which transfer it is about, and what the form says of it."""

    @wraps(read)
    def rule(asked: Asked, ground: Ground) -> Accepted | Refusal:
        step = step_of(asked, ground)
        return step if isinstance(step, Refusal) else step.answer(read(step))

    return rule


_OVER = {
    TransferState.DIED: "The patient died. Write that the transfer is cancelled.",
    TransferState.LEFT: "The patient left in another way. Write that this is cancelled.",
    TransferState.CANCELLED: "This transfer was cancelled. Ask for a new one.",
}


def not_over(step: Step) -> None:
    """Note that nobody goes any more. What is signed after an emergency's departure is taken."""
    words = _OVER.get(standing(step.form.ground.views, step.case))
    if words is not None:
        step.form.wrong["request"] = words


def request(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Ask for a place elsewhere, or say anew what the patient of a transfer needs."""
    form = Form(asked, ground)
    number, patient = asked.fields.one("request"), asked.patient
    known = case_of(ground.views, number)
    if number and known is None:
        return Refusal(NO_SUCH_TRANSFER, {"request": NO_SUCH_TRANSFER})
    people = ground.views.people
    if known is not None and people.resolve(known.patient) != people.resolve(patient):
        return Refusal("This transfer is another patient's.", {"request": "Another patient's."})
    person = people.person(people.resolve(patient))
    if person is not None and person.died is not None:
        form.wrong["request"] = "This patient has died."
    said = _requested(form, known.request if known else asked.id, patient, ground)
    return form.refusal() or Accepted(
        said=said, occurred=form.at, warnings=_running(known, patient, ground)
    )


def _requested(form: Form, number: str, patient: PatientKey, ground: Ground) -> TransferRequested:
    needs = form.asked.fields.many("need")[:NEEDS_MAX]
    return TransferRequested(
        request=number,
        why=Why(form.choice("why", tuple(Why), "Choose why the patient has to go.")),
        reason=form.needed("reason", "Write why, as you would say it on the phone."),
        bed=BedClass(form.choice("bed", tuple(BedClass), "Choose the kind of bed.")),
        needs=tuple(dict.fromkeys(needs)),
        urgency=Urgency(form.choice("urgency", tuple(Urgency), "Choose how soon.")),
        level=_level(form, needed=False),
        diagnosis=form.text("diagnosis"),
        isolation=form.text("isolation"),
        equipment=form.text("equipment"),
        physician=form.needed("physician", "Write who answers for the transfer here."),
        callback=form.needed("callback", "Write the phone of who knows the patient."),
        wished=form.text("wished")[:HOSPITAL_MAX],
        place=place_of(patient, ground),
        note=form.text("note"),
    )


def _level(form: Form, *, needed: bool) -> TransportLevel | None:
    if not form.text("level") and not needed:
        return None
    words = "Choose how the patient travels."
    return TransportLevel(form.choice("level", tuple(TransportLevel), words))


def _running(known: Case | None, patient: PatientKey, ground: Ground) -> tuple[Warned, ...]:
    other = open_case(ground.views, patient)
    if known is not None or other is None or standing(ground.views, other) not in OPEN:
        return ()
    words = "A transfer of this patient is under way already: go on with that one, or say why two"
    return (Warned(SECOND_REQUEST, words),)


@a_step
def offer(step: Step) -> TransferSaid:
    """Write that a hospital was asked."""
    not_over(step)
    form = step.form
    said = TransferOffered(
        request=step.case.request,
        hospital=form.needed("hospital", "Write which hospital was asked.")[:HOSPITAL_MAX],
        to=form.text("to"),
        how=form.text("how"),
        note=form.text("note"),
    )
    refused = (OfferState.REFUSED, OfferState.WITHDRAWN)
    for one in step.case.offers:
        if same_hospital(one.hospital, said.hospital) and one.state in refused:
            words = f"This hospital said no before: {one.reason}"
            step.warnings.append(Warned(ALREADY_REFUSED, words, asks=False))
    step.warnings += _meanwhile(step.case, said.hospital)
    return said


def _meanwhile(case: Case, hospital: str) -> Iterator[Warned]:
    """Yield what somebody else did meanwhile: two people at one plan ask for one patient."""
    for one in case.offers:
        if one.state is OfferState.ASKED and same_hospital(one.hospital, hospital):
            words = "This hospital was asked before and has not answered yet"
            yield Warned(ASKED_BEFORE, words, asks=False)
        if one.state is OfferState.ACCEPTED:
            words = f"{one.hospital} has said yes for this patient: tell whoever is not needed"
            yield Warned(HAS_A_PLACE, words, asks=False)


@a_step
def refuse(step: Step) -> TransferSaid:
    """Write that a hospital said no, with its reason, or took back its yes."""
    form = step.form
    return TransferRefused(
        request=step.case.request,
        hospital=form.needed("hospital", "Write which hospital said no.")[:HOSPITAL_MAX],
        by=form.needed("by", "Write who said no."),
        reason=form.needed("reason", "Write the reason, in their words."),
    )


@a_step
def accept(step: Step) -> TransferSaid:
    """Write that a hospital said yes: who, when, and that it has space and people."""
    not_over(step)
    form = step.form
    said = TransferAccepted(
        request=step.case.request,
        hospital=form.needed("hospital", "Write which hospital takes the patient.")[:HOSPITAL_MAX],
        by=form.needed("by", "Write the name of the physician who accepts."),
        capable=form.yes("capable"),
        unit=form.text("unit"),
        bed=form.text("bed"),
        report_to=form.text("report_to"),
        note=form.text("note"),
    )
    if not said.capable:
        words = "Nobody said that they have space and qualified people (42 CFR 489.24(e)(2)(ii)(A))"
        step.warnings.append(Warned(NOT_CAPABLE, words))
    return said


@a_step
def transport(step: Step) -> TransferSaid:
    """Write who drives or flies, with whom and what on board."""
    not_over(step)
    form = step.form
    level = _level(form, needed=True)
    assert level is not None, "needed"
    return TransportArranged(
        request=step.case.request,
        company=form.needed("company", "Write who drives or flies."),
        level=level,
        unit=form.text("unit"),
        crew=form.text("crew"),
        equipment=form.text("equipment"),
        pick_up=form.ahead("pick_up"),
        minutes=_minutes(form),
    )


def _minutes(form: Form) -> int | None:
    typed = form.text("minutes")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit()) or not 0 < int(typed[:6]) <= MINUTES_MAX:
        form.wrong["minutes"] = "Write whole minutes, such as 40."
        return None
    return int(typed)


@a_step
def report(step: Step) -> TransferSaid:
    """Write to whom the nurse's report was given."""
    form = step.form
    return ReportGiven(
        request=step.case.request,
        to=form.needed("to", "Write who took the report."),
        phone=form.text("phone"),
        note=form.text("note"),
    )


@a_step
def doses(step: Step) -> TransferSaid:
    """Write that somebody went through the last doses, and those no MAR here has."""
    form = step.form
    also = tuple(line for line in form.text("also").splitlines() if line.strip())[:LINES_MAX]
    said = DosesStated(
        request=step.case.request,
        checked_by=form.needed("checked_by", "Write who went through the doses."),
        also=tuple(line.strip() for line in also),
        none_given=form.yes("none_given"),
        next_due=form.text("next_due"),
    )
    if said.none_given and said.also:
        form.wrong["none_given"] = "Doses are listed and none is said to be given: which is it?"
    return said


@a_step
def pending(step: Step) -> TransferSaid:
    """Write who rings whom when a result comes after the patient left."""
    form = step.form
    return PendingOwned(
        request=step.case.request,
        owner=form.needed("owner", "Write who here answers for results that come late."),
        phone=form.needed("phone", "Write their phone."),
        tells=form.needed("tells", "Write who at the other hospital is rung."),
        tells_phone=form.text("tells_phone"),
    )


@a_step
def packet(step: Step) -> TransferSaid:
    """Write that the papers lie ready, and what goes with the patient."""
    form = step.form
    hospital = step.hospital()
    said = PacketMade(
        request=step.case.request,
        hospital=hospital,
        records=form.yes("records"),
        medicines=form.yes("medicines"),
        family=form.text("family"),
        belongings=form.text("belongings"),
        imaging=form.text("imaging"),
        blood=form.text("blood"),
        bands=form.text("bands"),
        by=form.text("by"),
    )
    if not said.records:
        form.wrong["records"] = "Print summary, MAR and pending results, or send them; then tick."
    return said


@a_step
def cancel(step: Step) -> TransferSaid:
    """Write that the patient does not go."""
    form = step.form
    if step.case.departed:
        form.wrong["request"] = "The patient has left. Take the departure back first."
    return TransferCancelled(
        request=step.case.request,
        reason=form.needed("reason", "Write why, for the hospital that keeps a bed."),
    )
