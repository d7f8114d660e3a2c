"""Problems, diagnoses and contacts: sets a source states, in whole or piece by piece."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from wardlight.record.events.charting import (
    Change,
    Contact,
    ContactsReported,
    ProblemChange,
    ProblemsReported,
)
from wardlight.record.reading import Charted, Stamp
from wardlight.views.facts import ContactFact, ProblemFact

_ProblemAt = tuple[str, str, str, str]  # source, patient as named, group, key


def fold_problems(charted: Sequence[Charted]) -> tuple[ProblemFact, ...]:
    """Return problems, those that stand first, each part newest first.

    A complete set (DG1 of one visit and type, HL7 v2.5.1 §6.5.2) ends what the same source had
    in that set before; an empty one says nothing.
    """
    held: dict[_ProblemAt, ProblemFact] = {}
    for said in charted:
        event = said.event
        if not isinstance(event, ProblemsReported) or not event.changes:
            continue
        whose = (said.stamp.source, said.patient, event.group)
        stated = {change.key for change in event.changes}
        if event.replaces:
            held.update(
                (at, structs.replace(fact, ended=True, stamp=said.stamp))
                for at, fact in held.items()
                if at[:3] == whose and at[3] not in stated and not fact.ended
            )
        for change in event.changes:
            at = (*whose, change.key)
            held[at] = _problem_after(held.get(at), change, said.stamp)
    newest = sorted(held.values(), key=_problem_order)
    return tuple(newest)


def _problem_after(prior: ProblemFact | None, change: ProblemChange, stamp: Stamp) -> ProblemFact:
    if prior is not None and change.change is Change.NO_CHANGE:
        return prior
    return ProblemFact(
        prior.problem if prior is not None and not change.problem.words() else change.problem,
        change.kind or (prior.kind if prior else ""),
        stamp,
        since=change.since or (prior.since if prior else None),
        ended=change.change is Change.END or change.resolved is not None,
        resolved=change.resolved or (prior.resolved if prior else None),
    )


def _problem_order(fact: ProblemFact) -> tuple[bool, int, int, str]:
    return fact.ended, -fact.stamp.occurred, -fact.stamp.position, fact.problem.words()


def fold_contacts(charted: Sequence[Charted]) -> tuple[ContactFact, ...]:
    """Return who to ring, as each source last said, alphabetical by name (NK1, GT1)."""
    held: dict[tuple[str, str, str], ContactFact] = {}
    for said in charted:
        event = said.event
        if not isinstance(event, ContactsReported):
            continue
        whose = (said.stamp.source, said.patient)
        if event.cleared or (event.replaces and event.contacts):
            stated = {contact.key for contact in event.contacts}
            held = {at: fact for at, fact in held.items() if at[:2] != whose or at[2] in stated}
        for contact in event.contacts:
            at = (*whose, contact.key)
            prior = held.get(at)
            held[at] = ContactFact(
                _contact_after(prior.contact, contact) if prior else contact, said.stamp
            )
    return tuple(
        sorted(held.values(), key=lambda fact: (fact.contact.name.casefold(), fact.stamp.position))
    )


def _contact_after(prior: Contact, stated: Contact) -> Contact:
    """Return what is now stated; a field that is not stated keeps what was known."""
    return structs.replace(
        stated,
        name=stated.name or prior.name,
        relation=stated.relation or prior.relation,
        phones=stated.phones or prior.phones,
        role=stated.role or prior.role,
    )
