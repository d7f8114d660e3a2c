"""The head of the log on paper: a witness that no later change of the disk can reach.

What is printed here was true when the pack was made. `wardlight verify --against` takes it back,
read from the code or typed from the words, and says whether the log still contains it.
"""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from wardlight.paper.sheet_codes import drawn

ROOT_HEX = 16  # characters of the root in words: enough that nobody makes another log with it


def short_head(note: str) -> str:
    """Return size and beginning of the root as they are typed: `12345 3f2a9c01b2c3d4e5`."""
    if not note:
        return ""
    _, size, root = note.split("\n", 3)[:3]
    return f"{size} {b64decode(root).hex()[:ROOT_HEX]}"


def printed_head(note: str) -> dict[str, Any]:
    """Return what a sheet shows of a head: its words and its code; nothing where there is none."""
    if not note:
        return {"words": "", "code": None}
    size, path = drawn(note)
    return {"words": short_head(note), "code": {"size": size, "path": path}}
