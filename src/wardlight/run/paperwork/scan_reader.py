"""Readers of scans: processes of their own, each with one file, ended when they take too long."""

from __future__ import annotations

import asyncio
import struct
import sys
from collections.abc import AsyncIterator
from contextlib import suppress

import msgspec

from wardlight.run.paperwork.scan_answers import EndOut, FileIn, Out

PAGE_SECONDS_MAX = 30.0  # a page that takes longer is no page
PAGE_BYTES_MAX = 16 * 1024 * 1024
WORKER = "wardlight.run.paperwork.scan_worker"
STOPPED = "The reader gave up on this file: it is damaged, or made to do harm. Look at the paper."
_LENGTH = struct.Struct(">I")
_OUT: msgspec.msgpack.Decoder[Out] = msgspec.msgpack.Decoder(Out)


class ScanReader:
    """One process that reads files, begun again whenever it had to be ended."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def read(self, told: FileIn) -> AsyncIterator[Out]:
        """Give what was read of a file, page by page, and at last its end."""
        process = await self._running()
        assert process.stdin is not None, "piped"
        assert process.stdout is not None, "piped"
        body = msgspec.msgpack.encode(told)
        pages = 0
        try:
            async with asyncio.timeout(PAGE_SECONDS_MAX):
                process.stdin.write(_LENGTH.pack(len(body)) + body)
                await process.stdin.drain()
            while True:
                async with asyncio.timeout(PAGE_SECONDS_MAX):
                    out = await _next(process.stdout)
                yield out
                if isinstance(out, EndOut):
                    return
                pages += 1
        except (OSError, EOFError, TimeoutError, ValueError):
            await self.close()
            yield EndOut(pages, STOPPED)

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", WORKER),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=PAGE_BYTES_MAX,
            )
        return self._process

    async def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _next(stream: asyncio.StreamReader) -> Out:
    """Return what the reader says next; raises EOFError, ValueError."""
    length = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))[0]
    if length > PAGE_BYTES_MAX:
        raise ValueError("more than a page holds")
    return _OUT.decode(await stream.readexactly(length))
