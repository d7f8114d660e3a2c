"""A network that tells the public something, as tests tell the story of it."""

from __future__ import annotations

from msgspec import structs
from tests.rules.services.region import SITES, Region

from wardlight.record import catalogue
from wardlight.record.instants import HOUR, Instant
from wardlight.rules.asking import Asked, Author
from wardlight.views.services.public_status import PublicNotice, public_notices

APPROVED = {
    "approved_by": "C. Rivera, public information officer",
    "hotline": "555-0100",
    "next_at": "0600",
    "read": "yes",
}
OFFICER = Author(account="rivera", name="C. Rivera", role="incident staff", station="EOC-1")
NETWORK, ZONE = "Lakeside Health", "America/New_York"


class PublicRegion(Region):
    """Two sites and what the public reads of them."""

    def __init__(self) -> None:
        super().__init__()
        self.state("ED", "divert", category="IT outage", reason="record system off")
        self.state("clinic", "closed", name="Oncology", category="IT outage")
        self.state("ED", "open", site="MMH")

    def form(self, kind: str, site: str, **fields: str) -> Asked:
        """Return a form; what is for the public is filled in by the information officer."""
        asked = super().form(kind, site, **fields)
        return structs.replace(asked, author=OFFICER) if kind in catalogue.PUBLIC else asked

    def approve(self, **more: str) -> str:
        """Approve the words; return what the approval is called."""
        self.tell(catalogue.PUBLIC_APPROVED, **(APPROVED | more))
        found = self.views.public_words.newest()
        assert found is not None
        return found.name

    def notices(self, later_ms: int = 0) -> tuple[PublicNotice, ...]:
        """Return what the public reads now, in each language."""
        approval = self.views.public_words.newest()
        assert approval is not None
        now = Instant(self.now + later_ms)
        boards = self.status.facilities(now, SITES)
        return public_notices(approval, boards, now, network=NETWORK, zone=ZONE)


SIX_HOURS = 6 * HOUR
