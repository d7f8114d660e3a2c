"""EDXL-HAVE: valid by the schema of OASIS whatever was said, and silent where nobody spoke."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from tests.wire.edxl.boards import BOARDS, NOW, board, told
from tests.wire.edxl.schemas import wrong_by

from wardlight.record.instants import HOUR, Instant
from wardlight.record.services import Service, ServiceKey, ServiceState
from wardlight.wire.edxl import have, have_draft
from wardlight.wire.edxl.tree import Tag, read, wrong_in
from wardlight.wire.outside import ToldBeds, ToldBoard, ToldHospital


def lakeside(*services: ServiceState, beds: tuple[ToldBeds, ...] = ()) -> ToldHospital:
    said = tuple(told(one) for one in services)
    return ToldHospital(code="LKS", name="Lakeside <&>", services=said, beds=beds)


def first(body: bytes) -> Tag:
    found = read(body)
    assert isinstance(found, Tag)
    hospital = found.child("Hospital")
    assert hospital is not None
    return hospital


def one_zero(*hospitals: ToldHospital) -> bytes:
    made = have.have(board(*hospitals))
    assert made is not None
    return have.have_bytes(made)


@settings(max_examples=40, deadline=None)
@given(BOARDS)
def test_every_board_is_valid_by_the_schema_of_have_1_0(said: ToldBoard) -> None:
    made = have.have(said)
    assert made is None or wrong_by("have", have.have_bytes(made)) == ""


@settings(max_examples=40, deadline=None)
@given(BOARDS)
def test_every_board_is_valid_by_the_working_draft_of_have_2_0(said: ToldBoard) -> None:
    made = have_draft.have_draft(said)
    assert made is None or wrong_by("have-draft", have_draft.draft_bytes(made)) == ""


@settings(max_examples=40, deadline=None)
@given(BOARDS)
def test_every_board_passes_the_writers_own_check(said: ToldBoard) -> None:
    one, two = have.have(said), have_draft.have_draft(said)
    assert one is None or wrong_in(one, have.SHAPE) == ()
    assert two is None or wrong_in(two, have_draft.SHAPE) == ()


@pytest.mark.parametrize(
    ("state", "traffic"),
    [
        (ServiceState.OPEN, "Normal"),
        (ServiceState.LIMITED, "Advisory"),
        (ServiceState.DIVERT, "Closed"),
        (ServiceState.CLOSED, "Closed"),
        (ServiceState.NO_REPORT, ""),
    ],
)
def test_no_report_is_no_traffic_status(state: ServiceState, traffic: str) -> None:
    hospital = first(one_zero(lakeside(state)))
    path = ("EmergencyDepartmentStatus", "EMSTraffic", "EMSTrafficStatus")
    assert hospital.words(*path) == traffic


def test_a_reader_sees_how_old_a_state_is_and_when_it_ends() -> None:
    hospital = first(one_zero(lakeside(ServiceState.DIVERT)))
    reason = hospital.words("EmergencyDepartmentStatus", "EMSTraffic", "EMSTrafficReason")
    assert reason == (
        "IT outage: record system off. since 2026-11-21T21:00:00-05:00, stated "
        "2026-11-21T21:00:00-05:00 (120 min before this was written), until "
        "2026-11-22T01:00:00-05:00, then not known. Whoever walks in is screened"
    )
    assert hospital.words("LastUpdateTime") == "2026-11-22T02:00:00-00:00"


def test_a_hospital_nobody_spoke_of_is_in_no_document() -> None:
    silent = ToldHospital(code="GRV", name="Green Valley")
    assert have.have(board(silent)) is None
    assert b"Green Valley" not in one_zero(silent, lakeside(ServiceState.OPEN))


def test_over_capacity_is_no_bed_in_1_0_and_below_zero_in_the_draft() -> None:
    full = lakeside(beds=(ToldBeds(kind="ICU", available=-2, baseline=12, counted=NOW),))
    capacity = first(one_zero(full)).child("HospitalBedCapacityStatus")
    assert capacity is not None
    assert capacity.words("BedCapacity", "Capacity", "AvailableCount") == "0"
    assert capacity.words("BedCapacity", "CommentText").startswith("over capacity by 2")
    made = have_draft.have_draft(board(full))
    assert made is not None
    assert b"<have:availableCount>-2</have:availableCount>" in have_draft.draft_bytes(made)


def test_the_draft_says_that_it_is_one() -> None:
    made = have_draft.have_draft(board(lakeside(ServiceState.OPEN)))
    assert made is not None
    comment = made.child("have:reportComment")
    assert comment is not None
    assert comment.text.startswith("DRAFT FORMAT: ")


def test_two_codes_never_become_one_id() -> None:
    assert have_draft.facility_id("A B") == "F-A_20_B"
    assert have_draft.facility_id("A_20_B") != have_draft.facility_id("A B")


def test_what_stands_in_the_wrong_place_is_found() -> None:
    made = have.have(board(lakeside(ServiceState.OPEN)))
    assert made is not None
    hospital = made.children[0]
    turned = Tag("Hospital", children=tuple(reversed(hospital.children)))
    found = wrong_in(turned, have.SHAPE)
    assert "Hospital has no Organization" in found
    assert any("stands in the wrong place" in one for one in found)


def test_three_hundred_hospitals_are_written_within_a_second() -> None:
    services = tuple(
        told(ServiceState.LIMITED, key=ServiceKey("LKS", one), stated=Instant(NOW - HOUR))
        for one in Service
    )
    beds = tuple(
        ToldBeds(kind=kind, available=4, baseline=20, counted=NOW) for kind in ("ward", "ICU")
    )
    many = board(
        *(
            ToldHospital(code=f"H{one}", name=f"Hospital {one}", services=services, beds=beds)
            for one in range(300)
        )
    )
    begun = process_time()
    made = have.have(many)
    assert made is not None
    assert wrong_in(made, have.SHAPE) == ()
    assert len(have.have_bytes(made)) > 1_000_000
    assert process_time() - begun < 2  # under 1 s on a machine that does nothing else
