"""The rows of the drug tables: what a site's pharmacist writes, one file for each subject.

The fields of a row are the columns of its file, in this order. Amounts are exact decimals.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct


class YesNo(StrEnum):
    """A cell that is ticked or not."""

    YES = "yes"
    NO = "no"


class Strength(StrEnum):
    """What an allergy to one medicine says of another."""

    CLASS = "class"  # treat as an allergy to this one too
    LOOK = "look"  # look at what happened and decide
    NONE = "none"


class Doubling(StrEnum):
    """When two medicines of one class are one too many."""

    ORDERS = "orders"  # when both are ordered, or given within the hours of the class
    LATELY = "lately"  # only when the other was given within the hours of the class
    NO = "no"


class Ingredient(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One active ingredient and every name it goes by."""

    name: str
    names: tuple[str, ...] = ()
    rxnorm: str = ""
    classes: tuple[str, ...] = ()
    source: str


class Combination(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A product of several ingredients."""

    name: str
    names: tuple[str, ...] = ()
    ingredients: tuple[str, ...]
    source: str


class DrugClass(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A class of medicines. `members`: what an allergy to one member says of the others."""

    name: str
    words: str
    names: tuple[str, ...] = ()  # as allergy lists write it
    members: Strength
    duplicate: Doubling
    duplicate_h: int = 0
    one: str = ""  # one of them, in words: "anticoagulant"
    source: str
    note: str = ""


class CrossReaction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an allergy to one class says of the medicines of another."""

    allergy: str
    drug: str
    strength: Strength
    note: str = ""
    source: str


class HighAlertKind(StrEnum):
    """What a row of the high-alert list is about."""

    CLASS = "class"
    INGREDIENT = "ingredient"
    ROUTE = "route"


class HighAlert(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A medicine that harms most when something goes wrong."""

    kind: HighAlertKind
    name: str
    not_routes: tuple[str, ...] = ()  # by these routes the row does not hold
    second: YesNo  # a second person checks before it is given
    weight: YesNo  # its dose goes by weight
    words: str
    source: str


class UsualDose(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The usual single dose of an ingredient by some routes at some ages; blank: not stated."""

    ingredient: str
    routes: tuple[str, ...] = ()
    from_years: int = 0
    to_years: int = 200  # up to, not including
    per_kg: YesNo  # low, high and day_max are for each kg of body weight
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str
    dose_max: Decimal | None = None  # one dose, whatever the weight
    day_max: Decimal | None = None  # in any 24 hours
    day_max_total: Decimal | None = None  # in any 24 hours, whatever the weight
    gap_h: int = 0  # shortest time between two doses
    source: str
    note: str = ""


class WeightBand(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody of this age can weigh, in kg; beyond it the weight is asked about."""

    from_days: int
    to_days: int
    low: Decimal
    high: Decimal
    source: str
