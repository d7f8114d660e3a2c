import pytest
from tests.plan.destinations.regions import SCORED

from wardlight.plan.destinations.destination_policy import (
    FILE,
    DestinationPolicy,
    Method,
    read_policy,
    shipped_policy,
)
from wardlight.record.problems import Problem
from wardlight.run.region import region_of


def shipped() -> str:
    from importlib.resources import files  # noqa: PLC0415

    return (files("wardlight.plan") / "tables" / FILE).read_text("utf-8")


def test_the_shipped_policy_is_nearest_capable_and_nobody_has_signed_it() -> None:
    policy = shipped_policy()
    assert (policy.method, policy.signed, policy.scores) == (Method.NEAREST, "", False)
    assert policy.label() == "nearest capable, version 1, not signed"


def test_a_signed_and_scored_policy_weighs() -> None:
    text = shipped().replace("# signed:", "# signed: Dr S. Sample, 2026-12-01")
    found = read_policy(text.replace("method\tnearest", "method\tscored").encode())
    assert isinstance(found, DestinationPolicy)
    assert found.scores
    assert found.label() == "scored, version 1, Dr S. Sample, 2026-12-01"
    assert SCORED.scores


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("reach\t90", "reach\tfar", "“reach” is no number"),
        ("reach\t90", "reech\t90", "the line “reach” is missing"),
        ("fairness\t30", "fairness\t-1", "not between"),
        ("price 1\t30", "price 1\t5", "rises with each step"),
        ("price 1\t30", "price 0.90\t30", "each of another load"),
        ("price 1\t30", "price nan\t30", "“price nan” names no load"),
        ("price 1\t30", "price inf\t30", "“price inf” names no load"),
        ("need stroke\tED, stroke, CT", "need stroke\tstroke", "does not name the ED"),
        ("need OB\tED, OB", "need OB\tED, midwife", "“midwife” is no service"),
        ("offload\t10\tWL", "offload\t10\tME", "offload: the head names no source “ME”"),
        ("method\tnearest", "method\tguess", "“method” is one of nearest, scored"),
        ("continuity\t5\tWL", "continuity\t5\tWL\t\nweight gold\t1\tWL", "is not a line"),
    ],
)
def test_a_line_that_cannot_be_meant_refuses_the_file(old: str, new: str, words: str) -> None:
    found = read_policy(shipped().replace(old, new, 1).encode())
    assert isinstance(found, Problem)
    assert words in found.because


def test_a_file_that_cannot_be_used_is_said_and_the_shipped_one_is_followed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("node")
    (folder / "tables").mkdir()
    (folder / "tables" / FILE).write_text("nonsense")
    (folder / "tables" / "hospitals.tsv").write_text("code\tname\tlat\tlon\nA\tSample\t45\t-40\n")
    region = region_of(folder)
    assert region.policy.label() == shipped_policy().label()
    assert len(region.index) == 1
    assert region.notices[0].startswith("destination_policy.tsv is not used:")
