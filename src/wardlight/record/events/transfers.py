"""The way of a patient to another hospital, step by step (domain.md T1, T2; HICS 254 to 260).

Every statement carries the transfer's number, which is that of its request. What the law asks of
a transfer stands in 42 CFR 489.24(e). A hospital is named by the code of a site of ours or of a
neighbour, else by its name as somebody wrote it: that is compared without case and blanks.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.record.codes import Location
from wardlight.record.events.registration import Leaving, PatientLeft
from wardlight.record.instants import Instant


class BedClass(StrEnum):
    """The kind of bed a patient needs; the same words as beds are counted by."""

    WARD = "ward"
    TELE = "tele"
    ICU = "ICU"
    PAEDIATRICS = "paediatrics"
    NICU = "NICU"
    OB = "OB"
    BURN = "burn"
    PSYCH = "psych"


class Need(StrEnum):
    """What a patient needs beside a bed. Others are written in words."""

    VENTILATOR = "ventilator"
    ISOLATION = "isolation"
    NEGATIVE_PRESSURE = "negative pressure room"
    DIALYSIS = "dialysis"
    CATH_LAB = "cath lab"
    CT = "CT"
    OR = "OR"
    BLOOD = "blood products"
    BARIATRIC = "bariatric bed"
    SITTER = "one-to-one sitter"


class Urgency(StrEnum):
    """How soon a patient has to go (the triage column of HICS 255)."""

    IMMEDIATE = "immediate"
    URGENT = "urgent"
    ROUTINE = "routine"


class Why(StrEnum):
    """Why a patient has to go to another hospital."""

    SERVICE = "service not available"
    HIGHER = "higher level of care"
    CAPACITY = "no bed or no staff"
    EVACUATION = "evacuation"
    WISH = "patient or family asks"
    OTHER = "other"


class TransportLevel(StrEnum):
    """Who and what goes with the patient (the mode column of HICS 255)."""

    CCT = "critical care transport"
    ALS = "ALS"
    BLS = "BLS"
    AIR = "aircraft"
    VAN = "wheelchair van"
    BUS = "bus"
    CAR = "car"


class TransferRequested(Struct, frozen=True, kw_only=True, gc=False, tag="transfer.requested"):
    """A place in another hospital is needed. Said again under the same number, needs changed."""

    request: str
    why: Why
    reason: str  # in words: "CT down since 02:31, acute stroke"
    bed: BedClass
    needs: tuple[str, ...] = ()  # of `Need`, or in words
    urgency: Urgency = Urgency.URGENT
    level: TransportLevel | None = None  # what the patient can travel with; None: not said
    diagnosis: str = ""
    isolation: str = ""  # which; "" is not said
    equipment: str = ""  # drips, lines, devices that go with the patient
    physician: str = ""  # who answers for the transfer on this side
    callback: str = ""  # phone of who knows the patient
    wished: str = ""  # hospital asked for by patient or physician
    place: Location = Location()  # where the patient lay then
    note: str = ""


class TransferOffered(Struct, frozen=True, kw_only=True, gc=False, tag="transfer.offered"):
    """A hospital was asked to take the patient."""

    request: str
    hospital: str
    to: str = ""  # who was asked
    how: str = ""  # phone, radio …
    note: str = ""


class TransferRefused(Struct, frozen=True, kw_only=True, gc=False, tag="transfer.refused"):
    """A hospital said no, or took back its yes."""

    request: str
    hospital: str
    by: str
    reason: str


class TransferAccepted(Struct, frozen=True, kw_only=True, gc=False, tag="transfer.accepted"):
    """A hospital said yes: it has space and qualified people, and agreed (489.24(e)(2)(ii))."""

    request: str
    hospital: str
    by: str  # the physician who accepts
    capable: bool  # space and qualified personnel, as they said
    unit: str = ""
    bed: str = ""
    report_to: str = ""  # nurse who takes the report, and the phone
    note: str = ""


class Basis(StrEnum):
    """What a transfer stands on (489.24(e)(1))."""

    PHYSICIAN = "a physician certifies"
    QUALIFIED = "a qualified person certifies, a physician agreed and signs later"
    REQUEST = "the patient or who speaks for them asks in writing"


class Consent(StrEnum):
    """What the patient said to it."""

    PATIENT = "patient consents"
    REPRESENTATIVE = "representative consents"
    NOT_ASKED = "could not be asked"


class TransferCertified(Struct, frozen=True, kw_only=True, gc=False, tag="transfer.certified"):
    """The certificate was signed; it holds for one hospital (489.24(e)(1) and (2))."""

    request: str
    hospital: str
    basis: Basis
    benefits: str
    risks: str
    stabilised: bool
    treatment: str  # what was done here within capacity to lower the risk
    physician: str  # who certifies, or agreed
    signed_by: str = ""  # the qualified person, where it was not the physician
    consent: Consent
    consent_by: str = ""  # who consented or asked, and how they are related
    asks_because: str = ""  # reasons of the one who asks; "" for a certificate
    absent_on_call: str = ""  # on-call physician who did not come: name and address


class TransportArranged(
    Struct, frozen=True, kw_only=True, gc=False, tag="transfer.transport-arranged"
):
    """Somebody will drive or fly."""

    request: str
    company: str
    level: TransportLevel
    unit: str = ""  # vehicle or run number
    crew: str = ""
    equipment: str = ""  # life support on the way
    pick_up: Instant | None = None
    minutes: int | None = None  # how long it takes to get there; None: not known


class ReportGiven(Struct, frozen=True, kw_only=True, gc=False, tag="transfer.report-given"):
    """The nurse there was told of the patient."""

    request: str
    to: str
    phone: str = ""
    note: str = ""


class DosesStated(Struct, frozen=True, kw_only=True, gc=False, tag="transfer.doses-stated"):
    """Somebody went through the last doses, and wrote down those that no MAR here has."""

    request: str
    checked_by: str
    also: tuple[str, ...] = ()  # given and not in the MAR: drug, dose, time, as written
    none_given: bool = False  # no dose was given during this stay
    next_due: str = ""  # what is due on the way or on arrival


class PendingOwned(Struct, frozen=True, kw_only=True, gc=False, tag="transfer.pending-owned"):
    """Somebody here will ring somebody there when a result comes after the patient left."""

    request: str
    owner: str
    phone: str
    tells: str  # who at the other hospital
    tells_phone: str = ""


class PacketMade(Struct, frozen=True, kw_only=True, gc=False, tag="transfer.packet-made"):
    """The papers for one hospital were made and lie ready."""

    request: str
    hospital: str
    records: bool = True  # summary, MAR and pending results printed or sent
    medicines: bool = False  # the patient's own or running medicines go along
    family: str = ""  # who of the family was told; "" nobody yet
    belongings: str = ""
    imaging: str = ""  # number of the CD with images
    blood: str = ""  # units that go along
    bands: str = ""  # wristband checked, and by whom
    by: str = ""  # how it goes: with the crew, fax …


class TransferDeparted(Struct, frozen=True, kw_only=True, gc=False, tag="transfer.departed"):
    """The patient left the building. `lacks` is what was missing, as an emergency let it pass."""

    request: str
    hospital: str
    visit: str = ""
    due: Instant | None = None  # when they should be there; None: not known
    crew: str = ""
    lacks: tuple[str, ...] = ()
    emergency: str = ""  # why they went without that

    def left(self) -> PatientLeft:
        """Return what this says of the stay."""
        return PatientLeft(how=Leaving.TRANSFERRED, to=self.hospital, visit=self.visit)


class TransferRerouted(Struct, frozen=True, kw_only=True, gc=False, tag="transfer.rerouted"):
    """On the way something changed: another hospital, or later than planned."""

    request: str
    hospital: str
    because: str
    due: Instant | None = None
    told_by: str = ""


class TransferArrived(Struct, frozen=True, kw_only=True, gc=False, tag="transfer.arrived"):
    """The patient is there, confirmed by somebody of that hospital."""

    request: str
    hospital: str
    confirmed_by: str
    where: str = ""  # floor, ICU, ER, morgue: the admit location of HICS 255
    alive: bool = True
    visit: str = ""  # of the stay that begins at a site of ours; "" elsewhere
    place: Location = Location()
    note: str = ""  # copy of outcome


class TransferCancelled(Struct, frozen=True, kw_only=True, gc=False, tag="transfer.cancelled"):
    """The patient does not go."""

    request: str
    reason: str


TransferSaid = (
    TransferRequested
    | TransferOffered
    | TransferRefused
    | TransferAccepted
    | TransferCertified
    | TransportArranged
    | ReportGiven
    | DosesStated
    | PendingOwned
    | PacketMade
    | TransferDeparted
    | TransferRerouted
    | TransferArrived
    | TransferCancelled
)
