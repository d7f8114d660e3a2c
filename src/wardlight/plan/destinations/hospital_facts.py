"""What is known of the hospitals of a region at this moment, as the destination helper takes it.

Everything is optional, and what nobody said stays unsaid.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from wardlight.record.instants import Instant
from wardlight.record.services import DivertCategory, Service, ServiceState


class Said(Struct, frozen=True):
    """What was last said of one service, and when."""

    state: ServiceState
    at: Instant
    category: DivertCategory | None = None
    reason: str = ""
    ended: Instant | None = None  # it was said until then, and nobody has said anything since


class EdCount(Struct, frozen=True, kw_only=True):
    """What was last counted in one emergency department, and when. None: not counted."""

    at: Instant
    patients: int | None = None
    spaces: int | None = None
    free: int | None = None
    ems_waiting: int | None = None


class HospitalFacts(Struct, frozen=True, kw_only=True):
    """Everything said of one hospital now."""

    services: Mapping[Service, Said] = {}
    count: EdCount | None = None
    can: frozenset[Service] = frozenset()  # said beside the table, e.g. of a neighbour
    cannot: frozenset[Service] = frozenset()


NOTHING = HospitalFacts()
"""Of a hospital nobody has said anything about."""
