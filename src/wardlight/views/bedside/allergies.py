"""Allergies: what every source says, put side by side; silence is never "none".

Each source keeps its own list for each record number a patient has had, so that a complete list
from one source, or for one of two merged records, never ends what another has said
(interop.md §6, NHS CUI PAB-0064).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import structs

from wardlight.record.codes import AllergyState
from wardlight.record.events.charting import AllergiesReported, Allergy, AllergyChange, Change
from wardlight.record.reading import Charted, Stamp
from wardlight.views.facts import AllergyFact, AllergyList

_List = tuple[str, str]  # source and patient as that source named them
_Held = dict[tuple[_List, str], AllergyFact]  # by list and allergy key


def fold_allergies(charted: Sequence[Charted]) -> AllergyList:
    """Return the allergy strip's content from statements in the order they were made."""
    held: _Held = {}
    denied: dict[_List, Stamp] = {}
    as_of: Stamp | None = None
    for said in charted:
        event = said.event
        if not isinstance(event, AllergiesReported) or _silent(event):
            continue
        as_of, whose = said.stamp, (said.stamp.source, said.patient)
        held.update(_ended_by_list(held, event, whose, said.stamp))
        held.update(_stated(held, event, whose, said.stamp))
        if event.none_known:
            denied[whose] = said.stamp
        elif event.cleared or _lists_any(event):
            denied.pop(whose, None)
    return _shown(list(held.values()), list(denied.values()), as_of)


def _silent(event: AllergiesReported) -> bool:
    return not (event.changes or event.cleared or event.none_known)


def _lists_any(event: AllergiesReported) -> bool:
    return any(change.change is not Change.END for change in event.changes)


def _ended_by_list(
    held: Mapping[tuple[_List, str], AllergyFact],
    event: AllergiesReported,
    whose: _List,
    stamp: Stamp,
) -> _Held:
    """Return what an emptied or complete list no longer holds, as ended."""
    if not (event.cleared or event.replaces):
        return {}
    kept = {change.key for change in event.changes}
    return {
        at: _ended(fact, stamp)
        for at, fact in held.items()
        if at[0] == whose and at[1] not in kept and not fact.ended
    }


def _stated(
    held: Mapping[tuple[_List, str], AllergyFact],
    event: AllergiesReported,
    whose: _List,
    stamp: Stamp,
) -> _Held:
    after: _Held = {}
    for change in event.changes:
        at = (whose, change.key)
        after[at] = _after(after.get(at) or held.get(at), change, stamp)
        if change.change is Change.END:
            after.update(
                (other, _ended(fact, stamp))
                for other, fact in held.items()
                if other[1] == change.key and other[0][0] == whose[0] and not fact.ended
            )
    return after


def _after(prior: AllergyFact | None, change: AllergyChange, stamp: Stamp) -> AllergyFact:
    if prior is None:
        return AllergyFact(change.allergy, stamp, ended=change.change is Change.END)
    match change.change:
        case Change.END:
            return _ended(prior, stamp)
        case Change.NO_CHANGE:
            return prior
        case Change.ADD | Change.UPDATE:
            return AllergyFact(_filled(prior.allergy, change.allergy), stamp)


def _ended(fact: AllergyFact, stamp: Stamp) -> AllergyFact:
    return fact if fact.ended else AllergyFact(fact.allergy, stamp, ended=True)


def _filled(prior: Allergy, stated: Allergy) -> Allergy:
    """Return what is now stated; a field that is not stated keeps what was known."""
    return structs.replace(
        stated,
        agent=stated.agent if stated.agent.words() else prior.agent,
        category=stated.category or prior.category,
        severity=stated.severity or prior.severity,
        reactions=stated.reactions or prior.reactions,
        onset=stated.onset or prior.onset,
        status=stated.status or prior.status,
    )


def _shown(held: list[AllergyFact], denied: list[Stamp], as_of: Stamp | None) -> AllergyList:
    known = tuple(sorted((fact for fact in held if not fact.ended), key=_alphabetical))
    none_known = max(denied, key=lambda stamp: (stamp.occurred, stamp.position), default=None)
    state = AllergyState.NOT_RECORDED
    if known:
        state = AllergyState.KNOWN
    elif none_known is not None:
        state = AllergyState.NONE_KNOWN
    return AllergyList(
        state=state,
        known=known,
        ended=tuple(sorted((fact for fact in held if fact.ended), key=_alphabetical)),
        none_known=none_known,
        contradicted=bool(known) and none_known is not None,
        as_of=as_of,
    )


def _alphabetical(fact: AllergyFact) -> tuple[str, str, int]:
    return fact.allergy.agent.words().casefold(), fact.stamp.source, fact.stamp.position
