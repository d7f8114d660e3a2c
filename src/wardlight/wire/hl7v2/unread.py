"""Why a message is not understood: one reason each, in a sentence a person can act on.

What is kept and not applied stands on the unread list. No sentence holds content of the message.
"""

from __future__ import annotations

from wardlight.record import catalogue
from wardlight.record.problems import Problem
from wardlight.record.sources import Source
from wardlight.wire.hl7v2.encoding import Oddity
from wardlight.wire.hl7v2.message import Message, Segment

ADT, SIU = "ADT", "SIU"
_CHARTED = frozenset(
    {"ORU", "OUL", "ORM", "OML", "OMG", "OMI", "OMP", "OMD", "OMS", "OMN", "RDE", "RDS", "RGV"}
    | {"RAS", "VXU", "MDM", "PPR", "REF"}
)
READ = _CHARTED | {ADT, SIU}
"""Message codes that are read (HL7 v2.5.1 table 0076)."""

_ANSWERS = frozenset(
    {"ACK", "ADR", "ERP", "MCF", "MFK", "ORD", "ORF", "ORG", "ORI", "ORL", "ORN", "ORP", "ORR"}
    | {"ORS", "OSR", "RAR", "RCI", "RCL", "RDR", "RER", "RGR", "ROR", "RPI", "RRA", "RRD", "RRE"}
    | {"RRG", "RRI", "RSP", "RTB", "SRR", "TBR", "VXR", "VXX"}
)
_QUESTIONS = frozenset(
    {"EQQ", "OSQ", "QBP", "QCK", "QCN", "QRY", "QSB", "QSX", "QVR", "RQA", "RQC", "RQI", "RQP"}
    | {"RQQ", "SPQ", "SQM", "SRM", "VQQ", "VXQ"}
)
_NOT_SHOWN = frozenset({"BAR", "DFT", "MFN", "MFQ", "MFR"})
_TESTS = frozenset({"T", "D"})

_KINDS = {
    catalogue.HL7V2_TRUNCATED: Problem(
        "truncated",
        "link",
        "the connection ended in the middle of this message; it was not acknowledged, so the "
        "sender should send it again",
    ),
    catalogue.HL7V2_OVERSIZED: Problem(
        "oversized",
        "link",
        "the message is larger than this feed's limit; only its beginning is kept: ask the "
        "sender for the document, or raise frame_bytes_max",
    ),
    catalogue.HL7V2_UNFRAMED: Problem(
        "unframed",
        "link",
        "bytes came outside of any message frame (MLLP); the sender's framing is wrong, or this "
        "was no HL7 sender",
    ),
}

NO_PATIENT = Problem("no-patient", "PID", "no patient segment (PID): nobody knows whose this is")
CUT_SHORT = Problem("cut-short", "PID", "the message ends before it says whose it is")
NO_NUMBER = Problem(
    "no-number", "PID-3", "the patient has no usable number (PID-3, PID-2 and PID-4 hold none)"
)
NO_APPOINTMENT = Problem(
    "no-appointment", "SCH", "a schedule message without an appointment number (SCH-1, SCH-2)"
)
NO_BED = Problem("no-bed", "NPU-1", "a bed status message that names no bed (NPU-1)")


def not_a_message(kind: str) -> Problem | None:
    """Return why bytes of this kind of entry are no message; None for kinds that may be read."""
    return _KINDS.get(kind)


def not_hl7(raw: bytes, problem: Problem) -> Problem:
    """Return why bytes cannot be taken for HL7 at all."""
    if not raw.strip():
        return Problem("empty", "MSH", "the frame holds nothing")
    return problem


def refused(message: Message, header: Segment, code: str, source: Source) -> Problem | None:
    """Return why a message is not read further, from its header alone; None when it is read."""
    if message.anomalies and any(
        oddity.code is Oddity.HEADER_REPEATED for oddity in message.anomalies
    ):
        return Problem(
            "several-messages", "MSH", "several messages in one that were not taken apart"
        )
    if not code:
        return Problem("no-type", "MSH-9", "the header does not say what kind of message this is")
    if code not in READ:
        return _not_read(code)
    if not source.accepts_test_messages and header.text(11).upper() in _TESTS:
        return Problem(
            "test-message",
            "MSH-11",
            "marked as a test or debugging message (T or D); this feed is set to apply none "
            "(accepts_test_messages)",
        )
    return None


def whose(message: Message) -> Problem:
    """Return why a message about a patient names none."""
    if "PID" in message.names:
        return NO_NUMBER
    if set(message.names) <= {"MSH", "EVN", "SFT", "PV1"}:
        return CUT_SHORT
    return NO_PATIENT


def _not_read(code: str) -> Problem:
    if code in _ANSWERS:
        return Problem("answer", "MSH-9", "an answer to some message; it tells nothing new")
    if code in _QUESTIONS:
        return Problem("question", "MSH-9", "a query or request; this listener answers none")
    if code in _NOT_SHOWN:
        return Problem(
            "not-shown-yet",
            "MSH-9",
            "charges, accounts and master files are kept for reconciliation and not shown",
        )
    return Problem(
        "unknown-type",
        "MSH-9",
        "not a kind of message that is read (read are " + ", ".join(sorted(READ)) + ")",
    )
