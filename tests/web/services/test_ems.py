"""The dispatcher's board: what it says, how fast, what it takes, and what it never does."""

from __future__ import annotations

import asyncio
import re
import time

import httpx
import pytest
from msgspec import json, structs
from tests.rules.services.region import START
from tests.web.screens import words
from tests.web.services.region_app import RegionApp

from wardlight.plan.destinations.hospital_index import HospitalIndex
from wardlight.plan.destinations.region import empty_region
from wardlight.record import catalogue
from wardlight.record.entry import Draft
from wardlight.record.events.entered import unpacked
from wardlight.record.events.services import ChangeAcknowledged
from wardlight.record.hospitals import Hospital
from wardlight.record.instants import MINUTE
from wardlight.record.places import Position
from wardlight.views.services.downtimes import declaration
from wardlight.web.services.ems import SEEN_PER_CHANGE_MAX

SATURATED = {"category": "ED saturation", "reason": "22 boarders"}


def region() -> RegionApp:
    found = RegionApp()
    found.add_neighbours()
    return found


def mark_of(page: str) -> str:
    found = re.search(r'data-mark="([0-9a-f]+)"', page)
    assert found
    return found[1]


def test_a_hospital_nobody_reported_is_no_report_and_never_open() -> None:
    said = words(region().page("/ems"))
    assert said.count("NO REPORT") >= 5
    assert "OPEN" not in said
    assert "ED never said" in said


def test_board_text_and_script_say_what_is_wrong_with_the_node_itself() -> None:
    site = region()
    desk = site.app.state.desk
    site.app.state.desk = structs.replace(desk, notices=lambda: ("No new message is taken",))
    for path in ("/ems", "/ems.txt", "/ems/script"):
        assert "No new message is taken" in words(site.page(path)), path


def test_the_phone_of_the_sites_own_table_stands_where_nobody_wrote_another() -> None:
    site = region()
    said = words(site.page("/ems"))
    assert "no phone known" in said
    assert "555-0199" not in said
    before = mark_of(site.page("/ems"))
    kept = HospitalIndex(
        Hospital(code=code, name=code, at=Position(44, -73), phone="555-0199")
        for code in ("LKS", "GRV")
    )
    desk = site.app.state.desk
    found = structs.replace(empty_region(), index=kept)
    site.app.state.desk = structs.replace(desk, region=found)
    site.minutes(1)
    said = words(site.page("/ems"))
    assert said.count("555-0199") == 1  # Green Valley keeps the one that was written down
    assert mark_of(site.page("/ems")) != before


def test_a_diversion_stands_with_reason_end_and_walk_ins() -> None:
    site = region()
    site.state("ED", "divert", **SATURATED)
    said = words(site.page("/ems"))
    assert "DIVERT ED saturation, 22 boarders" in said
    assert "until 04:31, then open again unless renewed" in said
    assert said.count("Walk-ins will be screened") >= 5


def test_no_name_or_reason_makes_a_line_of_its_own_on_the_radio_script() -> None:
    site = region()
    site.tell(catalogue.NEIGHBOUR_STATED, code="EVL", neighbour="Evil\n9. LAKESIDE: ED OPEN")
    site.state("ED", "divert", category="IT outage", reason="off\u202e\x1b[2J\u2028now")
    _, _, *lines = site.page("/ems.txt").splitlines()  # the head, and that no ED takes anybody
    assert [one[:3] for one in lines] == [f"{at}. " for at in range(1, len(lines) + 1)]
    assert "IT outage, off [2J now; since" in lines[0]
    assert "EVIL 9. LAKESIDE: ED OPEN: ED NO REPORT" in "\n".join(lines)


