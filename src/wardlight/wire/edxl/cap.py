"""CAP 1.2: each diversion as an alert, its updates and its end, worked out of what was said.

OASIS CAP 1.2 (2010). Nothing is remembered beside the log: from the same words the same messages
come, with the same identifiers, and later words only add messages. Diversion is told to those who
send ambulances, so the scope is Restricted (§3.2.1) with the restriction said. A message expires
when the word behind it stops counting, so that silence never keeps a diversion alive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from wardlight.record.instants import DAY, Instant, iso
from wardlight.record.services import AtExpiry, DivertCategory, Service, ServiceKey, ServiceState
from wardlight.wire.edxl.tree import Part, Shape, Tag, maybe, tag, written
from wardlight.wire.outside import WALK_INS, ToldService, joined, stamp

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
_DIVERTS = frozenset({ServiceState.DIVERT, ServiceState.CLOSED})
_NO_SENDER = re.compile(r"[\s,<&]+")  # CAP 1.2 §3.2.1, for identifier and sender
_EVENT = "Hospital diversion"
NO_AMBULANCES = frozenset({Service.CLINIC, Service.ELECTIVES})  # patients come by appointment
CANCEL_HOLDS_MS = DAY  # how long the end of a diversion stays news


class Step(Struct, frozen=True, kw_only=True, gc=False):
    """How a service stood after somebody spoke, or took back what was said."""

    name: str  # of what was entered, without blanks
    at: Instant  # when this node came to know it
    told: ToldService


class Kind(StrEnum):
    """What a message does to those before it."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


class Alert(Struct, frozen=True, kw_only=True, gc=False):
    """One CAP message of one diversion."""

    identifier: str
    sent: Instant
    kind: Kind
    told: ToldService
    began: Instant  # since when the diversion has been on
    expires: Instant
    earlier: tuple[tuple[str, Instant], ...] = ()  # identifier and time of the messages before
    drill: bool = False


class Sender(Struct, frozen=True, kw_only=True):
    """Who tells it, and whom."""

    sender: str
    network: str
    zone: str
    restriction: str
    area: str


def in_one_word(text: str) -> str:
    """Return text as an identifier or a sender: no blank, comma, "<" or "&"."""
    return _NO_SENDER.sub("-", text.strip()) or "-"


def alerts(steps: Iterable[Step], now: Instant, *, drill: bool = False) -> tuple[Alert, ...]:
    """Return every message up to now, in the order they were sent.

    `steps` of one service come in the order this node came to know them.
    """
    by_key: dict[ServiceKey, list[Step]] = {}
    for one in steps:
        if one.at <= now and one.told.key.service not in NO_AMBULANCES:
            by_key.setdefault(one.told.key, []).append(one)
    made = [alert for said in by_key.values() for alert in _of_service(said, drill=drill)]
    return tuple(sorted(made, key=_sent))


def _sent(one: Alert) -> Instant:
    return one.sent


def _of_service(steps: Iterable[Step], *, drill: bool) -> Iterator[Alert]:
    """Give the messages of one service; `open_` are those of the diversion that is on."""
    open_: list[Alert] = []
    for step in steps:
        if open_ and open_[-1].expires <= step.at:
            open_ = []  # it came to its end before anybody spoke again
        if open_ and open_[-1].told == step.told:
            continue
        diverts = step.told.state in _DIVERTS
        if diverts or open_:
            alert = _message(step, open_, diverts=diverts, drill=drill)
            yield alert
            open_ = [*open_, alert] if diverts else []


def _message(step: Step, open_: Sequence[Alert], *, diverts: bool, drill: bool) -> Alert:
    since = step.told.since if step.told.since is not None else step.at
    ends = step.told.good_until if diverts else None
    return Alert(
        identifier=in_one_word(f"{'exercise.' if drill else ''}{step.name}"),
        sent=step.at,
        kind=(Kind.UPDATE if open_ else Kind.ALERT) if diverts else Kind.CANCEL,
        told=step.told,
        began=open_[0].began if open_ else since,
        expires=ends if ends is not None else Instant(step.at + CANCEL_HOLDS_MS),
        earlier=tuple((earlier.identifier, earlier.sent) for earlier in open_),
        drill=drill,
    )


def in_force(told: Iterable[Alert], now: Instant) -> tuple[Alert, ...]:
    """Return the newest message of each diversion that still holds."""
    newest: dict[ServiceKey, Alert] = {}
    for one in told:
        newest[one.told.key] = one
    return tuple(
        one for one in newest.values() if one.kind is not Kind.CANCEL and one.expires > now
    )


def cap(one: Alert, hospital: str, by: Sender) -> Tag:
    """Return a message as CAP 1.2; `hospital` is its name as people know it."""
    return tag(
        "alert",
        tag("identifier", one.identifier),
        tag("sender", in_one_word(by.sender)),
        tag("sent", stamp(one.sent)),
        tag("status", "Exercise" if one.drill else "Actual"),
        tag("msgType", str(one.kind)),
        tag("scope", "Restricted"),
        tag("restriction", by.restriction),
        maybe("note", EXERCISE if one.drill else ""),
        maybe("references", _references(one, by)),
        _info(one, hospital, by),
    )


