"""Speaking to one IPP printer, or to CUPS: hand a document over, ask how far it is.

One HTTP request a question, no connection kept (RFC 8010 §4). What was sent and not answered may
have been printed: it is told apart from what never left.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from wardlight.outputs.printers import (
    CLOSE_SECONDS,
    CONNECT_SECONDS,
    PAUSE_SECONDS,
    Printer,
    poured,
)
from wardlight.record.problems import Problem, Retry
from wardlight.wire import ipp

PORT = 631
ANSWER_SECONDS = 15.0
ANSWER_BYTES_MAX = 1024 * 1024
_HEAD_LINES_MAX = 100
_OK = 200
_NOT_FOUND = 0x0406  # client-error-not-found
_NOT_A_REASON = frozenset({"none", "job-completed-successfully", "processing-to-stop-point"})


class Where(Struct, frozen=True):
    """Where an IPP printer is."""

    host: str
    port: int
    path: str
    secure: bool


class Taken(Struct, frozen=True):
    """How far a printer is with a job."""

    job: int
    state: ipp.JobState
    because: str = ""  # why it does not go on; "" when it does


class Readiness(Struct, frozen=True):
    """Whether a printer says that it can print, and what keeps it."""

    ready: bool
    words: str
    waiting: int = 0  # jobs in the printer's own queue


def where_of(text: str) -> Where:
    """Return the place an `ipp://` or `ipps://` address names; raises ValueError for none."""
    parts = urlsplit(text)
    if parts.scheme not in {"ipp", "ipps"} or not parts.hostname or parts.username:
        raise ValueError(f"{text}: not an IPP printer, such as ipp://10.1.2.3/ipp/print")
    path = parts.path or "/ipp/print"  # RFC 7472 §3, and what every such printer answers at
    return Where(parts.hostname, parts.port or PORT, path, parts.scheme == "ipps")


async def hand_over(printer: Printer, document: bytes, job_id: str) -> Taken | Problem:
    """Have a document printed; return the printer's own number of the job."""
    asked = ipp.print_job(printer.address, f"Wardlight {job_id}")
    answer = await _asked(printer, asked + document)
    if isinstance(answer, Problem):
        return answer
    if not answer.good():
        because = f"The printer refused the job: {answer.words() or hex(answer.status)}"
        return Problem("printer.refused", printer.name, f"{because}. Nothing was printed.")
    return _taken(printer, answer)


async def progress(printer: Printer, job: int) -> Taken | Problem:
    """Return how far a job is; a problem that cannot be tried again where it is not known there."""
    answer = await _asked(printer, ipp.get_job(printer.address, job))
    if isinstance(answer, Problem):
        return answer
    if answer.status == _NOT_FOUND:
        because = "The printer no longer knows this job: look whether it is in the tray."
        return Problem("printer.job-unknown", printer.name, because, Retry.UNKNOWN)
    return _taken(printer, answer)


async def readiness(printer: Printer) -> Readiness:
    """Return whether a printer says that it can print now."""
    answer = await _asked(printer, ipp.get_printer(printer.address))
    if isinstance(answer, Problem):
        return Readiness(ready=False, words=answer.because)
    state, waiting = answer.first("printer-state"), answer.first("queued-job-count")
    stopped = state == ipp.PrinterState.STOPPED
    refuses = answer.first("printer-is-accepting-jobs") is False
    reasons = _reasons(answer.every("printer-state-reasons"))
    ready = answer.good() and not stopped and not refuses
    words = "ready" if ready else "takes no jobs" if refuses else "stopped"
    count = waiting if isinstance(waiting, int) else 0
    return Readiness(ready=ready, words=f"{words}: {reasons}" if reasons else words, waiting=count)


