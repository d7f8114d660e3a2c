"""New times: proposed, fixed, proposed again, accepted; and what is refused when two accept."""

from __future__ import annotations

import asyncio
import json
import re
from secrets import token_hex

import pytest
from tests.rules.clinics.clinic_day import SCHEDULER, visit
from tests.web.clinics.clinic_screens import ClinicScreens
from tests.web.screens import words

from wardlight.plan.extra import missing
from wardlight.record import catalogue
from wardlight.record.instants import iso
from wardlight.web.clinics.accepting import reference

planner = pytest.mark.skipif(bool(missing()), reason="the planner's parts are not installed")


def waiting(*hours: float, visits: int = 3) -> ClinicScreens:
    """Return a clinic with some visits that wait for a time, and free times for anything."""
    made = ClinicScreens()
    for number in range(1, visits + 1):
        made.day.decide(number, "ABC"[number % 3], "postpone", "2026-11-28")
    rows = [f"S{n},,{_iso(made, h)},30,Room 1,1" for n, h in enumerate(hours)]
    made.day.read_file(*rows, head="slot,service,starts,minutes,where,holds")
    return made


def _iso(made: ClinicScreens, hours: float) -> str:
    return iso(made.day.hours(hours))


def proposed(page: str) -> dict[str, str]:
    """Return the slot proposed for each visit."""
    return dict(re.findall(r'name="take" value="(\w+) ([^"]+)"', page))


@planner
def test_who_is_most_urgent_gets_the_time_before_harm_and_nobody_the_same() -> None:
    made = waiting(40, 60, 300)
    found = proposed(made.site.get("/reschedule/MMH?plan=yes").text)
    assert sorted(found.values()) == ["MMH|S0", "MMH|S1", "MMH|S2"]
    assert found[reference(visit(2))] == "MMH|S2"  # of class C, after A and B


@planner
def test_who_gets_none_before_the_harm_date_stands_on_a_list_with_the_reason() -> None:
    page = words(waiting(40, 60, 300).site.get("/reschedule/MMH?plan=yes").text)
    assert "No time before harm, or none at all 1" in page
    assert "no slot before 2026-11-28 is left" in page


@planner
def test_the_plan_is_made_again_around_what_a_person_fixed() -> None:
    made = waiting(40, 60, 300)
    fixed = f"&fix-{reference(visit(1))}=MMH%7CS0"
    found = proposed(made.site.get(f"/reschedule/MMH?plan=yes{fixed}").text)
    assert found[reference(visit(1))] == "MMH|S0"
    assert len(set(found.values())) == len(found)


@planner
def test_accepted_times_are_entries_and_their_visits_wait_no_longer() -> None:
    made = waiting(40, 60, visits=2)
    found = proposed(made.site.get("/reschedule/MMH?plan=yes").text)
    take = [f"take={ref}+{slot.replace('|', '%7C')}" for ref, slot in found.items()]
    answer = asyncio.run(made.site.hand_in("/reschedule/MMH/accept", "&".join(take).encode()))
    assert "2 accepted and in the log" in words(answer.text)
    assert {made.day.case(n).move is not None for n in (1, 2)} == {True}
    assert "0 visits wait" in words(made.site.get("/reschedule/MMH").text)


@planner
def test_a_plan_says_of_a_partner_how_far_it_is_or_that_nobody_stated_it() -> None:
    made = waiting(visits=1)
    row = f"P0,,{_iso(made, 40)},30,North Clinic,1"
    made.day.read_file(row, head="slot,service,starts,minutes,partner,holds")
    page = words(made.site.get("/reschedule/MMH?plan=yes").text)
    assert "the way to North Clinic is not known" in page


@planner
def test_whose_new_time_was_taken_back_waits_for_another() -> None:
    made = waiting(40, 60, visits=1)
    fields = (("appointment", visit(1)), ("slot", "MMH|S0"))
    made.day.say(catalogue.VISIT_MOVED, *fields, by=SCHEDULER)
    row = f"S0,,{_iso(made, 40)},30,Room 1,1,yes"
    made.day.read_file(row, head="slot,service,starts,minutes,where,holds,closed")
    page = made.site.get("/reschedule/MMH?plan=yes").text
    assert proposed(page) == {reference(visit(1)): "MMH|S1"}
    assert "the slot they had is gone" in words(page)


def test_a_time_that_was_given_away_meanwhile_is_refused_by_name() -> None:
    made = waiting(40)
    fields = (("appointment", visit(2)), ("slot", "MMH|S0"))
    made.day.say(catalogue.VISIT_MOVED, *fields, by=SCHEDULER)
    body = f"take={reference(visit(1))}+MMH%7CS0".encode()
    page = words(asyncio.run(made.site.hand_in("/reschedule/MMH/accept", body)).text)
    assert "0 accepted" in page
    assert "SAMPLEB, Ada : This time has just been given to somebody else." in page


def test_of_two_who_accept_the_last_place_at_the_same_moment_one_is_refused() -> None:
    made = waiting(40)

    async def both() -> list[bool]:
        bodies = [
            {
                "id": token_hex(16),
                "kind": catalogue.VISIT_MOVED,
                "site": "MMH",
                "fields": [["appointment", visit(number)], ["slot", "MMH|S0"]],
            }
            for number in (1, 2)
        ]
        asked = [made.site.hand_in("/entries", json.dumps(one).encode()) for one in bodies]
        return [bool(one.json()["ok"]) for one in await asyncio.gather(*asked)]

    assert sorted(asyncio.run(both())) == [False, True]


def test_times_are_chosen_by_hand_where_no_proposal_is_asked() -> None:
    page = waiting(40, 60).site.get("/reschedule/MMH").text
    assert "25-Nov-2026 19:00, Room 1" in words(page)
    assert "3 visits wait for one" in words(page)


def test_a_free_time_is_entered_by_hand() -> None:
    made = waiting()
    fields = (("service", "CT"), ("starts_on", "2026-11-27"), ("starts_at", "09:00"))
    there = ("equipment", "contrast; lift")
    assert made.site.enter("slot.offered", "", (*fields, there)).json()["ok"]
    assert "1 free place from tomorrow on" in words(made.site.get("/reschedule/MMH").text)
    [one] = made.day.views.triage.slots("MMH", made.day.now, made.day.hours(240))
    assert one.offered.equipment == ("contrast", "lift")
