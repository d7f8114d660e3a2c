"""What staff see and measure at the bedside while the EHR is off (domain.md W5, W6, W8)."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Reading(Struct, frozen=True, gc=False):
    """One value of a set, as it was typed. `sign` is the short name: "pulse", "spo2", "weight"."""

    sign: str
    value: str
    unit: str = ""


class VitalsCharted(Struct, frozen=True, kw_only=True, gc=False, tag="vitals.charted"):
    """A set of vital signs and measures taken together."""

    readings: tuple[Reading, ...]
    note: str = ""


class Flow(StrEnum):
    """Which way fluid went."""

    IN = "in"
    OUT = "out"


class IntakeOutput(Struct, frozen=True, kw_only=True, gc=False, tag="fluid.charted"):
    """Fluid given or lost, in millilitres as typed."""

    flow: Flow
    route: str  # oral, IV, urine, drain, stool, emesis …
    volume: str
    note: str = ""


class NoteKind(StrEnum):
    """What a note is."""

    NURSING = "nursing note"
    PROGRESS = "progress note"
    SBAR = "SBAR"
    HAND_OFF = "I-PASS hand-off"


class NoteWritten(Struct, frozen=True, kw_only=True, gc=False, tag="note.written"):
    """A note in parts, each with its heading, in the order they are read."""

    kind: NoteKind
    parts: tuple[tuple[str, str], ...]  # heading, text
