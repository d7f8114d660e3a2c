"""Whom an agent rings next, and what may be written of a call.

Nobody is given to two agents: the second who asks gets the next patient. Nothing counts as told
unless two identifiers agreed and the one on the phone may be told.
"""

from __future__ import annotations

from collections.abc import Iterator

from wardlight.record import catalogue
from wardlight.record.events.contact import (
    REACHED,
    SENT,
    ContactAdvised,
    ContactAttempted,
    ContactLeased,
    ContactRestricted,
    Outcome,
    Speaker,
    Told,
)
from wardlight.record.events.entered import Warned
from wardlight.record.identity import PatientKey, Person
from wardlight.record.instants import MINUTE, Instant
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.clinics.call_sheets import (
    NOBODY_LEFT,
    claim,
    claimed_of,
    give_out,
    note_time,
    sheet_claim,
    sheet_trouble,
    take_back,
)
from wardlight.rules.clinics.identity_check import Checked, checked
from wardlight.rules.form import Form
from wardlight.views.clinics.cases import TOLD
from wardlight.views.clinics.worklist import Moment

LEASE_MS = 10 * MINUTE
TAKEN = "Another agent has this patient now."
ON_PAPER = "Their call sheet is out with {by}: get it back, or say that it is missing."
STOP = "STOP. What was said does not agree with the record: tell nothing."
TWO_AGREE = "Two things have to agree before anything is told."
PATIENT_ALONE = "Only the patient may be told."
TOLD_ALREADY = "told-already"
ANOTHERS = "another-has-them"
TO_PRIVACY = "told-to-a-wrong-person"


