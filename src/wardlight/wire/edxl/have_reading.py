"""Reading what a neighbour tells in EDXL-HAVE 1.0: EMS traffic and the services it covers.

Small on purpose: what a dispatcher needs. What is not understood is not guessed; a document without
the time of its last update says nothing, because nobody could tell how old it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from wardlight.record.instants import Instant, instant_of
from wardlight.record.problems import Problem
from wardlight.record.services import Service, ServiceState
from wardlight.wire.edxl.have import COVER
from wardlight.wire.edxl.tree import Tag, read

NO_HAVE = "have.not-read"
HOSPITALS_MAX = 1_000
REASON_MAX = 300
TRAFFIC: Mapping[str, ServiceState] = {
    "Normal": ServiceState.OPEN,
    "Advisory": ServiceState.LIMITED,
    "Closed": ServiceState.DIVERT,
}
COVERED = tuple(one for one in COVER if one[0] is not Service.ED)
"""What is read of the coverage; of the ED its EMS traffic says more."""
_YES, _NO = ("true", "1"), ("false", "0")


class HeardService(Struct, frozen=True, kw_only=True):
    """What a document says of one service."""

    service: Service
    state: ServiceState
    reason: str = ""


class HeardHospital(Struct, frozen=True, kw_only=True):
    """What a document says of one hospital, and as of when."""

    code: str
    name: str
    updated: Instant
    services: tuple[HeardService, ...]


def read_have(body: bytes) -> tuple[HeardHospital, ...] | Problem:
    """Return the hospitals of a document, or why it is not read."""
    root = read(body)
    if isinstance(root, Problem):
        return root
    if root.name != "HospitalStatus" or "HAVE:1.0" not in root.namespace:
        return Problem(NO_HAVE, "root", "this is not EDXL-HAVE 1.0: it has no HospitalStatus")
    hospitals = [*root.all("Hospital")]
    if not 1 <= len(hospitals) <= HOSPITALS_MAX:
        return Problem(NO_HAVE, "Hospital", f"between 1 and {HOSPITALS_MAX} hospitals are read")
    found: list[HeardHospital] = []
    for number, one in enumerate(hospitals, 1):
        updated = _time(one.words("LastUpdateTime"))
        if updated is None:
            return Problem(NO_HAVE, f"Hospital {number}", "its LastUpdateTime cannot be read")
        found.append(_hospital(one, updated))
    return tuple(found)


def _hospital(one: Tag, updated: Instant) -> HeardHospital:
    name = ("Organization", "OrganizationInformation", "OrganisationName")
    at: Tag | None = one
    for step in name:
        at = at.child(step) if at is not None else None
    codes = dict(at.attributes) if at is not None else {}
    return HeardHospital(
        code=" ".join(codes.get("OrganisationID", "").split()),
        name=one.words(*name, "NameElement"),
        updated=updated,
        services=tuple(_services(one)),
    )


def _services(one: Tag) -> Iterator[HeardService]:
    traffic = ("EmergencyDepartmentStatus", "EMSTraffic")
    state = TRAFFIC.get(one.words(*traffic, "EMSTrafficStatus"))
    if state is not None:
        reason = one.words(*traffic, "EMSTrafficReason")[:REASON_MAX]
        yield HeardService(service=Service.ED, state=state, reason=reason)
    for service, path in COVERED:
        said = one.words("ServiceCoverageStatus", *path).casefold()
        if said in _YES:
            yield HeardService(service=service, state=ServiceState.OPEN)
        elif said in _NO:
            yield HeardService(service=service, state=ServiceState.CLOSED)


def _time(text: str) -> Instant | None:
    """Return an xsd:dateTime with an offset; one without is in no zone, and so is not a time."""
    try:
        when = datetime.fromisoformat(text)
        return instant_of(when) if when.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
