"""Immunisations: RXA of VXU (HL7 v2.5.1 §4.14.7; interop.md §6). A refusal is a fact too.

One that was charted in error (RXA-21 D) was not given.
"""

from __future__ import annotations

from wardlight.record.codes import DoseState
from wardlight.record.events.charting import DoseOfVaccine
from wardlight.wire.hl7v2.charting.doses import dose_state, dose_time, given, order_numbers
from wardlight.wire.hl7v2.charting.fields import coded, short
from wardlight.wire.hl7v2.charting.groups import Group
from wardlight.wire.hl7v2.received import Received

_NO_VACCINE = "998"  # CVX: no vaccine administered
_DELETED = "D"


def vaccines(got: Received, groups: list[Group]) -> list[DoseOfVaccine]:
    """Return the immunisations that the groups of a message record (VXU)."""
    found = []
    for group in groups:
        filler, placer = order_numbers(group, got)
        for rxa, _ in given(group):
            vaccine = coded(rxa[5], got.message.encoding)
            at = dose_time(rxa, got)
            state = dose_state(rxa, got)
            deleted = short(rxa[21], got.message.encoding).upper() == _DELETED
            if deleted or (vaccine.code == _NO_VACCINE and state is DoseState.GIVEN):
                state = DoseState.NOT_GIVEN
            key = f"{rxa[3].strip()}|{vaccine.key()}|{filler or placer}"
            found.append(DoseOfVaccine(vaccine=vaccine, at=at, state=state, key=key))
    return found
