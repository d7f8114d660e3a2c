"""Sites, units, rooms' beds: FHIR Location (hl7.org/fhir/R4/location.html)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from wardlight.outputs.fhir.subject import Row, tail
from wardlight.record.codes import Location
from wardlight.record.instants import Instant
from wardlight.record.sources import Site
from wardlight.views.rows import BedRow
from wardlight.wire.fhir.types import Element, clean, extension, filled, hl7_concept, instant

_KIND = "location-physical-type"
_HOUSEKEEPING = {
    "C": "Closed",
    "H": "Housekeeping",
    "O": "Occupied",
    "U": "Unoccupied",
    "K": "Contaminated",
    "I": "Isolated",
}


class Places(Struct, frozen=True):
    """Every place the census knows, and which reference leads to it."""

    rows: tuple[Row, ...]
    known: frozenset[str]

    def reference(self, site: str, location: Location) -> Element:
        """Return the reference to a bed or unit; only its words when it is no longer known."""
        place = location_id(site, location)
        known = f"Location/{place}" if place in self.known else ""
        return filled({"reference": known, "display": clean(location.words())})


def location_id(site: str, location: Location | None = None) -> str:
    """Return the id of a site, or of a unit or bed in it."""
    if location is None:
        return f"site-{tail('', site)}"
    level = "bed" if location.room or location.bed else "unit"
    parts = (site, location.unit, location.room, location.bed)
    return f"{level}-{tail('', chr(31).join(parts))}"


def places(
    sites: Mapping[str, Site],
    units: Iterable[tuple[str, str, Iterable[BedRow]]],
    as_of: Mapping[str, Instant | None],
) -> Places:
    """Return sites, their units and the beds of these (`units`: site, unit, beds)."""
    found: dict[str, Element] = {}
    for site in sites.values():
        place = _place(location_id(site.code), site.name or site.code, ("si", "Site"))
        heard = as_of.get(site.code)
        if heard is not None:
            place["extension"] = extension("as-of", instant(heard, site.zone), "valueInstant")
        found[place["id"]] = place
    for code, unit, beds in units:
        held = Location(unit=unit)
        within = location_id(code)
        if within not in found:
            found[within] = _place(within, code, ("si", "Site"))
        ward = _place(location_id(code, held), unit, ("wa", "Ward"), within)
        found[ward["id"]] = ward
        for bed in beds:
            if bed.location.room or bed.location.bed:
                place = _bed(code, bed, ward["id"])
                found[place["id"]] = place
    rows = tuple(Row(0, place) for place in found.values())
    return Places(rows, frozenset(found))


def _bed(site: str, bed: BedRow, ward: str) -> Element:
    kind = ("bd", "Bed") if bed.location.bed else ("ro", "Room")
    place = _place(location_id(site, bed.location), bed.location.words(), kind, ward)
    status = bed.status.strip().upper() or ("O" if bed.stays else "")
    if status in _HOUSEKEEPING:
        place["operationalStatus"] = {
            "system": "http://terminology.hl7.org/CodeSystem/v2-0116",
            "code": status,
            "display": _HOUSEKEEPING[status],
        }
    return place


def _place(place: str, name: str, kind: tuple[str, str], within: str = "") -> Element:
    return filled(
        {
            "resourceType": "Location",
            "id": place,
            "status": "active",
            "name": clean(name) or "not named",
            "mode": "instance",
            "physicalType": hl7_concept(_KIND, *kind),
            "partOf": {"reference": f"Location/{within}"} if within else None,
        }
    )
