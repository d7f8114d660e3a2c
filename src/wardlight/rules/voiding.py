"""Taking back what was entered in error: with a reason, by saying so, never by deleting."""

from __future__ import annotations

from wardlight.record import catalogue
from wardlight.record.events.charting import EntrySeen, EntryVoided
from wardlight.rules.asking import Accepted, Asked, Ground, Refusal

REASON_MAX = 500
INSTEAD = {catalogue.PATIENT_PLACED: "A move is not taken back: place the patient where they are."}


def void(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Void an entry. It stays in the log, and the chart says who took it back and why."""
    target, reason = asked.fields.one("entry"), asked.fields.one("reason")
    if not reason:
        return Refusal("Nothing was changed yet.", {"reason": "Say why it is taken back."})
    made = ground.views.entries.made(target.partition(".")[0])
    if not made:
        return Refusal("There is no such entry here. It may not have been sent yet.")
    if instead := INSTEAD.get(made[0].kind):
        return Refusal(instead)
    said = EntryVoided(entry=target, reason=reason[:REASON_MAX])
    return Accepted(said=said, occurred=ground.now)


def seen(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Say that an entry which asked for a person was looked at, and what came of it."""
    target, note = asked.fields.one("entry"), asked.fields.one("note")
    if not note:
        return Refusal("Nothing was changed yet.", {"note": "Say what came of it."})
    if not ground.views.entries.made(target.partition(".")[0]):
        return Refusal("There is no such entry here.")
    return Accepted(said=EntrySeen(entry=target, note=note[:REASON_MAX]), occurred=ground.now)
