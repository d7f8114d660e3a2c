"""What goes into one patient's chart: allergies, problems, alerts, orders, doses, results.

Read from a message when somebody opens the chart, and folded in the order things happened.
Empty means not stated. Sources: HL7 v2.5.1 chapters 3 (AL1, NK1, DG1), 4 (ORC, RXE, RXR, TQ1,
RXA), 7 (OBR, OBX), 12 (PRB).
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.record.codes import Coded, DoseState, OrderKind, OrderState, ResultState
from wardlight.record.instants import Moment


class Change(StrEnum):
    """What a statement does to what was known (HL7 tables 0206 and 0287)."""

    ADD = "add"
    UPDATE = "update"
    END = "end"  # ended, not erased: stays visible as ended
    NO_CHANGE = "no change"


class Allergy(Struct, frozen=True, kw_only=True, gc=False):
    """One agent a patient reacts to."""

    agent: Coded
    category: str = ""  # table 0127 as sent: DA drug, FA food, MA … ; local values kept
    severity: str = ""  # SV MO MI U as sent; "" means severity not stated
    reactions: tuple[str, ...] = ()
    onset: Moment | None = None
    status: str = ""  # IAM-17 table 0438 as sent


class AllergyChange(Struct, frozen=True, kw_only=True, gc=False):
    """One allergy said, changed or ended."""

    key: str  # IAM-7, else the agent's key: what later statements of it share
    change: Change
    allergy: Allergy


class AllergiesReported(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """A source's statement on allergies.

    `replaces` is true only for a source declared complete: what it had said before and does
    not say again has ended. `cleared` is an explicit empty list (`AL1|1||""`). `none_known` is
    somebody's assertion of no known allergies, which silence never is.
    """

    changes: tuple[AllergyChange, ...] = ()
    replaces: bool = False
    cleared: bool = False
    none_known: bool = False


class ProblemChange(Struct, frozen=True, kw_only=True, gc=False):
    """One diagnosis or problem (DG1, PRB)."""

    key: str
    change: Change
    problem: Coded
    kind: str = ""  # DG1-6 A admitting, W working, F final; "" for a problem list entry
    since: Moment | None = None
    resolved: Moment | None = None


class ProblemsReported(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """A source's statement on problems; with `replaces` it is the whole set of `group`."""

    changes: tuple[ProblemChange, ...]
    replaces: bool = False
    group: str = ""  # visit and type the set belongs to


class Contact(Struct, frozen=True, kw_only=True, gc=False):
    """Somebody to ring (NK1, GT1)."""

    key: str
    name: str
    relation: str = ""
    phones: tuple[str, ...] = ()
    role: str = ""


