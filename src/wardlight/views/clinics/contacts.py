"""Who was rung and told what, who is being rung now, and how a patient may be reached.

Leases are an agent's or a call sheet's hold on a patient. Of two that overlap the earlier entry
counts, on every node alike. Whether an agent's holds now follows from the time alone; a sheet's
holds until the sheet is dealt with (`views.clinics.call_sheets`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct, convert, to_builtins

from wardlight.record.entry import Entry
from wardlight.record.events.charting import EntryVoided
from wardlight.record.events.contact import (
    REACHED,
    SENT,
    ContactAdvised,
    ContactAttempted,
    ContactLeased,
    ContactRestricted,
    InboundAnswered,
    Outcome,
    Told,
)
from wardlight.record.events.entered import Entered
from wardlight.record.events.paperwork import SheetsMarked
from wardlight.record.identity import PatientKey
from wardlight.record.instants import HOUR, Instant
from wardlight.views.clinics.call_sheets import GONE, CallSheet, CallSheets, gone, serials_of
from wardlight.views.kept_rows import Row, Rows, row_of

Said = (
    ContactLeased
    | ContactAttempted
    | ContactAdvised
    | ContactRestricted
    | InboundAnswered
    | SheetsMarked
)
FREE = ContactRestricted()
RESTS_MS = 2 * HOUR  # after a try that reached nobody
APART_MAX = 64  # rows looked at behind one that came late; behind more all are gone through


class Lease(Struct, frozen=True, kw_only=True, gc=False):
    """Whose a patient is to ring, from when until when."""

    agent: str  # account
    by: str
    since: Instant
    until: Instant
    sheet: str = ""  # serial of the patient's call sheet; "" for an agent at a screen
    id: str = ""

    def holds(self, now: Instant) -> bool:
        """Return whether the patient is theirs now; given back it never does, on paper it lasts."""
        return self.since < self.until and (bool(self.sheet) or now < self.until)


class Telling(Struct, frozen=True, kw_only=True, gc=False):
    """One time an appointment's plan was told, or sent."""

    told: Told
    outcome: Outcome
    at: Instant
    by: str


