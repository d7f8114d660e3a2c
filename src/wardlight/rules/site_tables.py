"""The tables of a site: drugs and doses, critical values. Shipped small; a site replaces any."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from wardlight.record.problems import Problem
from wardlight.rules.critical_values import CriticalLimit, read_critical_values
from wardlight.rules.drug_tables import FILES, Tables, drug_tables

CRITICAL_VALUES = "critical_values.tsv"
NAMES = (*FILES, CRITICAL_VALUES)


class SiteTables(Struct, frozen=True, kw_only=True):
    """What rules look things up in."""

    drugs: Tables
    critical_values: tuple[CriticalLimit, ...]


def site_tables(files: Mapping[str, bytes]) -> SiteTables | tuple[Problem, ...]:
    """Return the tables of these files, or everything that is wrong with them."""
    drugs = drug_tables({name: files[name] for name in FILES if name in files})
    critical = read_critical_values(files.get(CRITICAL_VALUES, b"").decode("utf-8", "replace"))
    problems = drugs if isinstance(drugs, tuple) else ()
    if isinstance(critical, Problem):
        return (*problems, critical)
    if isinstance(drugs, tuple):
        return drugs
    return SiteTables(drugs=drugs, critical_values=critical)
