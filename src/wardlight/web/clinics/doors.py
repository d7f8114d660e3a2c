"""Who opens the lists of clinics and calls: those whose work they are, each at their own sites."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request

from wardlight.record.identity import PatientKey
from wardlight.record.sources import Site
from wardlight.rules.access import May
from wardlight.web.access.door import SignedInPerson
from wardlight.web.access.sight import sight_of
from wardlight.web.page import desk_of, who_of

FORBIDDEN = 403
WORDS = "This list is for those who decide about visits or ring patients at this site."


def site_for(request: Request, *may: May) -> Site:
    """Return the site of an address for somebody who does one of these there; raises 403, 404."""
    site = desk_of(request).site(request.path_params["site"])
    if not sight_of(request).site(site.code) or not does(request, *may):
        raise HTTPException(FORBIDDEN, WORDS)
    return site


def does(request: Request, *may: May) -> bool:
    """Return whether somebody does one of these; everything where nobody signs in."""
    who = who_of(request)
    return not isinstance(who, SignedInPerson) or any(who.may(one) for one in may)


def reads_name(request: Request, patient: PatientKey) -> bool:
    """Return whether somebody who rings reads a name: least privilege, 45 CFR 164.502(b).

    Who rings all day and reads no chart has every patient of the list; who reads charts has those
    of their own wards and clinics, and all of them where no ward is named.
    """
    if not does(request, May.READ_CHARTS):
        return True
    return sight_of(request).patient(desk_of(request), patient)


def account_of(request: Request) -> str:
    """Return the account entries of this request are written under."""
    who = who_of(request)
    return who.account if who is not None else "visitor"
