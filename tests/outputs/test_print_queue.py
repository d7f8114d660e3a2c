from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest
from tests.outputs.cups import Cups, running_cups

from wardlight.outputs import print_queue
from wardlight.outputs.print_jobs import Job, State
from wardlight.outputs.print_queue import CUT_OFF, TRIES_MAX, PrintQueue
from wardlight.outputs.printers import Kind, Printer
from wardlight.record.instants import Instant

PDF = b"%PDF-1.7\n% an invented page\n%%EOF\n"
KEY = b"k" * 32
AT = Instant(1_795_305_600_000)
SOON = 60  # seconds; a busy machine prints late


class Bench:
    """A queue over one printer, a clock that a test moves, and what the queue told."""

    def __init__(self, folder: Path, printer: Printer) -> None:
        self.printer, self.folder = printer, folder
        self.now = AT
        self.told: list[tuple[str, State]] = []
        self.queue = self.opened()

    def opened(self) -> PrintQueue:
        queue = PrintQueue([self.printer], self.folder, key=KEY, clock=lambda: self.now)
        queue.open()
        return queue

    async def heard(self, job: Job) -> None:
        self.told.append((job.id, job.state))

    def put(self, job_id: str = "ab12", body: bytes = PDF) -> str:
        job = Job(
            id=job_id,
            printer=self.printer.name,
            site="GEN",
            what="ward pack",
            unit="4E",
            asked=self.now,
            by="RN A. Sample",
        )
        found = asyncio.run(self.queue.put(job, body))
        return found.code if found else "queued"

    def turn(self) -> None:
        async def once() -> None:
            await self.queue.resume(self.heard)
            await self.queue.turn(self.printer)

        asyncio.run(once())

    def state(self, job_id: str = "ab12") -> State:
        job = self.queue.job(job_id)
        assert job is not None
        return job.state

    def until(self, state: State, job_id: str = "ab12") -> None:
        stop = time.monotonic() + SOON
        while self.state(job_id) is not state and time.monotonic() < stop:
            self.turn()
        assert self.state(job_id) is state


@pytest.fixture(scope="module")
def cups(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cups]:
    with running_cups(tmp_path_factory.mktemp("cups")) as running:
        yield running


def ipp(cups: Cups, folder: Path) -> Bench:
    return Bench(folder, Printer(name="4E", kind=Kind.IPP, address=cups.address))


