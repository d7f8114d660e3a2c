from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from wardlight.record.events.access import Role, StaffStated
from wardlight.record.instants import Instant
from wardlight.run.commands.staff_commands import (
    add_person,
    disable_person,
    import_roster,
    list_staff,
    print_card,
)
from wardlight.run.node import Node
from wardlight.run.settings import keep_site, read_settings

pytestmark = pytest.mark.slow

NOW = Instant(1_795_314_660_000)
MENSAH = StaffStated(account="amensah", name="RN A. Mensah", role=Role.NURSE, units=("MMH/4E",))
ROSTER = "account,name,role\nbcharge,RN B. Charge,charge nurse\nchef,C. Cook,chef\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return the folder of a node that has run and stands."""
    folder = tmp_path / "node"

    settings = read_settings(folder, "MMH")
    folder.mkdir()
    keep_site(folder, settings)

    async def run_once() -> None:
        node = Node(folder, settings, clock=lambda: NOW)
        node.open()
        await node.close()

    asyncio.run(run_once())
    return folder


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def people(data: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    capsys.readouterr()
    list_staff(data, as_json=True)
    found: list[dict[str, Any]] = told(capsys)["people"]
    return found


def test_somebody_is_added_with_a_card_of_ten_codes(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_person(data, MENSAH, as_json=True)
    card = told(capsys)
    assert (card["schema"], card["account"], len(card["codes"])) == (
        "wardlight.card.1",
        "amensah",
        10,
    )
    assert people(data, capsys) == [
        {
            "account": "amensah",
            "name": "RN A. Mensah",
            "role": "nurse",
            "sites": [],
            "units": ["MMH/4E"],
            "disabled": False,
        }
    ]


def test_a_new_card_has_other_codes_and_nobody_without_an_account_gets_one(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_person(data, MENSAH, as_json=True)
    first = told(capsys)["codes"]
    print_card(data, "amensah", as_json=True)
    assert set(told(capsys)["codes"]).isdisjoint(first)
    with pytest.raises(SystemExit) as ended:
        print_card(data, "nobody", as_json=True)
    assert ended.value.code == 3


def test_who_is_disabled_stays_on_the_list_without_access(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_person(data, MENSAH, as_json=True)
    disable_person(data, "amensah")
    assert [one["disabled"] for one in people(data, capsys)] == [True]
    list_staff(data, as_json=False)
    assert "access ended" in capsys.readouterr().out


def test_a_roster_with_a_line_that_is_refused_ends_with_1_and_takes_the_others(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "roster.csv"
    file.write_text(ROSTER)
    with pytest.raises(SystemExit) as ended:
        import_roster(data, file, as_json=True)
    found = told(capsys)
    assert (ended.value.code, found["people"], found["refused"][0]["line"]) == (1, 1, 3)
    assert [one["account"] for one in people(data, capsys)] == ["bcharge"]


def test_a_roster_that_is_not_there_is_a_sentence(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        import_roster(data, tmp_path / "none.csv", as_json=False)
    assert ended.value.code == 3
    assert "No such file or directory" in capsys.readouterr().err


def test_a_ward_without_its_site_is_said_and_hires_nobody(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = StaffStated(account="x", name="X", role=Role.NURSE, units=("4E",))
    with pytest.raises(SystemExit) as ended:
        add_person(data, said, as_json=True)
    assert (ended.value.code, people(data, capsys)) == (2, [])


def test_a_folder_no_node_ran_in_is_not_made_one_by_a_typing_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        add_person(tmp_path / "tpyo", MENSAH, as_json=True)
    assert (ended.value.code, list(tmp_path.iterdir())) == (3, [])
    assert "no node has run here yet" in capsys.readouterr().err


def test_a_node_that_may_only_read_takes_nobody_on_and_says_why(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "wardlight.toml").write_text('node = "other"\n[[sites]]\ncode = "MMH"\nname = "M"\n')
    with pytest.raises(SystemExit) as ended:
        add_person(data, MENSAH, as_json=True)
    assert (ended.value.code, "belongs to node MMH" in capsys.readouterr().err) == (1, True)


def test_no_code_and_no_hash_of_one_is_in_the_log(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_person(data, MENSAH, as_json=True)
    codes = told(capsys)["codes"]
    kept = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert [code for code in codes if code.replace("-", "").encode() in kept] == []
    assert b"argon2" not in kept
