"""What people of the house say, as the log is to keep it: one shape, whatever it is about."""

from __future__ import annotations

from wardlight.record import catalogue
from wardlight.record.entry import Draft
from wardlight.record.instants import Instant


def staff_draft(
    kind: str,
    body: bytes,
    *,
    site: str,
    author: str,
    recorded: Instant,
    occurred: Instant | None = None,
) -> Draft:
    """Return an entry by an account; without `occurred` it happened when it was written."""
    return Draft(
        site=site,
        source=catalogue.STAFF,
        author=author,
        subject="",
        kind=kind,
        version=catalogue.VERSIONS[kind],
        occurred=recorded if occurred is None else occurred,
        recorded=recorded,
        body=body,
    )
