"""S6: CT fails, the ED saturates, then an internal disaster; three neighbours and dispatch.

Each hospital speaks in its own way: Lakeside on the hospital's network, Marble City on a tablet
that was away for half an hour, two neighbours by phone, a third that nobody reaches. Time passes
as in the scenario of the design; what was on the board at each step is looked up afterwards. One
test does the same with a node as it is installed, and measures how soon an open board knows.
"""

from __future__ import annotations

import re
import threading
import time
from functools import cache
from pathlib import Path

import httpx
import pytest
from tests.rules.services.region import SITES, START
from tests.scenarios.node import Node, ask, running
from tests.web.screens import words
from tests.web.services.region_app import RegionApp

from wardlight.record import catalogue
from wardlight.record.instants import HOUR, MINUTE, Instant
from wardlight.record.services import DivertCategory, Service, ServiceKey, ServiceState
from wardlight.rules.asking import Accepted
from wardlight.views.services.nedocs import nedocs
from wardlight.views.services.service_rows import REOPENED, Change, Standing

CHANGE_S_MAX = 2.0
CT = ServiceKey("LKS", Service.CT)
ED = ServiceKey("LKS", Service.ED)
CATEGORIES = {
    None,
    DivertCategory.ED_SATURATION,
    DivertCategory.INTERNAL_DISASTER,
    DivertCategory.EQUIPMENT,
}


class Story(RegionApp):
    """Ten hours of a region, played once; pages of some moments are kept."""

    def __init__(self) -> None:
        super().__init__()
        self.boards: dict[str, str] = {}
        self.scripts: dict[str, str] = {}
        self.stood: dict[str, Standing] = {}
        self.renewal = ""
        self.warned: tuple[str, ...] = ()

    def look(self, moment: str) -> None:
        """Keep what dispatch sees now."""
        self.boards[moment] = words(self.page("/ems"))
        self.scripts[moment] = self.page("/ems.txt")
        self.stood[moment] = self.ed()

    def ct_fails(self) -> None:
        """02:31, on the hospital's network: everything open but the scanner."""
        for code in SITES:
            self.state("ED", "open", site=code)
        self.hear("GRV", "open")
        self.hear("MCK", "open")
        failed = {"category": "equipment or CT failure", "reason": "tube failed"}
        self.state("CT", "divert", **failed, review_at="06:30")
        self.look("CT down")

    def ed_saturates(self) -> None:
        """03:01: counted first, then said; Marble City says so on a tablet that is away."""
        self.minutes(30)
        counts = ("35", "25", "8", "300", "4", "3.5", "2.0")
        names = ("ed_patients", "ed_beds", "admits_in_ed", "hospital_beds", "ventilated_in_ed")
        waits = ("longest_admit_wait_h", "last_bed_wait_h")
        fields = dict(zip((*names, *waits), counts, strict=True))
        self.tell(catalogue.CROWDING_COUNTED, **fields, ems_waiting="6")
        self.state("ED", "divert", category="ED saturation", reason="22 boarders")
        self.look("saturated")

    def everybody_diverts(self) -> None:
        """03:31: the tablet of Marble City is back, the phone brings two more."""
        self.minutes(30)
        self.made = Instant(self.now - 25 * MINUTE)
        self.state("ED", "divert", site="MMH", at="03:06", category="ED saturation")
        self.made = None
        for code in ("GRV", "MCK", "SAC"):
            self.hear(code, "divert", category="ED saturation")
        found = self.judge(
            catalogue.SERVICE_STATED,
            service="ED",
            state="divert",
            category="ED saturation",
            authorised_by="Dr E. Haddad",
        )
        assert isinstance(found, Accepted)
        self.warned = tuple(one.words for one in found.warnings)
        self.look("all divert")

    def the_time_runs_out(self) -> None:
        """04:41: a reminder; 05:01: open again by itself, and somebody at dispatch says seen."""
        self.minutes(70)
        self.renewal = words(self.page("/services/LKS"))
        self.minutes(20)
        self.look("reopened")
        newest = next(one for one in self.status.changes(self.now) if one.key == ED)
        self.screens.post("/ems/seen", {"change": newest.id, "by": "Dispatch 4"})

    def disaster(self) -> None:
        """05:31: water in the basement; 09:31: over."""
        self.minutes(30)
        self.state("ED", "closed", category="internal disaster", reason="flood, no power")
        self.look("disaster")
        self.minutes(240)
        self.state("ED", "open")
        self.state("CT", "open")
        self.minutes(180)
        self.look("end")


