"""Whose resource it is, where it came from and the id it is found by."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant, Moment
from wardlight.record.reading import Stamp
from wardlight.wire.fhir.systems import FEED, TERMINOLOGY, quoted
from wardlight.wire.fhir.types import Element, extension, filled, instant

_TAIL_BYTES = 10
RESTRICTED = {
    "system": f"{TERMINOLOGY}v3-Confidentiality",
    "code": "R",
    "display": "restricted",
}


class Subject(Struct, frozen=True, kw_only=True):
    """The patient a resource speaks of; times are written in `zone`."""

    key: PatientKey
    handle: str  # opaque: what stands in addresses
    zone: str
    protected: bool = False
    systems: Mapping[str, str] = {}  # assigning authority → URI, where a site has set one

    def reference(self) -> Element:
        """Return the reference to the patient."""
        return {"reference": f"Patient/{self.handle}"}

    def meta(self, stamp: Stamp | None) -> Element:
        """Return where a fact came from: feed and position, when recorded, as of when."""
        return meta(stamp, zone=self.zone, protected=self.protected)


class Row(Struct, frozen=True):
    """One resource and its place in a list: newest first, then by id."""

    at: int  # ms
    resource: Element

    def order(self) -> tuple[int, str]:
        """Return what rows of one patient are sorted by."""
        return -self.at, self.resource["id"]


def meta(stamp: Stamp | None, *, zone: str, protected: bool = False) -> Element:
    """Return the meta of a resource; `as-of` is when the source says it was so."""
    security = [RESTRICTED] if protected else []
    if stamp is None:
        return filled({"security": security})
    return filled(
        {
            "extension": extension("as-of", instant(stamp.occurred, zone), "valueInstant"),
            "lastUpdated": instant(stamp.recorded, zone),
            "source": f"{FEED}{quoted(stamp.source)}#{stamp.position}",
            "security": security,
        }
    )


def tail(secret: str, natural: str) -> str:
    """Return the part of an id that stands for a natural key and does not show it."""
    mixed = hashlib.blake2b(
        natural.encode("utf-8", "replace"),
        digest_size=_TAIL_BYTES,
        key=secret.encode("utf-8", "replace")[:64],
    )
    return base64.b32encode(mixed.digest()).decode("ascii").lower()


def ids(subject: Subject, naturals: Iterable[Iterable[str]]) -> list[str]:
    """Return an id for each natural key, the same one each time; a key used twice is numbered.

    An id begins with the patient's handle, so that it is found without looking through others.
    """
    seen: Counter[str] = Counter()
    found: list[str] = []
    for parts in naturals:
        natural = "\x1f".join(parts)
        seen[natural] += 1
        repeat = f"\x1f#{seen[natural]}" if seen[natural] > 1 else ""
        found.append(f"{subject.handle}-{tail(subject.handle, natural + repeat)}")
    return found


def ms(moment: Moment | None, otherwise: Stamp | None = None) -> Instant:
    """Return when something was, for sorting; else when it was said."""
    if moment is not None:
        return moment.at
    return otherwise.occurred if otherwise else Instant(0)