EXERCISE = "EXERCISE. This is a drill: send ambulances as if this message had not come."


def cap_bytes(root: Tag) -> bytes:
    """Return a message as it is sent."""
    return written(root, {"": CAP})


def headline(one: Alert, hospital: str) -> str:
    """Return a message in one line."""
    ended = one.kind is Kind.CANCEL
    state = f"diversion ended, {one.told.state}" if ended else str(one.told.state)
    return f"{'EXERCISE: ' if one.drill else ''}{hospital}: {one.told.name()} {state}"


def _references(one: Alert, by: Sender) -> str:
    sender = in_one_word(by.sender)
    return " ".join(f"{sender},{name},{stamp(sent)}" for name, sent in one.earlier)


def _info(one: Alert, hospital: str, by: Sender) -> Tag:
    ended = one.kind is Kind.CANCEL
    return tag(
        "info",
        tag("language", "en-US"),
        tag("category", "Health"),
        *((tag("category", "Infra"),) if one.told.category in _INFRASTRUCTURE else ()),
        tag("event", _EVENT),
        tag("responseType", "AllClear" if ended else "Avoid"),
        tag("urgency", "Past" if ended else "Immediate"),
        tag("severity", "Minor" if ended else "Severe"),
        tag("certainty", "Observed"),
        tag("audience", by.restriction),
        tag("effective", stamp(one.sent)),
        tag("onset", stamp(one.began)),
        tag("expires", stamp(one.expires)),
        tag("senderName", by.network),
        tag("headline", headline(one, hospital)),
        tag("description", _description(one, hospital, by.zone)),
        maybe("instruction", "" if ended else _INSTRUCTION),
        *_parameters(one),
        tag("area", tag("areaDesc", by.area)),
    )


_INFRASTRUCTURE = frozenset({DivertCategory.IT_OUTAGE, DivertCategory.EQUIPMENT})
_INSTRUCTION = (
    "Take patients who need this service to another hospital by your county's destination rules. "
    "When all are closed, the closest one takes. After the time of expiry this message says "
    "nothing: ask."
)


def _description(one: Alert, hospital: str, zone: str) -> str:
    told = one.told
    ended = one.kind is Kind.CANCEL
    return joined(
        (
            EXERCISE if one.drill else "",
            headline(one, hospital),
            told.why(),
            f"On since {iso(one.began, zone)}",
            f"Stated {iso(told.stated, zone)}" if told.stated is not None else "",
            "" if ended else _end_words(one, zone),
            f"Authorised by {told.authorised_by}" if told.authorised_by else "",
            told.comment,
            f"Heard from {told.heard}" if told.heard else "",
            "" if ended else WALK_INS,
        )
    )


def _end_words(one: Alert, zone: str) -> str:
    told = one.told
    ends = iso(one.expires, zone)
    if told.expires is None:
        return f"No end was stated; counts until {ends} unless it is said again"
    reopens = told.at_expiry is AtExpiry.REOPEN
    return f"Until {ends}; then {'the service counts as open' if reopens else 'nobody knows: ask'}"


def _parameters(one: Alert) -> Iterator[Tag]:
    told = one.told
    for name, value in (
        ("facility", told.key.facility),
        ("service", str(told.key.service)),
        ("clinic", told.key.name),
        ("state", str(told.state)),
        ("category", str(told.category) if told.category else ""),
        ("stated", stamp(told.stated) if told.stated is not None else ""),
    ):
        if value.strip():
            yield tag("parameter", tag("valueName", name), tag("value", value))


_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d"
_WORD = r"[^\s,<&]+"
SHAPE: Shape = {
    "alert": (
        Part("identifier", needed=True, pattern=_WORD),
        Part("sender", needed=True, pattern=_WORD),
        Part("sent", needed=True, pattern=_TIME),
        Part("status", needed=True, pattern="Actual|Exercise"),
        Part("msgType", needed=True, pattern="Alert|Update|Cancel"),
        Part("scope", needed=True, pattern="Restricted"),
        Part("restriction", needed=True, filled=True),
        Part("note"),
        Part("references", pattern=rf"{_WORD},{_WORD},{_TIME}( {_WORD},{_WORD},{_TIME})*"),
        Part("info", needed=True),
    ),
    "info": (
        Part("language"),
        Part("category", needed=True, many=True),
        Part("event", needed=True, filled=True),
        Part("responseType", needed=True),
        Part("urgency", needed=True),
        Part("severity", needed=True),
        Part("certainty", needed=True),
        Part("audience"),
        Part("effective", needed=True, pattern=_TIME),
        Part("onset", needed=True, pattern=_TIME),
        Part("expires", needed=True, pattern=_TIME),
        Part("senderName", needed=True, filled=True),
        Part("headline", needed=True, filled=True),
        Part("description", needed=True, filled=True),
        Part("instruction"),
        Part("parameter", many=True),
        Part("area", needed=True),
    ),
    "area": (Part("areaDesc", needed=True, filled=True),),
    "parameter": (
        Part("valueName", needed=True, filled=True),
        Part("value", needed=True, filled=True),
    ),
}