@cache
def story() -> Story:
    found = Story()
    found.add_neighbours()
    for act in (found.ct_fails, found.ed_saturates, found.everybody_diverts):
        act()
    found.the_time_runs_out()
    found.disaster()
    return found


def changes(key: ServiceKey) -> list[Change]:
    found = story().status.changes(story().now)
    return [one for one in reversed(found) if one.key == key]


def test_a_status_carries_category_reason_authoriser_and_end() -> None:
    stood = story().stood["saturated"]
    assert (stood.state, stood.category) == (
        ServiceState.DIVERT,
        DivertCategory.ED_SATURATION,
    )
    assert (stood.reason, stood.authorised_by) == ("22 boarders", "Dr E. Haddad")
    assert stood.expires == START + 30 * MINUTE + 2 * HOUR
    assert stood.by_rules == "two-hour (version 1)"


def test_before_the_end_those_who_can_renew_it_are_reminded() -> None:
    assert "Ends in 20 min: opens by itself unless renewed" in story().renewal


def test_at_its_end_the_ed_is_open_again_with_a_notice_everywhere() -> None:
    notice = "Open again by itself at 05:01: divert ended and nobody renewed it"
    assert story().stood["reopened"].expired_notice == REOPENED
    assert notice in story().boards["reopened"]
    assert notice in story().scripts["reopened"]


def test_every_change_is_in_the_feed_also_the_one_nobody_entered() -> None:
    assert [(one.before, one.after, one.notice) for one in changes(ED)] == [
        (ServiceState.NO_REPORT, ServiceState.OPEN, ""),
        (ServiceState.OPEN, ServiceState.DIVERT, ""),
        (ServiceState.DIVERT, ServiceState.OPEN, REOPENED),
        (ServiceState.OPEN, ServiceState.CLOSED, ""),
        (ServiceState.CLOSED, ServiceState.OPEN, ""),
    ]


def test_an_acknowledgement_is_kept_with_who_and_when() -> None:
    seen = [one.acknowledged for one in changes(ED) if one.notice == REOPENED]
    assert [(one.by, one.at) for one in seen[0]] == [("Dispatch 4", START + 150 * MINUTE)]
    assert [one.acknowledged for one in changes(ED) if one.notice != REOPENED] == [()] * 4


def test_when_all_divert_the_countys_word_is_on_board_script_and_form() -> None:
    rule = "When every hospital in reach diverts for saturation, the closest one takes the patient."
    assert rule in story().boards["all divert"]
    assert rule in story().scripts["all divert"]
    assert story().warned == (f"No other ED that has reported takes ambulances. {rule}",)
    assert rule not in story().boards["saturated"]


def test_what_a_tablet_brought_late_counts_from_when_it_was_said() -> None:
    bars = story().status.history("MMH", story().now)
    divert = next(bar for bar in bars if bar.state is ServiceState.DIVERT)
    assert divert.begins == START + 35 * MINUTE
    assert divert.ends == START + 35 * MINUTE + 2 * HOUR  # two hours after it was said


def test_a_neighbour_nobody_reached_is_never_shown_as_open() -> None:
    [line] = [one for one in story().scripts["saturated"].splitlines() if "ST ALBANS" in one]
    assert "ED NO REPORT; nothing was ever said; Ring before you send anyone" in line


