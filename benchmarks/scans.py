"""Scans taken in: pages a second from a scanner's file to what was read, with two readers.

    .venv/bin/python benchmarks/run.py scans

A page is A4 at 150 dpi with four codes, 96 boxes and a scanner's noise, made from a seed; its file
is one TIFF or PDF of five pages, or one JPEG a page. Each reader is the process a node starts: it
opens the file, looks for codes and labels, reads the boxes and makes the picture that is kept.
Writing to disk and log is not in it: `tests/run/paperwork/test_scan_room.py` does the whole way.
Where other work loads the machine, pages for each second of a processor tell more than pages a
second.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import resource
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

import procs  # noqa: E402
from tests.paper.scans.scanned import BOXES, SCANS, SERIAL, codes_of, sheet  # noqa: E402

from wardlight.run.paperwork.scan_answers import EndOut, FileIn, Layouts  # noqa: E402
from wardlight.run.paperwork.scan_reader import ScanReader  # noqa: E402

A_FILE = 5
READERS, PAGES = 2, 200
KINDS = ("tiff", "jpeg", "pdf")


@cache
def drawn() -> list[Image.Image]:
    """Return five pages of noise and ink."""
    ticked = frozenset(box.name for box in BOXES[::4])
    return [
        Image.fromarray(SCANS["noisy"](sheet(ticked, codes=codes_of(SERIAL.after(at)), seed=at)))
        for at in range(A_FILE)
    ]


def files(kind: str) -> list[bytes]:
    """Return files of five different pages each (one page each for JPEG)."""
    pages = drawn()
    if kind == "jpeg":
        return [_saved([page], "JPEG") for page in pages]
    return [_saved(pages, kind.upper())]


def _saved(pages: list[Image.Image], kind: str) -> bytes:
    body = io.BytesIO()
    first, *rest = pages
    more = {"save_all": True, "append_images": rest} if rest else {}
    first.save(body, kind, **({"resolution": 150.0} if kind == "PDF" else {}), **more)
    return body.getvalue()


async def measured(kind: str, readers: int, pages: int) -> dict[str, float | int | str]:
    """Read so many pages and return how fast that was."""
    told = [FileIn(body, Layouts("a4", {"W3A.01": BOXES})) for body in files(kind)]
    each = A_FILE // len(told)
    queue = [told[at % len(told)] for at in range(max(pages // each, readers))]
    found = {"pages": 0, "known": 0, "boxes": 0}

    async def work(reader: ScanReader) -> None:
        while queue:
            async for out in reader.read(queue.pop()):
                if isinstance(out, EndOut):
                    continue
                found["pages"] += 1
                found["known"] += bool(out.codes)
                found["boxes"] += len(out.boxes)

    busy = resource.getrusage(resource.RUSAGE_CHILDREN)
    before = busy.ru_utime + busy.ru_stime
    team = [ScanReader() for _ in range(readers)]
    for reader in team:  # started before the clock is
        async for _ in reader.read(told[0]):
            pass
    begun = time.perf_counter()
    await asyncio.gather(*map(work, team))
    seconds = time.perf_counter() - begun
    for reader in team:
        await reader.close()
    busy = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = busy.ru_utime + busy.ru_stime - before
    return {
        "file": kind,
        "readers": readers,
        **found,
        "pages_a_second": round(found["pages"] / seconds, 1),
        "pages_a_cpu_second": round((found["pages"] + len(team) * each) / cpu, 1),
    }


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure each kind of file; `--quick` reads fewer pages."""
    pages = 20 if options.quick else PAGES
    here = os.sched_getaffinity(0)
    os.sched_setaffinity(0, procs.CORES)  # a client has one core; a node's readers have all
    try:
        return {"rows": [asyncio.run(measured(kind, READERS, pages)) for kind in KINDS]}
    finally:
        os.sched_setaffinity(0, here)


def main() -> None:
    """Measure each kind of file and print one JSON document."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true")
    told = {"cores": os.cpu_count(), "load": os.getloadavg()[0], "numpy": np.__version__}
    print(json.dumps({"benchmark": "scans", **told, **run(asked.parse_args())}, indent=1))


if __name__ == "__main__":
    main()
