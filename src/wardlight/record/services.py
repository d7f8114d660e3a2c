"""What a hospital does for patients who come from outside, and whether it can do it now.

The words are those of EMS boards (domain.md D1, K5); EDXL-HAVE and others have theirs in `wire/`.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Service(StrEnum):
    """A service that ambulances, other hospitals and patients ask for. Clinics have names too."""

    ED = "ED"
    TRAUMA = "trauma"
    STROKE = "stroke"
    STEMI = "STEMI"
    CT = "CT"
    CATH = "cath lab"
    OB = "OB"
    PAEDIATRICS = "paediatrics"
    BURN = "burn"
    ICU = "ICU"
    OR = "OR"
    DIALYSIS = "dialysis"
    PSYCH = "psych"
    URGENT_CARE = "urgent care"
    ELECTIVES = "electives"
    CLINIC = "clinic"
    HELIPAD = "helipad"


class ServiceState(StrEnum):
    """Whether a service takes patients. NO_REPORT is never stated: it is what silence means."""

    OPEN = "open"
    LIMITED = "limited"
    DIVERT = "divert"  # ambulances go elsewhere; who walks in is screened (EMTALA)
    CLOSED = "closed"
    NO_REPORT = "no report"


class DivertCategory(StrEnum):
    """Why ambulances are sent elsewhere; what each means is in a county's rule set."""

    ED_SATURATION = "ED saturation"
    INTERNAL_DISASTER = "internal disaster"
    EQUIPMENT = "equipment or CT failure"
    IT_OUTAGE = "IT outage"
    STAFFING = "staffing"
    SPECIALTY = "specialty not available"
    BLS_SATURATION = "BLS ED saturation"
    OTHER = "other"


class AtExpiry(StrEnum):
    """What happens when a state reaches its end and nobody has renewed it."""

    REOPEN = "reopen"  # the service counts as open again
    LAPSE = "lapse"  # nobody knows: shown as no report until somebody says


class ServiceKey(Struct, frozen=True, order=True, gc=False):
    """One service of one facility; `name` tells clinics apart ("Oncology"), else it is empty."""

    facility: str  # the code of a site of ours, or of a neighbour
    service: Service
    name: str = ""
