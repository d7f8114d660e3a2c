"""What was asked, what was measured, and whether that reaches it: lines of a table."""

from __future__ import annotations

WHOLE_FROM = 100


def goal(name: str, value: float | None, limit: float, *, unit: str, least: bool) -> str:
    """Return one line of a goal and whether it is reached."""
    word = "at least" if least else "at most"
    if value is None:
        return f"| {name} | {word} {limit:g} {unit} | not measured | |"
    reached = value >= limit if least else value <= limit
    figure = f"{value:,.0f}" if value >= WHOLE_FROM else f"{value:.3g}"
    answer = "yes" if reached else "**no**"
    return f"| {name} | {word} {limit:g} {unit} | {figure} {unit} | {answer} |"


def goals(lines: list[str]) -> list[str]:
    return ["", "| goal | asked | measured | reached |", "| --- | --- | --- | --- |", *lines]
