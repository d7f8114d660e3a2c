"""Whether the optimisers can run here: they come with an extra that wards do not need."""

from __future__ import annotations

from importlib.util import find_spec

PARTS = ("numpy", "ortools")
REMEDY = "pip install 'wardlight[plan]'"


def missing() -> str:
    """Return what a screen says where the optimisers are not installed; "" where they are."""
    lacking = [name for name in PARTS if find_spec(name) is None]
    if not lacking:
        return ""
    return f"The planner is not installed on this node ({', '.join(lacking)}): {REMEDY}"
