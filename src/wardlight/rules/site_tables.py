"""The tables of a site: drugs, critical values, county rules; a site replaces any of them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from wardlight.record.problems import Problem
from wardlight.rules.county_rules import RuleSet, read_county_rules
from wardlight.rules.critical_values import CriticalLimit, read_critical_values
from wardlight.rules.drug_tables import FILES, Tables, drug_tables

CRITICAL_VALUES = "critical_values.tsv"
COUNTY_RULES = "county_rules.tsv"
NAMES = (*FILES, CRITICAL_VALUES, COUNTY_RULES)


class SiteTables(Struct, frozen=True, kw_only=True):
    """What rules look things up in."""

    drugs: Tables
    critical_values: tuple[CriticalLimit, ...]
    counties: tuple[RuleSet, ...] = ()


def site_tables(files: Mapping[str, bytes]) -> SiteTables | tuple[Problem, ...]:
    """Return the tables of these files, or everything that is wrong with them."""
    drugs = drug_tables({name: files[name] for name in FILES if name in files})
    critical = read_critical_values(_text(files, CRITICAL_VALUES))
    counties = read_county_rules(_text(files, COUNTY_RULES))
    problems = drugs if isinstance(drugs, tuple) else ()
    wrong = [one for one in (critical, counties) if isinstance(one, Problem)]
    if isinstance(drugs, tuple) or isinstance(critical, Problem) or isinstance(counties, Problem):
        return (*problems, *wrong)
    return SiteTables(drugs=drugs, critical_values=critical, counties=counties)


def _text(files: Mapping[str, bytes], name: str) -> str:
    return files.get(name, b"").decode("utf-8", "replace")
