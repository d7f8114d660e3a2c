"""S4: a night and a day on the ward, on the night the clocks go back.

24 patients, five of them children, two shifts; every dose is charted through the same door as a
tablet uses, on a node with a real log. The lists are held to times worked out by the test.
"""

from __future__ import annotations

import asyncio
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
from tests.paper.printed import RUN
from tests.scenarios import ward_day
from tests.scenarios.ward_day import EHR_OFF, ENDS, SITE, UNIT, Due, due_doses, messages, number

from wardlight.paper.packs.pack import ward_pack
from wardlight.record import catalogue
from wardlight.record.codes import DoseState
from wardlight.record.entry import Draft
from wardlight.record.events.access import Role, StaffStated
from wardlight.record.identity import PatientKey
from wardlight.record.instants import MINUTE, Instant, instant_of, local
from wardlight.record.sources import Site
from wardlight.run.node import Node
from wardlight.run.paperwork.packs import unit_pack, unit_sheets
from wardlight.run.paperwork.press import load_press
from wardlight.run.settings import Settings
from wardlight.run.up import app_of
from wardlight.views.bedside.mar import CellState, Mar, mar
from wardlight.views.facts import DoseFact, OrderFact
from wardlight.views.fold import Views
from wardlight.views.services.downtimes import blind, declaration
from wardlight.web.access.gate import SESSION_COOKIE

ZONE = "America/New_York"
SETTINGS = Settings(
    sites=(Site(code=SITE, name="Test General", zone=ZONE),), accepts_test_messages=True
)
FORGOTTEN = 12  # doses nobody charts
OFF = instant_of(EHR_OFF)
INTERVALS = {drug for drug, _, _, pattern in ward_day.DRUGS if pattern in ward_day.HOURS}


