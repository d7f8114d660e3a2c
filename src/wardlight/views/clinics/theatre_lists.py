"""Theatre lists: the free times that operations go into, and how long an operation takes of one.

A list is a free time for "theatre", for "theatre" and a specialty, or for one procedure.
"""

from __future__ import annotations

from wardlight.views.clinics.triage import THEATRE, Slot, names_of, plain_service
from wardlight.views.rows import Appointment

TURNOVER_MINUTES = 30  # between two operations: cleaning, the next patient in
CASE_MINUTES_IF_NOT_STATED = 120
LIST_MINUTES_IF_NOT_STATED = 480


def case_minutes(visit: Appointment) -> int:
    """Return the minutes an operation takes of its list, with turnover; a guess where unknown."""
    return (visit.minutes or CASE_MINUTES_IF_NOT_STATED) + TURNOVER_MINUTES


def list_minutes(one: Slot) -> int:
    """Return how long a list is, and the turnover after its last operation; a guess if unknown."""
    return (one.offered.minutes or LIST_MINUTES_IF_NOT_STATED) + TURNOVER_MINUTES


def theatre_names(visit: Appointment) -> tuple[str, ...]:
    """Return what a list that takes an operation may be called; () for no operation."""
    return names_of(visit) if visit.procedure else ()


def is_list(one: Slot) -> bool:
    """Return whether a free time is a theatre list for any operation, or a specialty's."""
    name = plain_service(one.offered.service)
    return name == THEATRE or name.startswith(f"{THEATRE} ")
