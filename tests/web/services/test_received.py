"""A neighbour's file goes the way of every entry, as old as it says it is, and once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from tests.outputs.outside.published import Published
from tests.web.screens import words
from tests.wire.edxl.boards import board, told

from wardlight.record.instants import HOUR, MINUTE, Instant
from wardlight.record.services import ServiceState
from wardlight.wire.edxl import have
from wardlight.wire.outside import ToldHospital


@pytest.fixture
def node(tmp_path: Path) -> Published:
    made = Published(tmp_path)
    made.add_neighbours()
    return made


def file_of(node: Published, code: str, minutes_ago: int, name: str = "Green Valley") -> bytes:
    at = Instant(node.now - minutes_ago * MINUTE)
    said = told(ServiceState.DIVERT, since=at, stated=at)
    made = have.have(board(ToldHospital(code=code, name=name, services=(said,))))
    assert made is not None
    return have.have_bytes(made)


def send(node: Published, body: bytes) -> str:
    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(node.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.post("/neighbours/received", files={"file": ("have.xml", body)})

    return words(asyncio.run(post()).text)


def test_a_neighbours_diversion_is_written_down_with_who_said_it(node: Published) -> None:
    assert "1 state written down" in send(node, file_of(node, "GRV", 10))
    ed = node.ed("GRV")
    assert (ed.state, ed.heard) == (
        ServiceState.DIVERT,
        "EDXL-HAVE file, updated 2026-11-22T02:21:00+00:00",
    )
    assert node.outside.documents.alerts()[0].told.key.facility == "LKS"


def test_the_same_file_twice_is_written_once(node: Published) -> None:
    body = file_of(node, "GRV", 10)
    send(node, body)
    entries = len(node.log)
    assert "1 were read before and not written again" in send(node, body)
    assert len(node.log) == entries


def test_an_old_file_makes_nothing_current(node: Published) -> None:
    page = send(node, file_of(node, "GRV", 5 * 60))
    assert "Left out: Green Valley : it is more than an hour old and says nothing of now" in page
    assert node.ed("GRV").state is ServiceState.NO_REPORT


def test_what_a_file_says_runs_out_as_a_word_on_the_phone_does(node: Published) -> None:
    send(node, file_of(node, "GRV", 0))
    node.now = Instant(node.now + 3 * HOUR)
    assert node.ed("GRV").expired_notice


def test_nobodys_file_speaks_for_a_site_of_ours(node: Published) -> None:
    page = send(node, file_of(node, "MMH", 0, name="Marble City"))
    assert "Left out: Marble City : a site of ours speaks for itself" in page
    assert node.ed("MMH").state is ServiceState.OPEN


def test_a_hospital_nobody_keeps_as_a_contact_is_left_out(node: Published) -> None:
    page = send(node, file_of(node, "NEW", 0, name="Newly Built"))
    assert "Left out: Newly Built : it is not kept as a neighbour here: add it first" in page


def test_a_bomb_is_refused_and_nothing_is_written(node: Published) -> None:
    entries = len(node.log)
    page = send(node, b'<!DOCTYPE x [<!ENTITY a "b">]><HospitalStatus>&a;</HospitalStatus>')
    assert "a DOCTYPE or an entity: not taken from outside" in page
    assert len(node.log) == entries


def test_a_file_that_contradicts_itself_is_not_believed(node: Published) -> None:
    body = file_of(node, "GRV", 10)
    one = body[body.index(b"<Hospital>") : body.index(b"</Hospital>") + len(b"</Hospital>")]
    twice = body.replace(one, one + one.replace(b">Closed<", b">Normal<"))
    assert "the file tells of it more than once: ring them" in send(node, twice)
    assert node.ed("GRV").state is ServiceState.NO_REPORT


def test_of_two_files_of_one_minute_the_more_careful_counts(node: Published) -> None:
    closed = file_of(node, "GRV", 10)
    for body in (closed, closed.replace(b">Closed<", b">Normal<"), closed):
        send(node, body)
        assert node.ed("GRV").state is ServiceState.DIVERT
