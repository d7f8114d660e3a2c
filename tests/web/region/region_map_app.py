"""The screens of the region over invented hospitals with places."""

from __future__ import annotations

from msgspec import structs
from tests.rules.services.region import Region
from tests.web.services.region_app import RegionApp

from wardlight.plan.destinations.hospital_index import HospitalIndex
from wardlight.plan.destinations.region import Engine, empty_region
from wardlight.record.places import Place, Position, Setting
from wardlight.wire.region.hospital_table import HospitalTable, read_hospital_table

TABLE = b"""code,name,lat,lon,ed,stroke,ct,ed_spaces,phone
LKS,Lakeside General,45.00,-40.00,Y,Y,Y,20,555-0101
MMH,Marble City,45.05,-40.00,Y,Y,Y,30,555-0102
GRV,Green Valley,45.10,-40.05,Y,,,10,555-0103
"""
CORNER = Place(words="Sample Corner", at=Position(45.01, -40.0), setting=Setting.URBAN)
FORM = {"origin": "http://testserver", "content-type": "application/x-www-form-urlencoded"}

__all__ = ["CORNER", "MapApp", "Region"]


class MapApp(RegionApp):
    """A region of three hospitals, two of them the node's own."""

    def __init__(self, table: bytes = TABLE, engine: Engine | None = None) -> None:
        super().__init__()
        found = read_hospital_table(table)
        assert isinstance(found, HospitalTable)
        region = structs.replace(
            empty_region(),
            index=HospitalIndex(found.hospitals),
            places=(CORNER,),
            engine=engine,
        )
        self.app.state.desk = structs.replace(self.app.state.desk, region=region)

    def where(self, place: str = "Sample Corner", need: str = "any") -> str:
        """Return the page that answers a question."""
        answer = self.screens.post("/destinations", {"place": place, "need": need})
        assert answer.status_code == 200, answer.text
        return answer.text
