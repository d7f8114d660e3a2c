"""P29: the tests have teeth. Each planted fault is found by the test that is named for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from tests.durability.sizes import MARKS, Trial, note
from tests.planted.faults import FAULTS, Fault

ROOT = Path(__file__).parents[2]
FAILED, SECONDS_MAX = 1, 300
IN_EVERY_RUN = frozenset({FAULTS[3].name, FAULTS[8].name, FAULTS[15].name, FAULTS[19].name})


@pytest.fixture(scope="module")
def found() -> Iterator[list[str]]:
    """Gather which faults were found, and record how many."""
    began = monotonic()
    names: list[str] = []
    yield names
    if names:
        trial = Trial("P29", len(names), [name for name in names if name])
        note(trial, "planted faults are found by their tests", monotonic() - began)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of product and tests in which faults may be planted."""
    folder = tmp_path_factory.mktemp("planted")
    for name in ("src", "tests"):
        # What was compiled comes along with the times of its sources: a planted file is younger.
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("planted"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture
def plant(copy: Path) -> Iterator[Path]:
    yield copy
    for file in {fault.file for fault in FAULTS}:
        shutil.copy(ROOT / file, copy / file)


def outcome(folder: Path, test: str) -> tuple[int, str]:
    """Run one test in a copy; return pytest's exit code and its last words."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test]
    quiet = {name: value for name, value in os.environ.items() if "WARDLIGHT" not in name}
    quiet |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(folder / "src")}
    done = subprocess.run(  # noqa: S603 -- this Python's pytest
        command, cwd=folder, env=quiet, capture_output=True, text=True, timeout=SECONDS_MAX,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout[-2_000:]


def planted() -> Iterator[object]:
    """Give every fault; all but a few wait for the long run."""
    for fault in FAULTS:
        marks = MARKS if fault.name in IN_EVERY_RUN else [pytest.mark.soak]
        yield pytest.param(fault, id=fault.name, marks=marks)


@pytest.mark.parametrize("fault", [*planted()])
def test_a_planted_fault_is_found_by_its_test(plant: Path, fault: Fault, found: list[str]) -> None:
    path = plant / fault.file
    text = path.read_text("utf-8")
    assert text.count(fault.old) >= 1, "the text has changed: plant this fault anew"
    path.write_text(text.replace(fault.old, fault.new), "utf-8")
    code, told = outcome(plant, fault.test)
    found.append(fault.name if code == FAILED else "")
    assert code == FAILED, told


def test_every_fault_can_be_planted_and_names_a_test_that_exists() -> None:
    for fault in FAULTS:
        assert fault.old in (ROOT / fault.file).read_text("utf-8"), fault.name
        file, _, test = fault.test.partition("::")
        assert f"def {test}(" in (ROOT / file).read_text("utf-8") or not test, fault.name


def test_there_are_faults_enough_and_no_two_are_the_same() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 20
    assert len({(fault.file, fault.old, fault.new) for fault in FAULTS}) == len(FAULTS)
