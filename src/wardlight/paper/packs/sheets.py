"""What a ward pack is made of: a unit, its patients by bed, and the words every page carries."""

from __future__ import annotations

from msgspec import Struct

from wardlight.paper.sheet_codes import PrintRun
from wardlight.record.identity import Person
from wardlight.record.instants import Instant
from wardlight.views.bedside.mar import Mar
from wardlight.views.facts import Chart
from wardlight.views.laboratory.results import Results
from wardlight.views.rows import Appointment, Stay


class PatientSheets(Struct, frozen=True, kw_only=True):
    """Everything the sheets of one patient are drawn from."""

    person: Person
    stay: Stay
    chart: Chart
    mar: Mar
    results: Results
    appointments: tuple[Appointment, ...] = ()
    bed_conflict: bool = False
    name_alert: bool = False


class UnitPack(Struct, frozen=True, kw_only=True):
    """One unit's pack: who is on it, and what stands at the head and foot of every page."""

    site: str  # name of the hospital
    unit: str
    zone: str
    paper: str  # "letter" or "a4"
    now: Instant  # when it is printed
    as_of: Instant | None  # when the site's feeds were last heard; None: never
    mode: str  # READY, DOWNTIME, DRILL and so on
    off_since: Instant | None = None
    run: PrintRun | None = None  # serials and seal; None: papers that leave with the patient
    patients: tuple[PatientSheets, ...] = ()  # in the order of the beds
    alone: bool = False  # the sheets of one patient, without the census of the unit
    head: str = ""  # signed head of the log (C2SP checkpoint) as it was printed; "" without one

    def serials(self) -> PrintRun:
        """Return the serials of its sheets; every sheet of a ward has one."""
        assert self.run is not None, "a pack is drawn with its serials"
        return self.run


class Pdf(Struct, frozen=True):
    """A finished document."""

    body: bytes
    pages: int


class Undrawable(Struct, frozen=True):
    """Text of a patient that the fonts cannot draw: told before printing, never a box."""

    bed: str
    where: str  # "name", "allergies" …
    characters: tuple[str, ...]  # as U+0E01

    def sentence(self) -> str:
        """Return what an administrator has to know; the name itself is not in it."""
        return f"bed {self.bed}: {self.where} holds {', '.join(self.characters)}"
