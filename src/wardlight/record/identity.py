"""Who a patient is: identifiers, names, and what else tells two people apart.

A patient is known by (assigning authority, value as text) and by nothing else: zeros are
significant and two people are never matched on name and birth date alone.
"""

from __future__ import annotations

from typing import NewType

from msgspec import Struct

from wardlight.record.instants import Moment, PartialDate

PatientKey = NewType("PatientKey", str)
"""`authority|value` of the identifier a patient is known by at this node."""


class Identifier(Struct, frozen=True, gc=False):
    """One number of a patient, visit, order or appointment (HL7 v2.5.1 §2.A.14 CX, §2.A.28 EI)."""

    value: str
    authority: str = ""
    kind: str = ""  # table 0203: MR medical record, SS social security, AN account …

    def key(self) -> str:
        """Return `authority|value`, what this identifier is compared by."""
        return f"{self.authority}|{self.value}"


class PersonName(Struct, frozen=True, gc=False):
    """A name as the sender gave it, decoded (HL7 v2.5.1 §2.A.88 XPN)."""

    family: str = ""
    given: str = ""
    middle: str = ""
    prefix: str = ""
    suffix: str = ""
    kind: str = ""  # table 0200: L legal, D display, A alias, M maiden …


class Person(Struct, frozen=True, kw_only=True, gc=False):
    """What one message states of a patient. Empty means not stated, never "none"."""

    key: PatientKey
    identifiers: tuple[Identifier, ...] = ()
    name: PersonName = PersonName()
    other_names: tuple[PersonName, ...] = ()
    birth: PartialDate | None = None
    sex: str = ""  # table 0001: F M O U A N
    address: str = ""  # one line, as it would be written on an envelope
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()  # private ones; those of an employer are not kept
    language: str = ""
    account: str = ""
    mother: str = ""  # PID-21: the mother's identifier, for a newborn
    died: Moment | None = None
    protected: bool = False  # PD1-12, PV1-16, PV2-22: masked on shared lists
    unconfirmed: bool = False  # PID-31: identity unknown
    cleared: tuple[str, ...] = ()  # fields of this class that the sender set to `""`: forget them