class ContactsReported(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """A source's statement on contacts."""

    contacts: tuple[Contact, ...] = ()
    replaces: bool = False
    cleared: bool = False


class AlertReported(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """Code status, isolation, falls, airway: by a site's own list of where its sender puts them."""

    alert: str  # "code status", "isolation", "falls" …
    text: str
    on: bool = True


class DietReported(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """A diet order's words (ODS); `number` is the order's."""

    number: str
    text: str
    on: bool = True


class Timing(Struct, frozen=True, kw_only=True, gc=False):
    """When an order is to be carried out (TQ1, or TQ of RXE-1, ORC-7, OBR-27)."""

    pattern: str = ""  # as sent: BID, Q6H, QHS, PRN …
    times: tuple[str, ...] = ()  # explicit local times of day, HH:MM
    starts: Moment | None = None
    ends: Moment | None = None
    priority: str = ""  # S stat, A asap, R routine, PRN
    text: str = ""
    as_needed: bool = False


class MedicationDetail(Struct, frozen=True, kw_only=True, gc=False):
    """What is to be given. Amounts are text exactly as sent: nothing is rounded or converted."""

    drug: Coded
    dose: str = ""  # RXE-3, or RXE-3 and RXE-4 as "2-4"
    unit: str = ""
    form: str = ""
    strength: str = ""
    strength_unit: str = ""
    rate: str = ""
    rate_unit: str = ""
    route: str = ""
    site: str = ""
    instructions: str = ""
    indication: str = ""
    components: tuple[str, ...] = ()  # RXC: parts of an IV or compound, in words
    timing: Timing = Timing()
    verified: bool = False  # from the pharmacist (RDE) rather than the prescriber (RXO)


class OrderChanged(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """An order was placed, replaced, held, resumed or stopped."""

    number: str  # filler, else placer, `authority|value`
    other_number: str = ""  # the other of the two, when both were sent
    control: str = ""  # ORC-1 as sent
    kind: OrderKind = OrderKind.OTHER
    state: OrderState = OrderState.ACTIVE
    what: Coded = Coded()  # OBR-4 for tests; the drug for medicines
    detail: MedicationDetail | None = None
    replaces: str = ""  # ORC-8 parent or the number that RO/RP ends
    prescriber: str = ""
    ordered: Moment | None = None
    timing: Timing = Timing()
    full: bool = False  # XO and NW state the whole detail; SC only the state
    as_received: str = ""  # the source string for display beside anything formatted
    reason: str = ""  # why it was stopped, held or taken up again, and on whose word


class DoseRecorded(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """A dose was given, refused or not given (RXA)."""

    order: str  # order number, "" when the sender names none
    other_order: str = ""
    drug: Coded
    at: Moment  # RXA-3
    amount: str = ""
    unit: str = ""
    state: DoseState = DoseState.GIVEN
    reason: str = ""  # RXA-18 refusal, RXA-9 note
    by: str = ""
    route: str = ""
    site: str = ""
    entered: Moment | None = None  # RXA-22
    note: str = ""  # how: rate and step of an infusion, second check, what a PRN dose was for
    removed: bool = False  # RXA-21 D: charted in error
    key: str = ""  # order + time + drug: what a correction shares


class Observation(Struct, frozen=True, kw_only=True, gc=False):
    """One line of a report (OBX). The value is text exactly as sent."""

    test: Coded
    sub: str = ""  # OBX-4
    value: str = ""
    unit: str = ""
    range: str = ""
    flags: tuple[str, ...] = ()  # table 0078: LL HH AA < > …
    state: ResultState = ResultState.NOT_STATED
    at: Moment | None = None  # OBX-14, else OBR-7
    kind: str = ""  # OBX-2 as sent
    notes: tuple[str, ...] = ()  # NTE after this OBX
    by: str = ""


class ResultsReported(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """One report: an OBR and its OBX lines."""

    number: str  # filler order number, else placer; "" when none
    other_number: str = ""
    test: Coded
    state: ResultState
    collected: Moment | None = None  # OBR-7
    reported: Moment | None = None  # OBR-22
    section: str = ""  # OBR-24 as sent: LAB, RAD, MB …
    parent: str = ""  # OBR-29
    specimen: str = ""
    observations: tuple[Observation, ...] = ()
    notes: tuple[str, ...] = ()


class DocumentFiled(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """A letter, note or report as a document (MDM)."""

    number: str  # TXA-12
    title: str
    state: str = ""  # TXA-17 as sent
    written: Moment | None = None
    author: str = ""
    text: str = ""
    replaces: str = ""
    removed: bool = False


class DoseOfVaccine(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """An immunisation (VXU)."""

    vaccine: Coded
    at: Moment
    state: DoseState = DoseState.GIVEN
    key: str = ""


class Check(StrEnum):
    """What somebody says of an order that another wrote."""

    VERIFIED = "verified"  # by the pharmacist
    CLARIFY = "clarify"  # the pharmacist asks the prescriber
    NOTED = "noted"  # by the nurse
    DONE = "carried out"


class OrderChecked(Struct, frozen=True, kw_only=True, gc=False, tag="order.checked"):
    """A pharmacist verified an order or asks about it; a nurse noted it or carried it out."""

    number: str
    what: Coded
    check: Check
    note: str = ""


class EntryVoided(Struct, frozen=True, kw_only=True, gc=False, tag="entry.voided"):
    """An entry of staff was made in error. It stays in the log; charts leave it out and say so."""

    entry: str  # its id
    reason: str


class EntrySeen(Struct, frozen=True, kw_only=True, gc=False, tag="entry.seen"):
    """Somebody looked at an entry that asked for a person, and says what came of it."""

    entry: str  # its id
    note: str


ChartEvent = (
    AllergiesReported
    | ProblemsReported
    | ContactsReported
    | AlertReported
    | DietReported
    | OrderChanged
    | DoseRecorded
    | ResultsReported
    | DocumentFiled
    | DoseOfVaccine
    | OrderChecked
    | EntryVoided
)