class Day:
    """The ward's day as it goes by."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = Instant(OFF - 60 * MINUTE)
        self.node = Node(folder, SETTINGS, clock=lambda: self.now)
        self.entered = 0
        self.due = due_doses()
        self.lived = 0
        self.forgotten = set(self.due[:: len(self.due) // FORGOTTEN][:FORGOTTEN])

    async def begin(self) -> None:
        self.node.open()
        app = app_of(self.node)
        transport = httpx.ASGITransport(app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
        for message in messages():
            self._tell(catalogue.HL7V2_MESSAGE, message.encode(), "EHR")
        self.node.intake.flush()
        self.now = OFF
        self._tell(catalogue.DOWNTIME_DECLARED, declaration(OFF), catalogue.STAFF)
        while self.node.intake._waiting:  # noqa: SLF001 -- written in several batches
            self.node.intake.flush()
        self.node.intake.fold()
        for account, role in (("amensah", Role.NURSE), ("ppill", Role.PHARMACIST)):
            said = StaffStated(account=account, name=f"{role} {account}", role=role)
            await self.node.door.state(said, "test")
        await self.work_as("amensah")

    async def work_as(self, account: str) -> None:
        """Let somebody sit down at the station, as every twelve hours of a session ask for."""
        token = await self.node.door.open_session(account, "4E-station-1", "badge")
        self.client.cookies.set(SESSION_COOKIE, token)

    def _tell(self, kind: str, body: bytes, source: str) -> None:
        draft = Draft(
            site=SITE,
            source=source,
            author=source,
            subject="",
            kind=kind,
            version=1,
            occurred=self.now,
            recorded=self.now,
            body=body,
        )
        self.node.intake.submit(draft, lambda _: None)

    async def enter(self, kind: str, patient: int, fields: dict[str, str], **more: Any) -> Any:
        self.entered += 1
        offered = {
            "id": more.pop("id", f"{self.entered:032x}"),
            "kind": kind,
            "site": SITE,
            "patient": self.node.handles.of(key(patient)),
            "fields": list(fields.items()),
            **more,
        }
        path = offered.pop("path", "/entries")
        return await self.client.post(path, content=json.dumps(offered))

    async def chart(self, due: Due) -> Any:
        when = local(due.at, ZONE)
        order = self.order(due.patient, due.drug)
        fields = {
            "order": order.number,
            "state": "given",
            "amount": due.amount,
            "unit": "mg",
            "at": f"{when:%H:%M}",
            "on": f"{when:%Y-%m-%d}",
            "wristband": number(due.patient),
            "override-blind-window": "paper chart looked at, nothing given",
        }
        return await self.enter("dose.charted", due.patient, fields)

    def order(self, patient: int, drug: str) -> OrderFact:
        orders = self.node.views.chart(key(patient)).medications()
        return next(one for one in orders if one.what.text == drug)

    def record(self, patient: int, views: Views | None = None) -> Mar:
        views = views or self.node.views
        return mar(
            views.chart(key(patient)),
            now=self.now,
            zone=ZONE,
            blind=blind(views.downtimes.at(SITE), views.links.site_as_of(SITE)),
            charts_here=views.charts_here(SITE),
        )

    def open_times(self, state: CellState) -> set[tuple[int, str, Instant]]:
        """Return what the lists say is overdue, or to come."""
        return {
            (patient, row.order.what.text, cell.at)
            for patient in range(1, ward_day.PATIENTS + 1)
            for row in self.record(patient).rows
            for cell in row.cells
            if cell.state is state and cell.at > OFF
        }

    def charted(self, views: Views | None = None) -> list[DoseFact]:
        views = views or self.node.views
        return [
            dose
            for patient in range(1, ward_day.PATIENTS + 1)
            for dose in views.chart(key(patient)).doses
        ]


def key(patient: int) -> PatientKey:
    return PatientKey(f"{SITE}|{number(patient)}")


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    one = Day(tmp_path / "node")
    with asyncio.Runner() as runner:
        one.run = runner.run  # type: ignore[attr-defined]
        runner.run(one.begin())
        yield one
        runner.run(one.node.close())


def run(day: Day, work: Any) -> Any:
    return day.run(work)  # type: ignore[attr-defined]


async def live_through(day: Day, until: Instant) -> None:
    while day.lived < len(day.due) and day.due[day.lived].at <= until:
        due = day.due[day.lived]
        day.lived += 1
        day.now = Instant(due.at + MINUTE)
        if due not in day.forgotten:
            await day.work_as("amensah")
            answer = await day.chart(due)
            assert answer.status_code == 200, answer.text


def test_overdue_and_next_due_are_right_to_the_minute_through_the_night_of_25_hours(
    day: Day,
) -> None:
    for hours in (4, 7, 8, 9, 14, 25):
        run(day, live_through(day, Instant(OFF + hours * 60 * MINUTE)))
        day.now = Instant(OFF + hours * 60 * MINUTE + 2 * MINUTE)
        overdue = {
            (one.patient, one.drug, one.at)
            for one in day.forgotten
            if one.at < day.now and not _overtaken(day, one)
        }
        assert day.open_times(CellState.OVERDUE) == overdue
        coming = {(one.patient, one.drug, one.at) for one in day.due if one.at > day.now}
        listed = {one for one in day.open_times(CellState.DUE) if one[2] <= instant_of(ENDS)}
        assert coming <= listed


def _overtaken(day: Day, due: Due) -> bool:
    """Return whether a later dose of an interval was given: the interval counts on from it."""
    return due.drug in INTERVALS and any(
        later.at > due.at and later.at < day.now and later not in day.forgotten
        for later in day.due
        if (later.patient, later.drug) == (due.patient, due.drug)
    )


def test_three_hundred_doses_are_on_the_charts_once_each(day: Day) -> None:
    run(day, live_through(day, instant_of(ENDS)))
    given = [dose for dose in day.charted() if dose.state is DoseState.GIVEN]
    assert len(given) >= 300
    assert day.node.views.entries.to_look_at() == ()  # nobody was asked for a reason in vain
    assert sorted((dose.at.at, dose.drug.text) for dose in given) == sorted(
        (one.at, one.drug) for one in day.due if one not in day.forgotten
    )


def test_after_a_crash_in_the_night_every_acknowledged_dose_is_still_there(
    day: Day, tmp_path: Path
) -> None:
    run(day, live_through(day, Instant(OFF + 9 * 60 * MINUTE)))
    shutil.copytree(day.folder, tmp_path / "after")  # the disk as the power cut left it
    before = sorted((dose.at.at, dose.drug.text) for dose in day.charted())

    async def again() -> None:
        node = Node(tmp_path / "after", SETTINGS, clock=lambda: day.now)
        node.open()
        after = sorted((dose.at.at, dose.drug.text) for dose in day.charted(node.views))
        assert after == before
        await node.close()

    run(day, again())


def test_a_correction_keeps_the_original_and_the_chart_shows_the_new_dose(day: Day) -> None:
    due = next(one for one in day.due if one not in day.forgotten)
    day.now = Instant(due.at + MINUTE)
    run(day, day.work_as("amensah"))
    run(day, day.chart(due))
    first = next(dose for dose in day.charted())
    fields = {"order": first.order, "state": "given", "amount": "5", "unit": "mg"}
    fields |= {"override-dose-outside-order": "half, as told"}
    run(day, day.enter("dose.charted", due.patient, fields, corrects=first.stamp.entry))
    chart = day.node.views.chart(key(due.patient))
    assert [dose.amount for dose in chart.doses] == ["5"]
    assert [one.stamp.entry for one in chart.taken_back] == [first.stamp.entry]


def test_forty_new_orders_are_on_the_chart_and_verified_by_the_pharmacist(day: Day) -> None:
    for at in range(40):
        patient = at % ward_day.PATIENTS + 1
        fields = {
            "order_kind": "medication",
            "drug": f"testdrug{at}",
            "amount": "5",
            "unit": "mg",
            "route": "oral",
            "pattern": "Q8H",
            "prescriber": "Dr Invented",
            "read_back_by": "RN Sample",
        }
        run(day, day.work_as("amensah"))
        assert run(day, day.enter("order.written", patient, fields)).status_code == 200
        order = day.order(patient, f"testdrug{at}")
        checked = {"order": order.number, "check": "verified"}
        run(day, day.work_as("ppill"))
        run(day, day.enter("order.checked", patient, checked))
    orders = [
        order
        for patient in range(1, ward_day.PATIENTS + 1)
        for order in day.node.views.chart(key(patient)).medications()
        if order.what.text.startswith("testdrug")
    ]
    assert len(orders) == 40
    assert all(order.detail and order.detail.verified for order in orders)
    assert {order.timing.pattern for order in orders} == {"Q8H"}


WARNED = (
    # What is asked for, and the warning that a nurse has to explain before it is saved.
    (8, {"drug": "metoprolol", "amount": "250"}, "dose-ten-fold"),
    (8, {"drug": "metoprolol", "amount": "50"}, "dose-outside-order"),
    (6, {"drug": "amoxicillin", "amount": "500"}, "allergy-class"),
    (7, {"drug": "enoxaparin", "amount": "60", "route": "subcutaneous"}, "weight-missing"),
    (9, {"drug": "acetaminophen", "amount": "6000"}, "dose-above-usual"),
)


@pytest.mark.parametrize(("patient", "asked", "code"), WARNED)
def test_what_is_dangerous_is_warned_of_and_written_with_the_reason(
    day: Day, patient: int, asked: dict[str, str], code: str
) -> None:
    orders = day.node.views.chart(key(patient)).medications()
    order = next((one.number for one in orders if one.what.text == asked["drug"]), "")
    fields = {"route": "oral", **asked, "order": order, "unit": "mg", "state": "given"}
    run(day, day.work_as("amensah"))
    told = run(day, day.enter("dose.charted", patient, fields, path="/entries/check")).json()
    assert code in {one["code"] for one in told["warnings"]}
    reasons = {f"override-{one['code']}": "Prescriber told" for one in told["warnings"]}
    answer = run(day, day.enter("dose.charted", patient, {**fields, **reasons}))
    assert (answer.status_code, answer.json()["ok"]) == (200, True)
    assert day.node.views.entries.to_look_at() == ()


def test_a_second_dose_inside_the_interval_is_warned_of(day: Day) -> None:
    due = next(one for one in day.due if one.drug == "hydralazine")
    day.now = Instant(due.at + MINUTE)
    run(day, day.work_as("amensah"))
    run(day, day.chart(due))
    day.now = Instant(due.at + 40 * MINUTE)
    run(day, day.work_as("amensah"))
    order = day.order(due.patient, due.drug)
    fields = {"order": order.number, "state": "given", "amount": due.amount, "unit": "mg"}
    told = run(day, day.enter("dose.charted", due.patient, fields, path="/entries/check")).json()
    assert "interval" in {one["code"] for one in told["warnings"]}


def test_six_infusions_are_begun_changed_and_ended(day: Day) -> None:
    for patient in range(10, 16):
        for step, rate in (("begun", "8 mL/h"), ("rate changed", "12 mL/h"), ("ended", "")):
            day.now = Instant(day.now + 4 * MINUTE)
            run(day, day.work_as("amensah"))
            fields = {"drug": "heparin", "state": "given", "step": step, "rate": rate}
            fields |= {"second_check": "RN Second"}
            assert run(day, day.enter("dose.charted", patient, fields)).status_code == 200
        notes = [dose.note for dose in day.node.views.chart(key(patient)).doses]
        assert notes == [
            "infusion ended · second check RN Second",
            "infusion rate changed · rate 12 mL/h · second check RN Second",
            "infusion begun · rate 8 mL/h · second check RN Second",
        ]


def test_the_printed_chart_and_the_screen_say_the_same_of_every_dose(day: Day) -> None:
    run(day, live_through(day, Instant(OFF + 14 * 60 * MINUTE)))
    site = day.node.sites[SITE]
    views = day.node.views
    sheets = list(unit_sheets(views, site, UNIT, now=day.now))
    body = ward_pack(
        unit_pack(views, site, UNIT, sheets, run=RUN, now=day.now), load_press()
    ).pdf.body
    text = squeezed(
        " ".join(
            page.get_textpage().get_text_bounded()
            for page in pypdfium2.PdfDocument(io.BytesIO(body))
        )
    )
    for sheet in sheets:
        patient = int(sheet.person.identifiers[0].value) - 7_000_000
        assert sheet.mar == day.record(patient)
        for row in sheet.mar.rows:
            assert squeezed(row.order.what.text) in text.casefold()


def squeezed(text: str) -> str:
    return "".join(text.split())
