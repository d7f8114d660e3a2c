"""May this patient be brought to this hospital now? Yes, not now, or: call first, with the reason.

Only what is known and not contradicted is taken for yes. What an old report said counts as
nothing; what it said is still in the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from msgspec import Struct

from wardlight.plan.destinations.destination_policy import (
    DestinationPolicy,
    DivertRule,
    Need,
    Urgency,
)
from wardlight.plan.destinations.hospital_facts import NOTHING, HospitalFacts, Said
from wardlight.record.hospitals import Hospital, Knowledge
from wardlight.record.instants import HOUR, Instant, age_words
from wardlight.record.services import DivertCategory, Service, ServiceState

_TAKES = (ServiceState.OPEN, ServiceState.LIMITED)


class Standing(IntEnum):
    """How a hospital stands for one kind of patient; the worst of its reasons counts."""

    GO = 0
    DIVERTING = 1  # takes this patient only when nobody else can
    NO_REPORT = 2  # known to be capable; nobody has said lately that it takes patients
    UNKNOWN = 3  # a capability is not known or contradictory
    OUT = 4


class Ground(Struct, frozen=True):
    """What hospitals are judged by."""

    need: Need
    urgency: Urgency
    policy: DestinationPolicy
    now: Instant


class Verdict(Struct, frozen=True):
    """How a hospital stands, and why in words; no reasons for one that simply takes patients."""

    standing: Standing
    reasons: tuple[str, ...] = ()

    @property
    def call_first(self) -> bool:
        """Return whether somebody has to be asked before anybody is brought there."""
        return self.standing in (Standing.NO_REPORT, Standing.UNKNOWN)

    def words(self) -> str:
        """Return all reasons in one line."""
        return "; ".join(self.reasons)


TAKES = Verdict(Standing.GO)
_NO, _NOT_KNOWN, _NO_REPORT = "no {service}", "{service} {known}", "no report of the ED{last}"
_CLOSED = "{service} closed, said {ago} ago"
_DIVERTS = "{service} diverts ({category}), said {ago} ago"
_NOBODY = f"{_DIVERTS}: nobody is brought there"
_CONTRADICTS = "{service}: the table says {known}, the board {state}"
_Judged = tuple[Standing, str]  # and the words, to be filled in where somebody reads them
_TAKEN: _Judged = (Standing.GO, "")


def standing_of(hospital: Hospital, facts: HospitalFacts | None, ground: Ground) -> Standing:
    """Return how a hospital stands for the patients of `ground.need`; words are made apart."""
    facts = facts or NOTHING
    worst = Standing.GO
    if hospital.closed or hospital.doubts:
        worst = max(standing for standing, _ in _of_table(hospital, facts, ground))
    for service in ground.need.services:
        standing = _of_service(service, hospital, facts, ground)[0]
        worst = max(worst, standing)
    return worst


def verdict_of(hospital: Hospital, facts: HospitalFacts | None, ground: Ground) -> Verdict:
    """Return how a hospital stands, with the reasons: of one that is out only those for that."""
    facts = facts or NOTHING
    found = list(_of_table(hospital, facts, ground))
    for service in ground.need.services:
        standing, words = _of_service(service, hospital, facts, ground)
        if words:
            found.append((standing, _filled(words, service, hospital, facts, ground)))
    if not found:
        return TAKES
    worst = max(standing for standing, _ in found)
    out = worst is Standing.OUT
    return Verdict(worst, tuple(words for one, words in found if one is worst or not out))


def _of_table(
    hospital: Hospital, facts: HospitalFacts, ground: Ground
) -> Iterator[tuple[Standing, str]]:
    """Give what the table itself says against a hospital."""
    if hospital.closed:
        ed = _fresh(facts.services.get(Service.ED), ground)
        if ed is not None and ed.state in _TAKES:
            yield (
                Standing.UNKNOWN,
                f"the table says closed ({hospital.closed}), the board {ed.state}",
            )
        else:
            yield Standing.OUT, f"closed ({hospital.closed})"
    for doubt in hospital.doubts:
        yield Standing.UNKNOWN, doubt


def _of_service(
    service: Service, hospital: Hospital, facts: HospitalFacts, ground: Ground
) -> _Judged:
    """Return how a hospital stands by one of the services a patient needs."""
    known = knowledge_of(service, hospital, facts)
    fresh = _fresh(facts.services.get(service), ground)
    if fresh is None:
        return _silent(service, known)
    if fresh.state is ServiceState.CLOSED:
        return Standing.OUT, _CLOSED
    divert = fresh.state is ServiceState.DIVERT
    judged = _diverting(service, fresh, ground) if divert else _TAKEN
    if judged[0] is not Standing.OUT and known in (Knowledge.NO, Knowledge.CONTRADICTORY):
        return Standing.UNKNOWN, _CONTRADICTS
    return judged


def knowledge_of(service: Service, hospital: Hospital, facts: HospitalFacts) -> Knowledge:
    """Return what table and contacts know of a service together."""
    can = service in hospital.can or service in facts.can
    cannot = service in hospital.cannot or service in facts.cannot
    if can and cannot:
        return Knowledge.CONTRADICTORY
    return Knowledge.YES if can else Knowledge.NO if cannot else Knowledge.UNKNOWN


def _silent(service: Service, known: Knowledge) -> _Judged:
    """Judge by what is known beforehand, where nobody has said anything that still counts."""
    if known is Knowledge.NO:
        return Standing.OUT, _NO
    if known is not Knowledge.YES:
        return Standing.UNKNOWN, _NOT_KNOWN
    return (Standing.NO_REPORT, _NO_REPORT) if service is Service.ED else _TAKEN


def _diverting(service: Service, said: Said, ground: Ground) -> _Judged:
    if service is not Service.ED:
        return Standing.OUT, _DIVERTS
    match ground.policy.diverts[said.category or DivertCategory.OTHER]:
        case DivertRule.NOBODY:
            return Standing.OUT, _NOBODY
        case DivertRule.HONOUR if not ground.urgency.ignores_divert:
            return Standing.DIVERTING, _DIVERTS
        case _:
            return _TAKEN


def _fresh(said: Said | None, ground: Ground) -> Said | None:
    """Return what was said unless it is too old, has ended, or was that there is no report."""
    if said is None or said.state is ServiceState.NO_REPORT:
        return None
    if said.ended is not None and said.ended <= ground.now:
        return None
    return said if ground.now - said.at <= ground.policy.old_after_h * HOUR else None


def _filled(
    words: str, service: Service, hospital: Hospital, facts: HospitalFacts, ground: Ground
) -> str:
    """Return a reason with the names, states and ages it is about."""
    said = facts.services.get(service)
    ago = age_words(ground.now - said.at) if said else ""
    last = said is not None and said.state is not ServiceState.NO_REPORT
    return words.format(
        service=service,
        known=knowledge_of(service, hospital, facts),
        state=said.state if said else "",
        category=(said.category if said else None) or DivertCategory.OTHER,
        ago=ago,
        last=f"; last said {said.state} {ago} ago" if said and last else "",
    )
