"""What may be stated of a theatre case, and what speaks against letting it go as things stand.

A case is never held up: what is lacking is said, a reason is asked for, the decision is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wardlight.record import catalogue
from wardlight.record.events.case_checks import CaseItem, CaseStated, Checked, CheckState
from wardlight.record.events.entered import Warned
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.form import Form
from wardlight.rules.times import time_words
from wardlight.views.clinics.case_checks import lacking

WORDS_MAX = 200
NAMED_MAX = 5  # cases named in one warning
NO_SUCH_CASE = "There is no such case on the board of this site. Look at the list again."
NOTHING_STATED = "Choose what you found for at least one item."
GO_NOT_READY = {
    CaseItem.CONSENT: "go-without-consent",
    CaseItem.TYPE_AND_SCREEN: "go-without-type-and-screen",
}
"""What a case does not go without a reason, and the code of its warning."""


def state(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Write down what was found of a case; items that were left alone stay as they were."""
    key = asked.fields.one("appointment")
    case = ground.views.cases.case(key) if key.startswith(f"{ground.site}|") else None
    if case is None or not case.appointment.procedure:
        return Refusal(NO_SUCH_CASE, {"appointment": NO_SUCH_CASE})
    form = Form(asked, ground)
    checks = tuple(one for item in CaseItem if (one := _check(form, item)) is not None)
    if not checks and not form.wrong:
        form.wrong[field_of(CaseItem.CONSENT)] = NOTHING_STATED
    said = CaseStated(appointment=case.key, checks=checks)
    return form.refusal() or Accepted(
        said=said, occurred=form.at, patient=case.patient or asked.patient
    )


def field_of(item: CaseItem) -> str:
    """Return the name of an item's field in a form."""
    return item.replace(" ", "_")


def _check(form: Form, item: CaseItem) -> Checked | None:
    """Return what was found of one item; None when it was left alone."""
    name = field_of(item)
    words = form.text(f"{name}_words")[:WORDS_MAX]
    until = form.ahead(f"{name}_until") if item is CaseItem.TYPE_AND_SCREEN else None
    since = form.moment(f"{name}_since") if item is CaseItem.FASTING else None
    if not form.text(name):
        if words or until or since:
            form.wrong[name] = "Choose yes, no, not needed or not known as well."
        return None
    state = CheckState(form.choice(name, tuple(CheckState), "Choose yes, no or not known."))
    return Checked(
        item=item, state=state, words=words, until=until, since=since.at if since else None
    )


def go_warnings(appointments: Iterable[str], ground: Ground) -> Iterator[Warned]:
    """Warn of cases that are to go while consent or type and screen is not there or not known."""
    found: dict[str, list[str]] = {code: [] for code in GO_NOT_READY.values()}
    for key in appointments:
        visit = ground.views.schedule.appointment(key)
        if visit is None or not visit.procedure:
            continue
        starts = visit.starts.at if visit.starts else None
        stated = ground.views.case_checks.of(key)
        when = time_words(starts, ground) if starts else "time not stated"
        for item, why in lacking(stated, starts, tuple(GO_NOT_READY)):
            found[GO_NOT_READY[item]].append(f"{when} {visit.procedure}: {why}")
    for code, cases in found.items():
        if cases:
            more = f"; and {len(cases) - NAMED_MAX} more" if len(cases) > NAMED_MAX else ""
            yield Warned(code, f"{'; '.join(cases[:NAMED_MAX])}{more}.")


RULES = {catalogue.CASE_STATED: state}
