from msgspec.structs import replace
from tests.plan.destinations.regions import (
    HERE,
    NEAREST,
    NOW,
    SCORED,
    asked,
    facts,
    hospital,
    order,
    said,
)

from wardlight.plan.destinations.destination_answer import Tier
from wardlight.plan.destinations.destinations import Question, State, ranked
from wardlight.plan.destinations.drive_time import PINNED, Drive, banded
from wardlight.plan.destinations.hospital_index import HospitalIndex
from wardlight.record.services import DivertCategory, Service, ServiceState

CLOSED, DIVERT = ServiceState.CLOSED, ServiceState.DIVERT
FULL, DISASTER = DivertCategory.ED_SATURATION, DivertCategory.INTERNAL_DISASTER
STROKE = (Service.ED, Service.STROKE, Service.CT)


def test_the_nearest_open_and_capable_hospital_stands_first() -> None:
    answer = asked([hospital("FAR", 9), hospital("NEAR", 3)], {"FAR": facts(), "NEAR": facts()})
    assert order(answer) == ["NEAR", "FAR"]
    assert answer.ranked[0].reason == "Nearest open and capable"
    assert answer.ranked[0].drive.words() == "6 min (4-8)"


def test_a_hospital_that_diverts_is_passed_over_with_the_rule() -> None:
    near = facts(said(DIVERT, 12, FULL))
    answer = asked([hospital("NEAR", 3), hospital("FAR", 9)], {"NEAR": near, "FAR": facts()})
    assert order(answer) == ["FAR"]
    assert answer.passed[0].rule == "ED diverts (ED saturation), said 12 min ago"


def test_when_all_divert_the_closest_takes() -> None:
    full = facts(said(DIVERT, 12, FULL))
    answer = asked([hospital("NEAR", 3), hospital("FAR", 9)], {"NEAR": full, "FAR": full})
    assert [(one.code, one.tier) for one in answer.ranked] == [("NEAR", Tier.CLOSEST_TAKES)]
    assert answer.ranked[0].reason.startswith("All within reach divert: the closest takes.")


def test_in_an_internal_disaster_nobody_is_brought_even_when_all_divert() -> None:
    known = {"NEAR": facts(said(DIVERT, 1, DISASTER)), "FAR": facts(said(DIVERT, 1, FULL))}
    answer = asked([hospital("NEAR", 3), hospital("FAR", 9)], known)
    assert order(answer) == ["FAR"]
    assert "nobody is brought there" in answer.passed[0].rule


def test_an_arrest_goes_to_the_nearest_department_that_is_not_closed() -> None:
    known = {"SHUT": facts(said(CLOSED)), "NEAR": facts(said(DIVERT, 1, FULL)), "FAR": facts()}
    places = [hospital("SHUT", 1), hospital("NEAR", 3), hospital("FAR", 9)]
    answer = asked(places, known, need="arrest", policy=SCORED)
    assert order(answer) == ["NEAR", "FAR"]


def test_a_capability_nobody_knows_says_call_first() -> None:
    answer = asked([hospital("NEAR", 3)], {"NEAR": facts()}, need="stroke")
    assert answer.ranked[0].call_first
    assert answer.ranked[0].reason == "Call first: stroke not known; CT not known"
    assert answer.first() is None
    assert "Nobody is known to take Stroke now: call before you go." in answer.notices


def test_what_table_and_board_say_against_each_other_says_call_first() -> None:
    no_ct = hospital("NEAR", 3, (Service.ED, Service.STROKE), cannot=frozenset({Service.CT}))
    known = {"NEAR": facts(services={Service.CT: said()})}
    answer = asked([no_ct], known, need="stroke")
    assert answer.ranked[0].reason == "Call first: CT: the table says no, the board open"


def test_a_hospital_closed_for_good_is_never_named_and_its_open_board_is_a_contradiction() -> None:
    gone = hospital("GONE", 1, closed="2022-11-07")
    assert order(asked([gone, hospital("FAR", 9)], {"FAR": facts()})) == ["FAR"]
    both = asked([gone, hospital("FAR", 9)], {"GONE": facts(), "FAR": facts()})
    assert [(one.code, one.call_first) for one in both.ranked] == [("FAR", False), ("GONE", True)]


def test_a_report_of_more_than_six_hours_counts_as_none_and_says_so() -> None:
    answer = asked([hospital("NEAR", 3)], {"NEAR": facts(minutes=361)})
    assert answer.ranked[0].reason == (
        "Call first: no report of the ED; last said open 6 h 1 min ago"
    )


