"""Invented patients, with what is true of them on the day they come."""

from __future__ import annotations

from random import Random

from wardlight.sim import figures
from wardlight.sim.truth import TruePatient
from wardlight.sim.vocabulary import (
    ALLERGENS,
    CODE_STATUSES,
    FAMILIES,
    GIVENS_F,
    GIVENS_M,
    LANGUAGES,
    PROBLEMS,
)


def new_patient(dice: Random, site: str, mrn: str, *, nameless: bool = False) -> TruePatient:
    """Return somebody who has never been here; a nameless one has neither name nor birth date."""
    sex = dice.choice("FM")
    patient = TruePatient(
        mrn=mrn,
        family="Unknown" if nameless else dice.choice(FAMILIES),
        given="Male" if nameless else dice.choice(GIVENS_F if sex == "F" else GIVENS_M),
        birth="" if nameless else _birth(dice),
        sex=sex,
        site=site,
        language=dice.choice(LANGUAGES),
        phone=f"555-{dice.randrange(10_000):04d}",
        weight=f"{dice.randrange(450, 1200) / 10:.1f}",
        code_status=dice.choice(CODE_STATUSES) if dice.random() < figures.SHARE_CODE_STATUS else "",
        problems=dice.sample(PROBLEMS, dice.randrange(4)),
    )
    told = dice.random()
    if told < figures.SHARE_ALLERGIES_LISTED:
        patient.allergies = {one[0]: one for one in dice.sample(ALLERGENS, dice.randint(1, 3))}
    elif told < figures.SHARE_ALLERGIES_LISTED + figures.SHARE_NONE_KNOWN:
        patient.none_known = True
    return patient


def name_somebody(dice: Random, patient: TruePatient) -> None:
    """Give a nameless patient their name and birth date."""
    patient.family = dice.choice(FAMILIES)
    patient.given = dice.choice(GIVENS_F if patient.sex == "F" else GIVENS_M)
    patient.birth = _birth(dice)


def _birth(dice: Random) -> str:
    """Return a date no system means "unknown" by, as some do by 1 January 1970."""
    return f"{dice.randrange(1932, 2006)}{dice.randrange(1, 13):02d}{dice.randrange(2, 29):02d}"