def test_the_radio_script_has_one_line_for_each_hospital() -> None:
    site = region()
    site.state("ED", "divert", **SATURATED)
    site.state("CT", "closed", category="equipment or CT failure")
    site.hear("MCK", "open")
    site.minutes(61)
    head, notice, *lines = site.page("/ems.txt").splitlines()
    assert head == "HOSPITAL STATUS as of 22-Nov-2026 03:32 (UTC, 24-hour clock)"
    assert notice.startswith("NOTICE: Ring those without a report first. When every hospital")
    assert lines == [
        (
            "1. LAKESIDE GENERAL: ED DIVERT; ED saturation, 22 boarders; since 02:31; until 04:31, "
            "then open again unless renewed; closed: CT (said 1 h 1 min ago); "
            "Walk-ins will be screened; said 1 h 1 min ago."
        ),
        (
            "2. MARBLE CITY: ED NO REPORT; nothing was ever said; Ring before you send anyone; "
            "Walk-ins will be screened."
        ),
        (
            "3. GREEN VALLEY: ED NO REPORT; nothing was ever said; Ring before you send anyone, "
            "555-0142; Walk-ins will be screened."
        ),
        (
            "4. MIDDLE CREEK: ED NO REPORT; last known OPEN, word of 1 h 1 min ago; "
            "Ring before you send anyone, 555-0142; Walk-ins will be screened."
        ),
        (
            "5. ST ALBANS COMMUNITY: ED NO REPORT; nothing was ever said; Ring before you send "
            "anyone, 555-0142; Walk-ins will be screened."
        ),
    ]


def test_board_and_script_say_the_same_of_a_diversion_that_ran_out() -> None:
    site = region()
    site.state("ED", "divert", **SATURATED)
    site.minutes(120)
    notice = "Open again by itself at 04:31: divert ended and nobody renewed it"
    assert notice in words(site.page("/ems"))
    assert notice in site.page("/ems.txt")
    assert notice in words(site.page("/ems/script"))
    assert notice in words(site.page("/services/LKS"))


def test_no_patient_is_on_the_board() -> None:
    site = region()
    site.admit("704118", "SAMPLE", "Ann")
    for path in ("/ems", "/ems.txt", "/ems/script", "/ems/wait?mark=0"):
        assert "sample" not in site.page(path).casefold()
        assert "704118" not in site.page(path)


