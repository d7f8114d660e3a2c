"""What a spreadsheet must not run when it opens a table of ours (OWASP CSV injection, CWE-1236)."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
"""Signs a cell begins with that some spreadsheet takes for a formula or a command."""


def inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
