"""Staff rosters as hospitals export them: CSV, LDIF (RFC 2849), HL7 v2 MFN^M02 (§8.7).

Identity and role only are read; whatever looks like a secret is left alone. What cannot be read is
named by its line. Somebody who is missing has not left; somebody who is said to have left has:
MFE-1 MDL or MDC (§8.5.2), a disabled account of a directory, a status in words.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from wardlight.record.events.access import Role, StaffStated
from wardlight.record.problems import Problem
from wardlight.wire.file_text import file_text
from wardlight.wire.hl7v2.message import Message, Segment

PEOPLE_MAX = 50_000
# What rosters call the columns, and the attributes of inetOrgPerson (RFC 2798).
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "account": ("account", "username", "user", "login", "uid", "samaccountname", "employeeid"),
    "name": ("name", "display name", "displayname", "full name", "cn"),
    "role": ("role", "title", "job title", "position", "employeetype"),
    "sites": ("site", "sites", "facility", "l", "physicaldeliveryofficename"),
    "units": ("unit", "units", "ward", "wards", "department", "departmentnumber", "ou"),
    "status": ("status", "employment status", "active", "enabled"),
}
LEFT = frozenset({"inactive", "terminated", "disabled", "left", "no", "false", "0", "mdl", "mdc"})
ACCOUNT_DISABLED = 2  # of userAccountControl (MS-ADTS §2.2.16)
ROLES: Mapping[str, Role] = {
    **{str(role): role for role in Role},
    "rn": Role.NURSE,
    "registered nurse": Role.NURSE,
    "staff nurse": Role.NURSE,
    "lpn": Role.NURSE,
    "ambulatory nurse": Role.CLINIC_NURSE,
    "outpatient nurse": Role.CLINIC_NURSE,
    "telephone triage nurse": Role.CLINIC_NURSE,
    "nurse manager": Role.CHARGE_NURSE,
    "charge rn": Role.CHARGE_NURSE,
    "md": Role.PHYSICIAN,
    "do": Role.PHYSICIAN,
    "doctor": Role.PHYSICIAN,
    "resident": Role.PHYSICIAN,
    "attending": Role.PHYSICIAN,
    "pharmd": Role.PHARMACIST,
    "rph": Role.PHARMACIST,
    "medical technologist": Role.LAB,
    "lab tech": Role.LAB,
    "laboratory": Role.LAB,
    "registrar": Role.REGISTRATION,
    "call center agent": Role.CONTACT_AGENT,
    "call centre agent": Role.CONTACT_AGENT,
    "patient access representative": Role.CONTACT_AGENT,
    "scheduling coordinator": Role.SCHEDULER,
    "unit clerk": Role.CLERK,
    "him": Role.HIM,
    "him specialist": Role.HIM,
    "health information technician": Role.HIM,
    "medical records": Role.HIM,
    "medical records clerk": Role.HIM,
}
BROKEN = "\0broken"  # no column can be called this
Row = tuple[int, Mapping[str, str]]


class Roster(Struct, frozen=True):
    """What a roster file says, and which of its lines nobody could be made of."""

    kind: str  # CSV, LDIF, MFN
    people: tuple[StaffStated, ...] = ()
    left: tuple[str, ...] = ()  # accounts that are said to have left
    refused: tuple[tuple[int, str], ...] = ()


def read_roster(body: bytes) -> Roster:
    """Return the people of a roster file, whichever of the three it is."""
    text = file_text(body)
    if text.startswith("MSH"):
        return _gathered("MFN", _mfn_rows(body.removeprefix(codecs.BOM_UTF8)))
    if text.lstrip().lower().startswith(("dn:", "version:", "#")):
        return _gathered("LDIF", _ldif_rows(text))
    return _gathered("CSV", _csv_rows(text))


def _gathered(kind: str, rows: Iterator[Row]) -> Roster:
    people: dict[str, StaffStated] = {}
    left: dict[str, None] = {}
    refused: list[tuple[int, str]] = []
    for line, row in rows:
        if len(people) >= PEOPLE_MAX:
            refused.append((line, f"a roster holds at most {PEOPLE_MAX:,} people"))
            break
        found = {name: _first(row, columns) for name, columns in COLUMNS.items()}
        made = _person(kind, found)
        if found["account"] and _has_left(found, row):
            left[found["account"].casefold()] = None
        elif isinstance(made, str):
            refused.append((line, row.get(BROKEN) or made))
        else:
            people[made.account] = made
    gone = tuple(one for one in left if one not in people)
    return Roster(kind, tuple(people.values()), gone, tuple(refused))


def _has_left(found: Mapping[str, str], row: Mapping[str, str]) -> bool:
    control = row.get("useraccountcontrol", "").strip()
    off = control.isascii() and control.isdigit() and bool(int(control[:10]) & ACCOUNT_DISABLED)
    return off or found["status"].casefold() in LEFT


def _person(kind: str, found: Mapping[str, str]) -> StaffStated | str:
    """Return one person, or why the row is none."""
    role = ROLES.get(found["role"].casefold())
    if not found["account"]:
        return "no account is named"
    if role is None:
        said = found["role"] or "nothing"
        return f"the role “{said[:40]}” is not one of ours: {', '.join(Role)}"
    sites = tuple(found["sites"].replace(";", " ").split())
    units = tuple(found["units"].replace(";", " ").split())
    if len(sites) == 1:
        units = tuple(unit if "/" in unit else f"{sites[0]}/{unit}" for unit in units)
    return StaffStated(
        account=found["account"].casefold(),
        name=found["name"] or found["account"],
        role=role,
        sites=sites,
        units=units,
        origin=kind,
    )


def _first(row: Mapping[str, str], columns: Iterable[str]) -> str:
    return next((row[one].strip() for one in columns if row.get(one, "").strip()), "")


def _csv_rows(text: str) -> Iterator[Row]:
    sample = text.partition("\n")[0]
    delimiter = max(",;\t", key=sample.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        head = [one.strip().casefold() for one in next(reader, [])]
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(head, cells, strict=False))
    except csv.Error as error:
        yield reader.line_num, {BROKEN: f"nothing is read from here on: {error}"}


def _ldif_rows(text: str) -> Iterator[Row]:
    """Give each record; of an attribute that stands twice the first counts."""
    record: dict[str, str] = {}
    starts = 1
    for number, line in _ldif_lines(text):
        if not line.strip():
            if "dn" in record:
                yield starts, record
            record, starts = {}, number + 1
        elif not line.startswith("#") and ":" in line:
            name, _, value = line.partition(":")
            plain = name.partition(";")[0].strip().casefold()  # cn;lang-en is a cn
            record.setdefault(plain, _ldif_value(value))


def _ldif_lines(text: str) -> Iterator[tuple[int, str]]:
    """Give each line with its number and whatever was folded onto the next ones (RFC 2849 §2)."""
    starts, held = 1, ""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if line.startswith(" "):
            held += line[1:]
            continue
        if number > 1:
            yield starts, held
        starts, held = number, line
    yield starts, held
    yield starts + 1, ""


def _ldif_value(value: str) -> str:
    """Return a value; `::` is base 64, `:<` names a file, which is not read."""
    if value.startswith("<"):
        return ""
    if not value.startswith(":"):
        return value.strip()
    try:
        return base64.b64decode(value[1:].strip(), validate=True).decode("utf-8", "replace").strip()
    except (binascii.Error, ValueError):
        return ""


def _mfn_rows(body: bytes) -> Iterator[Row]:
    """Give each staff member: STF-1 or -2 the account, STF-3 the name, STF-18 or PRA-3 the role."""
    message = Message.parse(body, "utf-8")
    if isinstance(message, Problem):
        yield 1, {BROKEN: f"this message cannot be read: {message.because}"}
        return
    row: dict[str, str] = {}
    starts, event = 1, ""
    for number, segment in enumerate(message, 1):
        if segment.name == "MFE":
            event = segment.text(1)
        elif segment.name == "STF":
            if row:
                yield starts, row
            starts, row = number, {**_stf(segment), "status": event}
        elif segment.name == "PRA" and row:
            row["role"] = row["role"] or segment.text(3, 2) or segment.text(3)
    if row:
        yield starts, row


def _stf(segment: Segment) -> dict[str, str]:
    """Return who a staff segment names: STF-2 is their id, STF-3 the name, STF-18 the title."""
    family, given = segment.text(3), segment.text(3, 2)
    return {
        "account": segment.text(2) or segment.text(1),
        "name": f"{given} {family}".strip(),
        "role": segment.text(18),
        "site": segment.text(8, 2),
        "unit": segment.text(8),
    }
