"""Who came, where they lie and how they left while the EHR is off (domain.md E1, E2, E7)."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.record.codes import Location, StayClass
from wardlight.record.identity import PatientKey, PersonName
from wardlight.record.instants import PartialDate


class AskedAllergy(Struct, frozen=True, gc=False):
    """One agent somebody named, with what it did."""

    agent: str
    reaction: str = ""


class AllergyAnswer(StrEnum):
    """What came of asking about allergies. Not asked is never "none"."""

    LISTED = "listed"
    NONE_KNOWN = "none known"
    COULD_NOT_ASK = "could not ask"


class AllergiesAsked(Struct, frozen=True, kw_only=True, gc=False, tag="allergies.asked"):
    """Somebody asked the patient, or who came with them, about allergies."""

    answer: AllergyAnswer
    allergies: tuple[AskedAllergy, ...] = ()
    told_by: str = ""  # patient, mother, paramedic …


class PatientRegistered(Struct, frozen=True, kw_only=True, gc=False, tag="patient.registered"):
    """A patient was given a downtime number; four fields are enough, all else may follow.

    `name` is empty for an unknown patient, whom `called` describes ("Unknown male, about 40").
    """

    number: str  # DT-K7QX-4M2P
    visit: str  # downtime encounter number
    name: PersonName = PersonName()
    called: str = ""
    sex: str = ""
    birth: PartialDate | None = None
    age: str = ""  # about, in words, where no birth date is known
    reason: str = ""  # chief complaint
    arrived_by: str = ""  # walk-in, ambulance …
    crew: str = ""  # EMS unit and run number
    diverted_from: str = ""
    stay_class: StayClass = StayClass.EMERGENCY
    place: Location = Location()
    triage: str = ""
    phone: str = ""
    address: str = ""
    language: str = ""
    contact: str = ""  # next of kin
    mother: PatientKey = PatientKey("")  # of a newborn
    birth_order: str = ""  # of twins: 1, 2 …
    same_as: PatientKey = PatientKey("")  # a person of the kept copy, chosen by who registered
    shown_id: str = ""  # yes, no, not asked
    allergies: AllergiesAsked | None = None
    weight_kg: str = ""
    not_these: int = 0  # how many people who look alike were shown and said not to be this one


class PatientPlaced(Struct, frozen=True, kw_only=True, gc=False, tag="patient.placed"):
    """A patient was put to a bed, moved, or came back to one."""

    place: Location
    visit: str = ""
    attending: str = ""
    reason: str = ""
    admit: bool = False  # from the emergency department to a ward


class Leaving(StrEnum):
    """How a patient left."""

    DISCHARGED = "discharged"
    TRANSFERRED = "transferred"
    DIED = "died"
    UNSEEN = "left without being seen"
    AGAINST_ADVICE = "left against medical advice"


class PatientLeft(Struct, frozen=True, kw_only=True, gc=False, tag="patient.left"):
    """A patient left the hospital, or died."""

    how: Leaving
    to: str = ""
    visit: str = ""
    note: str = ""


class IdentityFound(Struct, frozen=True, kw_only=True, gc=False, tag="identity.found"):
    """Who an unknown patient is: a name, and perhaps the person of the kept copy it proved to be.

    `same_as` joins the two charts under the hospital's own number; `undone` takes that back.
    """

    name: PersonName = PersonName()
    birth: PartialDate | None = None
    sex: str = ""
    evidence: str = ""  # driving licence, relative, fingerprint …
    second_person: str = ""  # who else looked: joining two charts takes two
    same_as: PatientKey = PatientKey("")
