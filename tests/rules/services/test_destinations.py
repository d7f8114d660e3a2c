import json

import pytest
from tests.rules.services.region import Region

from wardlight.record import catalogue
from wardlight.record.events.destinations import DestinationDecided
from wardlight.record.instants import HOUR, MINUTE, Instant
from wardlight.rules.asking import Accepted, Refusal

DECIDED = catalogue.DESTINATION_DECIDED
SHOWN = [
    {"code": "GRV", "rank": 1, "minutes": 12, "lo": 9, "hi": 15, "why": "Nearest"},
    {"code": "MCK", "rank": 2, "minutes": 20, "lo": 15, "hi": 25, "why": "CT not known",
     "call_first": True},
]  # fmt: skip
FIELDS = {"unit": "Medic 7", "need": "stroke", "shown": json.dumps(SHOWN), "instead_of": "LKS"}


def decided(**more: str) -> Accepted | Refusal:
    return Region().judge(DECIDED, **{**FIELDS, "to": "GRV", **more})


def codes(found: Accepted | Refusal) -> list[str]:
    assert isinstance(found, Accepted), found
    return [one.code for one in found.warnings if one.asks]


def test_a_decision_keeps_the_choice_first_and_what_else_was_shown() -> None:
    found = decided(to="MCK", called="charge nurse Ito", why="family there")
    assert isinstance(found, Accepted)
    assert isinstance(found.said, DestinationDecided)
    assert [one.code for one in found.said.shown] == ["MCK", "GRV"]
    assert (found.said.unit, found.said.called) == ("Medic 7", "charge nurse Ito")


def test_the_first_of_the_list_asks_for_nothing_more() -> None:
    assert codes(decided()) == []


def test_going_where_nobody_was_called_asks_why_and_is_written_all_the_same() -> None:
    assert codes(decided(to="MCK")) == ["call-first", "not-first"]
    assert codes(decided(to="MCK", called="Dr E. Haddad")) == ["not-first"]
    assert codes(decided(to="MCK", why="the bridge is closed")) == []


def test_a_hospital_that_was_not_on_the_list_asks_why() -> None:
    assert codes(decided(to="ELSEWHERE")) == ["not-on-list"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("unit", ""),
        ("unit", "Ms Vega <Golden>"),
        ("to", ""),
        ("to", "two words"),
        ("shown", "[]x"),
        ("shown", '[{"code":"A","rank":1,"minutes":1e999,"lo":0,"hi":1}]'),
        ("shown", '[{"code":"A","rank":1,"minutes":-1,"lo":0,"hi":1}]'),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(field: str, typed: str) -> None:
    found = decided(**{field: typed})
    assert isinstance(found, Refusal)
    assert list(found.fields) == [field]


def test_only_those_who_send_ambulances_decide() -> None:
    region = Region()
    asked = region.form(DECIDED, "LKS", **FIELDS, to="GRV")
    from msgspec import structs  # noqa: PLC0415

    from wardlight.rules.judging import judged  # noqa: PLC0415

    nurse = structs.replace(asked, author=structs.replace(asked.author, role="nurse"))
    dispatcher = structs.replace(asked, author=structs.replace(asked.author, role="dispatcher"))
    assert isinstance(judged(nurse, region.at("LKS")), Refusal)
    assert isinstance(judged(dispatcher, region.at("LKS")), Accepted)


def sent() -> Region:
    region = Region()
    region.tell(DECIDED, **FIELDS, to="GRV")
    return region


def test_a_unit_sent_counts_at_once_until_the_department_has_counted_it() -> None:
    region = sent()
    made, now = region.views.destinations, region.now
    assert made.inbound(now, {}) == {"GRV": 1}
    arrived = Instant(now + 15 * MINUTE)
    assert made.inbound(arrived, {"GRV": Instant(arrived - 1)}) == {"GRV": 1}
    assert made.inbound(arrived, {"GRV": arrived}) == {}
    assert made.inbound(Instant(now + 6 * HOUR), {}) == {}


def test_a_unit_sent_on_before_it_arrived_counts_at_the_later_hospital_alone() -> None:
    region = sent()
    region.now = Instant(region.now + 5 * MINUTE)
    region.tell(DECIDED, **FIELDS, to="MCK", why="GRV is full now")
    assert region.views.destinations.inbound(region.now, {}) == {"MCK": 1}


def test_the_next_run_of_a_unit_does_not_take_its_last_one_back() -> None:
    region = sent()
    region.now = Instant(region.now + 40 * MINUTE)
    region.tell(DECIDED, **FIELDS, to="MCK", why="nearer")
    assert region.views.destinations.inbound(region.now, {}) == {"GRV": 1, "MCK": 1}


def test_a_unit_that_is_stood_down_is_on_the_way_to_nobody() -> None:
    region = sent()
    region.now = Instant(region.now + MINUTE)
    region.tell(DECIDED, unit="medic 7", to="GRV", stood_down="yes")
    assert region.views.destinations.inbound(region.now, {}) == {}


def test_redirected_ambulances_are_arrows_for_an_hour() -> None:
    region = sent()
    made = region.views.destinations
    assert made.flows(region.now) == {("LKS", "GRV"): 1}
    assert made.flows(Instant(region.now + HOUR)) == {}


def test_a_decision_taken_back_is_gone_and_a_snapshot_keeps_the_rest() -> None:
    region = sent()
    made = region.views.destinations
    again = type(made)()
    again.restore(made.snapshot())
    assert again.recent(region.now) == made.recent(region.now) != ()
    name = made.recent(region.now)[0].id
    region.tell(catalogue.ENTRY_VOIDED, entry=name, reason="wrong unit")
    assert made.recent(region.now) == ()


def test_the_longest_code_of_a_table_is_kept_whole_where_it_was_passed_over() -> None:
    found = decided(instead_of="H" * 40)
    assert isinstance(found, Accepted)
    assert isinstance(found.said, DestinationDecided)
    assert found.said.instead_of == "H" * 40
