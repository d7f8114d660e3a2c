"""Who may open the lists of a whole site: those who run tests. A ward sees its own patients."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request

from wardlight.rules.access import May
from wardlight.web.access.door import Door, SignedInPerson
from wardlight.web.page import desk_of, who_of

FORBIDDEN = 403


def assert_runs_tests(request: Request) -> None:
    """Let through who receives specimens and files results; raises 403 for others."""
    who = who_of(request)
    if isinstance(who, SignedInPerson) and not who.may(May.RUN_TESTS):
        words = "This list is for those who run tests. Open your ward or a patient instead."
        raise HTTPException(FORBIDDEN, words)


def assert_sees_unit(request: Request, site: str, unit: str) -> None:
    """Let through whose ward it is, and who runs tests; raises 403 for others."""
    who, door = who_of(request), desk_of(request).access
    if not isinstance(who, SignedInPerson) or not isinstance(door, Door):
        return
    if not (who.may(May.RUN_TESTS) or door.sees_unit(who, site, unit)):
        raise HTTPException(FORBIDDEN, "This is not one of your wards.")
