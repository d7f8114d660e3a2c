"""A neighbour's EDXL-HAVE: what it says and as of when, or why it is not read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.wire.edxl.boards import BOARDS, NOW, board, told

from wardlight.record.instants import HOUR
from wardlight.record.problems import Problem
from wardlight.record.services import Service, ServiceKey, ServiceState
from wardlight.wire.edxl import have
from wardlight.wire.edxl.have_reading import HeardHospital, read_have
from wardlight.wire.outside import ToldBoard, ToldHospital


def sent(*hospitals: ToldHospital) -> bytes:
    made = have.have(board(*hospitals))
    assert made is not None
    return have.have_bytes(made)


def heard(body: bytes) -> HeardHospital:
    found = read_have(body)
    assert not isinstance(found, Problem), found
    return found[0]


def test_what_we_write_is_read_as_it_was_meant() -> None:
    burn = told(ServiceState.CLOSED, key=ServiceKey("GRV", Service.BURN))
    hospital = ToldHospital(code="GRV", name="Green Valley", services=(told(), burn))
    found = heard(sent(hospital))
    assert (found.code, found.name, found.updated) == ("GRV", "Green Valley", NOW - 2 * HOUR)
    assert [(one.service, one.state) for one in found.services] == [
        (Service.ED, ServiceState.DIVERT),
        (Service.BURN, ServiceState.CLOSED),
    ]
    assert found.services[0].reason.startswith("IT outage: record system off")


@pytest.mark.parametrize("service", [one for one, _ in have.COVER if one is not Service.ED])
def test_every_coverage_we_write_is_read(service: Service) -> None:
    closed = told(ServiceState.CLOSED, key=ServiceKey("GRV", service))
    [found] = heard(sent(ToldHospital(code="GRV", name="G", services=(closed,)))).services
    assert (found.service, found.state) == (service, ServiceState.CLOSED)


def test_no_traffic_status_is_no_word_on_the_ed() -> None:
    silent = ToldHospital(code="GRV", name="G", services=(told(ServiceState.NO_REPORT),))
    assert heard(sent(silent)).services == ()


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ((b"-00:00</LastUpdateTime>", b"</LastUpdateTime>"), "its LastUpdateTime cannot be read"),
        ((b"HAVE:1.0", b"HAVE:9.9"), "this is not EDXL-HAVE 1.0: it has no HospitalStatus"),
        ((b"</Hospital>", b""), "mismatched tag"),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_reason(
    change: tuple[bytes, bytes], because: str
) -> None:
    found = read_have(sent(ToldHospital(code="GRV", name="G", services=(told(),))).replace(*change))
    assert isinstance(found, Problem)
    assert found.because == because


@settings(max_examples=40, deadline=None)
@given(BOARDS)
def test_every_document_of_ours_is_read(said: ToldBoard) -> None:
    made = have.have(said)
    if made is not None:
        found = read_have(have.have_bytes(made))
        assert not isinstance(found, Problem)
        assert len(found) == len([*said.said_of()])


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    assert isinstance(read_have(body), Problem)
