"""Beds in the order a ward counts them."""

from __future__ import annotations


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sorting key under which bed 9 comes before bed 10."""
    parts: list[tuple[int, int, str]] = []
    digits = ""
    for char in f"{text}\0":
        if char.isdecimal():
            digits += char
            continue
        if digits:
            parts.append((0, int(digits), ""))
            digits = ""
        parts.append((1, 0, char))
    return tuple(parts)
