"""Transfer problems of invented regions, from a seed."""

from __future__ import annotations

from random import Random

from wardlight.plan.destinations.drive_time import Drive
from wardlight.plan.transfers.transfer_policy import Acuity, shipped_policy
from wardlight.plan.transfers.transfers import (
    STAY,
    Ban,
    Beds,
    Known,
    Level,
    Receiver,
    TransferProblem,
    Waiting,
)

BEDS = ("ward", "tele", "ICU", "peds", "OB")
NEEDS = ("dialysis", "CT", "cath lab")
KNOWN = (*[Known.YES] * 6, Known.NO, Known.UNKNOWN, Known.CONTRADICTORY)


def region(seed: int, patients: int, hospitals: int, *, tight: float = 1.3) -> TransferProblem:
    """Return so many patients at four closed sites, and beds for `tight` times their number."""
    chance = Random(seed)  # noqa: S311 - invented, not secret
    origins = [f"SITE-{n}" for n in range(4)]
    receivers = tuple(_receiver(chance, n, patients * tight / hospitals) for n in range(hospitals))
    drives = {
        (origin, one.code): _drive(chance)
        for origin in origins
        for one in receivers
        if chance.random() > 0.02
    }
    return TransferProblem(
        waiting=tuple(_waiting(chance, n, origins, receivers) for n in range(patients)),
        receivers=receivers,
        drives=drives,
        policy=shipped_policy(),
    )


def _receiver(chance: Random, number: int, beds: float) -> Receiver:
    share = beds / len(BEDS)
    free = {
        bed: Beds(chance.choice((None, 0, *[round(chance.uniform(0, 2.4) * share)] * 8)))
        for bed in BEDS
    }
    free["ICU"] = Beds(free["ICU"].free, chance.choice(KNOWN))
    return Receiver(
        code=f"HOSP-{number}",
        name=f"Invented Hospital {number}",
        beds=free,
        does={need: chance.choice(KNOWN) for need in NEEDS},
        takes=chance.choice((*[Known.YES] * 20, Known.NO)),
    )


def _drive(chance: Random) -> Drive:
    minutes = chance.uniform(5, 120)
    return Drive(minutes, minutes * 0.75, minutes * 1.25, "invented")


def _waiting(
    chance: Random, number: int, origins: list[str], receivers: tuple[Receiver, ...]
) -> Waiting:
    codes = [one.code for one in receivers]
    return Waiting(
        id=f"P{number}",
        origin=chance.choice(origins),
        bed=chance.choice(BEDS),
        acuity=chance.choice(tuple(Acuity)),
        needs=tuple(need for need in NEEDS if chance.random() < 0.1),
        level=chance.choice(tuple(Level)),
        bans=(Ban(chance.choice(codes), "family"),) if chance.random() < 0.1 else (),
        proposed=chance.choice((*codes, STAY)) if chance.random() < 0.3 else "",
        fixed=chance.choice((*codes, STAY)) if chance.random() < 0.05 else "",
        accepted=chance.choice(codes) if chance.random() < 0.03 else "",
    )
