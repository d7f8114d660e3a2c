"""The lines of a table that a site can replace, each with the line it has in the file."""

from __future__ import annotations


def numbered(text: str) -> tuple[tuple[int, str], ...]:
    """Return the lines that count, numbered as an editor shows them; not comments and blanks."""
    lines = enumerate(text.splitlines(), 1)
    return tuple((at, line) for at, line in lines if line.strip() and not line.startswith("#"))
