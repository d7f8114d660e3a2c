"""May this unit be sent there? It is written down in any case: the list advises, people decide.

Nothing of the patient is asked for. Going against the list, or to a hospital that has to be called
first without a word from there, asks for a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import DecodeError, ValidationError, json

from wardlight.record.events.destinations import DestinationDecided, ShownChoice
from wardlight.record.events.entered import Warned
from wardlight.record.places import is_position
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal
from wardlight.rules.form import Form

UNIT_MAX, CODE_MAX, WORDS_MAX, SHOWN_MAX, MINUTES_MAX = 30, 40, 300, 3, 24 * 60.0
CALL_FIRST, NOT_FIRST, NOT_ON_LIST = "call-first", "not-first", "not-on-list"
_UNIT = re.compile(r"[\w .#/-]+")
_CODE = re.compile(rf"[\w.-]{{1,{CODE_MAX}}}")
_SHOWN = json.Decoder(tuple[ShownChoice, ...])


def decide(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Send a unit to a hospital, or say that it goes there no longer."""
    form = Form(asked, ground)
    unit = form.needed("unit", "Write which unit goes, as dispatch calls it.")[:UNIT_MAX]
    if unit and not _UNIT.fullmatch(unit):
        form.wrong["unit"] = "A unit is a short name, such as Medic 7. No patient's name."
    to = form.needed("to", "Choose the hospital it goes to.")
    if to and not _CODE.fullmatch(to):
        form.wrong["to"] = "Choose a hospital of the list, or write its code."
    shown = _shown(form)
    latitude, longitude = _position(form)
    chosen = next((one for one in shown if one.code == to), None)
    others = tuple(one for one in shown if one is not chosen)
    said = DestinationDecided(
        unit=unit,
        to=to,
        need=form.text("need")[:UNIT_MAX],
        acuity=form.text("acuity")[:UNIT_MAX],
        place=form.text("place")[:WORDS_MAX],
        latitude=latitude,
        longitude=longitude,
        instead_of=form.text("instead_of")[:CODE_MAX],
        shown=((chosen, *others) if chosen else shown)[:SHOWN_MAX],
        source=form.text("source")[:WORDS_MAX],
        policy=form.text("policy")[:WORDS_MAX],
        stood_down=form.yes("stood_down"),
        called=form.text("called")[:WORDS_MAX],
        why=form.text("why")[:WORDS_MAX],
    )
    return form.refusal() or Accepted(
        said=said, occurred=form.at, warnings=tuple(_warnings(said, chosen))
    )


def _warnings(said: DestinationDecided, chosen: ShownChoice | None) -> Iterator[Warned]:
    asks = not said.why  # who has written why is not asked again
    if said.stood_down:
        return
    if chosen is None:
        yield Warned(NOT_ON_LIST, f"{said.to} was not on the list that was shown.", asks=asks)
        return
    if chosen.call_first and not said.called:
        words = f"{chosen.code}: {chosen.why}. Nobody there is written down as having said yes."
        yield Warned(CALL_FIRST, words, asks=asks)
    if chosen.rank > 1:
        yield Warned(NOT_FIRST, f"{chosen.code} is number {chosen.rank} of the list.", asks=asks)


def _shown(form: Form) -> tuple[ShownChoice, ...]:
    """Return what the list showed; nothing where a radio room writes a decision down by hand."""
    typed = form.text("shown")
    if not typed:
        return ()
    try:
        shown = _SHOWN.decode(typed)
    except (DecodeError, ValidationError):
        shown = ()
    times = [minutes for one in shown for minutes in (one.lo, one.minutes, one.hi)]
    if not shown or not all(0 <= minutes <= MINUTES_MAX for minutes in times):
        form.wrong["shown"] = "The list this came from cannot be read. Ask for it again."
        return ()
    return shown


def _position(form: Form) -> tuple[float | None, float | None]:
    try:
        latitude, longitude = float(form.text("latitude")), float(form.text("longitude"))
    except ValueError:
        return None, None
    return (latitude, longitude) if is_position(latitude, longitude) else (None, None)
