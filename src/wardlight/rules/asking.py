"""What a person asks to have written, what a rule may look at, and what it may answer.

A rule never blocks care: it refuses only what cannot be (a time to come, a stranger's number),
with words that say what to do. Everything else is written, with the warnings beside it and the
reason somebody gave for going on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from msgspec import Struct

from wardlight.record.events.entered import PaperRow, Said, Warned
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.record.sheet_serial import SheetSerial
from wardlight.rules.site_tables import SiteTables
from wardlight.views.fold import Views
from wardlight.views.paperwork.sheets import FormRow, IssuedSheet

OVERRIDE = "override-"  # the field that holds the reason for going on: override-<code of a warning>


class Fields:
    """What stood in a form: names with one or more values, kept as they were typed."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs = tuple(pairs)

    def one(self, name: str) -> str:
        """Return what was typed there, without blanks around it; "" when nothing was."""
        return next((value.strip() for field, value in self.pairs if field == name), "")

    def many(self, name: str) -> tuple[str, ...]:
        """Return everything that was typed under one name, in order, blank lines left out."""
        return tuple(value.strip() for field, value in self.pairs if field == name if value.strip())

    def lines(self, *names: str) -> tuple[tuple[str, ...], ...]:
        """Return the rows of a table whose columns have these names; empty rows are left out."""
        columns = [[value.strip() for field, value in self.pairs if field == one] for one in names]
        longest = max((len(column) for column in columns), default=0)
        rows = [
            tuple(column[at] if at < len(column) else "" for column in columns)
            for at in range(longest)
        ]
        return tuple(row for row in rows if any(row))


class Author(Struct, frozen=True):
    """Who writes: an account, the name a ward knows them by, their role and station."""

    account: str
    name: str
    role: str = ""
    station: str = ""


class Asked(Struct, frozen=True, kw_only=True):
    """One form as it was filled in. `made` is when, by the device's own clock."""

    id: str
    kind: str
    site: str
    author: Author
    fields: Fields
    patient: PatientKey = PatientKey("")
    made: Instant | None = None
    skew: int | None = None  # device clock minus ours, in ms; None: never measured
    corrects: str = ""
    drill: bool = False  # the page it was made on was in a drill

    def reason_for(self, code: str) -> str:
        """Return why the person goes on in spite of a warning; "" when none was given."""
        return self.fields.one(OVERRIDE + code)


class Refusal(Struct, frozen=True):
    """Why an entry cannot be written as it stands, and field by field what to do about it."""

    because: str
    fields: dict[str, str] = {}


class Accepted(Struct, frozen=True, kw_only=True):
    """What is written, when it happened, and what the person was warned of."""

    said: Said
    occurred: Instant
    patient: PatientKey = PatientKey("")
    warnings: tuple[Warned, ...] = ()
    claims: tuple[str, ...] = ()  # what this takes for itself: nobody else may have it meanwhile
    paper: PaperRow | None = None  # the row of a scanned sheet it was typed from


class Ground(Struct, frozen=True, kw_only=True):
    """What a rule may look at: the views, the node's time, the site's clock and its tables."""

    views: Views
    now: Instant
    zone: str
    site: str
    tables: SiteTables | None = None  # None: nothing is looked up, and nothing is warned of
    claimed: Collection[str] = ()  # by entries that are accepted and not on disk yet
    printed_past: Mapping[SheetSerial, IssuedSheet] = {}  # issued with this entry, when it is kept
    rows: Mapping[str, tuple[FormRow, ...]] = {}  # of forms: which rows become which entries

    def sheet(self, serial: SheetSerial) -> IssuedSheet | None:
        """Return a sheet of the register, or of a pack that was printed past the node."""
        return self.views.paperwork.sheet(serial) or self.printed_past.get(serial)


Rule = Callable[[Asked, Ground], Accepted | Refusal]
