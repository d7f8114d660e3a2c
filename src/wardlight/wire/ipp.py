"""The Internet Printing Protocol: the three operations a print queue needs (RFC 8010, RFC 8011).

Requests say nothing of a patient: a job's name is what the caller gives it. Answers come from
printers of any age, so that everything is checked for its length and nothing is believed twice.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from enum import IntEnum
from struct import pack, unpack_from

from msgspec import Struct

from wardlight.record.problems import Problem, Retry

VERSION = b"\x01\x01"  # IPP/1.1: what every printer since 2000 answers (RFC 8011 §5.1)
ATTRIBUTES_MAX = 10_000  # of one answer; CUPS gives about a thousand
USER = "wardlight"
_OPERATION, _END = 0x01, 0x03
_GROUPS_BELOW = 0x10  # tags below it begin a group, RFC 8010 §3.5.1
_INTEGER, _BOOLEAN, _ENUM = 0x21, 0x22, 0x23
_TEXT, _NAME, _KEYWORD, _URI, _CHARSET, _LANGUAGE, _MIME = 0x41, 0x42, 0x44, 0x45, 0x47, 0x48, 0x49
_TEXTS = frozenset({_TEXT, _NAME, _KEYWORD, _URI, _CHARSET, _LANGUAGE, _MIME, 0x46, 0x4A})
_GOOD_BELOW = 0x0100  # status codes of success, RFC 8011 appendix B

Value = str | int | bool | bytes
Attributes = Mapping[str, tuple[Value, ...]]


class Operation(IntEnum):
    """What is asked of a printer (RFC 8011 §5.4.15)."""

    PRINT_JOB = 0x0002
    GET_JOB = 0x0009
    GET_PRINTER = 0x000B


class JobState(IntEnum):
    """How far a job is (RFC 8011 §5.3.7)."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELLED = 7
    ABORTED = 8
    COMPLETED = 9


class PrinterState(IntEnum):
    """What a printer does (RFC 8011 §5.4.11)."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class Answered(Struct, frozen=True):
    """A printer's answer: its status, and one set of attributes for each group."""

    status: int
    groups: tuple[Attributes, ...]

    def good(self) -> bool:
        """Return whether the printer did what it was asked."""
        return self.status < _GOOD_BELOW

    def first(self, name: str) -> Value | None:
        """Return the first value of an attribute, in whatever group it stands."""
        return next((group[name][0] for group in self.groups if group.get(name)), None)

    def every(self, name: str) -> tuple[Value, ...]:
        """Return all values of an attribute in the first group that has it."""
        return next((group[name] for group in self.groups if name in group), ())

    def words(self) -> str:
        """Return what the printer says of itself about a refusal; "" for nothing."""
        said = self.first("status-message")
        return said if isinstance(said, str) else ""


def print_job(printer: str, name: str) -> bytes:
    """Return the head of a Print-Job; the PDF follows it as it is (RFC 8011 §4.2.1)."""
    asked = _head(Operation.PRINT_JOB, printer)
    asked += _one(_NAME, "job-name", name.encode())
    asked += _one(_MIME, "document-format", b"application/pdf")
    return asked + bytes([_END])


def get_job(printer: str, job: int) -> bytes:
    """Return the question how far a job is (RFC 8011 §4.3.4)."""
    asked = _head(Operation.GET_JOB, printer, job)
    return asked + _wanted("job-id", "job-state", "job-state-reasons") + bytes([_END])


def get_printer(printer: str) -> bytes:
    """Return the question whether a printer can print (RFC 8011 §4.2.5)."""
    asked = _head(Operation.GET_PRINTER, printer)
    names = ("printer-state", "printer-state-reasons", "printer-is-accepting-jobs")
    return asked + _wanted(*names, "printer-state-message", "queued-job-count") + bytes([_END])


def _head(operation: Operation, printer: str, job: int | None = None) -> bytes:
    """Return the part every request begins with; its order is prescribed (RFC 8011 §4.1.4)."""
    head = VERSION + pack(">HI", operation, 1) + bytes([_OPERATION])
    head += _one(_CHARSET, "attributes-charset", b"utf-8")
    head += _one(_LANGUAGE, "attributes-natural-language", b"en")
    head += _one(_URI, "printer-uri", printer.encode())
    if job is not None:
        head += _one(_INTEGER, "job-id", pack(">i", job))
    return head + _one(_NAME, "requesting-user-name", USER.encode())


def _wanted(*names: str) -> bytes:
    first = _one(_KEYWORD, "requested-attributes", names[0].encode())
    return first + b"".join(_one(_KEYWORD, "", name.encode()) for name in names[1:])


def _one(tag: int, name: str, value: bytes) -> bytes:
    key = name.encode()
    return pack(">BH", tag, len(key)) + key + pack(">H", len(value)) + value


def read_answer(body: bytes) -> Answered | Problem:
    """Return a printer's answer, or why it is none."""
    try:
        _, status, _ = unpack_from(">HHI", body)
        return Answered(status, tuple(_groups(body)))
    except (struct.error, ValueError):
        because = "The printer's answer is not IPP. Is the address that of a printer's queue?"
        return Problem("printer.unreadable", "ipp", because, Retry.UNKNOWN)


def _groups(body: bytes) -> Iterator[Attributes]:
    """Give the groups of an answer; raises ValueError or struct.error for what is none."""
    group: dict[str, tuple[Value, ...]] = {}
    at, name = 8, ""
    for _ in range(ATTRIBUTES_MAX):
        tag = body[at] if at < len(body) else _END
        if tag < _GROUPS_BELOW:
            if group:
                yield group
            if tag == _END:
                return
            group, name, at = {}, "", at + 1
            continue
        key, value, at = _attribute(body, at)
        name = key or name
        group[name] = (*group.get(name, ()), _read(tag, value))
    raise ValueError("more attributes than any printer has")


def _attribute(body: bytes, at: int) -> tuple[str, bytes, int]:
    name, at = _counted(body, at + 1)
    value, at = _counted(body, at)
    return name.decode("utf-8", "replace"), value, at


def _counted(body: bytes, at: int) -> tuple[bytes, int]:
    length: int = unpack_from(">H", body, at)[0]
    if at + 2 + length > len(body):
        raise ValueError("cut off")
    return body[at + 2 : at + 2 + length], at + 2 + length


def _read(tag: int, value: bytes) -> Value:
    if tag in {_INTEGER, _ENUM}:
        number: int = unpack_from(">i", value)[0]
        return number
    if tag == _BOOLEAN:
        return value == b"\x01"
    return value.decode("utf-8", "replace") if tag in _TEXTS else value
