"""The demo's regional day keeps to the rules everybody keeps to."""

from __future__ import annotations

import asyncio
from collections import Counter

from tests.rules.laboratory.loop_ward import START, TABLES, Ward

from wardlight.record.catalogue import DESTINATION_DECIDED
from wardlight.record.entry import Draft, Entry
from wardlight.record.events.destinations import DestinationDecided
from wardlight.record.events.entered import unpacked
from wardlight.record.instants import HOUR, Instant
from wardlight.record.services import Service, ServiceKey, ServiceState
from wardlight.record.sources import Site
from wardlight.run.demo import PEOPLE
from wardlight.run.demo_region import RegionalDay
from wardlight.sim.regional_day import REFUGE, TRANSFERS
from wardlight.views.transfers.transfer_board import board
from wardlight.views.transfers.transfers import TransferState

CODES = ("MMH", "RGH", "WBH", "CCM", "TAY", "DCM", "SPR")


class Node:
    """A node of seven hospitals whose clock is further by a step at every look."""

    def __init__(self) -> None:
        self.ward = Ward()
        for number in range(TRANSFERS + 2):
            family = f"Sample-{chr(65 + number)}"
            self.ward.admit(f"100{number:02}", family, "Invented", bed=f"4E-{number:02}")
        self.views = self.ward.views
        self.sites = {code: Site(code=code, name=code, zone="UTC") for code in CODES}
        self.tables = TABLES
        self.ward.now = Instant(START + 3 * HOUR)
        self.step = 1

    def clock(self) -> Instant:
        self.ward.now = Instant(self.ward.now + self.step)
        return self.ward.now

    async def write(self, draft: Draft) -> Entry:
        self.ward.keep(draft)
        return self.ward.log[-1]


def day_of(node: Node) -> RegionalDay:
    return RegionalDay(node, {one.account: one for one in PEOPLE})


def standing(node: Node, site: str) -> ServiceState:
    return node.views.service_status.now(ServiceKey(site, Service.ED), node.ward.now).state


def test_two_emergency_departments_close_and_fourteen_patients_go() -> None:
    node = Node()
    asyncio.run(day_of(node).until_now())
    assert standing(node, "MMH") is ServiceState.DIVERT
    assert standing(node, "RGH") is ServiceState.CLOSED
    found = Counter(row.state for row in board(node.views, "MMH", node.ward.now))
    assert found == {
        TransferState.ARRIVED: 1,
        TransferState.ON_THE_WAY: 3,
        TransferState.READY: 3,
        TransferState.ACCEPTED: 2,
        TransferState.WAITING: 5,
    }


def test_the_day_goes_on_while_one_looks() -> None:
    node = Node()
    day = day_of(node)

    async def whole() -> None:
        await day.until_now()
        await day.from_now_on(pause=0)

    node.step = HOUR
    asyncio.run(whole())
    assert standing(node, REFUGE) is not ServiceState.LIMITED
    found = Counter(row.state for row in board(node.views, "MMH", node.ward.now))
    assert (found[TransferState.ARRIVED], found[TransferState.ON_THE_WAY]) == (4, 3)


def test_ambulances_go_past_the_closed_departments() -> None:
    node = Node()
    asyncio.run(day_of(node).until_now())
    decided = [one for one in node.ward.log if one.kind == DESTINATION_DECIDED]
    sent = [unpacked(one.body).said for one in decided]
    assert {one.to for one in sent if isinstance(one, DestinationDecided)} == {
        *("WBH", "EXC", "TAY", "CCM")
    }


def test_the_public_reads_what_was_approved_in_every_language() -> None:
    node = Node()
    asyncio.run(day_of(node).until_now())
    current = node.views.public_words.current()
    assert current is not None
    assert current.said.next_update > node.ward.now
    assert [one.language for one in current.said.texts] == ["en", "es", "pt"]