@contextmanager
def port_9100(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Give the address of a printer of this test; `answer` has each connection."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                one, _ = server.accept()
            except OSError:
                return
            with one:
                answer(one)

    Thread(target=serve, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.close()


def nowhere() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"127.0.0.1:{taken.getsockname()[1]}"


def test_cups_prints_a_pack_whole_and_says_so(cups: Cups, tmp_path: Path) -> None:
    bench = ipp(cups, tmp_path)
    bench.put()
    bench.until(State.DONE)
    assert cups.printed()[-1] == PDF
    assert bench.told == [("ab12", State.DONE)]


def test_cups_is_asked_once_for_each_job_whatever_is_asked_of_it(
    cups: Cups, tmp_path: Path
) -> None:
    bench, before = ipp(cups, tmp_path), len(cups.printed())
    bench.put()
    for _ in range(5):
        bench.turn()
        bench.queue = bench.opened()  # as after a restart
    bench.until(State.DONE)
    assert len(cups.printed()) == before + 1


def test_a_jam_is_shown_with_its_reason_and_nothing_is_sent_twice(tmp_path: Path) -> None:
    at = tmp_path / "cups"
    at.mkdir()
    with running_cups(at) as cups:
        cups.jam()
        bench = ipp(cups, tmp_path / "node")
        bench.put()
        stop = time.monotonic() + SOON
        while time.monotonic() < stop:
            bench.turn()
            asyncio.run(bench.queue.look(bench.printer))
            ready = bench.queue.ready("4E")
            if ready is not None and not ready.ready and "media jam" in ready.words:
                break  # CUPS says "paused" a moment before it says why
        assert ready is not None
        assert ready.words.startswith("stopped: media jam")
        assert bench.state() is State.PRINTING
        assert cups.printed() == []


def test_a_queue_that_cups_does_not_have_prints_nothing_and_says_where_to_go(
    cups: Cups, tmp_path: Path
) -> None:
    address = cups.address.replace("Ward", "Nobody")
    bench = Bench(tmp_path, Printer(name="4E", kind=Kind.IPP, address=address))
    bench.put()
    bench.turn()
    job = bench.queue.job("ab12")
    assert job is not None
    assert job.state is State.FAILED
    assert "another printer" in job.because


def test_a_printer_on_9100_gets_the_pages_as_they_are(tmp_path: Path) -> None:
    got: Queue[bytes] = Queue()

    def keep(one: socket.socket) -> None:
        got.put(b"".join(iter(lambda: one.recv(65_536), b"")))

    with port_9100(keep) as address:
        bench = Bench(tmp_path, Printer(name="ED", kind=Kind.RAW, address=address))
        bench.put()
        bench.turn()
        assert got.get(timeout=20) == PDF  # a printer takes its time
    assert bench.state() is State.HANDED


def test_a_printer_that_goes_away_in_the_middle_waits_for_a_person(tmp_path: Path) -> None:
    def hang_up(one: socket.socket) -> None:
        one.recv(1_000)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    with port_9100(hang_up) as address:
        bench = Bench(tmp_path, Printer(name="ED", kind=Kind.RAW, address=address))
        bench.put(body=PDF * 500_000)
        bench.turn()
        bench.now = Instant(AT + 3_600_000)
        bench.turn()
    assert bench.state() is State.ASK
    assert bench.told == [("ab12", State.ASK)]


def test_a_printer_that_is_off_is_tried_a_named_number_of_times(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Printer(name="ED", kind=Kind.RAW, address=nowhere()))
    bench.put()
    for _ in range(TRIES_MAX + 3):
        bench.turn()
        bench.now = Instant(bench.now + 400_000)
    job = bench.queue.job("ab12")
    assert job is not None
    assert (job.state, job.tries) == (State.FAILED, TRIES_MAX)


def test_what_was_half_sent_when_the_program_stopped_waits_for_a_person(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Printer(name="ED", kind=Kind.RAW, address=nowhere()))
    bench.put()
    state = tmp_path / "printing" / "ab12.json"
    state.write_bytes(state.read_bytes().replace(b'"waiting"', b'"sending"'))
    bench.queue = bench.opened()
    bench.turn()
    job = bench.queue.job("ab12")
    assert job is not None
    assert (job.state, job.because) == (State.ASK, CUT_OFF)


def test_waiting_jobs_are_there_after_a_restart_and_no_file_can_be_read(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Printer(name="USB", kind=Kind.DISK, folder="stick"))
    bench.put()
    kept = b"".join(path.read_bytes() for path in (tmp_path / "printing").iterdir())
    bench.queue = bench.opened()
    bench.turn()
    assert (tmp_path / "stick" / "ab12.pdf").read_bytes() == PDF
    assert b"invented page" not in kept


def test_one_job_too_many_is_refused_and_not_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_queue, "WAITING_MAX", 3)
    bench = Bench(tmp_path, Printer(name="ED", kind=Kind.RAW, address=nowhere()))
    assert {bench.put(f"{number:04x}") for number in range(3)} == {"queued"}
    assert bench.put("ffff") == "printer.busy"


def test_pages_are_printed_again_only_as_a_job_of_their_own(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Printer(name="USB", kind=Kind.DISK, folder="stick"))
    bench.put()
    bench.turn()
    old = bench.queue.job("ab12")
    assert old is not None
    new = Job(id="cd34", printer="USB", site="GEN", what="ward pack", asked=AT, by="RN B. Sample")
    assert asyncio.run(bench.queue.again(new, of="ab12")) is None
    bench.turn()
    assert sorted(path.name for path in (tmp_path / "stick").iterdir()) == ["ab12.pdf", "cd34.pdf"]
