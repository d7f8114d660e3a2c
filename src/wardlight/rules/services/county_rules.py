"""What a county says about sending ambulances elsewhere: how long, who agrees, what then.

The shipped table shows two rule sets. A site follows the one that names it and replaces the
whole table by its own (docs/dispatch.md); what is written down says by which rules it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from wardlight.record.instants import MINUTE
from wardlight.record.problems import Problem
from wardlight.record.services import AtExpiry, DivertCategory, Service, ServiceState
from wardlight.rules.table_lines import numbered
from wardlight.views.services.service_rows import Capability, FacilityBoard, Standing

COLUMNS = (
    "rules",
    "sites",
    "category",
    "minutes_max",
    "at_expiry",
    "agreement",
    "when_all_divert",
    "meaning",
    "source",
)
EVERY_SITE = "*"
RING_SILENT = "Ring those without a report first."
MINUTES_MAX = 35 * 24 * 60
_VERSION = re.compile(r"#\s*version\s+(\S{1,20})")


class CountyRule(Struct, frozen=True, kw_only=True, gc=False):
    """What one rule set says of one category."""

    category: DivertCategory
    minutes_max: int | None  # None: it ends when the hospital says so
    at_expiry: AtExpiry
    agreement: bool  # others have to agree first
    when_all_divert: str
    meaning: str
    source: str

    def length_ms(self) -> int | None:
        """Return how long a diversion lasts at most, in ms; None for no limit."""
        return None if self.minutes_max is None else self.minutes_max * MINUTE


class RuleSet(Struct, frozen=True, kw_only=True, gc=False):
    """The rules of one county."""

    name: str
    version: str
    sites: frozenset[str]
    rules: tuple[CountyRule, ...]

    def title(self) -> str:
        """Return what an entry names it by."""
        return f"{self.name} (version {self.version})"

    def of(self, category: DivertCategory | None) -> CountyRule | None:
        """Return what it says of a category; None when it says nothing."""
        return next((one for one in self.rules if one.category is category), None)


def rules_for(site: str, sets: Iterable[RuleSet]) -> RuleSet | None:
    """Return the rule set a site follows: one that names it, else one for every site."""
    known = tuple(sets)
    named = next((one for one in known if site in one.sites), None)
    return named or next((one for one in known if EVERY_SITE in one.sites), None)


def all_divert_notice(boards: Iterable[FacilityBoard], rules: RuleSet | None) -> str:
    """Return what the county says when no ED is known to take ambulances; "" while one does.

    An ED nobody has reported is not taken for open: it has to be rung first, and that is said.
    """
    away, ring = none_takes(boards)
    found = [rules.of(one.category) for one in away] if rules is not None else []
    words = next((one.when_all_divert for one in found if one and one.when_all_divert), "")
    return f"{ring} {words}".strip() if words else ""


def none_takes(boards: Iterable[FacilityBoard]) -> tuple[list[Standing], str]:
    """Return the EDs that turn ambulances away, [] while one is known to take; and whom to ring.

    What is known to have no ED does not count, nor does a silent one: that has to be rung first.
    """
    with_ed = (one for one in boards if one.capability(Service.ED) is not Capability.NO)
    eds = [one.standing(Service.ED) for one in with_ed]
    told = [one for one in eds if one.state is not ServiceState.NO_REPORT]
    ring = RING_SILENT if len(told) < len(eds) else ""
    return (told if all(one.is_turning_away() for one in told) else []), ring


def read_county_rules(text: str) -> tuple[RuleSet, ...] | Problem:
    """Return the rule sets of a table; a problem names the first line that cannot be used."""
    version = _VERSION.match(text)
    lines = numbered(text)
    if not lines or tuple(lines[0][1].split("\t")) != COLUMNS:
        return _unusable(1, "the columns are not those of a table of county rules")
    held: dict[str, list[tuple[frozenset[str], CountyRule]]] = {}
    for at, line in lines[1:]:
        cells = line.split("\t")
        rule = _rule(cells)
        if rule is None:
            return _unusable(at, "a category, a time or an answer is none, or a column is missing")
        sites = frozenset(one.strip() for one in cells[1].split(",") if one.strip())
        held.setdefault(cells[0].strip(), []).append((sites, rule))
    return tuple(
        RuleSet(
            name=name,
            version=version[1].rstrip(".") if version else "not said",
            sites=frozenset().union(*(sites for sites, _ in rows)),
            rules=tuple(rule for _, rule in rows),
        )
        for name, rows in held.items()
    )


def _unusable(line: int, because: str) -> Problem:
    return Problem("county-rules.unusable", f"line {line}", because)


def _rule(cells: list[str]) -> CountyRule | None:
    row = {name: cell.strip() for name, cell in zip(COLUMNS, cells, strict=False)}
    if len(cells) != len(COLUMNS) or not row["rules"] or not row["source"]:
        return None
    if row["agreement"] not in ("yes", "no"):
        return None
    try:
        minutes = int(row["minutes_max"]) if row["minutes_max"] else None
        category, at_expiry = DivertCategory(row["category"]), AtExpiry(row["at_expiry"])
    except ValueError:
        return None
    if minutes is not None and not 0 < minutes <= MINUTES_MAX:
        return None
    return CountyRule(
        category=category,
        minutes_max=minutes,
        at_expiry=at_expiry,
        agreement=row["agreement"] == "yes",
        when_all_divert=row["when_all_divert"],
        meaning=row["meaning"],
        source=row["source"],
    )
