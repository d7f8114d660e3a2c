"""A transfer as the census hears of it: who left for another hospital, and who arrived in ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wardlight.record.codes import StayClass
from wardlight.record.events.entered import Entered
from wardlight.record.events.stays import Movement, Step
from wardlight.record.events.transfers import TransferArrived, TransferDeparted
from wardlight.record.identity import Person
from wardlight.record.instants import Instant, Moment
from wardlight.wire.entered.registration import Stated, left


def departed(entered: Entered, said: TransferDeparted, at: Instant) -> Stated:
    """Return the end of the stay here, as any other way of leaving ends it."""
    return left(entered, said.left(), at)


def arrived(entered: Entered, said: TransferArrived, at: Instant) -> Stated:
    """Return the stay that begins where a site of ours took the patient in.

    At any other hospital no stay of ours begins; a death on the way is noted with its time.
    """
    died = () if said.alive else (Person(key=entered.patient, died=Moment(at)),)
    if not said.visit:
        return Stated(died, ())
    move = Movement(
        patient=entered.patient,
        step=Step.ADMIT if said.alive else Step.DISCHARGE,
        at=at,
        visit=said.visit,
        stay_class=StayClass.INPATIENT,
        location=said.place,
        admitted=Moment(at),
        discharged=None if said.alive else Moment(at),
        disposition="" if said.alive else "died",
    )
    return Stated(died, (move,))


STATED: Mapping[type, Any] = {TransferDeparted: departed, TransferArrived: arrived}
