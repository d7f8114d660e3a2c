"""Boards as a county could see them: invented hospitals, every state, any text one can type."""

from __future__ import annotations

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
TEXTS = st.sampled_from(["", "a <&> b", "\r", "\0", "é\u0000\ufffe", "]]>"]) | st.text(max_size=8)
TIMES = st.integers(min_value=NOW - 40 * DAY, max_value=NOW).map(Instant)


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


def services(code: str) -> st.SearchStrategy[ToldService]:
    """Give services of a hospital, whatever was said of them."""
    return st.builds(
        ToldService,
        key=st.builds(ServiceKey, st.just(code), st.sampled_from(Service), TEXTS),
        state=st.sampled_from(ServiceState),
        category=st.none() | st.sampled_from(DivertCategory),
        reason=TEXTS,
        authorised_by=TEXTS,
        since=st.none() | TIMES,
        stated=TIMES,
        expires=st.none() | TIMES,
        at_expiry=st.sampled_from(AtExpiry),
        good_until=st.none() | TIMES,
        comment=TEXTS,
        heard=TEXTS,
    )


BEDS = st.builds(
    ToldBeds,
    kind=st.sampled_from(["ward", "tele", "ICU", "NICU", "OB", "ED", "psych", "4E <&>"]),
    available=st.integers(-9, 400),
    baseline=st.none() | st.integers(0, 900),
    counted=TIMES,
)


@st.composite
def hospitals(draw: st.DrawFn) -> ToldHospital:
    """Give a hospital of which much or nothing was said."""
    code = draw(st.text("ABC09 -_&é", min_size=1, max_size=12).map(lambda one: f"H{one}".strip()))
    score = draw(st.none() | st.integers(0, 200))
    placed = draw(st.booleans())
    return ToldHospital(
        code=code,
        name=draw(TEXTS),
        phone=draw(TEXTS),
        radio=draw(TEXTS),
        latitude=draw(st.floats(-90, 90)) if placed else None,
        longitude=draw(st.floats(-180, 180)) if placed else None,
        ours=draw(st.booleans()),
        services=tuple(draw(st.lists(services(code), max_size=6))),
        beds=tuple(draw(st.lists(BEDS, max_size=4))),
        nedocs=score,
        nedocs_counted=draw(TIMES) if score is not None else None,
    )


BOARDS = st.lists(hospitals(), max_size=5, unique_by=lambda one: one.code).map(
    lambda found: board(*found)
)


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
            reason=draw(TEXTS),
            since=Instant(at),
            stated=Instant(at),
            expires=draw(st.sampled_from([None, Instant(at + ends)])),
            good_until=Instant(at + ends),
        )
        steps.append(Step(name=f"{number:032x}.ab", at=Instant(at), told=said))
    return tuple(steps)