def _taken(printer: Printer, answer: ipp.Answered) -> Taken | Problem:
    job, state = answer.first("job-id"), answer.first("job-state")
    known = isinstance(state, int) and state in set(ipp.JobState)
    if not answer.good() or not isinstance(job, int) or not known:
        because = "The printer did not say what became of the job: look whether it printed it."
        return Problem("printer.unclear", printer.name, because, Retry.UNKNOWN)
    assert isinstance(state, int), "a number, as was just asked"
    return Taken(job, ipp.JobState(state), _reasons(answer.every("job-state-reasons")))


def _reasons(said: tuple[ipp.Value, ...]) -> str:
    """Return the keywords of RFC 8011 §5.3.8 and §5.4.12 as words."""
    kept = [str(one) for one in said if one not in _NOT_A_REASON]
    return ", ".join(one.removesuffix("-error").replace("-", " ") for one in kept)


async def _asked(printer: Printer, body: bytes) -> ipp.Answered | Problem:
    where = where_of(printer.address)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(
                where.host, where.port, ssl=_tls(printer, where)
            )
    except (OSError, TimeoutError, ssl.SSLError):
        because = "The printer does not answer: is it on, and on the network? Nothing was printed."
        return Problem("printer.unreachable", printer.name, because, Retry.LATER)
    try:
        await poured(writer, _request(where, len(body)) + body, PAUSE_SECONDS)
        async with asyncio.timeout(ANSWER_SECONDS):
            status, answer = await _answer(reader)
    except (OSError, TimeoutError, ValueError, EOFError):
        because = "The printer went silent: look at what it printed before printing again."
        return Problem("printer.silent", printer.name, because, Retry.UNKNOWN)
    finally:
        writer.close()
        with suppress(OSError, TimeoutError, ssl.SSLError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await writer.wait_closed()
    if status != _OK:
        because = f"The printer's web server answered {status}: check the address in the settings."
        return Problem("printer.http", printer.name, because)
    return ipp.read_answer(answer)


def _tls(printer: Printer, where: Where) -> ssl.SSLContext | None:
    """Return what checks an ipps printer: it shows the very certificate the settings name."""
    if not where.secure:
        return None
    context = ssl.create_default_context(cafile=str(Path(printer.certificate)))
    context.check_hostname = False  # printers' certificates name anything; the file is the proof
    return context


def _request(where: Where, length: int) -> bytes:
    lines = (
        f"POST {where.path} HTTP/1.1",
        f"Host: {where.host}:{where.port}",
        "Content-Type: application/ipp",
        f"Content-Length: {length}",
        "Connection: close",
        "",
        "",
    )
    return "\r\n".join(lines).encode("ascii")


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Return status and body; raises ValueError for what is not HTTP, or too long."""
    status = 100
    while status == 100:  # noqa: PLR2004 -- "Continue", which comes before the answer itself
        first = (await reader.readline()).split()
        if len(first) < 2 or not first[0].startswith(b"HTTP/"):  # noqa: PLR2004
            raise ValueError("not HTTP")
        status, headers = int(first[1]), await _headers(reader)
    if headers.get(b"transfer-encoding") == b"chunked":
        return status, await _chunks(reader)
    length = int(headers.get(b"content-length", b"0"))
    if not 0 <= length <= ANSWER_BYTES_MAX:
        raise ValueError("a longer answer than any printer gives")
    return status, await reader.readexactly(length)


async def _headers(reader: asyncio.StreamReader) -> dict[bytes, bytes]:
    headers: dict[bytes, bytes] = {}
    for _ in range(_HEAD_LINES_MAX):
        line = (await reader.readline()).strip()
        if not line:
            return headers
        name, _, value = line.partition(b":")
        headers[name.strip().lower()] = value.strip().lower()
    raise ValueError("a longer head than any printer gives")


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while size := int((await reader.readline()).partition(b";")[0], 16):
        if size < 0 or len(body) + size > ANSWER_BYTES_MAX:
            raise ValueError("a longer answer than any printer gives")
        body += await reader.readexactly(size)
        await reader.readline()
    return bytes(body)
