"""The names under which entries are stored. A shipped name and version is frozen for good."""

from __future__ import annotations

HL7V2_MESSAGE = "hl7v2.message"  # v1: one MLLP frame or one message of a file, bytes as received
HL7V2_TRUNCATED = "hl7v2.truncated"  # v1: what came of a frame before the sender went away
HL7V2_OVERSIZED = "hl7v2.oversized"  # v1: the first bytes of a frame above the size limit
HL7V2_UNFRAMED = "hl7v2.unframed"  # v1: bytes that came outside any frame
SCHEDULE_FILE = "schedule.file"  # v1: a file of appointments or free times, bytes as received
LINK_TROUBLE = "link.trouble"  # v1: UTF-8 sentence: refused certificate, limit reached …
DOWNTIME_DECLARED = "downtime.declared"  # v1: JSON {"off_since": ms, "drill", "system", "reason"}
DOWNTIME_ENDED = "downtime.ended"  # v1: JSON {"system", "recovery"}
RECOVERY_ENDED = "recovery.ended"  # v1: JSON {}
RETENTION_APPLIED = "retention.applied"  # v1: JSON {"first", "last", "removed", "meanings"}

STAFF = "staff"  # the source of what people enter, as feeds have their names

NUMBERS_RESERVED = "numbers.reserved"  # v1: JSON, see events.numbers

PRINT_ASKED = "print.asked"  # v1: JSON, see events.printing
PRINT_ENDED = "print.ended"  # v1: JSON, see events.printing

# Who works here and who looked at what: body is one of `events.access` as JSON.
ACCESS = frozenset(
    {
        "staff.stated",
        "staff.disabled",
        "staff.roster-read",
        "credential.changed",
        "access.signed-in",
        "access.signed-out",
        "access.refused",
        "glass.broken",
        "glass.reviewed",
        "chart.opened",
        "station.named",
    }
)

# What staff enter: body is `events.entered.Entered` as JSON, named by the statement in it.
DOSE_CHARTED = "dose.charted"
ORDER_WRITTEN = "order.written"
ORDER_ENDED = "order.ended"
ORDER_CHECKED = "order.checked"
VITALS_CHARTED = "vitals.charted"
FLUID_CHARTED = "fluid.charted"
NOTE_WRITTEN = "note.written"
ALLERGIES_ASKED = "allergies.asked"
PATIENT_REGISTERED = "patient.registered"
PATIENT_PLACED = "patient.placed"
PATIENT_LEFT = "patient.left"
IDENTITY_FOUND = "identity.found"
ENTRY_VOIDED = "entry.voided"
ENTRY_SEEN = "entry.seen"
SPECIMEN_REQUESTED = "specimen.requested"
SPECIMEN_RECEIVED = "specimen.received"
SPECIMEN_SENT_OUT = "specimen.sent-out"
SPECIMEN_LOST = "specimen.lost"
SPECIMEN_UNMATCHED = "specimen.unmatched"
RESULT_ENTERED = "result.entered"
RESULT_TOLD = "result.told"
RESULT_ACKNOWLEDGED = "result.acknowledged"
CRITICAL_ESCALATED = "critical.escalated"
IMAGING_REQUESTED = "imaging.requested"
IMAGING_PERFORMED = "imaging.performed"
IMAGING_READ = "imaging.read"
IMAGING_CANCELLED = "imaging.cancelled"
BLOOD_REQUESTED = "blood.requested"
BLOOD_TESTED = "blood.tested"
BLOOD_ISSUED = "blood.issued"
TRANSFUSION_STARTED = "transfusion.started"
TRANSFUSION_STOPPED = "transfusion.stopped"
TRANSFUSION_REACTION = "transfusion.reaction"
TRANSFER_REQUESTED = "transfer.requested"
TRANSFER_OFFERED = "transfer.offered"
TRANSFER_REFUSED = "transfer.refused"
TRANSFER_ACCEPTED = "transfer.accepted"
TRANSFER_CERTIFIED = "transfer.certified"
TRANSFER_TRANSPORT_ARRANGED = "transfer.transport-arranged"
TRANSFER_REPORT_GIVEN = "transfer.report-given"
TRANSFER_DOSES_STATED = "transfer.doses-stated"
TRANSFER_PENDING_OWNED = "transfer.pending-owned"
TRANSFER_PACKET_MADE = "transfer.packet-made"
TRANSFER_DEPARTED = "transfer.departed"
TRANSFER_REROUTED = "transfer.rerouted"
TRANSFER_ARRIVED = "transfer.arrived"
TRANSFER_CANCELLED = "transfer.cancelled"

SERVICE_STATED = "service.stated"
CROWDING_COUNTED = "crowding.counted"
BEDS_COUNTED = "beds.counted"
NEIGHBOUR_STATED = "neighbour.stated"
CHANGE_ACKNOWLEDGED = "change.acknowledged"

