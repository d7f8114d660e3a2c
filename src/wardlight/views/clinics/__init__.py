"""Visits and operations: who must not wait, who moves, who has been told."""
