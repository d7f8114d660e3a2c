"""The table of cases that the node and the tablet must answer alike."""

from __future__ import annotations

from pathlib import Path

import msgspec

from wardlight.record.instants import PartialDate
from wardlight.views.patients.similar import Candidate, Held, LookedFor

FILE = Path(__file__).with_name("register_search.json")


class Case(msgspec.Struct, frozen=True):
    """Who is looked for, and who is found with which reasons."""

    says: str
    looked: LookedFor
    found: tuple[Candidate, ...]


class Table(msgspec.Struct, frozen=True):
    """A list as a device holds it, and the cases."""

    year: int
    rows: tuple[Held, ...]
    cases: tuple[Case, ...]


TABLE = msgspec.json.decode(FILE.read_bytes(), type=Table)
CASES = TABLE.cases
TODAY = PartialDate(TABLE.year, 11, 22)
