"""An entry of staff at the two depths every entry is read: what it is about, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import DecodeError, ValidationError

from wardlight.record.entry import Entry
from wardlight.record.events.charting import ChartEvent, EntryVoided, OrderChecked
from wardlight.record.events.entered import Entered, unpacked
from wardlight.record.events.registration import PatientRegistered
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.record.problems import Problem
from wardlight.record.reading import Charted, Headline, stamp_of
from wardlight.wire.entered import (
    laboratory,
    medicines,
    observations,
    registration,
    transfers,
)
from wardlight.wire.entered.registration import Stated

NOT_READ = "entry.not-read"


def entered_of(entry: Entry) -> Entered | Problem:
    """Return what a person entered; a problem for one of a later version of this program."""
    try:
        return unpacked(entry.body)
    except (DecodeError, ValidationError):
        return Problem(NOT_READ, entry.kind, "written by a version of this program that knows more")


def entered_headline(entry: Entry) -> Headline:
    """Return what an entry is about: whose it is, and who moved where."""
    entered = entered_of(entry)
    if isinstance(entered, Problem):
        return Headline(what=entry.kind, occurred=entry.occurred, unread=entered)
    stated = _stated(entered, entry.occurred)
    charted = (subject_of(entered),) if _is_charted(entered) else ()
    return Headline(
        what=entry.kind,
        control_id=entered.id,
        occurred=entry.occurred,
        persons=stated.persons,
        stays=stated.stays,
        charted=charted,
    )


def entered_chart(entry: Entry) -> tuple[Charted, ...]:
    """Return what an entry says for the chart of its patient."""
    entered = entered_of(entry)
    if isinstance(entered, Problem):
        return ()
    stamp = stamp_of(entry, entered)
    patient = subject_of(entered)
    return tuple(Charted(patient, stamp, event) for event in _chart_events(entered, entry.occurred))


def subject_of(entered: Entered) -> PatientKey:
    """Return whose entry it is; somebody newly registered is known by their downtime number."""
    said = entered.said
    if isinstance(said, PatientRegistered):
        return said.same_as or registration.downtime_key(said.number)
    return entered.patient


def _is_charted(entered: Entered) -> bool:
    return bool(subject_of(entered))


def _stated(entered: Entered, at: Instant) -> Stated:
    read = STATED.get(type(entered.said))
    return read(entered, entered.said, at) if read else Stated()


def _chart_events(entered: Entered, at: Instant) -> Iterable[ChartEvent]:
    read = CHARTED.get(type(entered.said))
    return read(entered, entered.said, at) if read else ()


def _as_it_is(_: Entered, said: OrderChecked | EntryVoided, __: Instant) -> Iterable[ChartEvent]:
    return (said,)


STATED: Mapping[type, Callable[[Entered, Any, Instant], Stated]] = {
    **registration.STATED,
    **transfers.STATED,
}
CHARTED: Mapping[type, Callable[[Entered, Any, Instant], Iterable[ChartEvent]]] = {
    **medicines.CHARTED,
    **observations.CHARTED,
    **registration.CHARTED,
    **laboratory.CHARTED,
    OrderChecked: _as_it_is,
    EntryVoided: _as_it_is,
}
