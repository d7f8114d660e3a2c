"""What decides the order of the destination list: a file people read, change and sign.

Without a signature it is not followed: the list is then that of the nearest capable hospital.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from importlib.resources import files
from itertools import pairwise
from math import isfinite

from msgspec import Struct

from wardlight.plan.policy_table import PolicyTable, Row, WrongError, policy_table
from wardlight.record.problems import Problem
from wardlight.record.services import DivertCategory, Service

FILE = "destination_policy.tsv"
UNUSABLE = "destination-policy.unusable"
NUMBER_MAX = 10_000.0
ACUITIES = ("critical", "emergent", "urgent", "low")


class Method(StrEnum):
    """How the list is ordered."""

    NEAREST = "nearest"
    SCORED = "scored"


class DivertRule(StrEnum):
    """What a county's crews do about a category of diversion."""

    HONOUR = "honour"
    NOBODY = "nobody"
    IGNORE = "ignore"


class Urgency(Struct, frozen=True):
    """How much a minute of driving counts, and how many more than the nearest one may cost."""

    weight: float
    budget: float  # minutes
    ignores_divert: bool = False


class Need(Struct, frozen=True, kw_only=True):
    """A kind of patient: the services it takes, and how urgent it usually is."""

    code: str
    words: str
    services: tuple[Service, ...]
    acuity: str
    must_go: float | None = None  # minutes beyond the nearest open ED; None: no such rule


class DestinationPolicy(Struct, frozen=True, kw_only=True):
    """The rules of one list. Times in minutes unless their name says otherwise."""

    method: Method
    reach: float
    old_after_h: float
    closest_takes_within: float
    urgencies: Mapping[str, Urgency]
    ed_stay: float
    offload: float
    load_when_unknown: float  # patients for each treatment space
    spaces_when_unknown: float
    price: tuple[tuple[float, float], ...]  # load, minutes; both rising
    fairness: float
    share_cap: float
    continuity: float
    needs: Mapping[str, Need]
    diverts: Mapping[DivertCategory, DivertRule]
    version: str = ""
    date: str = ""
    signed: str = ""  # who, as what, when; "" for nobody
    sources: Mapping[str, str] = {}
    rows: tuple[Row, ...] = ()

    @property
    def scores(self) -> bool:
        """Return whether minutes other than the drive count: only when somebody has signed."""
        return self.method is Method.SCORED and bool(self.signed)

    def label(self) -> str:
        """Return which policy it is, for the list and for the log."""
        how = "scored" if self.scores else "nearest capable"
        return f"{how}, version {self.version}, {self.signed or 'not signed'}"


def shipped_policy() -> DestinationPolicy:
    """Return the policy that comes with the product."""
    found = read_policy((files("wardlight.plan") / "tables" / FILE).read_bytes())
    assert isinstance(found, DestinationPolicy), "the shipped policy can be read"
    return found


def read_policy(body: bytes) -> DestinationPolicy | Problem:
    """Return the policy of a file, or the first thing that is wrong with it."""
    try:
        return _policy(policy_table(body))
    except WrongError as wrong:
        return Problem(UNUSABLE, FILE, str(wrong))


def _policy(table: PolicyTable) -> DestinationPolicy:
    rows = table.rows
    cell = {name: one.value for name, one in rows.items()}
    read = DestinationPolicy(
        method=Method(_one_of(cell, "method", tuple(Method))),
        reach=_number(cell, "reach"),
        old_after_h=_number(cell, "old after"),
        closest_takes_within=_number(cell, "closest takes within"),
        urgencies={one: _urgency(cell, one) for one in ACUITIES},
        ed_stay=_number(cell, "ed stay"),
        offload=_number(cell, "offload"),
        load_when_unknown=_number(cell, "load when unknown"),
        spaces_when_unknown=_number(cell, "spaces when unknown", least=1.0),
        price=_price(cell),
        fairness=_number(cell, "fairness"),
        share_cap=_number(cell, "share cap", least=1.0),
        continuity=_number(cell, "continuity"),
        needs=_needs(rows),
        diverts={
            one: DivertRule(_one_of(cell, f"divert {one}", tuple(DivertRule)))
            for one in DivertCategory
        },
        version=table.version,
        date=table.date,
        signed=table.signed,
        sources=table.sources,
        rows=tuple(rows.values()),
    )
    _nothing_else(rows, read)
    return read


