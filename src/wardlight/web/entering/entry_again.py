"""The fields of a form that could not be written, as they are shown to be mended."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from wardlight.record.codes import DoseState
from wardlight.record.events.charting import Check
from wardlight.record.events.observations import Flow, NoteKind
from wardlight.record.events.ordering import Ending
from wardlight.rules.asking import OVERRIDE, Refusal
from wardlight.rules.bedside.observations import CHOICES, SIGNS
from wardlight.rules.medicines.medicines import WRONG_BAND
from wardlight.rules.paperwork.paper_rows import IMAGE, ROW

NOT_SHOWN = frozenset(
    {"order", "entry", "what", "replaces", "request", "note_kind", "order_kind", IMAGE, ROW}
    | {"image", "row"}
)
"""Fields a form carries for itself: sent again as they came, never shown as words to mend."""
LABELS: Mapping[str, str] = {
    **{name: limits.words for name, limits in SIGNS.items()},
    "at": "Time, 24-h",
    "on": "Day",
    "first_at": "First dose, 24-h",
    "first_on": "First dose on",
    "time": "Times of day",
    "amount": "Dose",
    "pattern": "How often",
    "flow": "Which way",
    "route": "By",
    "spo2 scale": "SpO2 scale",
    "on_behalf_of": "For",
}
HINTS: Mapping[str, str] = {
    **{name: limits.unit.replace("mm[Hg]", "mmHg") for name, limits in SIGNS.items()},
    "temperature": "",
    "on": "year-month-day; empty: today",
    "first_on": "year-month-day",
    "volume": "mL",
}
VOCABULARY: Mapping[str, tuple[str, ...]] = {
    **CHOICES,
    "state": tuple(DoseState),
    "flow": tuple(Flow),
    "note_kind": tuple(NoteKind),
    "ending": tuple(Ending),
    "check": tuple(Check),
    "as_needed": ("no", "yes"),
    "spoken": ("yes", "no"),
}


class Again(Struct, frozen=True, kw_only=True):
    """One field as it is shown again."""

    name: str
    label: str
    hint: str
    value: str
    wrong: str  # what to do about it; "" when nothing is wrong with it
    options: tuple[str, ...]
    hidden: bool


def fields_again(
    fields: Sequence[tuple[str, str]], refusal: Refusal, asked: Collection[str]
) -> Iterator[Again]:
    """Give every field that was sent, and those whose words say that they are missing."""
    for name, value in fields:
        if name not in asked:
            yield _field(name, value, refusal)
    sent = {name for name, _ in fields}
    wanted = [name for name in refusal.fields if name not in sent]
    if "wristband" in refusal.fields:  # a browser without scripts has no other place for it
        wanted.append(OVERRIDE + WRONG_BAND)
    for name in wanted:
        if name not in sent:
            yield _field(name, "", refusal)


def _field(name: str, value: str, refusal: Refusal) -> Again:
    wrong = refusal.fields.get(name, "")
    label = LABELS.get(name) or name.replace("_", " ").capitalize()
    if name.startswith(OVERRIDE):
        label = f"Reason for going on: {name.removeprefix(OVERRIDE).replace('-', ' ')}"
    options = VOCABULARY.get(name, ())
    return Again(
        name=name,
        label=label,
        hint=HINTS.get(name, ""),
        value=value,
        wrong=wrong,
        options=options if value in (*options, "") else (),
        hidden=name in NOT_SHOWN and not wrong,
    )
