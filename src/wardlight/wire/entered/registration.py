"""Who came, was moved and left, as persons and movements; allergies that were asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from wardlight.record.codes import Coded
from wardlight.record.events.charting import (
    AllergiesReported,
    Allergy,
    AllergyChange,
    Change,
    ChartEvent,
)
from wardlight.record.events.entered import Entered
from wardlight.record.events.observations import Reading, VitalsCharted
from wardlight.record.events.registration import (
    AllergiesAsked,
    AllergyAnswer,
    IdentityFound,
    Leaving,
    PatientLeft,
    PatientPlaced,
    PatientRegistered,
)
from wardlight.record.events.stays import Movement, PatientsMerged, StayEvent, Step
from wardlight.record.identity import Identifier, PatientKey, Person, PersonName
from wardlight.record.instants import Instant, Moment
from wardlight.wire.entered.observations import vitals_charted

DOWNTIME_AUTHORITY = "DOWNTIME"
DOWNTIME_KIND = "DT"


def downtime_key(number: str) -> PatientKey:
    """Return the key of a patient who is known by a downtime number."""
    return PatientKey(f"{DOWNTIME_AUTHORITY}|{number}")


class Stated(Struct, frozen=True, gc=False):
    """What an entry says of people and where they are."""

    persons: tuple[Person, ...] = ()
    stays: tuple[StayEvent, ...] = ()


def registered(_: Entered, said: PatientRegistered, at: Instant) -> Stated:
    """Return who was registered, and the stay that began.

    One who was recognised stays who they are: only a stay begins, and the number is theirs too.
    """
    key = said.same_as or downtime_key(said.number)
    number = Identifier(value=said.number, authority=DOWNTIME_AUTHORITY, kind=DOWNTIME_KIND)
    move = Movement(
        patient=key,
        step=Step.REGISTER,
        at=at,
        visit=f"{DOWNTIME_AUTHORITY}|{said.visit or said.number}",
        stay_class=said.stay_class,
        location=said.place,
        reason=said.reason,
        admitted=Moment(at),
    )
    if said.same_as:
        return Stated((Person(key=key, identifiers=(number,)),), (move,))
    name = said.name
    if not (name.family or name.given):
        name = PersonName(family=said.called, kind="S")  # table 0200: a name that hides nobody
    person = Person(
        key=key,
        identifiers=(number,),
        name=name,
        birth=said.birth,
        sex=said.sex,
        phones=(said.phone,) if said.phone else (),
        address=said.address,
        language=said.language,
        mother=said.mother.rpartition("|")[2],
        unconfirmed=said.shown_id != "yes" and not said.mother,
    )
    return Stated((person,), (move,))


def placed(entered: Entered, said: PatientPlaced, at: Instant) -> Stated:
    """Return a move; an admission from the emergency department when it is one."""
    move = Movement(
        patient=entered.patient,
        step=Step.ADMIT if said.admit else Step.MOVE,
        at=at,
        visit=said.visit,
        location=said.place,
        attending=said.attending,
        reason=said.reason,
    )
    return Stated((), (move,))


def left(entered: Entered, said: PatientLeft, at: Instant) -> Stated:
    """Return the end of a stay; a death is noted with its time."""
    move = Movement(
        patient=entered.patient,
        step=Step.DISCHARGE,
        at=at,
        visit=said.visit,
        discharged=Moment(at),
        disposition=" ".join(part for part in (said.how, said.to) if part),
    )
    if said.how is not Leaving.DIED:
        return Stated((), (move,))
    return Stated((Person(key=entered.patient, died=Moment(at)),), (move,))


def identity_found(entered: Entered, said: IdentityFound, at: Instant) -> Stated:
    """Return the name that was found, or the person two charts turned out to be."""
    if said.same_as:
        return Stated((), (PatientsMerged(survivor=said.same_as, retired=entered.patient, at=at),))
    person = Person(
        key=entered.patient,
        name=said.name,
        birth=said.birth,
        sex=said.sex,
        cleared=("unconfirmed",),
    )
    return Stated((person,), ())


def allergies_asked(_: Entered, said: AllergiesAsked, __: Instant) -> Iterator[AllergiesReported]:
    """Give what was answered; not having been able to ask states nothing."""
    if said.answer is AllergyAnswer.NONE_KNOWN:
        yield AllergiesReported(none_known=True)
    elif said.answer is AllergyAnswer.LISTED:
        yield AllergiesReported(
            changes=tuple(
                AllergyChange(
                    key=one.agent.casefold(),
                    change=Change.ADD,
                    allergy=Allergy(
                        agent=Coded(text=one.agent),
                        reactions=(one.reaction,) if one.reaction else (),
                    ),
                )
                for one in said.allergies
            )
        )


def asked_at_the_door(
    entered: Entered, said: PatientRegistered, at: Instant
) -> Iterator[ChartEvent]:
    """Give the allergies and the weight that were asked with the registration."""
    if said.allergies is not None:
        yield from allergies_asked(entered, said.allergies, at)
    if said.weight_kg:
        weight = VitalsCharted(readings=(Reading("weight", said.weight_kg, "kg"),))
        yield from vitals_charted(entered, weight, at)


STATED: Mapping[type, Any] = {
    PatientRegistered: registered,
    PatientPlaced: placed,
    PatientLeft: left,
    IdentityFound: identity_found,
}
CHARTED: Mapping[type, Any] = {
    PatientRegistered: asked_at_the_door,
    AllergiesAsked: allergies_asked,
}
