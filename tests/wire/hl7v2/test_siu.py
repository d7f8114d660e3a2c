"""Schedule messages: who is coming, when, where, and what became of it."""

from __future__ import annotations

import pytest
from tests.wire.hl7v2.entries import PID, PV1, at, reason, told

from wardlight.record.codes import AppointmentState, Coded, Location
from wardlight.record.events.schedule import AppointmentChanged
from wardlight.record.identity import PatientKey
from wardlight.record.instants import DIGITS_MINUTE, Moment

ALPHA = PatientKey("GEN|10001")
SENT = at("2026-11-22 03:15")
TEN = Moment(at("2026-11-23 10:00"), DIGITS_MINUTE)
HIP = "Hip replacement, left"


def appointment(trigger: str, *segments: str) -> AppointmentChanged:
    (change,) = told(f"SIU^{trigger}", *segments).appointments
    return change


def test_a_booking_is_read_whole() -> None:
    found = appointment(
        "S12",
        "SCH|P1^EPIC|F1^CADENCE|||||CHK^Check-up^L|FU^Follow up^L|30|MIN|||||||||||||||Booked\r",
        "NTE|1||Bring the blue card\r",
        PID,
        PV1,
        "RGS|1|A\r",
        "AIS|1|A|ECHO^Echocardiogram^L|202611231000\r",
        "AIL|1|A|CARD^7^^GEN|||202611231000\r",
        "AIP|1|A|77^Osei^Ama\r",
        "AIP|2|D|78^Left^Al\r",
    )
    assert found == AppointmentChanged(
        number="CADENCE|F1",
        patient=ALPHA,
        at=SENT,
        state=AppointmentState.BOOKED,
        starts=TEN,
        minutes=30,
        reason=Coded("CHK", "Check-up", "L"),
        kind=Coded("FU", "Follow up", "L"),
        service=Coded("ECHO", "Echocardiogram", "L"),
        place=Location("CARD", "7", facility="GEN"),
        staff=("Osei, Ama",),
        notes=("Bring the blue card",),
    )


@pytest.mark.parametrize(
    ("trigger", "state"),
    [
        ("S12", "booked"),
        ("S13", "booked"),
        ("S14", None),
        ("S15", "cancelled"),
        ("S16", "cancelled"),
        ("S17", "deleted"),
        ("S18", None),
        ("S19", None),
        ("S20", None),
        ("S21", None),
        ("S22", None),
        ("S23", "blocked"),
        ("S24", "deleted"),
        ("S26", "no show"),
    ],
)
def test_the_trigger_settles_what_became_of_it(trigger: str, state: str | None) -> None:
    found = appointment(trigger, "SCH|P1|F1\r", PID)
    assert found.state == state
    assert told(f"SIU^{trigger}", "SCH|P1|F1\r", PID).anomalies == ()


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Complete", "completed"),
        ("Cancelled", "cancelled"),
        ("Noshow", "no show"),
        ("Waitlist", None),
    ],
)
def test_a_modification_may_state_what_became_of_it(word: str, state: str | None) -> None:
    assert appointment("S14", "SCH|P1|F1" + "|" * 23 + word + "\r", PID).state == state


@pytest.mark.parametrize(
    "segment",
    [
        "AIS|1|A|ECHO|202611231000\r",
        "AIL|1|A|CARD|||202611231000\r",
        "AIP|1|A|77|||202611231000\r",
        "TQ1|1||||||202611231000\r",
        "SCH|P1|F1|||||||||^^^202611231000\r",
    ],
)
def test_the_start_may_stand_in_five_places(segment: str) -> None:
    first = () if segment.startswith("SCH") else ("SCH|P1|F1\r",)
    assert appointment("S12", *first, segment, PID).starts == TEN


@pytest.mark.parametrize(
    ("segments", "minutes"),
    [
        ("SCH|P1|F1|||||||45|MIN^Minutes\r", 45),
        ("SCH|P1|F1|||||||2|HR\r", 120),
        ("SCH|P1|F1\rAIS|1|A|ECHO|202611231000|||20|M\r", 20),
        ("SCH|P1|F1|||||||||^^^202611231000^202611231015\r", 15),
        ("SCH|P1|F1|||||||soon\r", 0),
        ("SCH|P1|F1\r", 0),
    ],
)
def test_the_length_is_in_minutes_and_never_guessed(segments: str, minutes: int) -> None:
    assert appointment("S12", segments, PID).minutes == minutes


