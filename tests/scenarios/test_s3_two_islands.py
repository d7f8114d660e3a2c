"""S3: two hospitals without a connection each register 40 patients in an hour.

Three unknowns, twins, two people of one name and birth date, a patient who is in the house
already, a name with accents; one node loses power in the middle. Then the islands meet.
"""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
import zxingcpp
from msgspec.structs import replace

from wardlight.feeds.senders import Senders
from wardlight.log.contract import stream
from wardlight.record import catalogue
from wardlight.record.downtime_number import read_downtime_number
from wardlight.record.entry import Draft, Entry
from wardlight.record.events.access import Role, StaffStated
from wardlight.record.identity import PatientKey
from wardlight.record.instants import MINUTE, Instant, PartialDate
from wardlight.record.problems import Problem
from wardlight.record.sources import Site, Source
from wardlight.run.node import Node
from wardlight.run.settings import Settings
from wardlight.run.up import app_of
from wardlight.views.fold import Views
from wardlight.views.patients.similar import LookedFor, look_alikes
from wardlight.web.access.gate import SESSION_COOKIE
from wardlight.wire.entered.registration import downtime_key
from wardlight.wire.reading import reader

STARTS = Instant(1_795_337_940_000)
PATIENTS = 40
POWER_CUT_AT = 21
PRINTED_SECONDS_MAX = 10.0
INPATIENT = (
    "MSH|^~\\&|EHR|{site}|WL|{site}|20261122023100||ADT^A01|{site}1|P|2.5.1\r"
    "EVN|A01|20261122023100\rPID|1||7001^^^{site}^MR||KNOWN^PATIENT||19500505|F\r"
    "PV1|1|I|4E^1^A^{site}||||||||||||||||V1^^^{site}^VN\r"
)


def people(site: str) -> list[dict[str, str]]:
    """Return who comes to a hospital in that hour, in the order they come."""
    come = [
        {"family": f"{site}Visitor{n}", "given": "Testa", "sex": "F", "reason": "fall"}
        for n in range(PATIENTS - 9)
    ]
    come += [
        {"name_known": "no", "sex": "M", "age": age, "reason": "found"}
        for age in ("20", "40", "60")
    ]
    born = {"born_day": "3", "born_month": "7", "born_year": "1961"}
    come += [{"family": "Sameton", "given": "Alex", "sex": "M", "reason": "cough", **born}] * 2
    come += [
        {"family": f"Baby of {site}", "given": order, "sex": "F", "reason": "born here"}
        for order in ("one", "two")
    ]
    come += [{"family": "Nguyễn-Żółkiewska", "given": "Thị Ağustos", "sex": "F", "reason": "pain"}]
    come += [{"sex": "F", "reason": "came to the desk", "same_as": "known"}]
    return come


class Island:
    """One hospital with no connection to anybody."""

    def __init__(self, folder: Path, site: str, index: int) -> None:
        self.site = site
        self.folder = folder
        self.settings = Settings(
            sites=(Site(code=site, name=f"{site} General", number_index=index),)
        )
        self.now = STARTS
        self.given: list[str] = []
        self.numbers: list[str] = []
        self.posted = 0
        self.refused: list[str] = []

    async def begin(self) -> None:
        self.node = Node(self.folder, self.settings, clock=lambda: self.now)
        self.node.open()
        transport = httpx.ASGITransport(app_of(self.node))
        self.client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
        said = StaffStated(account="desk", name="F. Desk", role=Role.REGISTRATION)
        await self.node.door.state(said, "test")
        session = await self.node.door.open_session("desk", "desk-1", "badge")
        self.client.cookies.set(SESSION_COOKIE, session)

    async def hear(self) -> None:
        draft = Draft(
            site=self.site,
            source="EHR",
            author="EHR",
            subject="",
            kind=catalogue.HL7V2_MESSAGE,
            version=1,
            occurred=self.now,
            recorded=self.now,
            body=INPATIENT.format(site=self.site).encode(),
        )
        await self.node.write(draft)

    async def number(self) -> str:
        """Return the next number of the station's own block, as a tablet takes it."""
        if not self.numbers:
            answer = await self.client.get(f"/numbers?have=0&site={self.site}")
            self.numbers = answer.json()["numbers"]
        return self.numbers.pop(0)

    async def register(self, person: dict[str, str]) -> Any:
        self.posted += 1
        fields = dict(person)
        if fields.pop("same_as", ""):
            fields["same_as"] = self.node.handles.of(PatientKey(f"{self.site}|7001"))
        fields["number"] = await self.number()
        offered = {
            "id": f"{self.site.encode().hex():0<8}{self.posted:024x}",
            "kind": "patient.registered",
            "site": self.site,
            "fields": [*fields.items()],
        }
        answer = await self.client.post("/entries", content=json.dumps(offered))
        if answer.status_code == 200:
            self.given.append(fields["number"])
        else:
            self.refused.append(answer.text)
        return answer

    async def lose_power(self) -> None:
        """Go on from the disk as the cut left it; the tablet's unused numbers are still its own."""
        after = self.folder.with_name(self.folder.name + "-after")
        shutil.copytree(self.folder, after)
        await self.client.aclose()
        await self.node.close()
        self.folder = after
        await self.begin()

    def entries(self) -> list[Entry]:
        return list(stream(self.node.reader))


