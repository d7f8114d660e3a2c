"""Items of theatre cases: the same whatever the order of arrival, and after a restart."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from wardlight.record import catalogue
from wardlight.record.entry import Entry
from wardlight.record.events.case_checks import CaseItem, CaseStated, Checked, CheckState
from wardlight.record.events.entered import Entered
from wardlight.record.instants import Instant
from wardlight.views.clinics.case_checks import CaseChecks, lacking

checks = st.builds(
    Checked,
    item=st.sampled_from(CaseItem),
    state=st.sampled_from(CheckState),
    words=st.text(max_size=5),
)
saids = st.builds(
    CaseStated,
    appointment=st.sampled_from(("MMH|A1", "MMH|A2")),
    checks=st.lists(checks, max_size=4).map(tuple),
)


def taken(view: CaseChecks, number: int, said: CaseStated, at: int, corrects: str = "") -> None:
    """Let a view take one statement."""
    entered = Entered(id=f"{number:032x}", by="S. Sample", said=said, corrects=corrects)
    entry = Entry(
        node="n",
        position=number + 1,
        chain=bytes(32),
        site="MMH",
        source=catalogue.STAFF,
        author="plan",
        subject="",
        kind=catalogue.CASE_STATED,
        version=1,
        occurred=Instant(at),
        recorded=Instant(at),
        body=b"",
    )
    view.take(entry, entered)


@given(st.lists(st.tuples(saids, st.integers(0, 3)), max_size=6), st.randoms())
def test_the_order_of_arrival_changes_nothing(
    told: list[tuple[CaseStated, int]], chance: Random
) -> None:
    numbered = list(enumerate(told))
    orders = [numbered, list(numbered)]
    chance.shuffle(orders[1])
    views = [CaseChecks(), CaseChecks()]
    for view, order in zip(views, orders, strict=True):
        for number, (said, at) in order:
            taken(view, number, said, at)
    assert all(a.of(one) == b.of(one) for a, b in pairwise(views) for one in ("MMH|A1", "MMH|A2"))


@given(st.lists(st.tuples(saids, st.integers(0, 3)), max_size=6))
def test_a_view_that_was_kept_is_the_same_after_a_restart(
    told: list[tuple[CaseStated, int]],
) -> None:
    view, again = CaseChecks(), CaseChecks()
    for number, (said, at) in enumerate(told):
        taken(view, number, said, at)
    again.restore(view.snapshot())
    assert [again.of("MMH|A1"), again.of("MMH|A2")] == [view.of("MMH|A1"), view.of("MMH|A2")]


def test_a_statement_that_takes_the_place_of_another_leaves_that_one_out() -> None:
    view, consent = CaseChecks(), CaseItem.CONSENT
    yes = CaseStated(appointment="MMH|A1", checks=(Checked(item=consent, state=CheckState.YES),))
    blood = CaseStated(
        appointment="MMH|A1", checks=(Checked(item=CaseItem.BLOOD, state=CheckState.NO),)
    )
    taken(view, 0, yes, 5)
    taken(view, 1, blood, 6, corrects=f"{0:032x}")
    assert list(view.of("MMH|A1")) == [CaseItem.BLOOD]


def test_an_item_nobody_stated_is_lacking() -> None:
    found = lacking({}, Instant(1), (CaseItem.CONSENT, CaseItem.BLOOD))
    assert [why for _, why in found] == ["consent not stated", "blood not stated"]
