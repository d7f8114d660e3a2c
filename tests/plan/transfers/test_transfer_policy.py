import pytest

from wardlight.plan.policy_table import BYTES_MAX
from wardlight.plan.transfers.transfer_policy import (
    Acuity,
    Step,
    TransferPolicy,
    read_policy,
    shipped_policy,
)
from wardlight.record.problems import Problem

HEAD = "# version: 1\n# source WL: us\nname\tvalue\tsource\tnote\n"
ROWS = {
    "weight immediate": "3",
    "weight urgent": "2",
    "weight routine": "1",
    "handover": "20",
    "call first": "45",
    "move": "15",
    "stay": "600",
    "beds when unknown": "1",
    "drive when unknown": "60",
    "share of room": "1",
    "step 0.5": "0",
    "step 1": "60",
}


def policy(**changed: str) -> bytes:
    rows = {**ROWS, **{name.replace("_", " "): value for name, value in changed.items()}}
    return (HEAD + "".join(f"{name}\t{value}\tWL\t\n" for name, value in rows.items())).encode()


def because(content: bytes) -> str:
    found = read_policy(content)
    assert isinstance(found, Problem)
    return found.because


def test_the_shipped_policy_names_a_source_for_each_number() -> None:
    shipped = shipped_policy()
    assert shipped.weights[Acuity.IMMEDIATE] == 3
    assert [step.share for step in shipped.steps] == [0.5, 0.75, 0.9, 1.0]
    assert set(shipped.sources) == {"WL", "SAT"}


def test_a_site_can_replace_the_policy() -> None:
    found = read_policy(policy(handover="35"))
    assert isinstance(found, TransferPolicy)
    assert found.handover == 35
    assert found.steps == (Step(0.5, 0), Step(1, 60))


def test_a_policy_a_spreadsheet_saved_with_its_mark_is_read_the_same() -> None:
    assert read_policy(b"\xef\xbb\xbf" + policy()) == read_policy(policy())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (policy(handover="soon"), "handover: 'soon' is no number"),
        (policy(handover="nan"), "handover: nan is not between 0 and 10000"),
        (policy(handover="-1"), "handover: -1 is not between 0 and 10000"),
        (policy(share_of_room="2"), "share of room is at most 1"),
        (policy(colour="2"), "colour means nothing here"),
        (
            policy() + b"step nan\t2\tWL\t\n",
            "step nan: a step is named by its share, as in step 0.75",
        ),
        (policy() + b"step 2\t70\tWL\t\n", "step 2: a step is named by its share, as in step 0.75"),
        (policy(step_half="2"), "step half: a step is named by its share, as in step 0.75"),
        (
            policy().replace(b"0.5\t0", b"0.5\t90"),
            "steps rise in share and in minutes, and the last one is step 1",
        ),
        (HEAD.encode(), "weight immediate is missing"),
        (policy() + b"move\t15\tWL\t\n", "line 16: move stands there twice"),
        (policy() + b"move\t15\tGUESS\t\n", "line 16, move: the head names no source “GUESS”"),
        (b"\xff", "the columns are to be name, value, source, note"),
        (b"", "the columns are to be name, value, source, note"),
        (b"#" * (BYTES_MAX + 1), f"longer than {BYTES_MAX} bytes"),
    ],
)
def test_a_policy_that_cannot_be_used_says_what_is_wrong(content: bytes, told: str) -> None:
    assert because(content) == told
