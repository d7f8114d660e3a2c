"""Invented regions for the tests of the destination helper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from wardlight.plan.destinations.destination_answer import Answer
from wardlight.plan.destinations.destination_policy import DestinationPolicy, Method, shipped_policy
from wardlight.plan.destinations.destinations import Question, State, ranked
from wardlight.plan.destinations.drive_time import Drive
from wardlight.plan.destinations.hospital_facts import EdCount, HospitalFacts, Said
from wardlight.plan.destinations.hospital_index import HospitalIndex
from wardlight.record.hospitals import Hospital
from wardlight.record.instants import MINUTE, Instant
from wardlight.record.places import Place, Position, Setting
from wardlight.record.services import DivertCategory, Service, ServiceState

NOW = Instant(1_795_305_600_000)  # 2026-11-22T00:00Z
HERE = Place(words="Corner of Sample and Test", at=Position(45.0, -40.0), setting=Setting.URBAN)
KM = 1 / 111.195  # degrees of latitude for one km
NEAREST = shipped_policy()
SCORED = replace(NEAREST, method=Method.SCORED, signed="Dr S. Sample, medical director, 2026-11-01")


def hospital(
    code: str, km: float, can: Iterable[Service] = (Service.ED,), **more: object
) -> Hospital:
    """Return a hospital so far north of `HERE`."""
    at = Position(HERE.at.latitude + km * KM, HERE.at.longitude)
    made = Hospital(code=code, name=f"{code} Sample", at=at, can=frozenset(can))
    return replace(made, **more)


def said(
    state: ServiceState = ServiceState.OPEN,
    minutes: int = 5,
    category: DivertCategory | None = None,
) -> Said:
    """Return a state as it was said some minutes ago."""
    return Said(state, Instant(NOW - minutes * MINUTE), category)


def facts(
    ed: Said | None = None,
    *,
    patients: int | None = None,
    spaces: int = 20,
    minutes: int = 5,
    services: Mapping[Service, Said] | None = None,
) -> HospitalFacts:
    """Return what was said of a hospital: open five minutes ago unless told otherwise."""
    count = EdCount(at=Instant(NOW - minutes * MINUTE), patients=patients, spaces=spaces)
    return HospitalFacts(
        services={Service.ED: ed or said(minutes=minutes), **(services or {})},
        count=count if patients is not None else None,
    )


def asked(
    hospitals: Iterable[Hospital],
    known: Mapping[str, HospitalFacts],
    *,
    need: str = "any",
    policy: DestinationPolicy = NEAREST,
    inbound: Mapping[str, int] | None = None,
    drives: Mapping[str, Drive] | None = None,
) -> Answer:
    """Return the answer for a patient at `HERE`."""
    state = State(now=NOW, facts=known, inbound=inbound or {}, drives=drives or {})
    return ranked(HospitalIndex(hospitals), Question(origin=HERE, need=need), state, policy)


def order(answer: Answer) -> list[str]:
    """Return the codes of a list, best first."""
    return [one.code for one in answer.ranked]
