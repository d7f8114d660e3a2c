from __future__ import annotations

from msgspec import json, msgpack

from wardlight.record import catalogue
from wardlight.record.entry import Entry
from wardlight.record.events.access import (
    AccessEvent,
    ChartOpened,
    GlassBroken,
    GlassReviewed,
    Role,
    SignedIn,
    SignedOut,
    StaffDisabled,
    StaffStated,
    StationNamed,
    access_event,
    kind_of,
)
from wardlight.record.identity import PatientKey
from wardlight.record.instants import HOUR, Instant
from wardlight.views.staff import Staff

ADA = PatientKey("MMH|7041182236")
BEN = PatientKey("MMH|7041182244")
NOW = Instant(1_799_000_000_000)
NURSE = StaffStated(account="amensah", name="RN A. Mensah", role=Role.NURSE, units=("MMH/4E",))


def entry(said: AccessEvent, at: Instant = NOW) -> Entry:
    return Entry(
        node="test",
        position=1,
        site="MMH",
        source=catalogue.STAFF,
        author="test",
        subject="",
        kind=kind_of(said),
        version=1,
        occurred=at,
        recorded=at,
        body=json.encode(said),
        chain=b"",
    )


def told(*said: AccessEvent) -> Staff:
    staff = Staff()
    for number, one in enumerate(said):
        staff.take(entry(one, Instant(NOW + number)))
    return staff


def reopened(staff: Staff) -> Staff:
    again = Staff()
    again.restore(msgpack.decode(msgpack.encode(staff.snapshot())))
    return again


def broken(patient: PatientKey = ADA, id_: str = "a1", until: int = NOW + 4 * HOUR) -> GlassBroken:
    return GlassBroken(
        id=id_,
        account="amensah",
        by="RN A. Mensah",
        patient=patient,
        reason="Emergency on another ward",
        words="arrest call",
        until=Instant(until),
    )


def test_every_kind_of_access_is_in_the_catalogue_and_comes_back_as_it_was_said() -> None:
    said: list[AccessEvent] = [NURSE, broken(), StationNamed(station="s1", name="4E PC 2")]
    assert [access_event(json.encode(one)) for one in said] == said
    assert {kind_of(one) for one in said} < catalogue.ACCESS


def test_the_newest_statement_about_somebody_counts() -> None:
    moved = StaffStated(account="amensah", name="RN A. Mensah", role=Role.CHARGE_NURSE)
    held = told(NURSE, moved).account("amensah")
    assert held is not None
    assert (held.role, held.units) == (Role.CHARGE_NURSE, ())


def test_who_is_disabled_loses_every_session_and_keeps_the_name() -> None:
    staff = told(
        NURSE,
        SignedIn(session="s1", account="amensah", station="a", how="badge"),
        SignedIn(session="s2", account="amensah", station="b", how="badge"),
        SignedIn(session="s3", account="other", station="b", how="badge"),
        StaffDisabled(account="amensah"),
    )
    assert [staff.is_signed_out(one) for one in ("s1", "s2", "s3")] == [True, True, False]
    held = staff.account("amensah")
    assert held is not None
    assert (held.disabled, held.name, held.units) == (True, "RN A. Mensah", ("MMH/4E",))


def test_a_session_ends_once_and_the_others_go_on() -> None:
    staff = told(
        SignedIn(session="s1", account="amensah", station="a", how="badge"),
        SignedIn(session="s2", account="amensah", station="b", how="badge"),
        SignedOut(session="s1", account="amensah"),
    )
    assert staff.sessions_of("amensah") == ("s2",)


def test_broken_glass_opens_one_patient_to_one_person_until_its_time() -> None:
    staff = told(broken())
    assert staff.open_to("amensah", ADA, NOW) is not None
    assert staff.open_to("amensah", BEN, NOW) is None
    assert staff.open_to("bcharge", ADA, NOW) is None
    assert staff.open_to("amensah", ADA, Instant(NOW + 4 * HOUR)) is None


def test_openings_that_wait_for_review_stand_first_newest_first() -> None:
    reviewed = GlassReviewed(id="a2", by="G. Seal", note="was on the arrest team")
    staff = told(broken(id_="a1"), broken(id_="a2"), broken(id_="a3"), reviewed)
    assert [one.said.id for one in staff.openings()] == ["a3", "a1", "a2"]


def test_an_opening_is_reviewed_once_and_by_whom_stays() -> None:
    first = GlassReviewed(id="a1", by="G. Seal", note="right")
    second = GlassReviewed(id="a1", by="H. Admin", note="wrong")
    (opening,) = told(broken(), first, second).openings()
    assert opening.reviewed == first


def test_a_review_of_no_opening_is_left_alone() -> None:
    assert told(GlassReviewed(id="zz", by="G. Seal", note="?")).openings() == ()


def test_readings_are_told_newest_first_and_by_patient() -> None:
    said = [
        ChartOpened(session="s1", account="amensah", by="RN A. Mensah", patient=one)
        for one in (ADA, BEN, ADA)
    ]
    staff = told(*said)
    assert [one.at - NOW for one in staff.readings(ADA)] == [2, 0]
    assert len(staff.readings()) == 3


def test_everything_comes_back_after_a_restart() -> None:
    staff = told(
        NURSE,
        SignedIn(session="s1", account="amensah", station="a", how="badge"),
        SignedOut(session="s0", account="amensah"),
        broken(),
        ChartOpened(session="s1", account="amensah", by="RN A. Mensah", patient=ADA),
        StationNamed(station="a", name="4E PC 2", site="MMH", unit="4E"),
    )
    again = reopened(staff)
    assert again.snapshot() == staff.snapshot()
    assert again.is_signed_out("s0")
    assert again.open_to("amensah", ADA, NOW) is not None
    again.take(entry(StaffDisabled(account="amensah")))
    assert again.is_signed_out("s1")


def test_what_a_later_version_says_is_left_alone() -> None:
    staff = Staff()
    whole = entry(NURSE)
    fields = {name: getattr(whole, name) for name in Entry.__struct_fields__}
    staff.take(Entry(**fields | {"body": b'{"type":"staff.cloned"}'}))
    staff.take(Entry(**fields | {"body": b"\xff"}))
    assert staff.accounts() == ()
