"""Who may open the lists of a ward, and who may verify what stands on them."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request

from wardlight.rules.access import May
from wardlight.web.access.door import SignedInPerson
from wardlight.web.page import who_of

FORBIDDEN = 403


def assert_reads(request: Request) -> None:
    """Let through who reads charts; raises 403 for others."""
    who = who_of(request)
    if isinstance(who, SignedInPerson) and not who.may(May.READ_CHARTS):
        raise HTTPException(FORBIDDEN, "This list is for those who look after patients.")


def verifies(request: Request) -> bool:
    """Return whether somebody's word makes an order verified; everybody's where nobody signs in."""
    who = who_of(request)
    return not isinstance(who, SignedInPerson) or who.may(May.VERIFY)
