"""The names under which entries are stored. A shipped name and version is frozen for good."""

from __future__ import annotations

HL7V2_MESSAGE = (
    "hl7v2.message"  # v1: the bytes of one MLLP frame or one message of a file, as received
)
HL7V2_TRUNCATED = "hl7v2.truncated"  # v1: the part of a frame that came before the sender went away
HL7V2_OVERSIZED = "hl7v2.oversized"  # v1: the first bytes of a frame above the source's size limit
HL7V2_UNFRAMED = "hl7v2.unframed"  # v1: bytes that came outside any frame
LINK_TROUBLE = (
    "link.trouble"  # v1: UTF-8 sentence about a link (refused certificate, limit reached)
)

VERSIONS = {
    HL7V2_MESSAGE: 1,
    HL7V2_TRUNCATED: 1,
    HL7V2_OVERSIZED: 1,
    HL7V2_UNFRAMED: 1,
    DOWNTIME_DECLARED: 1,
    DOWNTIME_ENDED: 1,
    LINK_TROUBLE: 1,
}
