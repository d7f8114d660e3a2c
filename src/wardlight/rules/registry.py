"""Which rule answers which form. A subject's rules stand in its own module."""

from __future__ import annotations

from collections.abc import Mapping

from wardlight.record import catalogue
from wardlight.rules import medicines, observations, orders, registration, voiding
from wardlight.rules.asking import Rule

RULES: Mapping[str, Rule] = {
    catalogue.DOSE_CHARTED: medicines.dose,
    catalogue.ORDER_WRITTEN: orders.write,
    catalogue.ORDER_ENDED: orders.end,
    catalogue.ORDER_CHECKED: orders.check,
    catalogue.VITALS_CHARTED: observations.vitals,
    catalogue.FLUID_CHARTED: observations.fluid,
    catalogue.NOTE_WRITTEN: observations.note,
    catalogue.ALLERGIES_ASKED: registration.allergies,
    catalogue.PATIENT_REGISTERED: registration.register,
    catalogue.PATIENT_PLACED: registration.place,
    catalogue.PATIENT_LEFT: registration.leave,
    catalogue.IDENTITY_FOUND: registration.identify,
    catalogue.ENTRY_VOIDED: voiding.void,
}
WITHOUT_PATIENT = frozenset({catalogue.PATIENT_REGISTERED, catalogue.ENTRY_VOIDED})
