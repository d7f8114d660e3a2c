"""A print job into the register, before the paper leaves the node."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request

from wardlight.record.events.paperwork import SheetsIssued
from wardlight.rules.paperwork.paperwork import issue_draft
from wardlight.web.entering.entries import author_of
from wardlight.web.entering.writing import NotKeptError
from wardlight.web.page import desk_of


async def issued(request: Request, site: str, said: SheetsIssued, *, drill: bool = False) -> bool:
    """Write that sheets are issued; False where the log takes nothing.

    The paper is handed out all the same: a ward without paper is worse than a sheet that a person
    has to place by hand when it comes back.
    """
    desk = desk_of(request)
    author = author_of(request, "")
    if author is None:
        raise HTTPException(401, "Sign in first.")
    try:
        await desk.write(issue_draft(said, author, site=site, now=desk.clock(), drill=drill))
    except NotKeptError:
        return False
    return True
