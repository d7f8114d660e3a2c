from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from wardlight.outputs import printers
from wardlight.outputs.printers import JOB_BYTES_MAX, Printer, Printers, address_of
from wardlight.record.problems import Problem, Retry

JOB = b"^XA^FDSAMPLE^FS^XZ"


class Labeller:
    """A printer on this machine that keeps what it is sent; `deaf` never reads."""

    def __init__(self, *, deaf: bool = False) -> None:
        self.jobs: list[bytes] = []
        self._deaf = deaf
        self._open = asyncio.Event()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._deaf:
            await self._open.wait()
        else:
            self.jobs.append(await reader.read())
        writer.close()

    async def send(self, *jobs: bytes) -> list[Problem | None]:
        server = await asyncio.start_server(self._take, "127.0.0.1", 0, limit=1)
        port = server.sockets[0].getsockname()[1]
        named = Printers([Printer(name="ED", address=f"127.0.0.1:{port}")], Path())
        sent = await asyncio.gather(*(named.send("ED", job, job_id="1") for job in jobs))
        self._open.set()
        server.close()
        await asyncio.sleep(0)
        return list(sent)


def sent(named: Printers, job: bytes = JOB, name: str = "ED") -> Problem | None:
    return asyncio.run(named.send(name, job, job_id="ab12"))


def code_of(found: Problem | None) -> str:
    return found.code if found is not None else "sent"


def test_a_printer_gets_each_job_whole_one_after_the_other() -> None:
    labeller = Labeller()
    assert asyncio.run(labeller.send(JOB, JOB * 1_000)) == [None, None]
    assert sorted(labeller.jobs, key=len) == [JOB, JOB * 1_000]


def test_a_printer_that_is_off_is_told_and_may_be_tried_again(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    found = sent(Printers([Printer(name="ED", address=f"127.0.0.1:{port}")], tmp_path))
    assert found is not None
    assert (found.code, found.where, found.retry) == ("printer.unreachable", "ED", Retry.LATER)


def test_a_printer_that_stops_reading_is_told_and_may_have_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(printers, "SEND_SECONDS", 0.05)
    monkeypatch.setattr(printers, "JOB_BYTES_MAX", 2**26)
    [found] = asyncio.run(Labeller(deaf=True).send(bytes(2**25)))
    assert found is not None
    assert (found.code, found.retry) == ("printer.stopped", Retry.UNKNOWN)


def test_a_printer_the_settings_do_not_name_is_never_spoken_to(tmp_path: Path) -> None:
    assert code_of(sent(Printers([], tmp_path), name="10.9.9.9")) == "printer.unknown"


def test_a_job_that_is_too_large_is_refused(tmp_path: Path) -> None:
    named = Printers([Printer(name="ED", folder="queue")], tmp_path)
    assert code_of(sent(named, bytes(JOB_BYTES_MAX + 1))) == "printer.job-too-large"
    assert not (tmp_path / "queue").exists()


def test_more_jobs_than_a_printer_can_have_waiting_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(printers, "WAITING_MAX", 2)
    found = asyncio.run(Labeller().send(JOB, JOB, JOB))
    assert [code_of(one) for one in found] == ["sent", "sent", "printer.busy"]


def test_a_queue_on_disk_gets_a_whole_file_only_its_account_can_read(tmp_path: Path) -> None:
    assert sent(Printers([Printer(name="ED", folder="queue")], tmp_path)) is None
    [path] = (tmp_path / "queue").iterdir()
    assert (path.name, path.read_bytes(), path.stat().st_mode & 0o777) == ("ab12.zpl", JOB, 0o600)


def test_a_queue_nobody_empties_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printers, "QUEUED_MAX", 0)
    named = Printers([Printer(name="ED", folder="queue")], tmp_path)
    assert code_of(sent(named)) == "printer.queue-full"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "queue").write_text("a file")
    named = Printers([Printer(name="ED", folder="queue")], tmp_path)
    assert code_of(sent(named)) == "printer.folder"


def test_a_station_has_its_own_printer_before_anybodys(tmp_path: Path) -> None:
    anybody = Printer(name="hall", folder="hall")
    own = Printer(name="ED", folder="ed", stations=("ED-1",))
    bands = Printer(name="bands", folder="bands", prints="wristbands", stations=("4E-1",))
    named = Printers([anybody, own, bands], tmp_path)
    assert named.for_station("ED-1", "labels") == own
    assert named.for_station("4E-1", "labels") == anybody
    assert named.for_station("ED-1", "wristbands") is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("10.1.2.3", ("10.1.2.3", 9100)),
        ("labels-ed:6101", ("labels-ed", 6101)),
        ("[::1]:9100", ("::1", 9100)),
        ("fe80::1", ("fe80::1", 9100)),
    ],
)
def test_an_address_is_a_host_and_perhaps_a_port(text: str, address: tuple[str, int]) -> None:
    assert address_of(text) == address


@pytest.mark.parametrize("text", ["", ":9100", "host:", "host:0", "host:99999", "host:x"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a printer's address"):
        address_of(text)
