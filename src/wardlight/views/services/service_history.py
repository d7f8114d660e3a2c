"""What counted when: the words on one service, laid out on its time line.

The latest word on a time is the one that counts. A word ends at its expiry, or when nobody has
said anything for too long; what follows is part of the history as well, so that hours add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import structs

from wardlight.record.instants import Instant
from wardlight.record.services import DivertCategory, ServiceKey, ServiceState
from wardlight.views.services.service_rows import (
    AT_EXPIRY_MARK,
    AT_SILENCE_MARK,
    REOPENED,
    Change,
    Standing,
    Statement,
    Stretch,
)

TAKEN_BACK = "taken back"
FROM_THE_FIRST = Instant(0)

Sum = tuple[ServiceState, DivertCategory | None]
"""What hours are added up by."""


def in_force(statements: Iterable[Statement], at: Instant) -> Statement | None:
    """Return the word that counts at a time; None before the first."""
    known = (one for one in statements if one.since() <= at)
    return max(known, key=Statement.rank, default=None)


def standing(key: ServiceKey, statement: Statement | None, now: Instant) -> Standing:
    """Return how a service stands when this is the word that counts."""
    if statement is None:
        return Standing(key=key, state=ServiceState.NO_REPORT, as_of=now)
    said, phases = statement.said, statement.phases()
    at = max((place for place, one in enumerate(phases) if one.begins <= now), default=0)
    phase = phases[at]
    stated = not phase.notice
    return Standing(
        key=key,
        state=phase.state,
        as_of=now,
        category=phase.category,
        reason="" if phase.notice == REOPENED else said.reason,  # why it was not open
        authorised_by=said.authorised_by,
        since=phase.begins,
        expires=said.expires if stated else None,
        at_expiry=said.at_expiry,
        good_until=phases[at + 1].begins if at + 1 < len(phases) else None,
        review=said.review if stated else None,
        stated_at=statement.stated_at,
        by=statement.by,
        heard=said.heard,
        comment=said.comment,
        agreed_with=said.agreed_with,
        by_rules=said.by_rules,
        entry=statement.id,
        last=None if stated else phases[at - 1].state,
        expired_notice=phase.notice,
    )


def stretches(key: ServiceKey, statements: Sequence[Statement], now: Instant) -> Iterator[Stretch]:
    """Give the history of a service from its first word until now, without gaps."""
    last: Stretch | None = None
    for bar in _bars(key, statements, now):
        if last is not None and structs.replace(bar, begins=last.begins, ends=last.ends) == last:
            last = structs.replace(last, ends=bar.ends)  # a word that was overtaken lay between
            continue
        if last is not None:
            yield last
        last = bar
    if last is not None:
        yield last


def _bars(key: ServiceKey, statements: Sequence[Statement], now: Instant) -> Iterator[Stretch]:
    known = sorted((one for one in statements if one.since() <= now), key=_by_since)
    counts: Statement | None = None
    for place, one in enumerate(known):
        counts = one if counts is None else max(counts, one, key=Statement.rank)
        begins = one.since()
        ends = known[place + 1].since() if place + 1 < len(known) else now
        inner = [phase.begins for phase in counts.phases() if begins < phase.begins < ends]
        for first, last in zip([begins, *inner], [*inner, ends], strict=True):
            if last > first:
                yield _stretch(standing(key, counts, first), first, last)


def _by_since(one: Statement) -> tuple[int, tuple[int, int, str]]:
    return (one.since(), one.rank())


def _stretch(found: Standing, begins: Instant, ends: Instant) -> Stretch:
    return Stretch(
        key=found.key,
        state=found.state,
        category=found.category,
        begins=begins,
        ends=ends,
        entry=found.entry,
        by=found.by,
        authorised_by=found.authorised_by,
        reason=found.reason,
        expired_notice=found.expired_notice,
    )


def totals(bars: Iterable[Stretch]) -> Mapping[Sum, int]:
    """Return how long a service stood in each state and category, in ms."""
    found: dict[Sum, int] = {}
    for bar in bars:
        kind = (bar.state, bar.category)
        found[kind] = found.get(kind, 0) + bar.length()
    return found


def changes(
    key: ServiceKey,
    statements: Sequence[Statement],
    backs: Mapping[str, Instant],
    now: Instant,
    since: Instant = FROM_THE_FIRST,
) -> Iterator[Change]:
    """Give what a board that was watched from `since` on has shown, oldest first.

    `backs` are the ids of words that were taken back, and when. A word that only confirms what
    stands is no change. One that ran out before the next word came was a change of its own.
    """
    steps = sorted(
        [(one.recorded, 1, one) for one in statements]
        + [(backs[one.id], 0, one) for one in statements if one.id in backs],
        key=lambda step: (step[0], step[1], step[2].id),
    )
    held = _held(step for step in steps if step[0] < since)
    shown = standing(key, in_force(held, since), since)
    for at, adds, statement in steps:
        if not since <= at <= now:
            continue
        yield from (ran_out := _ran_out(key, held, shown, at))
        shown = standing(key, in_force(held, at), at) if ran_out else shown
        held = _held([*((0, 1, one) for one in held), (at, adds, statement)])
        after = standing(key, in_force(held, at), at)
        if _differs(shown, after):
            yield _change(shown, after, at, _mark(statement, adds=bool(adds)), statement.by)
        shown = after
    yield from _ran_out(key, held, shown, now)


def _held(steps: Iterable[tuple[int, int, Statement]]) -> list[Statement]:
    """Return the words that are left after these steps: each adds one, or takes it back."""
    held: dict[str, Statement] = {}
    for _, adds, statement in steps:
        if adds:
            held[statement.id] = statement
        else:
            held.pop(statement.id, None)
    return list(held.values())


def _mark(statement: Statement, *, adds: bool) -> tuple[str, str]:
    return (statement.id, "") if adds else (f"{statement.id}@back", TAKEN_BACK)


def _ran_out(
    key: ServiceKey, held: list[Statement], shown: Standing, until: Instant
) -> list[Change]:
    """Return the changes that come of themselves before the next word."""
    found = []
    while shown.good_until is not None and shown.good_until <= until:
        ends = shown.good_until
        after = standing(key, in_force(held, ends), ends)
        mark = AT_EXPIRY_MARK if after.expired_notice == REOPENED else AT_SILENCE_MARK
        if _differs(shown, after):
            found.append(
                _change(shown, after, ends, (shown.entry + mark, after.expired_notice), "")
            )
        shown = after
    return found


def _differs(one: Standing, other: Standing) -> bool:
    return (one.state, one.category) != (other.state, other.category)


def _change(
    before: Standing, after: Standing, at: Instant, mark: tuple[str, str], by: str
) -> Change:
    return Change(
        id=mark[0],
        key=after.key,
        before=before.state,
        after=after.state,
        category=after.category,
        at=at,
        since=after.since,
        by=by,
        notice=mark[1],
    )
