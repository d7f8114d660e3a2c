"""EDXL-HAVE 2.0 in the words of its working draft, and marked so.

The XSD of the published specification (OASIS CS02 with HL7, 18 Mar 2019) came three drafts later,
and its names may differ; what is written here was checked against the draft after WD08 only.
Whoever reads it is told so in `reportComment`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from wardlight.record.services import Service, ServiceState
from wardlight.wire.edxl.have import TRAFFIC, crowding
from wardlight.wire.edxl.tree import Part, Shape, Tag, maybe, tag, written
from wardlight.wire.outside import (
    WALK_INS,
    ToldBeds,
    ToldBoard,
    ToldHospital,
    ToldService,
    held,
    joined,
    sentence,
    stamp,
)

HAVE_2 = "urn:oasis:names:tc:emergency:edxl:have:2.0"
NAMESPACES = {
    "have": HAVE_2,
    "ct": "urn:oasis:names:tc:emergency:edxl:ct:1.0",
    "xpil": "urn:oasis:names:tc:emergency:edxl:ciq:1.0:xpil",
    "xnl": "urn:oasis:names:tc:emergency:edxl:ciq:1.0:xnl",
    "gml": "http://www.opengis.net/gml/3.2",
}
DRAFT = (
    "DRAFT FORMAT: written after the EDXL-HAVE 2.0 working draft that followed WD08, not after the "
    "published Committee Specification 02 of 18 March 2019. For tests between partners; "
    "EDXL-HAVE 1.0 is the document to rely on."
)
TAXONOMY = "urn:oasis:edxl:have:2.0:serviceName"
COLOUR_CODES = "urn:oasis:names:tc:emergency:EDXL:HAVE:2.0:Defaults:ColourCode"
COLOURS: Mapping[ServiceState, str] = {
    ServiceState.OPEN: "green",
    ServiceState.LIMITED: "yellow",
    ServiceState.DIVERT: "red",
    ServiceState.CLOSED: "red",
}
_NO_NAME = re.compile("[^A-Za-z0-9.-]")


def have_draft(board: ToldBoard) -> Tag | None:
    """Return the document; None while nothing was said of any hospital."""
    facilities = [_facility(one, board) for one in board.said_of()]
    if not facilities:
        return None
    return tag(
        "have:HAVE",
        tag("have:organizationInformation", _named(board.network)),
        tag("have:reportComment", f"{DRAFT} Written {stamp(board.now)}."),
        *facilities,
    )


def draft_bytes(root: Tag) -> bytes:
    """Return the document as it is sent."""
    return written(root, NAMESPACES)


def facility_id(code: str) -> str:
    """Return a hospital's code as an XML name (xs:ID); two codes never become one."""
    return "F-" + _NO_NAME.sub(lambda found: f"_{ord(found[0]):x}_", code)


def _named(name: str) -> Tag:
    return tag("xnl:OrganisationName", tag("xnl:NameElement", name))


def _facility(one: ToldHospital, board: ToldBoard) -> Tag:
    last = one.last_said()
    assert last is not None, "a hospital of which something was said"
    return tag(
        "have:facility",
        tag(
            "have:facilityInformation",
            tag("have:facilityID", facility_id(one.code)),
            tag("have:facilityName", one.known_as()),
            _place(one),
            tag("have:facilityDetails", _named(one.known_as())),
            _emergency(one, board),
            _helipad(one),
        ),
        tag(
            "have:serviceList",
            tag("have:taxonomyURI", TAXONOMY),
            tag("have:taxonomyName", "EDXL-HAVE 2.0"),
            *_items(one, board),
        ),
        tag("have:commentText", f"Last said anything {stamp(last)}"),
    )


def _place(one: ToldHospital) -> Tag | None:
    if one.latitude is None or one.longitude is None:
        return None
    position = tag("gml:pos", f"{one.latitude:.6f} {one.longitude:.6f}")
    point = Tag(
        "gml:Point", children=(position,), attributes=(("gml:id", f"P{facility_id(one.code)}"),)
    )
    return tag("have:facilityGeoLocation", tag("ct:EDXLGeoLocation", point))


