"""Whatever is said of a service, in whatever order it arrives: one history, without gaps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardlight.record.events.services import ServiceStated
from wardlight.record.instants import MINUTE, Instant
from wardlight.record.services import AtExpiry, DivertCategory, Service, ServiceKey, ServiceState
from wardlight.views.services.service_history import changes, in_force, standing, stretches, totals
from wardlight.views.services.service_rows import Statement

KEY = ServiceKey("LKS", Service.ED)
STATES = [one for one in ServiceState if one is not ServiceState.NO_REPORT]
MINUTES = st.integers(0, 3_000)


@st.composite
def statements(draw: st.DrawFn) -> list[Statement]:
    """Return a few words on one service, each said at or after what it speaks of."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        since, later = draw(MINUTES), draw(st.integers(0, 300))
        lasts = draw(st.none() | st.integers(1, 400))
        state = draw(st.sampled_from(STATES))
        said = ServiceStated(
            key=KEY,
            state=state,
            category=None if state is ServiceState.OPEN else draw(st.sampled_from(DivertCategory)),
            since=Instant(since * MINUTE),
            expires=Instant((since + later + lasts) * MINUTE) if lasts else None,
            at_expiry=draw(st.sampled_from(AtExpiry)),
        )
        at = Instant((since + later) * MINUTE)
        site = draw(st.sampled_from(["LKS", "MMH"]))
        found.append(
            Statement(id=f"e{number}", said=said, site=site, stated_at=at, recorded=at, by="x")
        )
    return found


@given(statements(), MINUTES, st.randoms())
def test_the_order_of_arrival_changes_nothing(
    found: list[Statement], minute: int, chance: object
) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis types its randoms loosely
    now = Instant(minute * MINUTE)
    assert standing(KEY, in_force(found, now), now) == standing(KEY, in_force(shuffled, now), now)
    assert list(stretches(KEY, found, now)) == list(stretches(KEY, shuffled, now))
    assert list(changes(KEY, found, {}, now)) == list(changes(KEY, shuffled, {}, now))


@given(statements(), MINUTES)
def test_stretches_follow_each_other_and_their_hours_are_the_whole_time(
    found: list[Statement], minute: int
) -> None:
    now = Instant(minute * MINUTE)
    bars = list(stretches(KEY, found, now))
    known = [one.said.since for one in found if one.said.since < now]
    assert [bar.ends for bar in bars[:-1]] == [bar.begins for bar in bars[1:]]
    assert sum(totals(bars).values()) == (now - min(known) if known else 0)
    if bars:
        shown = standing(KEY, in_force(found, Instant(now - 1)), Instant(now - 1))
        assert (bars[-1].state, bars[-1].category) == (shown.state, shown.category)


@given(statements(), MINUTES)
def test_who_followed_every_change_knows_how_the_service_stands(
    found: list[Statement], minute: int
) -> None:
    now = Instant(minute * MINUTE)
    told = list(changes(KEY, found, {}, now))
    heard = [one for one in found if one.recorded <= now]
    stands = standing(KEY, in_force(heard, now), now)
    last = (told[-1].after, told[-1].category) if told else (ServiceState.NO_REPORT, None)
    assert last == (stands.state, stands.category)
    assert all(one.at <= now for one in told)


@given(statements(), MINUTES, MINUTES)
def test_who_watches_from_a_time_on_sees_what_the_others_see_from_then(
    found: list[Statement], minute: int, from_: int
) -> None:
    now, since = Instant(minute * MINUTE), Instant(from_ * MINUTE)
    all_of_them = [one for one in changes(KEY, found, {}, now) if one.at > since]
    assert [one for one in changes(KEY, found, {}, now, since) if one.at > since] == all_of_them