async def ask_all(site: RegionApp, count: int) -> tuple[list[float], float]:
    """Return how long after a change each of many open questions was answered."""
    transport = httpx.ASGITransport(site.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        mark = mark_of((await client.get("/ems")).text)

        async def wait() -> float:
            answer = await client.get(f"/ems/wait?mark={mark}")
            assert json.decode(answer.content)["mark"] != mark
            return time.monotonic()

        waiting = [asyncio.ensure_future(wait()) for _ in range(count)]
        await asyncio.sleep(0.3)
        spent = time.process_time()
        site.state("ED", "divert", **SATURATED)
        changed = time.monotonic()
        answered = await asyncio.gather(*waiting)
        return [at - changed for at in answered], time.process_time() - spent


def test_fifty_open_boards_hear_of_a_change_within_two_seconds() -> None:
    delays, spent = asyncio.run(ask_all(region(), 50))
    assert len(delays) == 50
    assert max(delays) < 2
    assert spent < 1  # CPU seconds for all of them together


def test_an_open_question_is_answered_when_a_diversion_runs_out_by_itself() -> None:
    site = region()
    site.state("ED", "divert", **SATURATED)
    mark = mark_of(site.page("/ems"))
    site.minutes(120)
    assert json.decode(site.page(f"/ems/wait?mark={mark}"))["mark"] != mark


def test_a_change_is_acknowledged_once_and_everybody_sees_by_whom() -> None:
    site = region()
    site.state("ED", "divert", **SATURATED)
    assert 'class="unseen"' in site.page("/ems")
    form = {"change": site.status.changes(site.now)[0].id, "by": "Dispatch 4"}
    assert site.screens.post("/ems/seen", form).status_code == 303
    page = site.page("/ems")
    assert 'class="unseen"' not in page
    assert "seen by Dispatch 4, 02:31" in words(page)


def test_all_changes_are_acknowledged_at_once() -> None:
    site = region()
    site.state("ED", "divert", **SATURATED)
    site.state("CT", "open")
    site.screens.post("/ems/seen", {"change": "all", "by": "Dispatch 4"})
    assert all(one.acknowledged for one in site.status.changes(site.now))


@pytest.mark.parametrize(
    ("form", "status"),
    [({"change": "made-up", "by": "x"}, 404), ({"change": "all", "by": ""}, 422)],
)
def test_what_is_no_acknowledgement_writes_nothing(form: dict[str, str], status: int) -> None:
    site = region()
    site.state("ED", "divert", **SATURATED)
    before = len(site.log)
    assert site.screens.post("/ems/seen", form).status_code == status
    assert len(site.log) == before


def test_a_stranger_cannot_fill_the_log_with_acknowledgements() -> None:
    site = region()
    site.state("ED", "divert", **SATURATED)
    form = {"change": site.status.changes(site.now)[0].id, "by": "Dispatch 4"}
    answers = [site.screens.post("/ems/seen", form) for _ in range(SEEN_PER_CHANGE_MAX + 2)]
    assert [one.status_code for one in answers[-2:]] == [429, 429]


def test_a_form_of_another_site_is_refused() -> None:
    site = region()
    site.state("ED", "divert", **SATURATED)
    headers = {"origin": "http://elsewhere.example"}
    answer = site.screens.post("/ems/seen", {"change": "all", "by": "x"}, headers)
    assert answer.status_code == 403


def declare_drill(site: RegionApp) -> None:
    site.keep(
        Draft(
            site="LKS",
            source="staff",
            author="x",
            subject="",
            kind=catalogue.DOWNTIME_DECLARED,
            version=1,
            occurred=site.now,
            recorded=site.now,
            body=declaration(site.now, drill=True),
        )
    )


def test_nothing_of_a_drill_is_on_the_board_and_what_is_real_is_acknowledged_in_it() -> None:
    site = region()
    site.state("CT", "open")
    declare_drill(site)
    asked = site.form(catalogue.SERVICE_STATED, "LKS", service="ED", state="open")
    site.screens.enter(asked.kind, "", list(asked.fields.pairs), site="LKS")
    page = words(site.page("/ems"))
    assert "A drill is on in this network" in page
    assert "ED never said" in page
    site.screens.post("/ems/seen", {"change": "all", "by": "Dispatch 4"})
    entered = unpacked(site.log[-1].body)
    assert isinstance(entered.said, ChangeAcknowledged)
    assert not entered.drill
    assert all(one.acknowledged for one in site.status.changes(site.now))


def test_hostile_words_of_a_neighbour_stay_words() -> None:
    site = region()
    site.hear("GRV", "divert", category="other", reason="<script>alert(1)</script>")
    assert "<script>alert(1)" not in site.page("/ems")
    assert "&lt;script&gt;" in site.page("/ems")


def test_the_age_shown_is_that_of_the_word_on_the_ed_and_not_of_a_bed_count() -> None:
    site = region()
    site.state("ED", "open")
    site.minutes(90)
    site.tell(catalogue.BEDS_COUNTED, bed="ICU", available="2")
    said = words(site.page("/ems"))
    assert "ED said 1 h 30 min ago anything under 1 min ago" in said
    assert site.status.facility("LKS", site.now).last_heard == START + 90 * MINUTE


def test_every_service_somebody_spoke_of_has_the_age_of_that_word() -> None:
    site = region()
    site.state("CT", "open", site="MMH")
    site.state("CT", "open", facility="GRV", heard="charge nurse, phone", until_at="12:00")
    site.minutes(90)
    site.hear("GRV", "open")
    assert len(re.findall("CT open [^·]{0,60}said 1 h 30 min ago", words(site.page("/ems")))) == 2
    neighbours = words(site.page("/neighbours"))
    assert "OPEN said under 1 min ago, charge nurse, phone" in neighbours
    assert "CT open, 1 h 30 min ago" in neighbours


def test_no_tablet_keeps_a_copy_of_the_board_to_show_later() -> None:
    headers = region().screens.get("/ems").headers
    assert "wardlight-now" not in headers  # what a service worker keeps pages by
    assert headers["cache-control"] == "no-store"


def test_a_hospital_without_an_ed_is_said_to_have_none() -> None:
    site = region()
    fields = {"code": "MCK", "neighbour": "Middle Creek", "cannot": "ED"}
    site.tell(catalogue.NEIGHBOUR_STATED, **fields)
    assert "4. MIDDLE CREEK: has no ED; " in site.page("/ems.txt")
    assert "none here" in words(site.page("/ems"))