SHEETS_ISSUED = "sheets.issued"
SHEETS_MARKED = "sheets.marked"
PAGE_SCANNED = "page.scanned"
PAGE_SETTLED = "page.settled"
PAGE_ROWS_CLOSED = "page.rows.closed"
VISITS_TRIAGED = "visits.triaged"
VISIT_MOVED = "visit.moved"
CASE_STATED = "case.stated"
SLOT_OFFERED = "slot.offered"
CONTACT_LEASED = "contact.leased"
CONTACT_ATTEMPTED = "contact.attempted"
CONTACT_ADVISED = "contact.advised"
CONTACT_RESTRICTED = "contact.restricted"
INBOUND_ANSWERED = "inbound.answered"
INBOUND_SETTLED = "inbound.settled"
TEXT_APPROVED = "text.approved"
PUBLIC_APPROVED = "public.approved"
PUBLIC_WITHDRAWN = "public.withdrawn"
DESTINATION_DECIDED = "destination.decided"

LOOPS = frozenset(
    {
        SPECIMEN_REQUESTED,
        SPECIMEN_RECEIVED,
        SPECIMEN_SENT_OUT,
        SPECIMEN_LOST,
        SPECIMEN_UNMATCHED,
        RESULT_ENTERED,
        RESULT_TOLD,
        RESULT_ACKNOWLEDGED,
        CRITICAL_ESCALATED,
        IMAGING_REQUESTED,
        IMAGING_PERFORMED,
        IMAGING_READ,
        IMAGING_CANCELLED,
        BLOOD_REQUESTED,
        BLOOD_TESTED,
        BLOOD_ISSUED,
        TRANSFUSION_STARTED,
        TRANSFUSION_STOPPED,
        TRANSFUSION_REACTION,
    }
)
"""What is asked of laboratory, imaging and blood bank, and what comes back."""

TRANSFERS = frozenset(
    {
        TRANSFER_REQUESTED,
        TRANSFER_OFFERED,
        TRANSFER_REFUSED,
        TRANSFER_ACCEPTED,
        TRANSFER_CERTIFIED,
        TRANSFER_TRANSPORT_ARRANGED,
        TRANSFER_REPORT_GIVEN,
        TRANSFER_DOSES_STATED,
        TRANSFER_PENDING_OWNED,
        TRANSFER_PACKET_MADE,
        TRANSFER_DEPARTED,
        TRANSFER_REROUTED,
        TRANSFER_ARRIVED,
        TRANSFER_CANCELLED,
    }
)
"""Steps of a patient's way to another hospital."""

SERVICES = frozenset(
    {
        SERVICE_STATED,
        CROWDING_COUNTED,
        BEDS_COUNTED,
        NEIGHBOUR_STATED,
        CHANGE_ACKNOWLEDGED,
    }
)
"""What is said of hospitals, not of patients: what is open, how full it is, who has seen it."""

CLINICS = frozenset(
    {
        VISITS_TRIAGED,
        VISIT_MOVED,
        CASE_STATED,
        SLOT_OFFERED,
        CONTACT_LEASED,
        CONTACT_ATTEMPTED,
        CONTACT_ADVISED,
        CONTACT_RESTRICTED,
        INBOUND_ANSWERED,
        INBOUND_SETTLED,
        TEXT_APPROVED,
    }
)
"""What becomes of visits and cases, who has which time, and who has been told."""

PUBLIC = frozenset({PUBLIC_APPROVED, PUBLIC_WITHDRAWN})
"""What the public may read."""

ENTERED = (
    LOOPS
    | {DESTINATION_DECIDED}
    | SERVICES
    | PUBLIC
    | TRANSFERS
    | CLINICS
    | frozenset(
        {
            DOSE_CHARTED,
            ORDER_WRITTEN,
            ORDER_ENDED,
            ORDER_CHECKED,
            VITALS_CHARTED,
            FLUID_CHARTED,
            NOTE_WRITTEN,
            ALLERGIES_ASKED,
            PATIENT_REGISTERED,
            PATIENT_PLACED,
            PATIENT_LEFT,
            IDENTITY_FOUND,
            ENTRY_VOIDED,
            ENTRY_SEEN,
            SHEETS_ISSUED,
            SHEETS_MARKED,
            PAGE_SCANNED,
            PAGE_SETTLED,
            PAGE_ROWS_CLOSED,
        }
    )
)

VERSIONS = {
    HL7V2_MESSAGE: 1,
    HL7V2_TRUNCATED: 1,
    HL7V2_OVERSIZED: 1,
    HL7V2_UNFRAMED: 1,
    SCHEDULE_FILE: 1,
    LINK_TROUBLE: 1,
    DOWNTIME_DECLARED: 1,
    DOWNTIME_ENDED: 1,
    RECOVERY_ENDED: 1,
    NUMBERS_RESERVED: 1,
    RETENTION_APPLIED: 1,
    PRINT_ASKED: 1,
    PRINT_ENDED: 1,
    **dict.fromkeys(ENTERED | ACCESS, 1),
}
