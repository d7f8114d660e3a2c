"""A schedule or a list of free times as CSV (RFC 4180), comma, semicolon or tab."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from wardlight.record.events.schedule import AppointmentChanged, SlotOffered
from wardlight.record.identity import Person
from wardlight.wire.schedule.rows import (
    ROWS_MAX,
    Found,
    Origin,
    Row,
    Trouble,
    appointment_of,
    slot_of,
)

# What exports call the columns.
ALIASES = {
    "appointment number": "appointment",
    "appointment_id": "appointment",
    "visit": "appointment",
    "mrn": "patient",
    "patient_id": "patient",
    "patient number": "patient",
    "last name": "family",
    "family name": "family",
    "first name": "given",
    "given name": "given",
    "dob": "birth",
    "birth date": "birth",
    "start": "starts",
    "time": "starts",
    "duration": "minutes",
    "clinic": "place",
    "department": "place",
    "provider": "staff",
    "visit type": "kind",
    "preparation": "prep",
    "travel": "travel_minutes",
    "order": "series",
    "order number": "series",
    "course": "series",
    "group": "series",
    "harm date": "harm_by",
    "class": "urgency",
    "mobile": "phone",
    "e-mail": "email",
    "email address": "email",
}


def read_csv(text: str, origin: Origin) -> Found:
    """Return what a CSV file says; a row that cannot be used is named by its line."""
    persons: dict[str, Person] = {}
    appointments: list[AppointmentChanged] = []
    slots: list[SlotOffered] = []
    refused: list[tuple[int, str]] = []
    for line, row in _rows(text):
        if isinstance(row, str):
            refused.append((line, row))
            continue
        try:
            if "slot" in row:
                slots.append(slot_of(row, origin))
            else:
                person, change = appointment_of(row, origin)
                appointments.append(change)
                if person is not None:
                    persons[person.key] = person
        except Trouble as trouble:
            refused.append((line, str(trouble)))
    return Found("CSV", tuple(persons.values()), tuple(appointments), tuple(slots), tuple(refused))


def _rows(text: str) -> Iterator[tuple[int, Row | str]]:
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        head = [_name(one) for one in next(reader, [])]
        if not {"appointment", "slot"} & {*head}:
            yield 1, "the first line has neither a column “appointment” nor one called “slot”"
            return
        for number, cells in enumerate(reader):
            if number == ROWS_MAX:
                yield (
                    reader.line_num,
                    f"a file holds at most {ROWS_MAX:,} rows: the rest is not read",
                )
                return
            if any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(head, cells, strict=False))
    except csv.Error as error:
        yield reader.line_num, f"nothing is read from here on: {error}"


def _name(head: str) -> str:
    name = " ".join(head.replace("_", " ").split()).casefold()
    return ALIASES.get(name, ALIASES.get(name.replace(" ", "_"), name.replace(" ", "_")))
