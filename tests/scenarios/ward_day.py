"""A ward of 24 on the night the clocks go back: who lies there, what they get, and when.

The times doses are due are worked out here from the wall clock and from plain hours, not by the
product: they are what its lists are held to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from wardlight.record.instants import Instant, instant_of

ZONE = ZoneInfo("America/New_York")
SITE = "TEST"
UNIT = "4E"
EHR_OFF = datetime(2026, 10, 31, 18, 0, tzinfo=ZONE)  # Sunday 1 November 02:00 comes twice
ENDS = datetime(2026, 11, 1, 19, 0, tzinfo=ZONE)
PATIENTS = 24
CHILDREN = 5
CLOCKS = {
    "BID": ("09:00", "21:00"),
    "TID": ("09:00", "14:00", "21:00"),
    "QHS": ("21:00",),
}
HOURS = {"Q6H": 6, "Q8H": 8}
DRUGS = (
    ("metoprolol", "25", "mg", "BID"),
    ("hydralazine", "10", "mg", "Q6H"),
    ("ondansetron", "4", "mg", "Q8H"),
    ("atorvastatin", "40", "mg", "QHS"),
    ("gabapentin", "300", "mg", "TID"),
)
INTERVALS_START = datetime(2026, 10, 31, 1, 30, tzinfo=ZONE)


@dataclass(frozen=True)
class Due:
    """One dose that is due."""

    patient: int
    drug: str
    amount: str
    at: Instant


def number(patient: int) -> str:
    return f"{7_000_000 + patient}"


def orders_of(patient: int) -> tuple[tuple[str, str, str, str], ...]:
    return DRUGS if patient > CHILDREN else DRUGS[:4]


def born(patient: int) -> str:
    return f"20{20 + patient}0105" if patient <= CHILDREN else f"19{50 + patient}0309"


def messages() -> Iterator[str]:
    """Give what the EHR said before it went off."""
    said = EHR_OFF - timedelta(hours=20)
    for patient in range(1, PATIENTS + 1):
        yield _message("ADT^A01", said, patient) + f"EVN|A01|{_hl7(said)}\r" + _who(patient)
        for at, order in enumerate(orders_of(patient)):
            yield _message("RDE^O11", said, patient) + _who(patient) + _order(patient, at, order)
    yield _message("ADT^A08", EHR_OFF, 1) + f"EVN|A08|{_hl7(EHR_OFF)}\r" + _who(1)


def _message(kind: str, at: datetime, patient: int) -> str:
    control = f"{kind[-3:]}{patient}.{at.timestamp():.0f}"
    return f"MSH|^~\\&|EHR|{SITE}|WL|{SITE}|{_hl7(at)}||{kind}|{control}|P|2.5.1\r"


def _who(patient: int) -> str:
    bed = f"{UNIT}^{patient:02d}^A^{SITE}"
    allergy = "AL1|1|DA|70618^penicillin^RXNORM|SV|hives\r" if patient == 6 else ""
    weight = "" if patient == 7 else _weight(patient)
    return (
        f"PID|1||{number(patient)}^^^{SITE}^MR||SPECIMEN{patient}^TESTA||{born(patient)}|F\r"
        f"PV1|1|I|{bed}||||||||||||||||V{patient}^^^{SITE}^VN\r{allergy}{weight}"
    )


def _weight(patient: int) -> str:
    kilograms = 10 + 2 * patient if patient <= CHILDREN else 60 + patient
    return f"OBX|1|NM|29463-7^Weight^LN||{kilograms}|kg|||||F|||{_hl7(EHR_OFF)}\r"


def _order(patient: int, at: int, order: tuple[str, str, str, str]) -> str:
    drug, dose, unit, pattern = order
    starts = INTERVALS_START if pattern in HOURS else EHR_OFF - timedelta(days=2)
    name = f"{patient}{at}"
    return (
        f"ORC|NW|P{name}|F{name}\rRXE||{drug.upper()}^{drug}^L|{dose}||{unit}\r"
        f"TQ1|1||{pattern}||||{_hl7(starts)}\rRXR|PO^oral\r"
    )


def _hl7(at: datetime) -> str:
    return at.strftime("%Y%m%d%H%M%S%z")


def due_doses() -> list[Due]:
    """Return every dose due while the EHR is off, in the order it is due."""
    found = [
        Due(patient, drug, dose, instant_of(at.astimezone(UTC)))
        for patient in range(1, PATIENTS + 1)
        for drug, dose, _, pattern in orders_of(patient)
        for at in _times(pattern)
    ]
    return sorted(found, key=lambda one: (one.at, one.patient, one.drug))


def _times(pattern: str) -> list[datetime]:
    if pattern in HOURS:
        step = timedelta(hours=HOURS[pattern])
        first = INTERVALS_START.astimezone(UTC)
        times = [first + n * step for n in range(12)]
    else:
        days = (EHR_OFF.date(), ENDS.date())
        times = [
            datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE)
            for day in days
            for clock in CLOCKS[pattern]
        ]
    return [at for at in times if EHR_OFF < at <= ENDS]
