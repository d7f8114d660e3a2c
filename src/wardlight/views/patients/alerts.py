"""Code status, isolation, falls … and the diet: everything said and not taken back is shown.

HL7 v2 has no single field for these, so nothing here decides which of two statements counts:
conflicting ones are all shown with their times, the newest first, and no most restrictive one
is assumed (interop.md §6).
"""

from __future__ import annotations

from collections.abc import Sequence

from wardlight.record.events.charting import AlertReported, DietReported
from wardlight.record.reading import Charted, Stamp
from wardlight.views.facts import AlertFact, DietFact


def fold_alerts(charted: Sequence[Charted]) -> tuple[AlertFact, ...]:
    """Return the alerts that stand, newest first.

    One that is taken back without words takes back all of its kind from that source.
    """
    held: dict[tuple[str, str, str], AlertFact] = {}
    for said in charted:
        event = said.event
        if not isinstance(event, AlertReported):
            continue
        at = (said.stamp.source, event.alert, _plain(event.text))
        if event.on:
            held[at] = AlertFact(event.alert, event.text, said.stamp)
        elif event.text:
            held.pop(at, None)
        else:
            held = {key: fact for key, fact in held.items() if key[:2] != at[:2]}
    return tuple(sorted(held.values(), key=lambda fact: (*_newest(fact.stamp), fact.alert)))


def fold_diet(charted: Sequence[Charted]) -> tuple[DietFact, ...]:
    """Return the diet orders that stand, newest first (HL7 v2.5.1 §4.8, ODS)."""
    held: dict[tuple[str, str], DietFact] = {}
    for said in charted:
        event = said.event
        if not isinstance(event, DietReported):
            continue
        at = ("", event.number) if event.number else (said.stamp.source, _plain(event.text))
        if event.on:
            held[at] = DietFact(event.text or (held[at].text if at in held else ""), said.stamp)
        else:
            held.pop(at, None)
    return tuple(sorted(held.values(), key=lambda fact: (*_newest(fact.stamp), fact.text)))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _newest(stamp: Stamp) -> tuple[int, int]:
    return -stamp.occurred, -stamp.position