class Hour:
    """Both islands, and the loop they live on."""

    def __init__(self, tmp: Path) -> None:
        self.runner = asyncio.Runner()
        self.islands = [Island(tmp / "one", "RVR", 11), Island(tmp / "two", "HLS", 12)]

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    async def live(self) -> None:
        for island in self.islands:
            await island.begin()
            await island.hear()
            for number, person in enumerate(people(island.site)):
                island.now = Instant(island.now + MINUTE)
                if number == POWER_CUT_AT and island.site == "RVR":
                    await island.lose_power()
                if number % 4 == 0:  # a session locks when nobody touches the desk
                    session = await island.node.door.open_session("desk", "desk-1", "badge")
                    island.client.cookies.set(SESSION_COOKIE, session)
                await island.register(person)


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hour]:
    one = Hour(tmp_path_factory.mktemp("islands"))
    one.run(one.live())
    yield one
    for island in one.islands:
        one.run(island.node.close())
    one.runner.close()


def test_everybody_is_registered_and_no_number_is_issued_twice(hour: Hour) -> None:
    assert [island.refused for island in hour.islands] == [[], []]
    given = [number for island in hour.islands for number in island.given]
    assert len(given) == 2 * PATIENTS
    assert len(set(given)) == 2 * PATIENTS


def test_a_slip_in_any_place_of_any_number_is_caught(hour: Hour) -> None:
    number = hour.islands[0].given[0]
    for at, old in enumerate(number):
        if old == "-" or at < 3:
            continue
        for new in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
            if new != old:
                assert isinstance(
                    read_downtime_number(number[:at] + new + number[at + 1 :]), Problem
                )


def test_a_known_inpatient_keeps_one_chart(hour: Hour) -> None:
    for island in hour.islands:
        key = PatientKey(f"{island.site}|7001")
        numbers = {one.value for one in island.node.views.people.identifiers(key)}
        assert island.given[-1] in numbers
        assert island.node.views.people.person(downtime_key(island.given[-1])) is None


def test_wristband_and_labels_are_there_within_ten_seconds_and_scan_back(hour: Hour) -> None:
    island = hour.islands[1]
    handle = island.node.handles.of(downtime_key(island.given[0]))

    async def printed() -> tuple[bytes, bytes]:
        session = await island.node.door.open_session("desk", "desk-1", "badge")
        island.client.cookies.set(SESSION_COOKIE, session)
        band = await island.client.get(f"/patient/{handle}/wristband.pdf")
        labels = await island.client.get(f"/patient/{handle}/labels.pdf")
        return band.content, labels.content

    began = time.perf_counter()
    band, labels = hour.run(printed())
    assert time.perf_counter() - began < PRINTED_SECONDS_MAX
    assert len(pypdfium2.PdfDocument(io.BytesIO(labels))) == 10
    page = pypdfium2.PdfDocument(io.BytesIO(band))[0]
    codes = {
        one.text.replace("-", "") for one in zxingcpp.read_barcodes(page.render(scale=6).to_pil())
    }
    assert codes == {island.given[0].replace("-", "")}


def met(hour: Hour, *, other_way: bool = False) -> Views:
    """Return one view of both logs, as when the islands exchange them."""
    sources = Senders(Source(name="EHR", site="RVR"), sites=["RVR", "HLS"])
    headline, chart = reader(sources)
    islands = hour.islands[::-1] if other_way else hour.islands
    entries = [entry for island in islands for entry in island.entries()]
    moved = [replace(entry, position=at) for at, entry in enumerate(entries, 1)]
    views = Views(headline, chart, lambda positions: [moved[at - 1] for at in positions])
    for entry in moved:
        views.apply(entry)
    return views


def test_when_the_islands_meet_nobody_is_lost_and_nobody_is_merged(hour: Hour) -> None:
    views = met(hour)
    for island in hour.islands:
        for number in island.given[:-1]:
            assert views.people.resolve(downtime_key(number)) == downtime_key(number)
            assert views.people.person(downtime_key(number)) is not None
    assert len(views.people) == 2 * PATIENTS  # 39 new ones and one inpatient at each


def test_in_whatever_order_the_logs_arrive_the_census_is_the_same(hour: Hour) -> None:
    def census(views: Views) -> list[tuple[str, str]]:
        return sorted((stay.patient, stay.location.words()) for stay in views.census.present())

    assert census(met(hour)) == census(met(hour, other_way=True))


def test_two_of_one_name_and_birth_date_are_proposed_with_the_evidence(hour: Hour) -> None:
    views = met(hour)
    looked = LookedFor(family="Sameton", given="Alex", birth="1961-07-03", sex="M")
    found = look_alikes(views, looked, PartialDate(2026, 11, 22))
    assert len(found) == 4
    assert all(one.candidate.reasons for one in found)