_SINGLE = (
    "method", "reach", "old after", "closest takes within", "ignores divert", "ed stay", "offload",
    "load when unknown", "spaces when unknown", "fairness", "share cap", "continuity",
)  # fmt: skip


def _nothing_else(rows: Mapping[str, Row], read: DestinationPolicy) -> None:
    """Refuse a name nobody reads: a misspelt weight must not silently be the usual one."""
    of_needs = ("need", "usual acuity", "must go")
    known = {
        *_SINGLE,
        *(f"weight {one}" for one in ACUITIES),
        *(f"budget {one}" for one in ACUITIES),
        *(f"divert {one}" for one in DivertCategory),
        *(f"{what} {need}" for what in of_needs for need in read.needs),
    }
    strange = next((one for one in rows if one not in known and not one.startswith("price ")), "")
    if strange:
        raise WrongError(f"“{strange}” is not a line of this policy")


def _number(cell: Mapping[str, str], name: str, least: float = 0.0) -> float:
    try:
        number = float(cell[name])
    except KeyError:
        raise WrongError(f"the line “{name}” is missing") from None
    except ValueError:
        raise WrongError(f"“{name}” is no number") from None
    if not (isfinite(number) and least <= number <= NUMBER_MAX):
        raise WrongError(f"“{name}” is not between {least:g} and {NUMBER_MAX:g}")
    return number


def _one_of(cell: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = cell.get(name, "")
    if value not in allowed:
        raise WrongError(f"“{name}” is one of {', '.join(allowed)}")
    return value


def _urgency(cell: Mapping[str, str], acuity: str) -> Urgency:
    ignores = [one.strip() for one in cell.get("ignores divert", "").split(",")]
    return Urgency(
        weight=_number(cell, f"weight {acuity}"),
        budget=_number(cell, f"budget {acuity}"),
        ignores_divert=acuity in ignores,
    )


def _price(cell: Mapping[str, str]) -> tuple[tuple[float, float], ...]:
    """Return the price of load, dearer with each step and never more slowly (convex)."""
    names = [one for one in cell if one.startswith("price ")]
    steps = sorted((_load(one), _number(cell, one)) for one in names)
    if len({load for load, _ in steps}) < max(2, len(steps)):  # a line has two ends
        raise WrongError(
            "the price of load needs two lines “price …” or more, each of another load"
        )
    slopes = [(after[1] - before[1]) / (after[0] - before[0]) for before, after in pairwise(steps)]
    if slopes != sorted(slopes) or slopes[0] < 0:
        raise WrongError("the price of load rises with each step, and never more slowly")
    return tuple(steps)


def _load(name: str) -> float:
    try:
        load = float(name.removeprefix("price "))
    except ValueError:
        load = -1.0
    if not (isfinite(load) and load >= 0):
        raise WrongError(f"“{name}” names no load, such as price 0.9")
    return load


def _needs(rows: Mapping[str, Row]) -> dict[str, Need]:
    cell = {name: one.value for name, one in rows.items()}
    needs: dict[str, Need] = {}
    for name, row in rows.items():
        if not name.startswith("need "):
            continue
        code = name.removeprefix("need ")
        services = tuple(_service(one.strip(), name) for one in row.value.split(","))
        if Service.ED not in services:
            raise WrongError(f"“{name}” does not name the ED: ambulances go to no other door")
        needs[code] = Need(
            code=code,
            words=row.note or code,
            services=services,
            acuity=_one_of(cell, f"usual acuity {code}", ACUITIES),
            must_go=_number(cell, f"must go {code}") if f"must go {code}" in cell else None,
        )
    if not needs:
        raise WrongError("the policy names no kind of patient (need …)")
    return needs


def _service(name: str, where: str) -> Service:
    found = next((one for one in Service if one.value.casefold() == name.casefold()), None)
    if found is None:
        raise WrongError(f"“{name}” is no service (“{where}”)")
    return found