def test_a_neighbour_heard_long_ago_is_no_report_with_what_it_last_said() -> None:
    for moment, said in (
        ("disaster", "ED OPEN; Open again"),
        ("end", "ED NO REPORT; last known OPEN"),
    ):
        lines = story().scripts[moment].splitlines()
        [line] = [one for one in lines if "GREEN VALLEY" in one]
        assert said in line.replace("; since 05:31", ""), line


@pytest.mark.parametrize(
    "moment", ["CT down", "saturated", "all divert", "reopened", "disaster", "end"]
)
def test_walk_ins_are_screened_on_every_line_whatever_the_state(moment: str) -> None:
    lines = [one for one in story().scripts[moment].splitlines() if re.match(r"[0-9]\.", one)]
    assert len(lines) == 5
    assert all("Walk-ins will be screened" in one for one in lines)


def test_the_hours_of_every_category_add_up_to_the_whole_time() -> None:
    found = story().status.hours("LKS", story().now)
    assert found[ED] == {
        (ServiceState.OPEN, None): 30 * MINUTE + 30 * MINUTE + 3 * HOUR,
        (ServiceState.DIVERT, DivertCategory.ED_SATURATION): 2 * HOUR,
        (ServiceState.CLOSED, DivertCategory.INTERNAL_DISASTER): 4 * HOUR,
    }
    assert found[CT] == {
        (ServiceState.DIVERT, DivertCategory.EQUIPMENT): 7 * HOUR,
        (ServiceState.OPEN, None): 3 * HOUR,
    }
    assert all(sum(one.values()) == story().now - START for one in found.values())
    assert {category for one in found.values() for _, category in one} == CATEGORIES


def test_the_nedocs_on_the_board_is_the_published_one() -> None:
    crowding = story().board().crowding
    assert crowding is not None
    score = nedocs(crowding.said)
    assert score is not None
    assert round(score, 3) == 184.255
    assert "NEDOCS 184, dangerously overcrowded" in story().boards["saturated"]


def test_a_node_that_was_started_again_shows_the_same_board() -> None:
    first = story()
    again = Story()
    again.heard_the_same(first)
    again.now = first.now
    assert again.page("/ems.txt") == first.page("/ems.txt")
    assert again.status.changes(again.now) == first.status.changes(first.now)


def signed_in(node: Node, account: str, code: str) -> httpx.Client:
    browser = httpx.Client(base_url=node.http, timeout=20)
    form = {"account": account, "card": code, "next": "/my-entries"}
    page = browser.post("/sign-in", data=form, follow_redirects=True)
    assert 'name="wardlight-grant"' in page.text
    return browser


def test_at_a_real_node_an_open_board_knows_a_change_within_two_seconds(tmp_path: Path) -> None:
    data = tmp_path / "node"
    with running(data):
        pass  # makes the folder people are added to
    named = ["--name", "RN B. Okafor", "--role", "charge nurse", "--data", str(data)]
    [code, *_] = ask("staff", "add", "okafor", *named)["codes"]
    with running(data) as node, httpx.Client(base_url=node.http, timeout=20) as dispatcher:
        nurse = signed_in(node, "okafor", code)
        mark = re.search(r'data-mark="([0-9a-f]+)"', dispatcher.get("/ems").text)
        assert mark
        known: list[float] = []

        def watch() -> None:
            told = dispatcher.get("/ems/wait", params={"mark": mark[1]}).json()
            assert told["mark"] != mark[1]
            assert "DIVERT" in dispatcher.get("/ems").text
            known.append(time.monotonic())

        watching = threading.Thread(target=watch)
        watching.start()
        said = [["service", "ED"], ["state", "divert"], ["category", "ED saturation"]]
        said += [["authorised_by", "Dr E. Haddad"]]
        entry = {"id": "a" * 32, "kind": catalogue.SERVICE_STATED, "site": "TEST", "fields": said}
        began = time.monotonic()
        answer = nurse.post("/entries", json=entry)
        watching.join(timeout=15)
        nurse.close()
    assert answer.json()["ok"], answer.text
    assert known
    assert known[0] - began < CHANGE_S_MAX
