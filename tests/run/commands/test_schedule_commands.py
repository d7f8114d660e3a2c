"""`wardlight schedule import`: a file into a node that is not running."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.run.commands.test_staff_commands import data

from wardlight.run.commands.schedule_commands import import_schedule

__all__ = ["data"]
pytestmark = pytest.mark.slow
ROWS = "appointment,patient,starts\n1,7,2026-11-24 09:00\n2,8,soon\n"


def test_a_schedule_is_read_in_and_a_row_that_cannot_be_used_ends_with_1(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "visits.csv"
    file.write_text(ROWS)
    with pytest.raises(SystemExit) as ended:
        import_schedule(data, file, "", as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert ended.value.code == 1
    assert (told["appointments"], told["patients"], told["format"]) == (1, 1, "CSV")
    assert told["refused"][0]["row"] == 3


def test_a_site_that_is_not_here_is_named(
    data: Path,
    tmp_path: Path,
) -> None:
    file = tmp_path / "visits.csv"
    file.write_text(ROWS)
    with pytest.raises(SystemExit) as ended:
        import_schedule(data, file, "NOWHERE", as_json=False)
    assert ended.value.code == 2