def test_the_placers_number_stands_in_for_the_fillers() -> None:
    assert appointment("S12", "SCH|P1\r", PID).number == "GEN|P1"


def test_an_appointment_without_number_is_known_by_patient_and_time() -> None:
    found = appointment("S12", "SCH|\r", "AIS|1|A|ECHO|202611231000\r", PID)
    assert found.number == f"GEN|10001|{TEN.at}"


@pytest.mark.parametrize(
    ("sch", "series"),
    [
        ("SCH|P1^EPIC|F1^CADENCE||G7^EPIC", "G7"),
        ("SCH|P1^EPIC|F1^CADENCE" + "|" * 22 + "F0^CADENCE", "F0"),
        ("SCH|P1^EPIC|F1^CADENCE" + "|" * 24 + "ORD9^EPIC|FIL9^RIS", "FIL9"),
        ("SCH|P1^EPIC|F1^CADENCE", ""),
    ],
)
def test_a_group_a_parent_or_an_order_ties_visits_of_a_course(sch: str, series: str) -> None:
    assert appointment("S12", f"{sch}\r", PID, PV1).series == series


def test_each_patient_of_a_group_has_the_appointment() -> None:
    found = told("SIU^S12", "SCH|P1|F1\r", "PID|||10001\r", "PID|||10002\r", "RGS|1\r").appointments
    assert [change.patient for change in found] == ["GEN|10001", "GEN|10002"]
    assert {change.number for change in found} == {"GEN|F1"}


def test_a_blocked_time_has_no_patient() -> None:
    found = appointment("S23", "SCH|P1|F1\r", "AIS|1|A|ECHO|202611231000\r")
    assert (found.patient, found.state) == (None, AppointmentState.BLOCKED)


def test_an_appointment_tomorrow_puts_nobody_in_a_bed() -> None:
    assert told("SIU^S12", "SCH|P1|F1\r", PID, PV1).stays == ()


def test_resources_stand_in_where_no_staff_is_named() -> None:
    assert appointment("S12", "SCH|P1|F1\r", PID, "AIG|1|A|77^DR OSEI\r").staff == ("DR OSEI",)


def test_a_schedule_message_without_appointment_is_unread() -> None:
    head = "MSH|^~\\&|HIS|GEN|||20261122031500||SIU^S12|1|P|2.5\r"
    assert reason(head + PID) == "no-appointment"
    assert reason(head + "SCH|P1|F1\rPID|||\r") == "no-number"


def test_an_unknown_trigger_of_the_schedule_changes_what_it_states() -> None:
    found = told("SIU^S99", "SCH|P1|F1\r", PID)
    assert found.anomalies == ("trigger unknown",)
    assert found.appointments[0].state is None


@pytest.mark.parametrize(
    ("segments", "procedure"),
    [
        (("SCH|P1|F1\r", "AIS|1|A|27130^Hip replacement, left\r", "AIL|1|A|OR^3\r"), HIP),
        (("SCH|P1|F1\r", "AIS|1|A|27130^Hip replacement, left\r", "AIL|1|A|MAIN^OR 3\r"), HIP),
        (("SCH|P1|F1||||||SURGERY^Surgery\r", "AIS|1|A|^Hip replacement, left\r"), HIP),
        (
            ("SCH|P1|F1\r", "AIS|1|A|^Hip replacement, left\r", "AIL|1|A|B2|OR^Operating room\r"),
            HIP,
        ),
        (("SCH|P1|F1|||||X^Hip replacement, left\r", "AIL|1|A|MOR-12\r"), HIP),
        (("SCH|P1|F1\r", "AIL|1|A|OR^1\r"), "Operation, not named"),
        (("SCH|P1|F1\r", "AIS|1|A|^Pre-operative visit\r", "AIL|1|A|SURG^1\r"), ""),
        (("SCH|P1|F1\r", "AIS|1|A|^Knee check\r", "AIL|1|A|ORTHO\r"), ""),
        (("SCH|P1|F1\r", "AIS|1|A|^Hand exercises\r", "AIL|1|A|OT^2\r"), ""),
        (("SCH|P1|F1\r",), ""),
    ],
)
def test_an_appointment_in_a_theatre_is_an_operation(
    segments: tuple[str, ...], procedure: str
) -> None:
    assert appointment("S12", *segments, PID).procedure == procedure


def test_a_patient_who_did_not_come_does_not_change_what_was_to_be_operated() -> None:
    assert appointment("S26", "SCH|P1|F1\r", "AIL|1|A|OR^1\r", PID).procedure == ""