def test_with_no_report_at_all_the_nearest_capable_is_called_first() -> None:
    unknown = hospital("NEAR", 3, (Service.ED,))
    answer = asked([unknown, hospital("CAN", 9, STROKE)], {}, need="stroke")
    assert [(one.code, one.tier) for one in answer.ranked] == [
        ("CAN", Tier.CALL_FIRST),
        ("NEAR", Tier.CALL_FIRST),
    ]


def test_a_specialty_too_far_away_gives_the_nearest_open_department() -> None:
    known = {"NEAR": facts(), "CAN": facts()}
    none = frozenset({Service.STROKE})
    answer = asked(
        [hospital("NEAR", 3, cannot=none), hospital("CAN", 60, STROKE)], known, need="stroke"
    )
    assert [(one.code, one.tier) for one in answer.ranked] == [
        ("NEAR", Tier.NEAREST_ED),
        ("CAN", Tier.GO),
    ]


def test_a_full_department_loses_to_an_emptier_one_within_the_budget() -> None:
    known = {"NEAR": facts(patients=19), "NEXT": facts(patients=8)}
    answer = asked([hospital("NEAR", 3), hospital("NEXT", 7)], known, policy=SCORED)
    assert order(answer) == ["NEXT", "NEAR"]
    assert answer.ranked[0].reason == "Least in all of 2 within 15 min of the nearest"
    assert answer.ranked[1].reason.endswith("in all: drive -6, filling up +20")


def test_a_hospital_beyond_the_budget_is_not_weighed_however_empty() -> None:
    known = {"NEAR": facts(patients=40), "FAR": facts(patients=0)}
    answer = asked([hospital("NEAR", 3), hospital("FAR", 40)], known, policy=SCORED)
    assert order(answer) == ["NEAR"]


def test_the_switch_point_is_the_first_patient_that_changes_the_list() -> None:
    places = [hospital("NEAR", 3), hospital("NEXT", 7)]
    known = {"NEAR": facts(patients=15), "NEXT": facts(patients=12)}
    answer = asked(places, known, policy=SCORED)
    assert order(answer) == ["NEAR", "NEXT"]
    more = int(answer.switch.partition(" has ")[2].split()[0])
    just, not_yet = (
        asked(places, known, policy=SCORED, inbound={"NEAR": count}) for count in (more, more - 1)
    )
    assert (order(just)[0], order(not_yet)[0]) == ("NEXT", "NEAR")


def test_an_unsigned_policy_never_weighs_more_than_the_drive() -> None:
    known = {"NEAR": facts(patients=40), "NEXT": facts(patients=0)}
    unsigned = replace(SCORED, signed="")
    answer = asked([hospital("NEAR", 3), hospital("NEXT", 4)], known, policy=unsigned)
    assert order(answer) == ["NEAR", "NEXT"]
    assert "not signed" in answer.notices[0]


def test_a_known_time_comes_before_the_estimate() -> None:
    drives = {"ISLAND": banded(55, PINNED)}
    known = {"ISLAND": facts(), "FAR": facts()}
    answer = asked([hospital("ISLAND", 3), hospital("FAR", 9)], known, drives=drives)
    assert [(one.code, one.drive.source) for one in answer.ranked] == [
        ("FAR", "straight-line estimate"),
        ("ISLAND", "known time"),
    ]


def test_the_hospital_that_knows_the_patient_is_a_little_nearer() -> None:
    index = HospitalIndex([hospital("ONE", 3), hospital("TWO", 4)])
    state = State(now=NOW, facts={"ONE": facts(patients=5), "TWO": facts(patients=5)})
    knows = Question(origin=HERE, need="any", known_at="TWO")
    assert [one.code for one in ranked(index, knows, state, SCORED).ranked] == ["TWO", "ONE"]


def test_with_no_hospital_the_list_says_whom_to_call() -> None:
    answer = asked([], {})
    assert answer.notices[-1] == "No hospital of the table can be named. Call medical control."


def test_every_drive_of_the_list_has_its_band() -> None:
    known = {"ONE": facts()}
    answer = asked([hospital("ONE", 12)], known, drives={"ONE": Drive(20, 15, 25, PINNED)})
    assert answer.ranked[0].drive.words() == "20 min (15-25)"
    assert NEAREST.label().startswith("nearest capable")


def test_a_count_too_old_to_count_is_none_made_lately() -> None:
    known = {"A": replace(facts(patients=3, minutes=7 * 60), services={Service.ED: said()})}
    assert "No department on this list was counted lately: the order is that of the drive." in (
        asked([hospital("A", 5)], known).notices
    )
    known = {"A": facts(patients=3)}
    assert not any("counted lately" in one for one in asked([hospital("A", 5)], known).notices)
