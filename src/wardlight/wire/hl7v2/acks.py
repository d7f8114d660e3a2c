"""Answers to a sender: which acknowledgement its header asks for, in its own separators.

HL7 v2.5.1 §2.9.2 (original mode), §2.9.3 (enhanced mode), §2.14.1 ACK, tables 0008 and 0155. An
answer says that the bytes are safe, never that a person has read them; it holds no patient data.
"""

from __future__ import annotations

from enum import StrEnum

from wardlight.record.problems import Problem
from wardlight.wire.hl7v2.encoding import STANDARD, Encoding
from wardlight.wire.hl7v2.message import Message
from wardlight.wire.hl7v2.writer import Field, message, segment


class Outcome(StrEnum):
    """What became of the message; the value is the second letter of MSA-1."""

    KEPT = "A"  # the bytes are safe, understood or not
    NOT_KEPT = "E"  # they are not: the sender must keep them and try again
    REFUSED = "R"  # not HL7, wrong receiver, not wanted: the same again will not help


class Stage(StrEnum):
    """Which of the two answers of enhanced mode is meant; the value is MSA-1's first letter."""

    ACCEPT = "C"  # at once, on the same connection (MSH-15)
    APPLICATION = "A"  # later, as a message of its own (MSH-16)


_WISHES = frozenset({"AL", "NE", "ER", "SU"})
_MSA_WITHIN = 3  # segments: MSH, perhaps SFT, MSA
_ORIGINAL = "A"
_VERSION = "2.5.1"
_UNREADABLE = "Message could not be read as HL7 v2"


def acknowledge(
    theirs: Message | Problem,
    outcome: Outcome,
    *,
    control_id: str,
    at: str,
    stage: Stage = Stage.ACCEPT,
    error: tuple[str, str] = ("", ""),
) -> bytes | None:
    """Return the answer to send now, or None when the sender wants none.

    `control_id` is our own MSH-10 (at most 20 characters), `at` is our MSH-7 as written.
    `error` is a code of table 0357 and a sentence without patient data. Bytes that are no HL7 get
    AR with an empty MSA-2. An acknowledgement is never acknowledged.
    """
    if isinstance(theirs, Problem):
        if stage is Stage.APPLICATION:
            return None
        error = error if any(error) else ("207", _UNREADABLE)
        code = _ORIGINAL + (Outcome.REFUSED if outcome is Outcome.KEPT else outcome)
        head = segment("MSH", _header(None, control_id, at))
        return message([head, *_verdict(code, "", error, STANDARD)])
    first = _first_letter(theirs, outcome, stage)
    if not first:
        return None
    encoding = _encodable(theirs.encoding)
    number = theirs.segment("MSH").field(10)
    head = segment("MSH", _header(theirs, control_id, at), encoding)
    return message([head, *_verdict(first + outcome, number, error, encoding)], encoding)


def is_answer(message: Message) -> bool:
    """Say whether a message is itself an answer: MSA stands near its beginning (v2.5.1 §2.14.1)."""
    return message.type[0] in {"ACK", "MCF"} or "MSA" in message.names[:_MSA_WITHIN]


def wishes(message: Message) -> tuple[str, str]:
    """Return MSH-15 and MSH-16 as codes of table 0155; "" for none, or for what is no code."""
    header = message.segment("MSH")
    said = header.text(15).upper(), header.text(16).upper()
    return tuple(code if code in _WISHES else "" for code in said)  # type: ignore[return-value]


def _first_letter(theirs: Message, outcome: Outcome, stage: Stage) -> str:
    """Return A or C for the answer this stage owes, "" when it owes none."""
    if is_answer(theirs):
        return ""
    accept, application = wishes(theirs)
    if not accept and not application:
        return _ORIGINAL if stage is Stage.ACCEPT else ""
    wish = accept if stage is Stage.ACCEPT else application
    good = outcome is Outcome.KEPT
    wanted = wish == "AL" or (wish == "SU" and good) or (wish == "ER" and not good)
    return stage if wanted else ""


def _header(theirs: Message | None, control_id: str, at: str) -> dict[int, Field]:
    """Return our MSH: their receiver is our sender, their version is ours."""
    ours: dict[int, Field] = {7: at, 9: "ACK", 10: control_id, 11: "P", 12: _VERSION}
    if theirs is None:
        return ours
    header = theirs.segment("MSH")
    trigger = theirs.type[1]
    ours[9] = ("ACK", trigger, "ACK") if trigger else "ACK"
    ours[11] = header.text(11) or "P"
    ours[12] = header.text(12) or _VERSION
    for mine, yours in ((3, 5), (4, 6), (5, 3), (6, 4)):
        ours[mine] = tuple(header.components(yours, 3))
    if header.text(18):
        ours[18] = header.text(18)
    return ours


def _verdict(code: str, number: str, error: tuple[str, str], encoding: Encoding) -> list[str]:
    """Return MSA, and ERR when there is an error to tell.

    `number` goes back character for character as it came, escapes and all.
    """
    number = "".join(letter for letter in number if letter.isprintable())
    answer = encoding.field.join(["MSA", code, number])
    if not any(error):
        return [answer]
    details: dict[int, Field] = {3: (error[0] or "207", "", "HL70357"), 4: "E", 8: error[1]}
    return [answer, segment("ERR", details, encoding)]


def _encodable(encoding: Encoding) -> Encoding:
    """Return their separators; UTF-16 cannot stand in an MLLP frame and is answered in UTF-8."""
    if encoding.charset != "utf-16":
        return encoding
    return Encoding(
        encoding.field,
        encoding.component,
        encoding.repetition,
        encoding.escape,
        encoding.subcomponent,
        encoding.truncation,
    )
