"""A network of hospitals whose staff say what is open, as tests tell the story of it."""

from __future__ import annotations

from tests.rules.laboratory.loop_ward import START, TABLES, Ward

from wardlight.record import catalogue
from wardlight.record.instants import Instant
from wardlight.record.services import Service, ServiceKey
from wardlight.rules.asking import Accepted, Asked, Author, Fields, Ground, Refusal
from wardlight.rules.judging import draft_of, judged
from wardlight.views.services.service_rows import FacilityBoard, Standing
from wardlight.views.services.service_status import ServiceStatus

CHARGE = Author(account="okafor", name="RN B. Okafor", role="charge nurse", station="ED-1")
SITES = {"LKS": "Lakeside General", "MMH": "Marble City"}
NEIGHBOURS = {"GRV": "Green Valley", "MCK": "Middle Creek", "SAC": "St Albans Community"}

__all__ = ["START", "TABLES", "Region"]


class Region(Ward):
    """Two sites of one node and, once added, three neighbours."""

    def __init__(self) -> None:
        super().__init__()
        self._forms = 0
        self.made: Instant | None = None  # by the clock of a tablet that was away

    @property
    def status(self) -> ServiceStatus:
        """Return the view under test."""
        return self.views.service_status

    def at(self, site: str) -> Ground:
        """Return what a rule may look at, at a site."""
        return Ground(views=self.views, now=self.now, zone="UTC", site=site, tables=self.tables)

    def form(self, kind: str, site: str, **fields: str) -> Asked:
        """Return a form as it was filled in."""
        self._forms += 1
        return Asked(
            id=f"{self._forms:032x}",
            kind=kind,
            site=site,
            author=CHARGE,
            fields=Fields(fields.items()),
            made=self.made,
        )

    def judge(self, kind: str, site: str = "LKS", **fields: str) -> Accepted | Refusal:
        """Have a form judged; nothing is kept."""
        return judged(self.form(kind, site, **fields), self.at(site))

    def tell(self, kind: str, site: str = "LKS", **fields: str) -> Accepted:
        """Have a form judged and kept."""
        asked = self.form(kind, site, **fields)
        found = judged(asked, self.at(site))
        assert isinstance(found, Accepted), found
        self.keep(draft_of(asked, found, self.at(site), content="c0ffee00" + asked.id))
        return found

    def state(
        self,
        service: str,
        state: str,
        *,
        site: str = "LKS",
        **more: str,
    ) -> Accepted:
        """Say what a service does; who authorised it is filled in."""
        fields = {"authorised_by": "Dr E. Haddad", **more}
        return self.tell(catalogue.SERVICE_STATED, site, service=service, state=state, **fields)

    def add_neighbours(self) -> None:
        """Keep the three hospitals outside the network as contacts."""
        for code, name in NEIGHBOURS.items():
            fields = {"code": code, "neighbour": name, "phone": "555-0142"}
            self.tell(catalogue.NEIGHBOUR_STATED, **fields)

    def hear(self, code: str, state: str, **more: str) -> Accepted:
        """Write down what a neighbour's charge nurse said on the phone about their ED."""
        return self.state("ED", state, facility=code, heard="charge nurse, phone", **more)

    def ed(self, code: str = "LKS") -> Standing:
        """Return how an ED stands now."""
        return self.status.now(ServiceKey(code, Service.ED), self.now)

    def board(self, code: str = "LKS") -> FacilityBoard:
        """Return everything known of a hospital now."""
        return self.status.facility(code, self.now, SITES)
