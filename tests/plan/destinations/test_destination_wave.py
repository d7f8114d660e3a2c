"""Twenty ambulances in ten minutes, and a board nobody has renewed for hours."""

from random import Random

import pytest
from msgspec.structs import replace
from tests.plan.destinations.regions import HERE, KM, NOW, SCORED, facts, hospital

from wardlight.plan.destinations.destination_load import room_of
from wardlight.plan.destinations.destinations import Question, State, ranked
from wardlight.plan.destinations.hospital_index import HospitalIndex
from wardlight.record.instants import MINUTE, Instant
from wardlight.record.places import Place, Position, Setting

AMBULANCES = 20


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("old_min", [60, 120, 240, 355])
def test_twenty_ambulances_on_a_stale_board_spread_by_the_room_there_is(
    seed: int, old_min: int
) -> None:
    chance = Random(seed)  # noqa: S311 -- a simulation
    places = [hospital(f"H{at}", chance.uniform(1, 7)) for at in range(chance.randint(3, 7))]
    known = {
        one.code: facts(
            patients=chance.randint(2, 24), spaces=chance.choice((15, 20, 40)), minutes=old_min
        )
        for one in places
    }
    index, sent = HospitalIndex(places), dict.fromkeys(known, 0)
    for at in range(AMBULANCES):
        near = Position(HERE.at.latitude, HERE.at.longitude + chance.uniform(-3, 3) * KM)
        asked = Question(
            origin=Place(words="call", at=near, setting=Setting.URBAN),
            need="any",
            acuity=chance.choice(("urgent", "low")),
        )
        now = Instant(NOW + at * MINUTE // 2)
        answer = ranked(index, asked, State(now=now, facts=known, inbound=sent), SCORED)
        sent[answer.ranked[0].code] += 1
    rooms = {code: room_of(one.count, None, SCORED) for code, one in known.items()}
    fair = {code: AMBULANCES * room / sum(rooms.values()) for code, room in rooms.items()}
    assert sum(sent.values()) == AMBULANCES
    assert {code: count for code, count in sent.items() if count > 1.5 * fair[code]} == {}


def test_under_nearest_capable_they_all_go_to_one_department_and_the_list_says_how_many() -> None:
    index = HospitalIndex([hospital("NEAR", 3), hospital("NEXT", 4)])
    known = {"NEAR": facts(patients=15), "NEXT": facts(patients=5)}
    state = State(now=NOW, facts=known, inbound={"NEAR": 19})
    unsigned = replace(SCORED, signed="")
    answer = ranked(index, Question(origin=HERE, need="any"), state, unsigned)
    assert (answer.ranked[0].code, answer.ranked[0].inbound) == ("NEAR", 19)
