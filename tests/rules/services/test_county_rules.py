"""County rules as data: which set a site follows, what is wrong with a table, when all divert."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.services.region import SITES, TABLES, Region

from wardlight.record import catalogue
from wardlight.record.problems import Problem
from wardlight.record.services import DivertCategory
from wardlight.rules.services.county_rules import (
    COLUMNS,
    all_divert_notice,
    read_county_rules,
    rules_for,
)

HEAD = "# version 7\n" + "\t".join(COLUMNS) + "\n"
ROW = "ours\tLKS, MMH\tED saturation\t90\treopen\tno\tclosest\tfull\tCounty EMS, policy 12\n"
SATURATED = {"category": "ED saturation"}


def test_a_table_of_a_site_is_read_with_its_version() -> None:
    found = read_county_rules(HEAD + ROW)
    assert not isinstance(found, Problem)
    [rules] = found
    assert (rules.title(), rules.sites) == ("ours (version 7)", frozenset({"LKS", "MMH"}))
    rule = rules.of(DivertCategory.ED_SATURATION)
    assert rule is not None
    assert rule.minutes_max == 90
    assert rules.of(DivertCategory.STAFFING) is None


def test_a_set_that_names_the_site_comes_before_one_for_every_site() -> None:
    every = ROW.replace("ours\tLKS, MMH", "theirs\t*")
    sets = read_county_rules(HEAD + every + ROW)
    assert not isinstance(sets, Problem)
    followed = [rules_for(site, sets) for site in ("LKS", "SAC")]
    assert [one.name if one else "" for one in followed] == ["ours", "theirs"]
    assert rules_for("SAC", sets[1:]) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ED saturation", "busy"),
        ("\t90\t", "\tlong\t"),
        ("\t90\t", "\t0\t"),
        ("reopen", "explode"),
        ("\tno\t", "\tperhaps\t"),
        ("County EMS, policy 12", ""),
        ("\tfull", ""),
    ],
)
def test_a_row_that_cannot_be_used_is_named_by_its_line(old: str, new: str) -> None:
    found = read_county_rules(HEAD + ROW.replace(old, new))
    assert isinstance(found, Problem)
    assert found.where == "line 3"


@given(st.text(), st.integers(0, len(ROW)))
def test_whatever_a_file_holds_is_a_table_or_a_named_line(text: str, cut: int) -> None:
    for whole in (text, HEAD + text, HEAD + ROW[:cut] + text + ROW[cut:]):
        found = read_county_rules(whole)
        if isinstance(found, Problem):
            assert found.where.startswith("line ")
        else:
            assert all(one.rules and one.name for one in found)


def test_another_table_is_not_taken_for_county_rules() -> None:
    assert isinstance(read_county_rules("test\tloinc\n"), Problem)
    assert isinstance(read_county_rules(""), Problem)


def test_when_every_ed_diverts_the_closest_takes() -> None:
    region = Region()
    rules = rules_for("LKS", TABLES.counties)
    region.state("ED", "divert", **SATURATED)
    boards = region.status.facilities(region.now, SITES)
    assert all_divert_notice(boards, rules).startswith("Ring those without a report first. When")
    region.state("ED", "open", site="MMH")
    boards = region.status.facilities(region.now, SITES)
    assert all_divert_notice(boards, rules) == ""
    region.state("ED", "divert", site="MMH", **SATURATED)
    boards = region.status.facilities(region.now, SITES)
    assert all_divert_notice(boards, rules).startswith("When every hospital in reach diverts")
    region.minutes(120)
    boards = region.status.facilities(region.now, SITES)
    assert all_divert_notice(boards, rules) == ""


def test_a_hospital_without_an_ed_takes_nobody_and_is_not_rung() -> None:
    region = Region()
    rules = rules_for("LKS", TABLES.counties)
    fields = {"code": "MMH", "neighbour": "Marble City", "cannot": "ED"}
    region.tell(catalogue.NEIGHBOUR_STATED, **fields)
    region.state("ED", "divert", **SATURATED)
    boards = region.status.facilities(region.now, SITES)
    assert all_divert_notice(boards, rules).startswith("When every hospital")
