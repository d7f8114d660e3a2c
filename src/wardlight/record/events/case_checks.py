"""What a theatre case needs before it can go, as people stated it item by item (domain.md O1)."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from wardlight.record.instants import Instant


class CaseItem(StrEnum):
    """One thing that is looked up, asked or counted before a case goes."""

    CONSENT = "consent"
    RESULTS = "results"
    TYPE_AND_SCREEN = "type and screen"
    BLOOD = "blood"
    ANAESTHESIA = "anaesthesia"
    FASTING = "fasting"
    STERILE_SETS = "sterile sets"
    IMPLANTS = "implants"
    BED = "bed afterwards"


class CheckState(StrEnum):
    """What somebody found. An item nobody stated is not known either."""

    YES = "yes"
    NO = "no"
    NOT_NEEDED = "not needed"
    UNKNOWN = "not known"


class Checked(Struct, frozen=True, kw_only=True, gc=False):
    """One item as it was found, with words in a person's own hand."""

    item: CaseItem
    state: CheckState
    words: str = ""
    until: Instant | None = None  # how long a type and screen holds
    since: Instant | None = None  # nothing by mouth since then


class CaseStated(Struct, frozen=True, kw_only=True, gc=False, tag="case.stated"):
    """Somebody stated one or more items of a case; the others stay as they were."""

    appointment: str  # `site|number`, as the schedule knows it
    checks: tuple[Checked, ...]
