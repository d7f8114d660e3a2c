"""Visits and slots of invented clinics, from a seed."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from wardlight.plan.visits.visits import Link, Part, Slot, Visit, VisitProblem

TODAY = date(2026, 11, 29)
SITES = ("", "PARTNER-A", "PARTNER-B")
SERVICES = ("oncology", "cardiology", "imaging", "orthopaedics")
NEEDS = ("PACS", "contrast", "")


def clinics(
    seed: int, visits: int, slots: int, *, services: int = 2, days: int = 20, links: int = 0
) -> VisitProblem:
    """Return visits of which two in three were told of a slot; a tenth of the slots are gone."""
    chance = Random(seed)  # noqa: S311 - invented, not secret
    names = [f"{SERVICES[n % len(SERVICES)]}-{n}" for n in range(services)]
    offered = [_slot(chance, n, names, days) for n in range(slots)]
    by_service = {name: [one for one in offered if one.service == name] for name in names}
    for mine in by_service.values():
        chance.shuffle(mine)
    waiting = [_visit(chance, n, names, days, by_service) for n in range(visits)]
    there = tuple(one for one in offered if chance.random() > 0.1)
    ends = chance.sample(range(visits), min(2 * links, visits))
    made = tuple(
        Link(first=f"V{a}", then=f"V{b}", days_min=0, days_max=7)
        for a, b in zip(ends[::2], ends[1::2], strict=False)
    )
    return VisitProblem(visits=tuple(waiting), slots=there, today=TODAY.isoformat(), links=made)


def _slot(chance: Random, number: int, names: list[str], days: int) -> Slot:
    day = TODAY + timedelta(days=chance.randrange(1, days + 1))
    part = chance.choice(tuple(Part))
    lacks = ("PACS",) if day.day % 5 == 0 else ()
    return Slot(
        id=f"S{number}",
        service=chance.choice(names),
        day=day.isoformat(),
        at=f"{chance.randrange(8, 12) + (5 if part is Part.AFTERNOON else 0):02d}:00",
        minutes=chance.choice((30, 30, 60)),
        part=part,
        site=chance.choice((SITES[0], *SITES)),
        lacks=lacks,
        unstated=("contrast",) if day.day % 7 == 0 else (),
    )


def _visit(
    chance: Random, number: int, names: list[str], days: int, free: dict[str, list[Slot]]
) -> Visit:
    service = chance.choice(names)
    has = free[service].pop() if chance.random() < 0.66 and free[service] else None
    booked = has.id if has else ""
    soonest = date.fromisoformat(has.day) - timedelta(days=1) if has else TODAY
    harm = soonest + timedelta(days=chance.randrange(days))
    need = chance.choice(NEEDS) if chance.random() < 0.3 else ""
    far = chance.random() < 0.2
    return Visit(
        id=f"V{number}",
        service=service,
        weight=chance.choice((1.0, 1.0, 1.0, 2.0, 5.0)),
        harm_by=harm.isoformat() if chance.random() < 0.6 else "",
        minutes=has.minutes if has else chance.choice((30, 30, 30, 60)),
        needs=(need,) if need else (),
        sites=("", has.site if has else "") if far else (),
        travel={} if far else {"PARTNER-A": chance.choice((30, 60)), "PARTNER-B": 90},
        cannot=((TODAY + timedelta(days=chance.randrange(1, 6))).isoformat(),) if far else (),
        transport=number % 7 == 0,
        booked=booked,
        confirmed=bool(booked) and chance.random() < 0.8,
        moved_before=int(chance.random() < 0.1),
    )
