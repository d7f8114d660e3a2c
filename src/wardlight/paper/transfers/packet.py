"""The packet that goes with a patient: cover, certificate, summary, MAR, pending results.

Everything on it is of one patient: what is handed in is checked, and nothing is looked up here.
Its sheets leave the hospital and never come back, so that they have no serials: the register of
sheets counts what wards have to hand in.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from wardlight.paper.head import banner, data_age, mode_line
from wardlight.paper.packs import mar as mar_sheet
from wardlight.paper.packs import summary as summary_sheet
from wardlight.paper.packs.pack import TEXT_MAX, breakable, mapped, shortened
from wardlight.paper.packs.sheets import UnitPack
from wardlight.paper.transfers.cover import Going, certificate, cover, pending
from wardlight.paper.typeset import Press, typeset_alone
from wardlight.record.identity import PatientKey
from wardlight.record.instants import clinical_time

FOOT = "Goes with the patient; the receiving hospital keeps it. Times are of the sending hospital."


class WrongPatientError(Exception):
    """Two patients' facts were handed in for one packet; nothing was printed."""


class Packet(Struct, frozen=True):
    """A finished packet."""

    body: bytes  # PDF


def packet(going: Going, frame: UnitPack, press: Press) -> Packet:
    """Return the packet as PDF. What no font can draw is printed as its number, `[U+0E01]`.

    Raises WrongPatientError when anything handed in is another patient's.
    """
    check_one_patient(going)
    content = mapped(_content(going, frame, press), partial(shortened, most=TEXT_MAX))
    drawn = mapped(mapped(content, press.coverage.substituted), breakable)
    files = {**press.templates, "transfer.json": msgspec.json.encode(drawn)}
    return Packet(typeset_alone("transfer.typ", files, press))


def check_one_patient(going: Going) -> None:
    """Raise WrongPatientError unless everything handed in is of one patient."""
    if len(patients_of(going)) != 1:
        raise WrongPatientError("facts of more than one patient were handed in for a packet")


def patients_of(going: Going) -> set[PatientKey]:
    """Return whose facts a packet would hold, by the numbers of today."""
    sheets = going.sheets
    return {
        going.patient,
        sheets.person.key,
        sheets.stay.patient,
        sheets.chart.patient,
        *going.sources,
    }


def _content(going: Going, frame: UnitPack, press: Press) -> dict[str, Any]:
    return {
        "frame": {
            "site": frame.site,
            "unit": frame.unit,
            "paper": frame.paper,
            "mode": mode_line(frame),
            "age": data_age(frame),
            "printed": clinical_time(frame.now, frame.zone),
            "foot": FOOT,
        },
        "fonts": list(press.families),
        "banner": banner(going.sheets, frame),
        "cover": cover(going, frame),
        "certificate": certificate(going, frame),
        "summary": summary_sheet.summary(going.sheets, frame),
        "mar": mar_sheet.mar(going.sheets, frame),
        "pending": pending(going, frame),
    }
