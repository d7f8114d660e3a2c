"""What may be written of a call that came in, and who may approve the words that are used."""

from __future__ import annotations

from wardlight.record import catalogue
from wardlight.record.events.contact import (
    InboundAnswered,
    InboundSettled,
    Question,
    TextApproved,
    Told,
)
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.clinics.contact import may_be_told, speaker_of
from wardlight.rules.clinics.contact_texts import TEXT_MAX
from wardlight.rules.clinics.identity_check import Checked, checked
from wardlight.rules.form import Form


def answer(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write down a call; a visit counts as told only to somebody who proved who they are."""
    form = Form(asked, ground)
    question = Question(form.choice("question", tuple(Question), "Choose what they want."))
    plans = {key: plan for key, plan in asked.fields.lines("plan_of", "plan")}  # noqa: C416 -- pairs
    told = tuple(Told(one, plans[one]) for one in asked.fields.many("told") if one in plans)
    found = _checked(asked, ground)
    relation = speaker_of(form, "relation")
    if told:
        may_be_told(form, "relation", relation, found)
        if form.because:
            form.because += " Untick what was told, then save the call."
    said = InboundAnswered(
        caller=form.needed("caller", "Write who called; “would not say” is an answer."),
        question=question,
        relation=relation,
        identity=found.agreed if found.holds() else (),
        told=told,
        answer=form.text("answer"),
        text=form.text("text"),
        phone=form.text("phone"),
        language=form.text("language"),
        open_for=form.text("open_for"),
        scam=form.text("scam"),
    )
    _complete(form, said)
    return form.refusal() or Accepted(said=said, occurred=form.at, patient=asked.patient)


def _checked(asked: Asked, ground: Ground) -> Checked:
    people = ground.views.people
    person = people.person(people.resolve(asked.patient)) if asked.patient else None
    return checked(asked.fields, person) if person is not None else Checked((), ())


def _complete(form: Form, said: InboundAnswered) -> None:
    if said.question is Question.SCAM and not said.scam:
        form.wrong["scam"] = "Write the number that called and what was asked for."
    if said.open_for and not said.phone:
        form.wrong["phone"] = "Write the number to call back."
    if not (said.answer or said.text or said.open_for):
        form.wrong["answer"] = "Write what was answered, or who has to go on."


def settle(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Close what a caller left open."""
    form = Form(asked, ground)
    target = form.text("inbound")
    if not ground.views.entries.made(target.partition(".")[0]):
        form.wrong["inbound"] = "There is no such call here."
    said = InboundSettled(inbound=target, note=form.needed("note", "Write what was done."))
    return form.refusal() or Accepted(said=said, occurred=form.at)


def approve(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Approve a text word by word, as it stands or changed."""
    form = Form(asked, ground)
    texts = ground.tables.texts if ground.tables else None
    name, language = form.text("name"), form.text("language")
    known = texts is not None and any(
        (one.name, one.language) == (name, language) for one in texts.texts
    )
    if not known:
        form.wrong["name"] = "There is no such text in this site's table."
    said = TextApproved(
        name=name,
        language=language,
        text=" ".join(form.needed("text", "Write the words.").split())[:TEXT_MAX],
        approved_by=form.needed("approved_by", "Write who answers for the words."),
    )
    return form.refusal() or Accepted(said=said, occurred=form.at)


RULES = {
    catalogue.INBOUND_ANSWERED: answer,
    catalogue.INBOUND_SETTLED: settle,
    catalogue.TEXT_APPROVED: approve,
}
