"""Which rule answers which form. A subject's rules stand in its own module."""

from __future__ import annotations

from collections.abc import Mapping

from wardlight.record import catalogue
from wardlight.rules import registration, voiding
from wardlight.rules.asking import Rule
from wardlight.rules.bedside import observations, orders
from wardlight.rules.clinics import case_checks, contact, inbound, triage
from wardlight.rules.laboratory import (
    imaging,
    laboratory,
    laboratory_results,
    transfusion,
)
from wardlight.rules.medicines import medicines
from wardlight.rules.paperwork import paper_rows, paperwork, scans
from wardlight.rules.services import destinations, public_words, services
from wardlight.rules.transfers import transfer_departure, transfers

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
    catalogue.ENTRY_SEEN: voiding.seen,
    catalogue.SPECIMEN_REQUESTED: laboratory.request,
    catalogue.SPECIMEN_RECEIVED: laboratory.receive,
    catalogue.SPECIMEN_SENT_OUT: laboratory.send_out,
    catalogue.SPECIMEN_LOST: laboratory.lose,
    catalogue.RESULT_ENTERED: laboratory_results.enter,
    catalogue.RESULT_TOLD: laboratory_results.tell,
    catalogue.RESULT_ACKNOWLEDGED: laboratory_results.acknowledge,
    catalogue.CRITICAL_ESCALATED: laboratory_results.escalate,
    catalogue.IMAGING_REQUESTED: imaging.request,
    catalogue.IMAGING_PERFORMED: imaging.perform,
    catalogue.IMAGING_READ: imaging.read,
    catalogue.IMAGING_CANCELLED: imaging.cancel,
    catalogue.BLOOD_REQUESTED: transfusion.request,
    catalogue.BLOOD_TESTED: transfusion.group,
    catalogue.BLOOD_ISSUED: transfusion.issue,
    catalogue.TRANSFUSION_STARTED: transfusion.start,
    catalogue.TRANSFUSION_STOPPED: transfusion.stop,
    catalogue.TRANSFUSION_REACTION: transfusion.react,
    catalogue.TRANSFER_REQUESTED: transfers.request,
    catalogue.TRANSFER_OFFERED: transfers.offer,
    catalogue.TRANSFER_REFUSED: transfers.refuse,
    catalogue.TRANSFER_ACCEPTED: transfers.accept,
    catalogue.TRANSFER_CERTIFIED: transfer_departure.certify,
    catalogue.TRANSFER_TRANSPORT_ARRANGED: transfers.transport,
    catalogue.TRANSFER_REPORT_GIVEN: transfers.report,
    catalogue.TRANSFER_DOSES_STATED: transfers.doses,
    catalogue.TRANSFER_PENDING_OWNED: transfers.pending,
    catalogue.TRANSFER_PACKET_MADE: transfers.packet,
    catalogue.TRANSFER_DEPARTED: transfer_departure.depart,
    catalogue.TRANSFER_REROUTED: transfer_departure.reroute,
    catalogue.TRANSFER_ARRIVED: transfer_departure.arrive,
    catalogue.TRANSFER_CANCELLED: transfers.cancel,
    catalogue.SERVICE_STATED: services.state,
    catalogue.CROWDING_COUNTED: services.count_crowding,
    catalogue.BEDS_COUNTED: services.count_beds,
    catalogue.NEIGHBOUR_STATED: services.state_neighbour,
    catalogue.CHANGE_ACKNOWLEDGED: services.acknowledge,
    catalogue.PUBLIC_APPROVED: public_words.approve,
    catalogue.PUBLIC_WITHDRAWN: public_words.withdraw,
    catalogue.DESTINATION_DECIDED: destinations.decide,
    catalogue.SHEETS_MARKED: paperwork.mark,
    catalogue.PAGE_SETTLED: scans.settle,
    catalogue.PAGE_ROWS_CLOSED: paper_rows.close,
    **triage.RULES,
    **case_checks.RULES,
    **contact.RULES,
    **inbound.RULES,
}
_BY_REQUEST = (catalogue.LOOPS | catalogue.TRANSFERS) - {
    catalogue.TRANSFER_REQUESTED,
    catalogue.SPECIMEN_REQUESTED,
    catalogue.IMAGING_REQUESTED,
    catalogue.BLOOD_REQUESTED,
}
"""Steps of a loop that began: the request says whose it is."""

_BY_SCHEDULE = catalogue.CLINICS - {
    catalogue.CONTACT_ATTEMPTED,
    catalogue.CONTACT_ADVISED,
    catalogue.CONTACT_RESTRICTED,
}
"""About visits of the schedule, or about nobody yet."""

WITHOUT_PATIENT = (
    _BY_REQUEST
    | _BY_SCHEDULE
    | catalogue.SERVICES
    | catalogue.PUBLIC
    | {
        catalogue.PATIENT_REGISTERED,
        catalogue.ENTRY_VOIDED,
        catalogue.SHEETS_MARKED,
        catalogue.PAGE_SETTLED,
    }
    | {catalogue.PATIENT_REGISTERED, catalogue.ENTRY_VOIDED, catalogue.SHEETS_MARKED}
    | {catalogue.DESTINATION_DECIDED}
)