def lease(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Give an agent the patient they asked for, or the next; or fill a call sheet."""
    agent, contacts = asked.author.account, ground.views.contacts
    held = contacts.held_by(agent, ground.now)
    if asked.fields.one("release"):
        on_paper = bool(asked.fields.one("sheet"))
        return take_back(asked, ground) if on_paper else _given_back(held, agent, ground)
    if asked.fields.one("sheets"):
        return give_out(asked, ground)
    if asked.patient:
        return _chosen(asked, ground)
    if held is not None:
        return _leased((held,), agent, ground)
    moment = Moment(ground.site, ground.now, ground.zone, asked.fields.one("language"))
    waiting = next(ground.views.worklist.waiting(moment, claimed_of(ground)), None)
    return _leased((waiting.patient,), agent, ground) if waiting else Refusal(NOBODY_LEFT)


def _chosen(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Give an agent the patient they named, unless another has them."""
    patient = ground.views.people.resolve(asked.patient)
    agent = asked.author.account
    if ground.views.people.person(patient) is None:
        return Refusal(NOBODY_LEFT)
    found = ground.views.contacts.lease(ground.views.cases.reach(patient).aliases, ground.now)
    if found is not None and found.sheet:
        return Refusal(ON_PAPER.format(by=found.by))
    if claim(patient) in ground.claimed or (found is not None and found.agent != agent):
        return Refusal(TAKEN)
    return _leased((patient,), agent, ground)


def _leased(patients: tuple[PatientKey, ...], agent: str, ground: Ground) -> Accepted:
    said = ContactLeased(patients=patients, until=Instant(ground.now + LEASE_MS), agent=agent)
    return Accepted(said=said, occurred=ground.now, claims=tuple(claim(one) for one in patients))


def _given_back(held: PatientKey | None, agent: str, ground: Ground) -> Accepted | Refusal:
    if held is None:
        return Refusal("You have nobody on the phone.")
    said = ContactLeased(patients=(held,), until=ground.now, agent=agent)
    return Accepted(said=said, occurred=ground.now)


def attempt(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write down how a call ended. What happened can always be written; told is what was proved."""
    form = Form(asked, ground)
    outcome = Outcome(form.choice("outcome", tuple(Outcome), "Choose how the call ended."))
    speaker = speaker_of(form, "speaker")
    rung = form.text("phone")
    found = checked(asked.fields, _person(asked, ground), rung)
    told = _told(form, outcome)
    if outcome in REACHED:
        may_be_told(form, "speaker", speaker, found)
        if form.because:
            form.because += (
                " Save it as “identity not confirmed” or “another person, nothing told”."
            )
    said = ContactAttempted(
        outcome=outcome,
        phone=form.text("phone"),
        speaker=speaker,
        identity=found.agreed if outcome in REACHED else (),
        told=told,
        text=form.text("text"),
        language=form.text("language"),
        call_back=_call_back(form, outcome),
        symptoms=form.text("symptoms"),
        transport=form.text("transport"),
        note=form.text("note"),
        sheet=form.text("sheet"),
    )
    if outcome is Outcome.WRONG_NUMBER and not said.phone:
        form.wrong["phone"] = "Choose which number is wrong."
    note_time(form)
    patient = ground.views.people.resolve(asked.patient)
    if because := sheet_trouble(asked, patient, ground):
        return Refusal(because, {"sheet": because})
    return form.refusal() or Accepted(
        said=said,
        occurred=form.at,
        patient=patient,
        warnings=tuple(_attempt_warnings(asked, said, ground)),
        claims=(sheet_claim(said.sheet),) if said.sheet else (),
    )


def _person(asked: Asked, ground: Ground) -> Person:
    person = ground.views.people.person(ground.views.people.resolve(asked.patient))
    assert person is not None, "judged before"
    return person


def speaker_of(form: Form, field: str) -> Speaker | None:
    """Return who is on the phone; None while nobody said."""
    typed = form.text(field).casefold()
    return next((one for one in Speaker if one == typed), None)


def _told(form: Form, outcome: Outcome) -> tuple[Told, ...]:
    """Return which visits were told and as what; the page says what it showed."""
    plans = {key: plan for key, plan in form.asked.fields.lines("plan_of", "plan")}  # noqa: C416 -- pairs
    chosen = [one for one in form.asked.fields.many("told") if one in plans]
    if outcome not in REACHED | SENT:
        return ()
    if not chosen:
        form.wrong["told"] = "Tick the visits that were told."
    return tuple(Told(one, plans[one]) for one in chosen)


def may_be_told(form: Form, field: str, who: Speaker | None, found: Checked) -> None:
    """Note why nothing of a visit can be told to who is on the phone; `field` says who that is."""
    rules = form.ground.views.cases.reach(form.asked.patient).rules
    if found.differs:
        form.because = STOP
        form.wrong |= dict.fromkeys(found.differs, "Does not agree with the record.")
    elif not found.holds():
        form.because = TWO_AGREE
        form.wrong["said_birth"] = "Ask for the birth date and one thing more."
    if who is None:
        form.wrong[field] = "Choose who was on the phone."
    elif who is Speaker.OTHER or (rules.do_not_disclose and who is not Speaker.PATIENT):
        form.because = PATIENT_ALONE
        form.wrong[field] = "May not be told."


def _call_back(form: Form, outcome: Outcome) -> Instant | None:
    return form.ahead("call_back") if outcome is Outcome.CALL_BACK else None


def _attempt_warnings(asked: Asked, said: ContactAttempted, ground: Ground) -> Iterator[Warned]:
    if said.outcome is Outcome.TOLD_WRONG:
        words = "Health information reached a wrong person: the privacy officer has to know."
        yield Warned(TO_PRIVACY, words)
    reach = ground.views.cases.reach(asked.patient)
    found = ground.views.contacts.lease(reach.aliases, ground.now)
    on_sheet = found is not None and found.sheet and found.sheet == said.sheet
    if found is not None and found.agent != asked.author.account and not on_sheet:
        yield Warned(ANOTHERS, f"{found.by} has this patient now.", asks=False)
    for one in said.told:
        case = ground.views.cases.case(one.appointment)
        if case is not None and case.state in TOLD and case.plan == one.plan and case.told:
            yield Warned(TOLD_ALREADY, f"{case.told.by} told them already.", asks=False)


def advise(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write down what a nurse said to a patient with symptoms."""
    form = Form(asked, ground)
    said = ContactAdvised(
        reached=form.choice("reached", ("yes", "no"), "Was the patient reached?") == "yes",
        complaint=form.needed("complaint", "Write what the patient says."),
        advice=form.needed("advice", "Write what was advised, or what is tried next."),
        protocol=form.text("protocol"),
    )
    return form.refusal() or Accepted(
        said=said, occurred=form.at, patient=ground.views.people.resolve(asked.patient)
    )


def restrict(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write down how a patient may be reached from now on."""
    form = Form(asked, ground)
    said = ContactRestricted(
        do_not_disclose=form.yes("do_not_disclose"),
        do_not_call=form.yes("do_not_call"),
        phones=asked.fields.many("new_phone")[:4],
        not_phones=asked.fields.many("not_phone")[:8],
        language=form.text("language"),
        reason=form.needed("reason", "Write who said so."),
    )
    return form.refusal() or Accepted(
        said=said, occurred=form.at, patient=ground.views.people.resolve(asked.patient)
    )


RULES = {
    catalogue.CONTACT_LEASED: lease,
    catalogue.CONTACT_ATTEMPTED: attempt,
    catalogue.CONTACT_ADVISED: advise,
    catalogue.CONTACT_RESTRICTED: restrict,
}
