"""Each feed's own ways: what the interface agreement with that sender says.

Nothing here is guessed from messages. Defaults are chosen so that silence never deletes.
"""

from __future__ import annotations

from msgspec import Struct


class AlertRule(Struct, frozen=True, gc=False):
    """A site's word that a code in a message means an alert (code status, isolation, falls …).

    HL7 v2 has no single field for these; each site lists where its sender puts them.
    `where` is a segment and field such as `PV2-45`, `PD1-15`, `OBX`, `ZST-2` or `OBR-4`.
    """

    where: str
    code: str  # the value that triggers it; "" for any value
    alert: str  # what the ward calls it: "code status", "isolation", "falls" …
    text: str = ""  # words shown; "" means the words that were sent


class Source(Struct, frozen=True, kw_only=True, gc=False):
    """Settings of one feed."""

    name: str
    site: str
    zone: str = "America/New_York"  # IANA; for times without an offset
    authority: str = (
        ""  # assigning authority of identifiers that name none; "" means the feed's site
    )
    charset: str = "utf-8"  # tried after MSH-18 and UTF-8
    msh_offset_applies: bool = False  # most senders never mean MSH-7's offset for other fields
    allergies_complete: bool = False  # each message with AL1 carries the whole list
    contacts_complete: bool = False
    problems_complete: bool = True  # DG1 of one visit and type is a whole set
    accepts_test_messages: bool = False  # MSH-11 of T or D is applied
    patient_kinds: tuple[str, ...] = (
        "MR",
        "PI",
        "",
    )  # PID-3 type codes that name a patient, best first
    classes: dict[str, str] = {}  # PV1-2 local value → StayClass value
    alerts: tuple[AlertRule, ...] = ()
    refuses_unread: bool = (
        False  # answer AE for what was not understood (default AA: the queue moves on)
    )
    bytes_max: int = 64 * 1024 * 1024
    reads_unframed: bool = False  # accept MSH… without MLLP framing

    def default_authority(self) -> str:
        """Return the authority of identifiers that name none."""
        return self.authority or self.site


class Site(Struct, frozen=True, kw_only=True, gc=False):
    """One hospital or clinic that a node serves."""

    code: str
    name: str
    zone: str = "America/New_York"
    paper: str = "letter"  # or "a4"
    number_index: int = -1  # 0 to 4095, one for each site of a network; -1: worked out of the code
    gs1_prefix: str = ""  # GS1 company prefix with this site's digits; "" for plain wristband codes
