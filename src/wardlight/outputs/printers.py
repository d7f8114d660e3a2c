"""Printers: a job goes to a printer's port 9100, or into a folder that a queue watches.

Only printers that the settings name are ever spoken to. A printer on port 9100 answers nothing:
sent means that it took the bytes, not that it has paper left. Whoever prints looks. What speaks
IPP is in `ipp_printer`; what waits, in `print_queue`.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from wardlight.record.problems import Problem, Retry

PORT = 9100
JOB_BYTES_MAX = 256 * 1024  # of labels: a printer of labels has little memory
PAGES_BYTES_MAX = 64 * 1024 * 1024  # of sheets
CONNECT_SECONDS, SEND_SECONDS, CLOSE_SECONDS = 3.0, 5.0, 1.0
PAUSE_SECONDS = 60.0  # a printer of sheets takes nothing while it prints what it has
PIECE_BYTES = 64 * 1024
WAITING_MAX = 20  # jobs for one printer; one more is refused, so that nobody waits unknowingly
QUEUED_MAX = 1_000  # files in one folder


class Kind(StrEnum):
    """How a printer is spoken to."""

    ZPL = "zpl"  # labels and bands, ZPL II on port 9100
    RAW = "raw"  # sheets as PDF on port 9100: the printer draws PDF itself
    IPP = "ipp"  # sheets as PDF over the Internet Printing Protocol: a printer, or CUPS
    DISK = "disk"  # a folder: a queue of its own, a USB stick, a ward PC's share


class Printer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One printer, as the settings name it: an address or a folder."""

    name: str
    kind: Kind = Kind.ZPL
    address: str = ""  # host or host:port; of IPP ipp://host:port/path or ipps://…
    folder: str = ""  # inside the data folder, or an absolute path
    site: str = ""  # whose printer it is; "": any site's
    units: tuple[str, ...] = ()  # wards whose sheets come here; empty: any
    certificate: str = ""  # PEM file that an ipps printer's certificate has to match
    dpi: int = 203
    prints: str = "labels"  # or "wristbands"
    stations: tuple[str, ...] = ()  # whose printer it is; empty: anybody's

    @property
    def sheets(self) -> bool:
        """Return whether pages are printed here; labels and bands where not."""
        return self.kind is not Kind.ZPL

    @property
    def bytes_max(self) -> int:
        """Return how big a job may be."""
        return PAGES_BYTES_MAX if self.sheets else JOB_BYTES_MAX


class Printers:
    """The printers of a node."""

    def __init__(self, printers: Iterable[Printer], folder: Path) -> None:
        """`folder` is the node's own, for queues on disk."""
        self._printers = {one.name: one for one in printers}
        self._folder = folder
        self._turns = {name: asyncio.Lock() for name in self._printers}
        self._waiting = dict.fromkeys(self._printers, 0)

    def names(self) -> tuple[str, ...]:
        """Return the printers there are."""
        return tuple(self._printers)

    def for_station(self, station: str, prints: str) -> Printer | None:
        """Return a station's own printer for bands or labels, else one that is anybody's."""
        fit = [one for one in self._printers.values() if one.prints == prints]
        own = [one for one in fit if station in one.stations]
        return next(iter([*own, *(one for one in fit if not one.stations)]), None)

    async def send(self, name: str, job: bytes, *, job_id: str) -> Problem | None:
        """Hand a job over; return what went wrong, or None once the printer or disk has it.

        `job_id` is hexadecimal, without patient data: it names the file in a queue.
        """
        printer = self._printers.get(name)
        wrong = self._refused(printer, job)
        if printer is None or wrong is not None:
            return wrong
        if printer.folder:
            return await asyncio.to_thread(self._queued, printer, job, job_id)
        self._waiting[name] += 1
        try:
            async with self._turns[name]:
                return await _sent(printer, job)
        finally:
            self._waiting[name] -= 1

    def _refused(self, printer: Printer | None, job: bytes) -> Problem | None:
        if printer is None:
            because = "The settings name no such printer."
            return Problem("printer.unknown", "printers", because)
        if len(job) > printer.bytes_max:
            because = f"A job has at most {printer.bytes_max:,} bytes: print fewer at once."
            return Problem("printer.job-too-large", printer.name, because)
        if self._waiting[printer.name] >= WAITING_MAX:
            because = "Too many jobs wait for this printer: look at it, or use another one."
            return Problem("printer.busy", printer.name, because, Retry.LATER)
        return None

    def _queued(self, printer: Printer, job: bytes, job_id: str) -> Problem | None:
        """Put the job into the printer's folder, whole or not at all, for its own account only."""
        assert job_id.isalnum(), "a job's id is a name for a file"
        folder = self._folder / printer.folder
        partial = folder / f"{job_id}.partial"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if sum(1 for _ in folder.iterdir()) >= QUEUED_MAX:
                because = f"{QUEUED_MAX} jobs lie in the printer's folder: nothing takes them."
                return Problem("printer.queue-full", printer.name, because, Retry.LATER)
            _write(partial, job)
            partial.replace(folder / f"{job_id}.{'pdf' if printer.sheets else 'zpl'}")
        except OSError as error:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            because = f"The printer's folder cannot be written: {error.strerror}."
            return Problem("printer.folder", printer.name, because, Retry.LATER)
        return None


def address_of(text: str) -> tuple[str, int]:
    """Return host and port of `10.1.2.3`, `labels-ed:9100` or `[::1]:9100`.

    Raises ValueError when there is no host or no such port.
    """
    host, _, port = text.rpartition(":") if _has_port(text) else (text, "", str(PORT))
    host = host.strip("[]")
    if not host or not port.isdecimal() or not 0 < int(port) < 2**16:
        raise ValueError(f"{text}: not a printer's address, such as 10.1.2.3:{PORT}")
    return host, int(port)


def _has_port(text: str) -> bool:
    return "]:" in text or text.count(":") == 1


async def _sent(printer: Printer, job: bytes) -> Problem | None:
    host, port = address_of(printer.address)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        because = "The printer does not answer: is it on, and on the network? Nothing was printed."
        return Problem("printer.unreachable", printer.name, because, Retry.LATER)
    try:
        await poured(writer, job, PAUSE_SECONDS if printer.sheets else SEND_SECONDS)
        writer.write_eof()
    except (OSError, TimeoutError):
        because = "The printer took only a part: look at what it printed before printing again."
        return Problem("printer.stopped", printer.name, because, Retry.UNKNOWN)
    finally:
        await _closed(writer)
    return None


async def poured(writer: asyncio.StreamWriter, job: bytes, pause_s: float) -> None:
    """Send a job piece by piece; raises TimeoutError when the printer takes none for too long."""
    for start in range(0, len(job), PIECE_BYTES):
        async with asyncio.timeout(pause_s):
            writer.write(job[start : start + PIECE_BYTES])
            await writer.drain()


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await writer.wait_closed()


def _write(path: Path, body: bytes) -> None:
    handle = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
