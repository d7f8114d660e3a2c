"""Who was rung, who was told what, and who asked (domain.md A1 to A4).

What a caller says to prove who they are is compared and never kept: only which of it agreed.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant


class Outcome(StrEnum):
    """How one try to reach somebody ended."""

    TOLD = "told"
    DECLINED = "told, does not want a new date"
    CALL_BACK = "asked to be called back"
    NO_ANSWER = "no answer"
    VOICEMAIL = "voicemail, nothing of the visit said"
    WRONG_NUMBER = "wrong number"
    OTHER_PERSON = "another person, nothing told"
    NOT_VERIFIED = "identity not confirmed, nothing told"
    INTERPRETER = "needs an interpreter"
    LETTER = "letter sent"
    MESSAGE = "text or e-mail sent"
    TOLD_WRONG = "told to a wrong person by mistake"


REACHED = frozenset({Outcome.TOLD, Outcome.DECLINED})
"""Outcomes after which the patient knows."""
SENT = frozenset({Outcome.LETTER, Outcome.MESSAGE})
"""Something was sent; whether the patient knows, nobody can say."""


class Speaker(StrEnum):
    """Who was on the phone."""

    PATIENT = "patient"
    GUARDIAN = "parent or guardian"
    CARER = "carer with consent on file"
    OTHER = "somebody else"


class Told(Struct, frozen=True, gc=False):
    """What was said of one appointment: `plan` is the decision and date as the agent read them."""

    appointment: str
    plan: str


class ToTell(Struct, frozen=True, gc=False):
    """One visit as a call sheet has it: what was to be told when it was printed."""

    appointment: str
    plan: str
    text: str = ""  # name and version of the script


class SheetLines(Struct, frozen=True, gc=False):
    """What stands on one patient's call sheet and has to be known when it comes back."""

    phones: tuple[str, ...] = ()  # in their printed order
    visits: tuple[ToTell, ...] = ()  # row by row


class ContactLeased(Struct, frozen=True, kw_only=True, gc=False, tag="contact.leased"):
    """These patients are one agent's to ring until a time, or theirs on paper.

    On the phone a lease is over by the time alone; nobody has to end it. On paper `until` says
    when the sheets are expected back: each holds its patient until what stands on it is entered,
    or it is given back unrung, or it is said to be missing or destroyed.
    """

    patients: tuple[PatientKey, ...]
    until: Instant  # not after the entry itself: given back
    agent: str  # account
    sheet: str = ""  # serial of the first patient's call sheet; the others follow one by one
    lines: tuple[SheetLines, ...] = ()  # of each patient, as their sheet was printed


class ContactAttempted(Struct, frozen=True, kw_only=True, gc=False, tag="contact.attempted"):
    """Somebody tried to reach a patient about their visits."""

    outcome: Outcome
    phone: str = ""
    speaker: Speaker | None = None
    identity: tuple[str, ...] = ()  # what agreed: "birth date", "postcode" …
    told: tuple[Told, ...] = ()
    text: str = ""  # name and version of the script that was read
    language: str = ""
    call_back: Instant | None = None
    symptoms: str = ""  # not empty: a nurse rings
    transport: str = ""
    note: str = ""
    sheet: str = ""  # serial of the call sheet it was written on


class ContactAdvised(Struct, frozen=True, kw_only=True, gc=False, tag="contact.advised"):
    """A nurse spoke with a patient who has symptoms, or tried to."""

    reached: bool
    complaint: str
    advice: str
    protocol: str = ""  # red-flag protocol that was followed
    call_back: Instant | None = None


class ContactRestricted(Struct, frozen=True, kw_only=True, gc=False, tag="contact.restricted"):
    """How a patient may be reached: the newest statement is the whole of it."""

    do_not_disclose: bool = False  # speak with the patient alone, leave no message, send nothing
    do_not_call: bool = False
    phones: tuple[str, ...] = ()  # further numbers, first the one to try first
    not_phones: tuple[str, ...] = ()  # wrong numbers
    language: str = ""
    reason: str = ""


class Question(StrEnum):
    """What a caller wants."""

    AM_I_ON = "am I on?"
    RESULTS = "results"
    REFILL = "refill"
    RECORDS = "records"
    BILL = "bill"
    SCAM = "scam report"
    SYMPTOMS = "symptoms"
    OTHER = "other"


class InboundAnswered(Struct, frozen=True, kw_only=True, gc=False, tag="inbound.answered"):
    """Somebody rang in: who, what they asked, what they were told."""

    caller: str
    question: Question
    relation: Speaker | None = None
    identity: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
    answer: str = ""
    text: str = ""  # name and version of the approved answer
    phone: str = ""
    language: str = ""
    open_for: str = ""  # who has to go on: "nurse", "records" … "" when it is done
    scam: str = ""  # what the fraud looked like: number, words, sum


class InboundSettled(Struct, frozen=True, kw_only=True, gc=False, tag="inbound.settled"):
    """What a caller left open is done."""

    inbound: str  # id of the entry
    note: str


class TextApproved(Struct, frozen=True, kw_only=True, gc=False, tag="text.approved"):
    """Somebody answers for a script, letter or answer in one language, word by word."""

    name: str
    language: str
    text: str
    approved_by: str
    valid_until: Instant | None = None


ContactSaid = (
    ContactLeased
    | ContactAttempted
    | ContactAdvised
    | ContactRestricted
    | InboundAnswered
    | InboundSettled
    | TextApproved
)