class Contacts:
    """Every try to reach somebody."""

    def __init__(self) -> None:
        self._rows: Rows[Said] = Rows()
        self._clear()

    def _clear(self) -> None:
        self._attempts: dict[PatientKey, list[Row[Any]]] = {}
        self._advice: dict[PatientKey, list[Row[Any]]] = {}
        self._restricted: dict[PatientKey, Row[Any]] = {}
        self._leases: dict[PatientKey, Lease] = {}
        self._released: dict[PatientKey, Instant] = {}
        self._held: dict[str, PatientKey] = {}
        self._sheets = CallSheets()
        self._told: dict[str, list[Telling]] = {}
        self._last: dict[PatientKey, Row[Any]] = {}
        self._promised: dict[PatientKey, Row[Any]] = {}

    def take(self, entry: Entry, entered: Entered) -> bool:
        """Take an entry of staff into account; return whether it is about reaching somebody."""
        said = entered.said
        taken_back = self._rows.take_back(entered.corrects) if entered.corrects else False
        if isinstance(said, EntryVoided):
            if self._rows.take_back(said.entry):
                self._replay()
                return True
            return False
        if not isinstance(said, Said):
            return False
        if isinstance(said, InboundAnswered) and not (said.told or taken_back):
            return False  # a call about something else
        if isinstance(said, SheetsMarked) and said.mark not in GONE:
            if taken_back:  # "missing" was put right
                self._replay()
            return taken_back
        row = row_of(entry, entered, said)
        at_once = self._rows.add(row) or self._is_apart(row)
        if at_once and not taken_back:
            self._count(row)
        else:
            self._replay()
        return True

    def _is_apart(self, row: Row[Said]) -> bool:
        """Return whether a row counts the same before and after those that stand behind it.

        Two hundred who ask in one moment share milliseconds, and of those half come in another
        order than that of their ids: going through all rows for each would hold everybody up.
        """
        if row.id in self._rows.gone:
            return False
        later = self._rows.after(row)
        subjects = self._subjects(row)
        return len(later) <= APART_MAX and all(
            subjects.isdisjoint(self._subjects(one)) for one in later
        )

    def lease(self, patients: Iterable[PatientKey], now: Instant) -> Lease | None:
        """Return who has somebody now; `patients` are all numbers one person is known by."""
        for one in patients:
            found = self._leases.get(one)
            if found is not None and found.holds(now) and not self._is_done(one, found):
                return found
        return None

    def held_by(self, agent: str, now: Instant) -> PatientKey | None:
        """Return whom an agent has on the phone now; None for nobody."""
        patient = self._held.get(agent)
        found = self._leases.get(patient) if patient is not None else None
        if patient is None or found is None or found.agent != agent or found.sheet:
            return None
        return patient if found.holds(now) and not self._is_done(patient, found) else None

    def rests(self, patient: PatientKey, now: Instant) -> bool:
        """Return whether somebody is not to be rung just now: tried lately, or held by another.

        Looks at this one number alone, so that a long list is gone through quickly.
        """
        last = self._last.get(patient)
        again = again_after(last) if last is not None else None
        return (again is not None and again > now) or self.lease((patient,), now) is not None

    def call_backs(self, now: Instant) -> tuple[PatientKey, ...]:
        """Return who was promised a call whose time has come, the longest waiting first."""
        due = [
            (row.said.call_back, patient)
            for patient, row in self._promised.items()
            if row.said.call_back <= now
        ]
        return tuple(patient for _, patient in sorted(due))

    def sheet(self, code: str) -> CallSheet | None:
        """Return a call sheet by the eleven characters of its serial; None for no call sheet."""
        return self._sheets.sheet(code)

    def sheets(self, site: str) -> tuple[CallSheet, ...]:
        """Return the call sheets of a site, in the order they were given out."""
        return self._sheets.of(site)

    def attempts(self, patients: Iterable[PatientKey]) -> tuple[Row[ContactAttempted], ...]:
        """Return the tries to reach somebody, oldest first."""
        return _sorted(self._attempts, patients)

    def advice(self, patients: Iterable[PatientKey]) -> tuple[Row[ContactAdvised], ...]:
        """Return what nurses said to somebody, oldest first."""
        return _sorted(self._advice, patients)

    def restriction(self, patients: Iterable[PatientKey]) -> ContactRestricted:
        """Return how somebody may be reached; the newest word counts."""
        found = [self._restricted[one] for one in patients if one in self._restricted]
        return max(found, key=Row.happened).said if found else FREE

    def told(self, appointment: str) -> tuple[Telling, ...]:
        """Return what was told of an appointment, oldest first."""
        return tuple(self._told.get(appointment, ()))

    def all_attempts(self, site: str) -> list[Row[ContactAttempted]]:
        """Return every try of a site, in the order of the log."""
        every: list[Row[Any]] = list(self._rows.standing())
        return [row for row in every if row.site == site and isinstance(row.said, ContactAttempted)]

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        return {"rows": to_builtins(self._rows.rows), "gone": sorted(self._rows.gone)}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        self._rows.rows = convert(kept["rows"], list[Row[Said]])
        self._rows.gone = set(kept["gone"])
        self._replay()

    def _replay(self) -> None:
        self._clear()
        for row in self._rows.standing():
            self._count(row)

    def _count(self, row: Row[Said]) -> None:
        match row.said:
            case ContactLeased():
                self._lease(row, row.said)
            case ContactAttempted():
                self._attempts.setdefault(row.patient, []).append(row)
                self._tell(row, row.said)
            case InboundAnswered():  # who rang in and proved who they are knows as well
                self._note_told(row, row.said.told, Outcome.TOLD)
            case ContactAdvised():
                self._advice.setdefault(row.patient, []).append(row)
            case ContactRestricted():
                before = self._restricted.get(row.patient)
                if before is None or before.happened() < row.happened():
                    self._restricted[row.patient] = row
            case SheetsMarked():
                self._lose(gone(row.said))

    def _lease(self, row: Row[Said], said: ContactLeased) -> None:
        """Give an agent these patients, without those another has."""
        serials = self._sheets.give_out(row, said)
        for at, patient in enumerate(said.patients):
            sheet = serials[at] if serials else ""
            before = self._leases.get(patient)
            if before is not None and self._keeps(patient, before, row, sheet):
                continue
            self._leases[patient] = Lease(
                agent=said.agent,
                by=row.by,
                since=row.recorded,
                until=said.until,
                sheet=sheet,
                id=row.id,
            )
            if not sheet:
                self._held[said.agent] = patient

    def _lose(self, codes: Iterable[str]) -> None:
        """Let go of patients whose sheets nobody waits for any more."""
        for code in codes:
            sheet = self._sheets.sheet(code)
            lease = self._leases.get(sheet.patient) if sheet is not None else None
            if sheet is not None and lease is not None and lease.sheet == code:
                del self._leases[sheet.patient]

    def _keeps(self, patient: PatientKey, lease: Lease, row: Row[Any], sheet: str) -> bool:
        """Return whether a patient stays whose they are when another asks for them."""
        same = (lease.agent, lease.sheet) == (row.said.agent, sheet)
        return lease.holds(row.recorded) and not same and not self._is_done(patient, lease)

    def _tell(self, row: Row[Any], said: ContactAttempted) -> None:
        """Note what was told or sent; a call frees the patient, what was sent changes no call."""
        self._note_told(row, said.told, said.outcome)
        self._sheets.enter(row)
        if said.outcome in SENT:
            return
        freed = self._released.get(row.patient, Instant(0))
        self._released[row.patient] = max(row.recorded, freed)
        last = self._last.get(row.patient)
        if last is None or last.happened() < row.happened():
            self._last[row.patient] = row
            self._promised.pop(row.patient, None)
            if said.outcome is Outcome.CALL_BACK and said.call_back is not None:
                self._promised[row.patient] = row

    def _note_told(self, row: Row[Any], told: Iterable[Told], outcome: Outcome) -> None:
        for one in told:
            telling = Telling(told=one, outcome=outcome, at=row.occurred, by=row.by)
            self._told.setdefault(one.appointment, []).append(telling)

    def _is_done(self, patient: PatientKey, lease: Lease) -> bool:
        """Return whether the call a lease was for has been written down: the patient is free."""
        return self._released.get(patient, Instant(0)) >= lease.since

    def _subjects(self, row: Row[Any]) -> frozenset[str]:
        """Return whom and what a row changes something for: patients, agents, visits, sheets."""
        said = row.said
        if isinstance(said, ContactLeased):
            return frozenset((*said.patients, f"agent {said.agent}", *serials_of(said)))
        if isinstance(said, SheetsMarked):
            known = (self._sheets.sheet(one) for one in gone(said))
            return frozenset((*gone(said), *(one.patient for one in known if one is not None)))
        told = said.told if isinstance(said, ContactAttempted | InboundAnswered) else ()
        return frozenset((row.patient, *(one.appointment for one in told)))


def again_after(last: Row[ContactAttempted]) -> Instant | None:
    """Return when to try somebody again after this; None for at once."""
    if last.said.outcome in (*REACHED, Outcome.WRONG_NUMBER, Outcome.TOLD_WRONG):
        return None
    return last.said.call_back or Instant(last.occurred + RESTS_MS)


def _sorted(
    kept: dict[PatientKey, list[Row[Any]]], patients: Iterable[PatientKey]
) -> tuple[Row[Any], ...]:
    found = [row for one in patients for row in kept.get(one, ())]
    return tuple(sorted(found, key=Row.happened))
