"""What somebody sees of the house: their own wards, and whoever is on no ward yet.

It follows from role, sites and wards alone, as `SignedInPerson.scope` does: pages that are made
once for everybody with one scope may ask it.
"""

from __future__ import annotations

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request

from wardlight.record.identity import PatientKey
from wardlight.record.instants import DAY
from wardlight.rules.access import sees_site, sees_stay, sees_unit
from wardlight.views.rows import Appointment, Stay
from wardlight.views.staff import Account
from wardlight.web.access.door import SignedInPerson
from wardlight.web.page import Desk, who_of

FORBIDDEN = 403
NOT_YOUR_WARD = (
    "This is not one of your wards. If you need one of its patients now: find them by their "
    "whole number, say why, and that one chart opens (breaking the glass)."
)
NOT_YOUR_SITE = "You do not work at this hospital: its paper is kept by its own people."


class Sight(Struct, frozen=True):
    """What one person may see without breaking the glass."""

    account: Account | None  # None: nobody signs in here, and everything is shown

    def site(self, code: str) -> bool:
        """Return whether they work at a site."""
        return self.account is None or sees_site(self.account, code)

    def unit(self, site: str, unit: str) -> bool:
        """Return whether a unit is one of their wards."""
        return self.account is None or sees_unit(self.account, site, unit)

    def stay(self, stay: Stay | None) -> bool:
        """Return whether a stay is on one of their wards."""
        return self.account is None or sees_stay(self.account, stay)

    def visit(self, desk: Desk, one: Appointment) -> bool:
        """Return whether an appointment is at one of their clinics, or of a patient of theirs."""
        if self.account is None or self.unit(one.site, one.place.unit):
            return True
        return one.patient is not None and self.stay(_stay(desk, one.patient))

    def patient(self, desk: Desk, patient: PatientKey) -> bool:
        """Return whether a patient is on their wards, or comes to one of their clinics."""
        if self.stay(_stay(desk, patient)):
            return True
        since = desk.clock() - DAY
        return any(
            self.unit(one.site, one.place.unit)
            for one in desk.views.schedule.of(patient)
            if one.starts and one.starts.at >= since and one.place.unit
        )


def _stay(desk: Desk, patient: PatientKey) -> Stay | None:
    return desk.views.census.stay(desk.views.people.resolve(patient))


def sight_of(request: Request) -> Sight:
    """Return what whoever asks may see; everything where nobody signs in."""
    who = who_of(request)
    return Sight(who.person if isinstance(who, SignedInPerson) else None)


def assert_sees_unit(request: Request, site: str, unit: str) -> None:
    """Let through whose ward it is; raises 403 for others, with what to do."""
    if not sight_of(request).unit(site, unit):
        raise HTTPException(FORBIDDEN, NOT_YOUR_WARD)


def assert_sees_site(request: Request, site: str) -> None:
    """Let through who works at a site; raises 403 for others."""
    if not sight_of(request).site(site):
        raise HTTPException(FORBIDDEN, NOT_YOUR_SITE)
