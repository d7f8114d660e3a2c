"""The numbers of the simulated hospitals, each with its unit and its source.

What no source gives is marked `assumed` and explained in decisions/0010-simulated-network.md.
"""

from __future__ import annotations

from msgspec import Struct

from wardlight.record.sources import Site


class SimSite(Struct, frozen=True, kw_only=True):
    """One simulated hospital: who it is and how big."""

    site: Site
    census: int  # inpatients in house, persons
    clinic_visits_a_day: int


CONNECTICUT, PENNSYLVANIA = "America/New_York", "America/New_York"


def network(scale: float = 1.0) -> tuple[SimSite, ...]:
    """Return the hospitals of the 2023 case with invented patients, at a share of their size."""
    rows = (
        # code, name, inpatients: 126 is Manchester's census before the attack (WSHU, CT Mirror);
        # the others are assumed in proportion to their licensed beds.
        ("MMH", "Manchester Memorial", CONNECTICUT, 126),
        ("RGH", "Rockville General", CONNECTICUT, 24),
        ("WBH", "Waterbury", CONNECTICUT, 140),
        ("CCM", "Crozer-Chester", PENNSYLVANIA, 180),
        ("TAY", "Taylor", PENNSYLVANIA, 80),
        ("DCM", "Delaware County Memorial", PENNSYLVANIA, 40),
        ("SPR", "Springfield", PENNSYLVANIA, 16),
    )
    return tuple(
        SimSite(
            site=Site(code=code, name=name, zone=zone),
            census=max(4, round(census * scale)),
            clinic_visits_a_day=max(3, round(census * scale * CLINIC_VISITS_PER_BED_DAY)),
        )
        for code, name, zone, census in rows
    )


STAY_HOURS_MEAN = 4.6 * 24  # hours; US mean length of stay 4.6 days (HCUP Statistical Brief 246)
CLINIC_VISITS_PER_BED_DAY = 0.6  # visits per inpatient and day; assumed
PATIENTS_PER_UNIT = 28  # beds; assumed, a common ward size
ORDERS_PER_PATIENT = (3, 10)  # medicines at admission, least and most; assumed
MOVES_PER_STAY = 1.2  # transfers; assumed
LAB_ROUND_HOURS = 24.0  # hours between routine panels of a patient; assumed

# Shares; what real feeds show is counted in the interoperability notes, the rest is assumed.
SHARE_FROM_EMERGENCY = 0.55
SHARE_ALLERGIES_LISTED, SHARE_NONE_KNOWN = 0.45, 0.35  # the rest says nothing
SHARE_CODE_STATUS = 0.35
SHARE_DOSE_REFUSED, SHARE_DOSE_NOT_GIVEN = 0.03, 0.03
SHARE_CORRECTED, SHARE_WITHDRAWN = 0.05, 0.01
SHARE_MOVE_CANCELLED, SHARE_ADMISSION_CANCELLED, SHARE_DISCHARGE_CANCELLED = 0.05, 0.02, 0.03
SHARE_UNKNOWN_AT_FIRST = 0.04  # admitted nameless, merged with a known record later
SHARE_VISIT_CHANGED, SHARE_VISIT_CANCELLED, SHARE_NO_SHOW = 0.10, 0.08, 0.05

# Dirt of real feeds: shares of messages (interoperability notes, 1,272 messages of ten sources).
DIRT_LF, DIRT_CRLF = 0.46, 0.13
DIRT_NO_CONTROL_ID, DIRT_NO_VERSION = 0.09, 0.03
DIRT_ZONE_OFFSET, DIRT_MINUTES_ONLY = 0.26, 0.26
DIRT_NO_EVENT_SEGMENT = 0.14
DIRT_LOCAL_SEGMENT = 0.15
DIRT_OTHER_SEPARATORS = 0.02  # assumed
DIRT_LATIN_1 = 0.05  # assumed
DIRT_SENT_AGAIN = 0.03  # assumed
DIRT_LATE = 0.03  # assumed: overtaken by what was said after it
LATE_MINUTES_MAX = 12  # minutes; assumed
