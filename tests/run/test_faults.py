from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from wardlight.run.cli import main
from wardlight.run.faults import quiet_logging, sentence

NAME = "ZEBRA^INVENTED"


def fault() -> BaseException:
    with pytest.raises(KeyError) as raised:
        dict.fromkeys(("somebody else",))[NAME]
    return raised.value


def test_a_fault_is_told_by_kind_and_place_and_not_by_what_it_was_about() -> None:
    told = sentence(fault())
    assert "internal error KeyError at test_faults.py:" in told
    assert "ZEBRA" not in told


def test_what_libraries_log_keeps_its_details_to_itself(capsys: pytest.CaptureFixture[str]) -> None:
    before = logging.getLogger().handlers[:]
    logging.getLogger("uvicorn.error").addHandler(logging.StreamHandler())
    logging.getLogger("uvicorn").propagate = False
    try:
        quiet_logging()
        logging.getLogger("uvicorn.error").warning("Invalid request %s", NAME)
        logging.getLogger("uvicorn.error").error(NAME, exc_info=fault())
    finally:
        logging.getLogger().handlers[:] = before
    told = capsys.readouterr().err
    assert "Invalid request %s" in told
    assert "internal error KeyError" in told
    assert "ZEBRA" not in told


def test_a_node_leaves_no_core_dump_and_no_open_memory() -> None:
    script = (
        "import resource, os\n"
        "from wardlight.run.faults import keep_memory_private\n"
        "keep_memory_private()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), os.stat('/proc/self/mem').st_uid)\n"
    )
    told = subprocess.run(  # noqa: S603 -- this Python and the script above
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=20
    )
    assert told.stdout.split() == ["(0,", "0)", "0"]


def test_a_command_that_fails_unexpectedly_says_where_and_not_about_whom(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken:
        def main(self, **_: object) -> None:
            raise KeyError(NAME)

    monkeypatch.setattr("typer.main.get_command", lambda _: Broken())
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    assert ended.value.code == 1
    assert "internal error KeyError at test_faults.py" in told.err
    assert "ZEBRA" not in told.out + told.err
