"""Boards as a county could see them: invented hospitals, every state, any text one can type."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import strategies as st

from wardlight.record.instants import DAY, HOUR, MINUTE, Instant
from wardlight.record.services import (
    AtExpiry,
    DivertCategory,
    Service,
    ServiceKey,
    ServiceState,
)
from wardlight.wire.edxl.cap import Sender, Step
from wardlight.wire.outside import ToldBeds, ToldBoard, ToldHospital, ToldService

NOW = Instant(1_795_320_000_000)  # 2026-11-22T04:00Z
ZONE = "America/New_York"
BY = Sender(
    sender="wardlight@lakeside.example",
    network="Lakeside Health (invented)",
    zone=ZONE,
    restriction="For EMS agencies and hospitals of Sample County",
    area="Sample County",
)
TEXTS = ("", "", "a <&> b", "\r", "\0", "é\ufffe", "]]>", "=1+1", "'", '"', "x\n y", "\U0001f3e5")


def told(state: ServiceState = ServiceState.DIVERT, **more: Any) -> ToldService:
    """Return what was said of an ED two hours ago, for two more hours."""
    given: dict[str, Any] = {
        "key": ServiceKey("LKS", Service.ED),
        "state": state,
        "category": DivertCategory.IT_OUTAGE,
        "reason": "record system off",
        "since": Instant(NOW - 2 * HOUR),
        "stated": Instant(NOW - 2 * HOUR),
        "expires": Instant(NOW + 2 * HOUR),
        "good_until": Instant(NOW + 2 * HOUR),
        "authorised_by": "Dr B. Sample",
    }
    return ToldService(**(given | more))


def board(*hospitals: ToldHospital) -> ToldBoard:
    """Return a board of these hospitals."""
    return ToldBoard(network=BY.network, sender=BY.sender, zone=ZONE, now=NOW, hospitals=hospitals)


def _at(chance: Random) -> Instant:
    return Instant(NOW - chance.randrange(40 * DAY))


def _some(chance: Random, *choices: Any) -> Any:
    return chance.choice(choices)


def _service(chance: Random, code: str) -> ToldService:
    return ToldService(
        key=ServiceKey(code, chance.choice(list(Service)), chance.choice(TEXTS)),
        state=chance.choice(list(ServiceState)),
        category=chance.choice([None, *DivertCategory]),
        reason=chance.choice(TEXTS),
        authorised_by=chance.choice(TEXTS),
        since=_some(chance, None, _at(chance)),
        stated=_at(chance),
        expires=_some(chance, None, _at(chance)),
        at_expiry=chance.choice(list(AtExpiry)),
        good_until=_some(chance, None, _at(chance)),
        comment=chance.choice(TEXTS),
        heard=chance.choice(TEXTS),
    )


def _beds(chance: Random) -> ToldBeds:
    kinds = ("ward", "tele", "ICU", "NICU", "OB", "ED", "psych", "4E <&>")
    return ToldBeds(
        kind=chance.choice(kinds),
        available=chance.randint(-9, 400),
        baseline=_some(chance, None, chance.randint(0, 900)),
        counted=_at(chance),
    )


def _hospital(chance: Random, number: int) -> ToldHospital:
    code = f"{_some(chance, 'H', 'é', 'a b', '<&', '-')}{number}"
    placed, score = chance.random() < 0.5, _some(chance, None, chance.randint(0, 200))
    return ToldHospital(
        code=code,
        name=chance.choice(TEXTS),
        phone=chance.choice(TEXTS),
        radio=chance.choice(TEXTS),
        latitude=chance.uniform(-90, 90) if placed else None,
        longitude=chance.uniform(-180, 180) if placed else None,
        ours=chance.random() < 0.5,
        services=tuple(_service(chance, code) for _ in range(chance.randrange(6))),
        beds=tuple(_beds(chance) for _ in range(chance.randrange(4))),
        nedocs=score,
        nedocs_counted=_at(chance) if score is not None else None,
    )


def board_of(seed: int) -> ToldBoard:
    """Return a board made by chance from a seed: much, little or nothing was said."""
    chance = Random(seed)  # noqa: S311 -- no secret
    return board(*(_hospital(chance, number) for number in range(chance.randrange(5))))


BOARDS = st.integers(0, 2**32).map(board_of)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Step, ...]:
    """Give what was said of two services over a few days, in the order it became known."""
    steps: list[Step] = []
    at = NOW - 5 * DAY
    for number in range(draw(st.integers(0, 8))):
        at += draw(st.integers(1, 30 * HOUR))
        ends = draw(st.integers(MINUTE, 40 * HOUR))
        said = told(
            draw(st.sampled_from(list(ServiceState))),
            key=ServiceKey("LKS", draw(st.sampled_from([Service.ED, Service.CT]))),
            reason=draw(st.sampled_from(TEXTS)),
            since=Instant(at),
            stated=Instant(at),
            expires=draw(st.sampled_from([None, Instant(at + ends)])),
            good_until=Instant(at + ends),
        )
        steps.append(Step(name=f"{number:032x}.ab", at=Instant(at), told=said))
    return tuple(steps)
