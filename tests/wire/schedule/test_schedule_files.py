"""Schedules as clinics export them, in three formats, and what is said of rows nobody can use."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from wardlight.record.codes import AppointmentState
from wardlight.record.instants import Instant
from wardlight.wire.schedule.reading import read_schedule
from wardlight.wire.schedule.rows import BYTES_MAX, Found, Origin

ORIGIN = Origin("MMH", "America/New_York", "MMH", Instant(1_795_507_200_000))
NINE = Instant(1_795_528_800_000)  # 2026-11-24 09:00 in New York


def read(text: str) -> Found:
    return read_schedule(text.encode(), ORIGIN)


def test_a_csv_row_becomes_an_appointment_and_its_patient() -> None:
    found = read(
        "Appointment,MRN,Last name,First name,DOB,Phone,Language,Start,Duration,Clinic,Prep\n"
        "77,0042,Sample,Ada,1958-03-09,555-0100,es,2026-11-24 09:00,30,INFUSION,fasting\n"
    )
    [visit], [person] = found.appointments, found.persons
    assert (visit.number, visit.patient) == ("MMH|77", "MMH|0042")
    assert visit.starts is not None
    assert (visit.starts.at, visit.minutes, visit.prep) == (NINE, 30, "fasting")
    assert (person.name.family, person.phones, person.language) == ("Sample", ("555-0100",), "es")


def test_a_csv_has_an_e_mail_address_that_can_be_one() -> None:
    head = "appointment,patient,starts,e-mail\n"
    lines = "1,1,2026-11-24 09:00,ada@example.org\n2,2,2026-11-24 09:00,=ada@example.org\n"
    assert [one.emails for one in read(head + lines).persons] == [("ada@example.org",), ()]


def test_a_day_without_a_time_is_not_taken_for_midnight() -> None:
    found = read("appointment,starts\n1,2026-11-24\n")
    assert found.appointments == ()
    assert found.refused == ((2, "starts is no time such as 2026-11-24 09:00"),)


def test_zeros_before_a_number_hide_no_larger_one() -> None:
    found = read("slot,starts,holds\nS1,2026-11-24 09:00,0000000009999999999\n")
    assert found.slots == ()
    assert found.refused == ((2, "holds is no number from 0 to 200"),)


def test_a_time_with_its_offset_is_taken_as_it_stands() -> None:
    [visit] = read("appointment;starts\n1;2026-11-24T14:00:00+00:00\n").appointments
    assert visit.starts is not None
    assert visit.starts.at == NINE


@pytest.mark.parametrize(
    ("row", "because"),
    [
        (",2026-11-24 09:00,", "the appointment has no number"),
        ("1,11/24/2026 9am,", "starts is no time such as 2026-11-24 09:00"),
        ("1,2026-11-24 09:00,soon", "minutes is no number from 0 to 1440"),
    ],
)
def test_a_row_nobody_can_use_is_named_with_its_line(row: str, because: str) -> None:
    found = read(f"appointment,starts,minutes\n2,2026-11-24 10:00,30\n{row}\n")
    assert found.refused == ((3, because),)
    assert len(found.appointments) == 1


def test_a_file_without_our_columns_is_not_read() -> None:
    assert "neither a column" in read("a,b\n1,2\n").unreadable


def test_free_times_come_as_csv_too() -> None:
    [slot] = read(
        "slot,service,starts,minutes,partner,holds\nS1,CT,2026-11-24 09:00,20,GEN,3\n"
    ).slots
    assert (slot.slot, slot.starts, slot.holds, slot.partner) == ("S1", NINE, 3, "GEN")


def test_a_calendar_made_by_another_library_is_read() -> None:
    event = Event()
    event.add("uid", "ev-1")
    event.add("dtstart", datetime(2026, 11, 24, 14, 0, tzinfo=UTC))
    event.add("dtend", datetime(2026, 11, 24, 14, 45, tzinfo=UTC))
    event.add("summary", "MRI staging")
    event.add("description", "MRN: 0042")
    event.add("x-wardlight-prep", "fasting")
    calendar = Calendar()
    calendar.add_component(event)
    [visit] = read(calendar.to_ical().decode()).appointments
    assert visit.starts is not None
    assert (visit.number, visit.patient, visit.starts.at) == ("MMH|ev-1", "MMH|0042", NINE)
    assert (visit.minutes, visit.reason.text, visit.prep) == (45, "MRI staging", "fasting")


def test_a_series_of_a_calendar_is_refused_with_its_reason() -> None:
    text = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261124T140000Z\r\n"
        "RRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    assert read(text).refused == ((1, "a series is no appointment of one patient"),)


def bundle(**more: Any) -> str:
    visit = {
        "resourceType": "Appointment",
        "id": "f1",
        "status": "booked",
        "start": "2026-11-24T09:00:00-05:00",
        "end": "2026-11-24T09:20:00-05:00",
        "serviceType": [{"text": "Dialysis"}],
        "participant": [{"actor": {"reference": "Patient/p1"}}],
        **more,
    }
    patient = {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [{"value": "0042"}],
        "name": [{"family": "Sample", "given": ["Ada"]}],
        "telecom": [
            {"system": "phone", "value": "555-0100"},
            {"system": "email", "use": "work", "value": "ada@work.example"},
            {"system": "email", "value": "ada@example.org"},
        ],
        "birthDate": "1958-03-09",
    }
    entries = [{"resource": visit}, {"resource": patient}]
    return json.dumps({"resourceType": "Bundle", "entry": entries})


def test_a_bundle_of_fhir_appointments_is_read_with_its_patients() -> None:
    found = read(bundle())
    [visit], [person] = found.appointments, found.persons
    assert visit.starts is not None
    assert (visit.number, visit.starts.at, visit.minutes) == ("MMH|f1", NINE, 20)
    assert (person.key, person.phones, visit.service.text) == (
        "MMH|0042",
        ("555-0100",),
        "Dialysis",
    )
    assert person.emails == ("ada@example.org",)


def test_fhir_appointments_of_one_request_are_a_series() -> None:
    [visit] = read(bundle(basedOn=[{"reference": "ServiceRequest/7"}])).appointments
    assert visit.series == "ServiceRequest/7"


def test_what_a_visit_needs_and_how_far_partners_are_comes_as_csv() -> None:
    head = "appointment,starts,needs,travel_to,order"
    row = "A1,2026-11-24 09:00,contrast; lift,North=45;South Clinic = 90,ORD-7"
    [visit] = read(f"{head}\n{row}\n").appointments
    assert visit.needs == ("contrast", "lift")
    assert visit.travel_to == (("North", 45), ("South Clinic", 90))
    assert visit.series == "ORD-7"


def test_a_cancelled_fhir_appointment_is_cancelled_and_a_waiting_list_is_none() -> None:
    assert read(bundle(status="cancelled")).appointments[0].state is AppointmentState.CANCELLED
    assert "waiting list" in read(bundle(status="waitlist")).refused[0][1]


def test_a_fhir_appointment_in_an_operating_room_is_an_operation() -> None:
    room = {"actor": {"reference": "Location/7", "display": "OR 7"}}
    hip = bundle(participant=[room], serviceType=[{"text": "Hip replacement, left"}])
    assert read(hip).appointments[0].procedure == "Hip replacement, left"
    assert read(bundle(appointmentType={"text": "Surgery"})).appointments[0].procedure == "Dialysis"
    assert read(bundle()).appointments[0].procedure == ""


def test_a_fhir_appointment_built_wrongly_is_refused_and_not_raised() -> None:
    assert "not built like" in read(bundle(participant="Ada")).refused[0][1]


def test_a_file_that_is_too_long_is_not_read() -> None:
    assert "at most 16 MB" in read_schedule(b"x" * (BYTES_MAX + 1), ORIGIN).unreadable


@settings(max_examples=40)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_no_file_whatever_raises(body: bytes) -> None:
    found = read_schedule(body, ORIGIN)
    assert found.unreadable or found.appointments or found.slots


@given(st.text(max_size=200))
def test_no_calendar_whatever_raises(inside: str) -> None:
    found = read(f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{inside}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    assert found.format == "iCalendar"


NAMES = ("resourceType", "start", "participant", "identifier", "name", "status")
ANY_JSON = st.recursive(
    st.none() | st.text(max_size=5) | st.integers(),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inside, max_size=4)
    ),
)


@settings(max_examples=40)
@given(ANY_JSON)
def test_no_json_whatever_raises(value: Any) -> None:
    read(json.dumps({"resourceType": "Bundle", "entry": [{"resource": value}]}))
