"""What is known of a theatre case before it goes, as the case board and its form show it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from wardlight.record.events.case_checks import CaseItem, CheckState
from wardlight.record.events.triage import Decision
from wardlight.record.instants import age_words
from wardlight.rules.clinics.case_checks import GO_NOT_READY, field_of
from wardlight.views.clinics.case_checks import Stated, lacking
from wardlight.views.clinics.cases import Case
from wardlight.web.clinics.accepting import reference
from wardlight.web.page import Desk
from wardlight.web.times import Times

LABELS = {
    CaseItem.CONSENT: "Surgical consent on file",
    CaseItem.RESULTS: "Laboratory and imaging results at hand",
    CaseItem.TYPE_AND_SCREEN: "Type and screen, crossmatch",
    CaseItem.BLOOD: "Blood available",
    CaseItem.ANAESTHESIA: "Anaesthesia has seen the patient",
    CaseItem.FASTING: "Nothing by mouth",
    CaseItem.STERILE_SETS: "Sterile sets, trays",
    CaseItem.IMPLANTS: "Implants, equipment",
    CaseItem.BED: "ICU or post-op bed held",
}
HINTS = {
    CaseItem.CONSENT: "where it is, who took it",
    CaseItem.TYPE_AND_SCREEN: "units crossmatched, antibodies",
    CaseItem.BLOOD: "units, group",
    CaseItem.IMPLANTS: "what is missing, when it comes",
    CaseItem.BED: "which bed, who holds it",
}
STATES = tuple(map(str, CheckState))


class Item(Struct, frozen=True, kw_only=True):
    """One item in words; `state` "not known" where nobody stated it."""

    item: str
    field: str
    label: str
    state: str
    said: str  # until, since and words
    source: str  # who and when, with the age; "" where nobody stated it
    hint: str = ""


class AtHand(Struct, frozen=True, kw_only=True):
    """A case's items, and what speaks against letting it go."""

    ref: str
    items: tuple[Item, ...]
    lacks: tuple[str, ...]
    goes: bool  # it was decided to go

    def of(self, state: str) -> tuple[Item, ...]:
        """Return the items of one state."""
        return tuple(one for one in self.items if one.state == state)

    def is_stated(self) -> bool:
        """Return whether anything was stated at all."""
        return any(one.source for one in self.items)


def at_hand(desk: Desk, case: Case, t: Times) -> AtHand:
    """Return what is known of a case."""
    stated = desk.views.case_checks.of(case.key)
    timed = case.move is not None or case.appointment.starts is not None
    found = lacking(stated, case.takes_place() if timed else None, tuple(GO_NOT_READY))
    return AtHand(
        ref=reference(case.key),
        items=tuple(_item(one, stated.get(one), t) for one in CaseItem),
        lacks=tuple(why for _, why in found),
        goes=case.verdict is not None and case.verdict.line.decision is Decision.GO,
    )


def _item(item: CaseItem, stated: Stated | None, t: Times) -> Item:
    known: dict[str, Any] = {"state": str(CheckState.UNKNOWN), "said": "", "source": ""}
    if stated is not None:
        check = stated.check
        parts = (
            f"until {t.at(check.until)}" if check.until is not None else "",
            f"since {t.at(check.since)}" if check.since is not None else "",
            check.words,
        )
        age = age_words(t.now - stated.at)
        known = {
            "state": str(check.state),
            "said": ", ".join(one for one in parts if one),
            "source": f"{stated.by}, {t.at(stated.at)}, {age} old",
        }
    return Item(
        item=str(item),
        field=field_of(item),
        label=LABELS[item],
        hint=HINTS.get(item, ""),
        **known,
    )
