"""A message's chart events: each subject reads its own segments, in a fixed order."""

from __future__ import annotations

from collections.abc import Sequence

from wardlight.record.events.charting import ChartEvent
from wardlight.record.instants import Instant
from wardlight.record.sources import AlertRule, Source
from wardlight.wire.hl7v2.charting.alerts import alerts
from wardlight.wire.hl7v2.charting.allergies import allergies
from wardlight.wire.hl7v2.charting.contacts import contacts
from wardlight.wire.hl7v2.charting.diets import diets
from wardlight.wire.hl7v2.charting.documents import documents
from wardlight.wire.hl7v2.charting.doses import doses
from wardlight.wire.hl7v2.charting.groups import groups
from wardlight.wire.hl7v2.charting.orders import orders
from wardlight.wire.hl7v2.charting.problems import problems
from wardlight.wire.hl7v2.charting.results import results
from wardlight.wire.hl7v2.charting.vaccines import vaccines
from wardlight.wire.hl7v2.message import Message
from wardlight.wire.hl7v2.received import Received, kind_of, received

_STATEMENTS = frozenset({"AL1", "IAM", "DG1", "PRB", "NK1", "GT1", "PD1", "PV2", "NPU", "CON"})
_ORDERS = frozenset({"ORC", "OBR", "RXO", "RXE", "RXA", "RXD", "RXG", "ODS", "RQD"})
_CHARTED = _STATEMENTS | _ORDERS | {"OBX", "TXA"}
_LATE_FIELDS = {"PD1": 15, "PV2": 45}  # of these segments only a late field is charted
_AMBULATORY = 15  # PV1-15: pregnant, blind, isolation by a site's own rule

_VACCINES = frozenset({"VXU", "VXX", "VXR"})
_DOCUMENTS = frozenset({"MDM"})
_REPORTS = frozenset({"ORU", "OUL", "ORF", "ORA", "CSU"})
_REQUESTS = frozenset({"ORM", "OMG", "OML", "OMI", "OMD", "OMP", "OMS", "OMN", "OMB"}) | {
    *("RDE", "RDS", "RGV", "RAS", "PPR", "PGL", "PPP")
}
_REPORT_WITH_ORC_BEHIND = "OUL"


def has_chart(message: Message, rules: Sequence[AlertRule] = ()) -> bool:
    """Say whether a message may have something for the chart; cheap, by its segments' names.

    `rules` are the source's alerts: they may name a segment that is charted for them alone.
    """
    names = set(message.names)
    found = names & _CHARTED
    if found - _LATE_FIELDS.keys() or any(name[:1] == "Z" for name in names):
        return True
    if any(_reaches(message, name, _LATE_FIELDS[name]) for name in found):
        return True
    if any(rule.where[:3].upper() in names for rule in rules):
        return True
    return "PV1" in names and _reaches(message, "PV1", _AMBULATORY)


def chart_events(message: Message, source: Source, received_at: Instant) -> list[ChartEvent]:
    """Return everything one patient's part of a message says for the chart; never raises."""
    got = received(message, source, received_at)
    code = kind_of(got)[0]
    names = set(message.names)
    found: list[ChartEvent] = []
    if names & _STATEMENTS:
        found += allergies(got)
        found += problems(got)
        found += contacts(got)
    found += alerts(got)
    if code in _VACCINES:
        return [*found, *vaccines(got, groups(message))]
    if code in _DOCUMENTS and "TXA" in names:
        return [*found, *documents(got)]
    reports = code in _REPORTS or ("OBX" in names and code not in _REQUESTS)
    if names & _ORDERS:
        found += _ordered(got, code, reports=reports)
    if "OBX" in names or (reports and "OBR" in names):
        found += results(got, reports=reports)
    return found


def _ordered(got: Received, code: str, *, reports: bool) -> list[ChartEvent]:
    """Return orders, diets and doses; a report without ORC orders nothing."""
    message = got.message
    if reports and "ORC" not in message.names and "RXA" not in message.names:
        return []
    found = groups(message, orc_follows=code == _REPORT_WITH_ORC_BEHIND)
    changed = orders(got, code, found, reports=reports)
    return [*changed, *diets(changed), *doses(got, found)]


def _reaches(message: Message, name: str, field: int) -> bool:
    """Say whether a segment of that name states that field."""
    mark = message.encoding.field
    return any(
        line.count(mark) >= field and line.split(mark, field + 1)[field].strip()
        for found, line in zip(message.names, message.lines, strict=True)
        if found == name
    )
