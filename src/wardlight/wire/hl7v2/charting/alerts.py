"""Code status, isolation, falls …: where each site says its sender puts them (interop.md §6).

HL7 v2 has no single field for these. Without a word of the site PD1-15 and PV2-45 are read as
code status (HL7 v2.5.1 §3.4.10.15, §3.4.4.45, table 0435). Nothing is guessed from other fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from wardlight.record.codes import Coded
from wardlight.record.events.charting import AlertReported
from wardlight.record.sources import AlertRule
from wardlight.wire.hl7v2.charting.fields import coded, is_cleared, repetitions
from wardlight.wire.hl7v2.charting.values import value_of
from wardlight.wire.hl7v2.received import Received
from wardlight.wire.hl7v2.text import first_reader

CODE_STATUS = "code status"
_DEFAULTS = (AlertRule("PD1-15", "", CODE_STATUS), AlertRule("PV2-45", "", CODE_STATUS))
_WHERE = re.compile(r"([A-Z][A-Z0-9]{2})(?:[-.](\d{1,3}))?")
_USUAL_FIELD = {"OBX": 3, "OBR": 4, "RXO": 1, "RXE": 2, "ODS": 3}
_ORDERS = frozenset({"OBR", "ODS", "RXO", "RXE"})
_STOPS = frozenset({"CA", "CR", "DC", "DR", "OC", "OD"})
_WITHDRAWN = frozenset({"D", "X", "W"})  # table 0085
_OBX_VALUE, _OBX_STATE = 5, 11
_DO_NOT_RESUSCITATE = "DN"  # table 0435


class _Place(Struct, frozen=True):
    name: str
    field: int


def alerts(got: Received) -> list[AlertReported]:
    """Return the alerts of a message: those taken back first, then those that stand."""
    agreed = {rule.where.upper() for rule in got.source.alerts}
    rules = (*got.source.alerts, *(rule for rule in _DEFAULTS if rule.where not in agreed))
    found: list[AlertReported] = []
    for rule in rules:
        place = _place(rule.where)
        if place is not None and place.name in got.message.names:
            found += _by_rule(rule, place, got)
    unique = list(dict.fromkeys(found))
    return sorted(unique, key=lambda alert: alert.on)


def _place(where: str) -> _Place | None:
    found = _WHERE.fullmatch(where.strip().upper())
    if found is None:
        return None
    field = int(found[2]) if found[2] else _USUAL_FIELD.get(found[1], 0)
    return _Place(found[1], field) if field else None


def _by_rule(rule: AlertRule, place: _Place, got: Received) -> Iterator[AlertReported]:
    want = max(place.field, _OBX_STATE)
    control = ""
    mark = got.message.encoding.field
    for name, line in zip(got.message.names, got.message.lines, strict=True):
        if name == "ORC":
            control = first_reader(got.message.encoding)(line.partition(mark)[2].partition(mark)[0])
        if name == place.name:
            row = line.split(mark)
            row += [""] * (want + 1 - len(row))
            stopped = name in _ORDERS and control.upper() in _STOPS
            yield from _of_row(rule, place, row, got=got, stopped=stopped)


def _of_row(
    rule: AlertRule, place: _Place, row: list[str], *, got: Received, stopped: bool
) -> Iterator[AlertReported]:
    encoding, value = got.message.encoding, row[place.field]
    if is_cleared(value, encoding):
        yield AlertReported(alert=rule.alert, text=rule.text, on=False)
        return
    stated = [
        one for part in repetitions(value, encoding) if (one := coded(part, encoding)).words()
    ]
    meant = [one for one in stated if _matches(rule, one)]
    on = not stopped and not (place.name == "OBX" and row[_OBX_STATE].strip() in _WITHDRAWN)
    for one in meant:
        text = rule.text or _said(one)
        if place == _Place("OBX", 3) and not rule.text:
            text = value_of(row[2].strip().upper(), row[_OBX_VALUE], encoding) or text
        yield AlertReported(alert=rule.alert, text=text, on=on)
    if stated and not meant and rule.text and place.name not in _ORDERS | {"OBX"}:
        # The field now says something else: what it said before no longer stands by it.
        yield AlertReported(alert=rule.alert, text=rule.text, on=False)


def _matches(rule: AlertRule, stated: Coded) -> bool:
    wanted = rule.code.casefold()
    return not wanted or wanted in {stated.code.casefold(), stated.text.casefold()}


def _said(stated: Coded) -> str:
    if stated.code.upper() == _DO_NOT_RESUSCITATE and not stated.text:
        return "Do not resuscitate (DN)"
    return stated.words()
