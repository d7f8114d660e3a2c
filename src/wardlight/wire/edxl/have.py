"""EDXL-HAVE 1.0: what hospitals can take now, for dispatch and for other hospitals.

OASIS EDXL-HAVE 1.0 (2008, with its errata). The order of elements is fixed. What nobody said is
left out; a hospital of which nothing was said is not in the document, because its LastUpdateTime
would be a lie. Ages and ends stand in comments, where the format has room for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from wardlight.record.services import DivertCategory, Service, ServiceState
from wardlight.wire.edxl.tree import Part, Shape, Tag, maybe, tag, written
from wardlight.wire.outside import (
    WALK_INS,
    ToldBeds,
    ToldBoard,
    ToldHospital,
    held,
    joined,
    sentence,
    stamp,
)

HAVE_1 = "urn:oasis:names:tc:emergency:EDXL:HAVE:1.0"
NAMESPACES = {
    "": HAVE_1,
    "xpil": "urn:oasis:names:tc:ciq:xpil:3",
    "xnl": "urn:oasis:names:tc:ciq:xnl:3",
    "geo": "urn:oasis:names:tc:emergency:EDXL:HAVE:1.0:geo-oasis",
    "gml": "http://www.opengis.net/gml",
}
TRAFFIC: Mapping[ServiceState, str] = {
    ServiceState.OPEN: "Normal",
    ServiceState.LIMITED: "Advisory",
    ServiceState.DIVERT: "Closed",
    ServiceState.CLOSED: "Closed",
}
COMPROMISED = frozenset({DivertCategory.IT_OUTAGE, DivertCategory.INTERNAL_DISASTER})
"""HAVE 1.0 §3.2.6 Compromised: "operating on emergency backup systems"."""


class BedWords(Struct, frozen=True):
    """A kind of bed as HAVE 1.0 names it: its type, and the sub-category beside it."""

    kind: str
    sub: str = ""


BEDS: Mapping[str, BedWords] = {
    "ward": BedWords("MedicalSurgical"),
    "tele": BedWords("MedicalSurgical", "Telemetry"),
    "icu": BedWords("AdultICU"),
    "paediatrics": BedWords("Pediatrics"),
    "nicu": BedWords("NeonatalICU"),
    "ob": BedWords("MedicalSurgical", "Obstetrics"),
    "burn": BedWords("Burn"),
    "psych": BedWords("AdultPsychiatric"),
    "ed": BedWords("EmergencyDepartment"),
    "or": BedWords("OperatingRooms"),
}
COVER: tuple[tuple[Service, tuple[str, ...]], ...] = (
    (Service.BURN, ("Burn",)),
    (Service.CATH, ("CardiologyIndicator", "CardiologySubType", "CardiologyInvasive")),
    (Service.DIALYSIS, ("Dialysis",)),
    (Service.ED, ("EmergencyDepartment",)),
    (Service.STROKE, ("NeurologyIndicator", "Neurology")),
    (Service.OB, ("OBGYNIndicator", "OBGYN")),
    (Service.PAEDIATRICS, ("Pediatrics",)),
    (Service.PSYCH, ("PsychiatricIndicator", "Psychiatric")),
    (Service.OR, ("SurgeryIndicator", "Surgery")),
    (Service.TRAUMA, ("TraumaCenterServicesIndicator", "TraumaCenterServices")),
)
"""Services with a name of their own in HAVE 1.0, in its order; the others are told in comments."""


def have(board: ToldBoard) -> Tag | None:
    """Return the document; None while nothing was said of any hospital."""
    hospitals = [_hospital(one, board) for one in board.said_of()]
    return tag("HospitalStatus", *hospitals) if hospitals else None


def have_bytes(root: Tag) -> bytes:
    """Return the document as it is sent."""
    return written(root, NAMESPACES)


def _hospital(one: ToldHospital, board: ToldBoard) -> Tag:
    last = one.last_said()
    assert last is not None, "a hospital of which something was said"
    return tag(
        "Hospital",
        _organization(one),
        _emergency(one, board),
        _beds(one),
        _coverage(one, board),
        _facility(one),
        tag("LastUpdateTime", stamp(last)),
    )


def _organization(one: ToldHospital) -> Tag:
    name = Tag(
        "xnl:OrganisationName",
        children=(tag("xnl:NameElement", one.known_as()),),
        attributes=(("xnl:OrganisationID", one.code),),
    )
    radio = f"Radio {one.radio}" if one.radio else ""
    return tag(
        "Organization",
        tag("OrganizationInformation", name, _phone(one)),
        _place(one),
        maybe("CommentText", radio),
        maybe("CommentText", "" if one.ours else "A neighbour: as heard by this network"),
    )


def _phone(one: ToldHospital) -> Tag | None:
    if not one.phone:
        return None
    number = Tag(
        "xpil:ContactNumber",
        children=(tag("xpil:ContactNumberElement", one.phone),),
        attributes=(("xpil:CommunicationMediaType", "Telephone"),),
    )
    return tag("xpil:ContactNumbers", number)


def _place(one: ToldHospital) -> Tag | None:
    if one.latitude is None or one.longitude is None:
        return None
    at = f"{one.latitude:.6f} {one.longitude:.6f}"
    point = Tag("gml:Point", children=(tag("gml:pos", at),), attributes=(("srsName", "EPSG:4326"),))
    return tag("OrganizationGeoLocation", point)


def _emergency(one: ToldHospital, board: ToldBoard) -> Tag | None:
    """Return whether ambulances may come; a state that holds no longer is no traffic status."""
    ed = one.service(Service.ED)
    if ed is None and one.nedocs is None:
        return None
    traffic = None
    if ed is not None:
        words = joined((ed.why(), held(ed, board.now, board.zone), WALK_INS))
        traffic = tag(
            "EMSTraffic",
            maybe("EMSTrafficStatus", TRAFFIC.get(ed.state)),
            maybe("EMSTrafficReason", words if ed.state in TRAFFIC else ""),
            maybe("CommentText", sentence(ed, board.now, board.zone)),
        )
    return tag("EmergencyDepartmentStatus", traffic, maybe("CommentText", crowding(one)))


def crowding(one: ToldHospital) -> str:
    """Return the NEDOCS score with its time; "" where there is none."""
    if one.nedocs is None or one.nedocs_counted is None:
        return ""
    return f"NEDOCS {one.nedocs}, counted {stamp(one.nedocs_counted)}"


def _beds(one: ToldHospital) -> Tag | None:
    kinds = [_bed(beds) for beds in one.beds]
    return tag("HospitalBedCapacityStatus", *kinds) if kinds else None


def _bed(beds: ToldBeds) -> Tag:
    known = BEDS.get(beds.kind.casefold(), BedWords("", beds.kind))
    over = f"over capacity by {-beds.available}" if beds.available < 0 else ""
    capacity = tag(
        "Capacity",
        tag("CapacityStatus", "Vacant/Available" if beds.available > 0 else "NotAvailable"),
        tag("AvailableCount", str(max(beds.available, 0))),
        maybe("BaselineCount", str(beds.baseline) if beds.baseline is not None else ""),
    )
    return tag(
        "BedCapacity",
        maybe("BedType", known.kind),
        maybe("SubCategoryBedType", known.sub),
        capacity,
        maybe("CommentText", joined((over, f"counted {stamp(beds.counted)}"))),
    )


def _coverage(one: ToldHospital, board: ToldBoard) -> Tag | None:
    if not one.services:
        return None
    comments = (
        tag("CommentText", sentence(service, board.now, board.zone)) for service in one.services
    )
    return tag("ServiceCoverageStatus", *_covered(one), *comments)


def _covered(one: ToldHospital) -> Iterator[Tag | None]:
    for service, path in COVER:
        found = one.service(service)
        takes = found.takes() if found is not None else None
        if takes is None:
            continue
        inner = tag(path[-1], "true" if takes else "false")
        for name in reversed(path[:-1]):
            inner = tag(name, inner)
        yield inner


def _facility(one: ToldHospital) -> Tag | None:
    """Return that the house works on its emergency means, where a service says why."""
    why = {said.category for said in one.services if said.state is not ServiceState.NO_REPORT}
    if not why & COMPROMISED:
        return None
    return tag("HospitalFacilityStatus", tag("FacilityStatus", "Compromised"))


_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d"
_COMMENTS = Part("CommentText", many=True)
_YES = "true|false"
SHAPE: Shape = {
    "HospitalStatus": (Part("Hospital", needed=True, many=True),),
    "Hospital": (
        Part("Organization", needed=True),
        Part("EmergencyDepartmentStatus"),
        Part("HospitalBedCapacityStatus"),
        Part("ServiceCoverageStatus"),
        Part("HospitalFacilityStatus"),
        Part("HospitalResourcesStatus"),
        Part("LastUpdateTime", needed=True, pattern=_TIME),
    ),
    "Organization": (
        Part("OrganizationInformation", needed=True),
        Part("OrganizationGeoLocation"),
        _COMMENTS,
    ),
    "OrganizationInformation": (
        Part("xnl:OrganisationName", needed=True, many=True),
        Part("xpil:ContactNumbers"),
    ),
    "xnl:OrganisationName": (Part("xnl:NameElement", needed=True, filled=True),),
    "EmergencyDepartmentStatus": (Part("EMSTraffic"), _COMMENTS),
    "EMSTraffic": (
        Part("EMSTrafficStatus", pattern="Normal|Advisory|Closed|NotApplicable"),
        Part("EMSTrafficReason", filled=True),
        Part("CommentText"),
    ),
    "HospitalBedCapacityStatus": (Part("BedCapacity", needed=True, many=True),),
    "BedCapacity": (
        Part("BedType", pattern="|".join(sorted({one.kind for one in BEDS.values()}))),
        Part("SubCategoryBedType"),
        Part("Capacity", needed=True),
        _COMMENTS,
    ),
    "Capacity": (
        Part("CapacityStatus", pattern="Vacant/Available|NotAvailable"),
        Part("AvailableCount", pattern=r"\d+"),
        Part("BaselineCount", pattern=r"\d+"),
    ),
    "ServiceCoverageStatus": (
        *(Part(path[0], pattern=_YES if len(path) == 1 else "") for _, path in COVER),
        _COMMENTS,
    ),
    "HospitalFacilityStatus": (Part("FacilityStatus", pattern="Normal|Compromised"),),
}
