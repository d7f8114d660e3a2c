"""Theatre lists of an invented hospital with too little room, from a seed."""

from __future__ import annotations

from random import Random

from wardlight.plan.theatres.theatres import Case, Place, Session, TheatreProblem

SPECIALTIES = ("general", "orthopaedic", "vascular", "neuro", "gynaecology", "urology")
HOUR = 60
OPEN_MIN = 8 * HOUR


def theatres(
    seed: int, cases: int, days: int, rooms: int, *, load: float = 1.0, limited: bool = False
) -> TheatreProblem:
    """Return cases for `load` times the minutes there are.

    A third are more than elective, a third was told of a place, one day in five has no PACS.
    `limited`: some lists are one surgeon's alone, some hold two cases at most.
    """
    chance = Random(seed)  # noqa: S311 - invented, not secret
    sessions = tuple(
        Session(
            day=day,
            room=f"OR{room}",
            minutes=OPEN_MIN,
            specialties=frozenset(chance.sample(SPECIALTIES, 2 if room % 2 else 4)),
            lacks=frozenset({"PACS"} if day % 5 == 1 else ()),
            surgeon="neuro-0" if limited and day % 4 == 1 and room == 1 else "",
            holds=2 if limited and day % 4 == 2 and room == 0 else 0,
        )
        for day in range(days)
        for room in range(rooms)
    )
    mean = len(sessions) * OPEN_MIN * load / cases
    surgeons = [f"{name}-{n}" for name in SPECIALTIES for n in range(max(rooms // 3, 1) + 1)]
    waiting = tuple(_case(chance, n, days, mean, sessions) for n in range(cases))
    return TheatreProblem(
        cases=waiting,
        sessions=sessions,
        surgeons={
            (name, day): OPEN_MIN
            for name in surgeons
            for day in range(days)
            if chance.random() < 0.7
        },
        beds={
            (kind, day): max(round(rooms * share), 1)
            for kind, share in (("ICU", 0.5), ("ward", 3.0))
            for day in range(days)
        },
        equipment={("C-arm", day): max(rooms // 3, 1) for day in range(days)},
    )


def _case(
    chance: Random, number: int, days: int, mean: float, sessions: tuple[Session, ...]
) -> Case:
    specialty = chance.choice(SPECIALTIES)
    minutes = min(max(round(chance.lognormvariate(0, 0.45) * mean * 0.9 / 5) * 5, 30), OPEN_MIN)
    place = chance.choice(sessions)
    told = chance.random() < 1 / 3
    weight = chance.choice((1.0, 1.0, 2.0, 4.0))
    slack = {1.0: days, 2.0: days // 2, 4.0: days // 3}[weight]
    many = max(len({one.room for one in sessions}) // 3, 1) + 1
    return Case(
        id=f"C{number}",
        minutes=minutes,
        specialty=specialty,
        surgeon=f"{specialty}-{chance.randrange(many)}",
        harm_by=chance.randrange(max(slack, 1)),
        weight=weight,
        ready=chance.randrange(3) if chance.random() < 0.2 else 0,
        bed=chance.choice(("", "", "ward", "ward", "ICU")),
        nights=chance.randint(1, 3),
        equipment=("C-arm",) if specialty == "orthopaedic" and chance.random() < 0.5 else (),
        needs=frozenset({"PACS"} if specialty == "neuro" else ()),
        cannot=frozenset({chance.randrange(days)} if chance.random() < 0.1 else ()),
        booked=Place(place.day, place.room) if told else None,
        confirmed=told,
        moved_before=int(chance.random() < 0.1),
    )
