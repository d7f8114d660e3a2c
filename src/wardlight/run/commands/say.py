"""How a command speaks: its result on stdout, everything else on stderr, one line a fault."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

_NOT_ASCII = re.compile("[^\\n -~]")
EXIT_FAILED, EXIT_USAGE, EXIT_NOT_FOUND, EXIT_NOT_ALLOWED, EXIT_CONFLICT = 1, 2, 3, 4, 5


def document(schema: str, content: dict[str, Any]) -> None:
    """Print one JSON document."""
    text = msgspec.json.encode({"schema": schema, **content}).decode()
    print(_escaped(text), flush=True)  # noqa: T201 -- the result of the command


def shown(content: dict[str, Any]) -> None:
    """Print values for a person to read, one on each line."""
    text = msgspec.json.format(msgspec.json.encode(content), indent=2).decode()
    print(_escaped(text), flush=True)  # noqa: T201 -- the result of the command


def line(text: str = "") -> None:
    """Print one line of a result."""
    print(harmless(text), flush=True)  # noqa: T201 -- the result of the command


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows; what came in messages is text, never markup of a table."""
    shown = Table(*heads)
    for row in rows:
        shown.add_row(*(Text(harmless(cell)) for cell in row))
    Console().print(shown)


def harmless(text: str) -> str:
    """Return text that cannot move the cursor, colour or reorder what a terminal shows."""
    return "".join(char if char.isprintable() else " " for char in text)


def _escaped(text: str) -> str:
    """Return JSON that means the same, with what could steer a terminal written as escapes."""
    return _NOT_ASCII.sub(
        lambda found: found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1], text
    )


def progress(text: str) -> None:
    """Say what goes on; on a terminal the line is written over."""
    text = "\n".join(harmless(part) for part in text.split("\n"))
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
    else:
        sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def progress_done() -> None:
    """End a progress line."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def warn(text: str) -> None:
    """Say in one line what somebody has to know; the command goes on."""
    progress_done()
    sys.stderr.write(f"wardlight: {harmless(text)}\n")


def fail(text: str, code: int = EXIT_USAGE) -> NoReturn:
    """Say in one line what is wrong and what to do, and end."""
    progress_done()
    sys.stderr.write(f"wardlight: {harmless(text)}\n")
    raise SystemExit(code)
