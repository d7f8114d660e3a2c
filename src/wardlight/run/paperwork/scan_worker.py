"""The process that opens what scanners send: it holds no key, writes no file, opens no connection.

One file comes in over standard input, what was read goes out page by page. Memory and files are
limited from inside before the first byte is read; time is limited by the node, which ends it.
"""

from __future__ import annotations

import resource
import struct
import sys
from collections.abc import Iterator
from typing import BinaryIO

import msgspec
import numpy as np
from numpy.typing import NDArray

from wardlight.paper.scans.page import (
    boxes_on,
    codes_on,
    labels_on,
    lies,
    quarter_turns,
)
from wardlight.paper.scans.pictures import BadPictureError, as_jpeg, pages_of
from wardlight.run.paperwork.scan_answers import EndOut, FileIn, Layouts, Out, PageOut

MEMORY_BYTES_MAX = 2 * 1024**3
FILES_MAX = 32
_LENGTH = struct.Struct(">I")


def limit() -> None:
    """Take away what this process has no need of."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_MAX, FILES_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_file(told: FileIn) -> Iterator[Out]:
    """Give every page of a file, and its end."""
    number, because = 0, ""
    try:
        for gray in pages_of(told.body):
            number += 1
            yield read_page(gray, number, told.layouts)
    except BadPictureError as error:
        because = str(error)
    except MemoryError:
        because = "This file needs more memory than a scan does."
    yield EndOut(number, because)


def read_page(gray: NDArray[np.uint8], number: int, layouts: Layouts) -> PageOut:
    """Return what is on one page: codes, labels, boxes, and its picture."""
    codes = codes_on(gray)
    if turns := quarter_turns(codes):
        gray = np.ascontiguousarray(np.rot90(gray, -turns))
        codes = codes_on(gray)
    forms = {".".join(one.text.split(".")[1:3]) for one in codes}
    layout = layouts.boxes.get(next(iter(forms)), ()) if len(forms) == 1 else ()
    how = lies(codes, layouts.paper)
    return PageOut(
        number=number,
        jpeg=as_jpeg(gray),
        codes=codes,
        labels=labels_on(gray),
        boxes=boxes_on(gray, codes, layout, layouts.paper),
        lies=() if how is None else tuple(float(f"{one:.9g}") for one in how.flat),
    )


def main() -> None:
    """Read files until the node closes the pipe."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    limit()
    while body := _next(source):
        for one in read_file(msgspec.msgpack.decode(body, type=FileIn)):
            packed = msgspec.msgpack.encode(one)
            target.write(_LENGTH.pack(len(packed)) + packed)
            target.flush()


def _next(source: BinaryIO) -> bytes:
    head = source.read(_LENGTH.size)
    return source.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else b""


if __name__ == "__main__":
    main()
