"""From what a person asks to what the log keeps: the one gate every entry of staff goes through."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from wardlight.record.entry import Draft
from wardlight.record.events.entered import Entered, Warned, kind_of
from wardlight.record.staff_entry import staff_draft
from wardlight.rules.access import may_enter
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.paperwork.paper_rows import from_paper
from wardlight.rules.registry import RULES, WITHOUT_PATIENT

NO_SUCH_FORM = "This program does not know this form. Write it on paper and call IT."
NO_SUCH_PATIENT = "This patient is not known here. Find them again, or register them."
NOT_YOUR_ROLE = "This entry is not made by a {role}. It stays here: let somebody sign in who does."
REASON_MAX = 200


def judged(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Return what an entry says, with its warnings explained, or why it cannot be written."""
    rule = RULES.get(asked.kind)
    if rule is None:
        return Refusal(NO_SUCH_FORM)
    role = asked.author.role  # none where nobody signs in
    if role and not may_enter(role, asked.kind):
        return Refusal(NOT_YOUR_ROLE.format(role=role))
    if asked.kind not in WITHOUT_PATIENT and ground.views.people.person(asked.patient) is None:
        return Refusal(NO_SUCH_PATIENT)
    paper = from_paper(asked, ground)
    if isinstance(paper, Refusal):
        return paper
    found = rule(asked, ground)
    if isinstance(found, Refusal):
        return found
    if paper is not None:
        claims = (*found.claims, paper.claim())
        found = structs.replace(found, paper=paper, claims=claims)
    return structs.replace(found, warnings=tuple(explained(asked, found.warnings)))


def explained(asked: Asked, warnings: Iterable[Warned]) -> Iterable[Warned]:
    """Give the warnings with the reasons the person wrote for going on."""
    for one in warnings:
        yield structs.replace(one, reason=asked.reason_for(one.code)[:REASON_MAX])


def draft_of(asked: Asked, accepted: Accepted, ground: Ground, content: str) -> Draft:
    """Return the entry as the log is to keep it; `content` digests what the device sent."""
    kind = kind_of(accepted.said)
    entered = Entered(
        id=asked.id,
        by=asked.author.name,
        said=accepted.said,
        patient=accepted.patient or asked.patient,
        role=asked.author.role,
        station=asked.author.station,
        on_behalf_of=asked.fields.one("on_behalf_of"),
        made=asked.made,
        skew=asked.skew,
        warnings=accepted.warnings,
        corrects=asked.corrects,
        drill=asked.drill or ground.views.downtimes.at(asked.site).drill,
        content=content,
        paper=accepted.paper,
    )
    return staff_draft(
        kind,
        entered.packed(),
        site=asked.site,
        author=asked.author.account,
        recorded=ground.now,
        occurred=accepted.occurred,
    )