def _emergency(one: ToldHospital, board: ToldBoard) -> Tag | None:
    ed = one.service(Service.ED)
    if ed is None:
        return None
    words = joined((ed.why(), held(ed, board.now, board.zone), WALK_INS))
    traffic = tag(
        "have:emsTraffic",
        maybe("have:emsTrafficStatus", TRAFFIC.get(ed.state)),
        maybe("have:emsTrafficReason", words if ed.state in TRAFFIC else ""),
        maybe("have:commentText", joined((sentence(ed, board.now, board.zone), crowding(one)))),
    )
    return tag("have:emergencyDepartmentStatus", traffic)


def _helipad(one: ToldHospital) -> Tag | None:
    found = one.service(Service.HELIPAD)
    takes = found.takes() if found is not None else None
    return None if takes is None else tag("have:helipad", "true" if takes else "false")


def _items(one: ToldHospital, board: ToldBoard) -> Iterator[Tag]:
    for service in one.services:
        yield _service_item(service, board)
    for beds in one.beds:
        yield _beds_item(beds)
    if not one.services and not one.beds:  # the format asks for one: crowding alone was counted
        name = tag("have:serviceName", "Emergency department crowding")
        comment = tag("have:comment", crowding(one))
        yield tag("have:serviceListItem", _key("crowding"), name, comment)


def _service_item(one: ToldService, board: ToldBoard) -> Tag:
    """Return a service; without a report it has no status, and a comment that says so."""
    takes, words = one.takes(), sentence(one, board.now, board.zone)
    name = tag("have:serviceName", one.name())
    key = _key(f"{one.key.service}.{one.key.name}" if one.key.name else str(one.key.service))
    if takes is None:
        return tag("have:serviceListItem", key, name, tag("have:comment", words))
    code = tag(
        "have:colourCodeDefault",
        tag("ct:ValueListURI", COLOUR_CODES),
        tag("ct:Value", COLOURS[one.state]),
    )
    status = tag(
        "have:serviceStatus",
        tag("have:isAvailable", "true" if takes else "false"),
        tag("have:colourStatus", code),
        tag("have:comment", words),
    )
    return tag("have:serviceListItem", key, name, status)


def _beds_item(beds: ToldBeds) -> Tag:
    capacity = tag(
        "have:serviceBedCapacity",
        tag("have:availableCount", str(beds.available)),
        maybe("have:baselineCount", str(beds.baseline) if beds.baseline is not None else ""),
        tag("have:capacityNote", f"counted {stamp(beds.counted)}"),
    )
    name = tag("have:serviceName", f"Beds: {beds.kind}")
    return tag("have:serviceListItem", _key(f"beds.{beds.kind}"), name, capacity)


def _key(value: str) -> Tag:
    return tag("have:serviceTaxonomyKeyValue", value)


SHAPE: Shape = {
    "have:HAVE": (
        Part("have:organizationInformation", needed=True),
        Part("have:reportComment", needed=True, pattern="DRAFT FORMAT: .*"),
        Part("have:facility", needed=True, many=True),
    ),
    "have:facility": (
        Part("have:facilityInformation", needed=True),
        Part("have:serviceList", needed=True, many=True),
        Part("have:commentText", many=True),
    ),
    "have:facilityInformation": (
        Part("have:facilityID", needed=True, pattern="F-[A-Za-z0-9._-]*"),
        Part("have:facilityName", needed=True, filled=True),
        Part("have:facilityGeoLocation"),
        Part("have:facilityDetails", needed=True),
        Part("have:emergencyDepartmentStatus"),
        Part("have:helipad", pattern="true|false"),
    ),
    "have:emsTraffic": (
        Part("have:emsTrafficStatus", pattern="Normal|Advisory|Closed|NotApplicable"),
        Part("have:emsTrafficReason"),
        Part("have:commentText"),
    ),
    "have:serviceList": (
        Part("have:taxonomyURI", needed=True),
        Part("have:taxonomyName", needed=True),
        Part("have:serviceListItem", needed=True, many=True),
    ),
    "have:serviceListItem": (
        Part("have:serviceTaxonomyKeyValue", needed=True, filled=True),
        Part("have:serviceName", needed=True, filled=True),
        Part("have:serviceStatus"),
        Part("have:serviceBedCapacity"),
        Part("have:comment"),
    ),
    "have:serviceStatus": (
        Part("have:isAvailable", needed=True, pattern="true|false"),
        Part("have:colourStatus"),
        Part("have:comment"),
    ),
    "have:serviceBedCapacity": (
        Part("have:availableCount", needed=True, pattern=r"-?\d+"),
        Part("have:baselineCount", pattern=r"\d+"),
        Part("have:capacityNote"),
    ),
}
