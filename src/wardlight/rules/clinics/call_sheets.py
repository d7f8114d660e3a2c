"""Call sheets: who is put on paper for whoever rings without a computer, and what comes back of it.

One sheet is one patient's, so that it can be handed to a nurse, filed and kept by itself. What was
printed on it (numbers, decisions, scripts) is kept with the lease: a call is entered as what was
read out, and not as what is planned by the time the paper comes back.
"""

from __future__ import annotations

from collections.abc import Collection, Container
from itertools import islice

from wardlight.record.events.contact import ContactLeased, SheetLines, ToTell
from wardlight.record.identity import PatientKey
from wardlight.record.instants import HOUR, Instant
from wardlight.record.sheet_serial import SheetSerial, serial_in
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.clinics.contact_texts import Wording, script_of
from wardlight.rules.form import Form
from wardlight.views.clinics.call_sheets import CallSheet
from wardlight.views.clinics.worklist import Moment, Waiting

SHEET_MS = 12 * HOUR  # sheets are expected back after a shift
SHEET_MAX = 40  # patients of one agent and shift
PHONES_MAX, VISITS_MAX = 3, 3  # of one sheet: what has room on it
NOBODY_LEFT = (
    "Nobody is to be rung just now: nothing was decided, or everybody knows or was tried lately."
)
NO_SERIAL = "Sheets are printed from the Calls page: it gives them their numbers."
NO_SHEET = "No call sheet of this site has this number."
OTHER_PATIENT = "This call sheet is another patient's."
GIVEN_BACK = "This sheet was given back unrung: its patient is on the list again."


def give_out(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Put the next patients on paper: nobody else rings them until their sheets are back."""
    typed = asked.fields.one("sheets")
    count = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0  # noqa: PLR2004 -- digits of SHEET_MAX and one more
    if not 0 < count <= SHEET_MAX:
        words = f"Write how many patients, up to {SHEET_MAX}."
        return Refusal(words, {"sheets": words})
    first = serial_in(asked.fields.one("serial"))
    if first is None or _is_used(first, count, ground):
        return Refusal(NO_SERIAL)
    moment = Moment(ground.site, ground.now, ground.zone, asked.fields.one("language"))
    waiting = islice(ground.views.worklist.waiting(moment, claimed_of(ground)), count)
    given = [(one.patient, _lines(one, ground)) for one in waiting]
    if not given:
        return Refusal(NOBODY_LEFT)
    said = ContactLeased(
        patients=tuple(patient for patient, _ in given),
        until=Instant(ground.now + SHEET_MS),
        agent=asked.author.account,
        sheet=first.code(),
        lines=tuple(lines for _, lines in given),
    )
    claims = tuple(claim(patient) for patient in said.patients)
    return Accepted(said=said, occurred=ground.now, claims=claims)


CLAIM = "contact "  # before the number of a patient among what is claimed


def claim(patient: PatientKey) -> str:
    """Return what stands for one patient among what is claimed."""
    return f"{CLAIM}{patient}"


class _Claimed:
    """The patients among what is claimed; nothing is gone through to ask for one."""

    def __init__(self, claimed: Collection[str]) -> None:
        self._claimed = claimed

    def __contains__(self, patient: object) -> bool:
        return f"{CLAIM}{patient}" in self._claimed


def claimed_of(ground: Ground) -> Container[PatientKey]:
    """Return the patients who are being given to another agent just now."""
    return _Claimed(ground.claimed)


def _is_used(first: SheetSerial, count: int, ground: Ground) -> bool:
    """Return whether a serial stands on a paper already: none is ever given twice."""
    paper = ground.views.paperwork
    return any(paper.sheet(first.after(at)) is not None for at in range(count))


def _lines(one: Waiting, ground: Ground) -> SheetLines:
    """Return what a patient's sheet says now."""
    language = one.reach.language()
    wording = (
        Wording(ground.tables.texts, ground.views.inbound, ground.site, ground.now)
        if ground.tables is not None
        else None
    )
    visits = tuple(
        ToTell(
            case.key,
            case.plan,
            wording.text(script_of(case), language).named() if wording is not None else "",
        )
        for case in one.cases[:VISITS_MAX]
    )
    return SheetLines(phones=one.reach.phones()[:PHONES_MAX], visits=visits)


def take_back(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Take a sheet back that nobody rang from: its patient stands on the list again."""
    found = ground.views.contacts.sheet(asked.fields.one("sheet"))
    if found is None or found.lease.site != ground.site:
        return Refusal(NO_SHEET)
    if not found.is_open():
        return Refusal(trouble(found))
    said = ContactLeased(
        patients=(found.patient,),
        until=ground.now,
        agent=found.lease.said.agent,
        sheet=found.serial.code(),
    )
    return Accepted(said=said, occurred=ground.now)


def trouble(sheet: CallSheet) -> str:
    """Return why nothing more is entered from a sheet, in words."""
    if sheet.entered is None:
        return GIVEN_BACK
    row = sheet.entered
    return f"Entered from this sheet already by {row.by}: {row.said.outcome}."


def sheet_trouble(asked: Asked, patient: PatientKey, ground: Ground) -> str:
    """Return why a call is not entered from the sheet it names; "" when it is, or names none.

    A sheet says once how its call ended, of its own patient; what was typed wrongly is corrected.
    """
    code = asked.fields.one("sheet")
    if not code:
        return ""
    found = ground.views.contacts.sheet(code)
    if found is None or found.lease.site != ground.site:
        return NO_SHEET
    if ground.views.people.resolve(found.patient) != patient:
        return OTHER_PATIENT
    if asked.corrects:
        return ""
    if sheet_claim(code) in ground.claimed:
        return "Somebody is entering this sheet at this moment."
    return "" if found.entered is None else trouble(found)


def note_time(form: Form) -> None:
    """Note a call from a sheet without the time that stands on it, or before it was printed."""
    found = form.ground.views.contacts.sheet(form.text("sheet"))
    if found is None:
        return
    if not form.text("at"):
        form.wrong["at"] = "Write when the call ended, as it stands on the sheet."
    form.not_before(found.lease.recorded, "The sheet was printed later than that.")


def sheet_claim(code: str) -> str:
    """Return what stands for one sheet among what is claimed while it is entered."""
    return f"call sheet {code}"
