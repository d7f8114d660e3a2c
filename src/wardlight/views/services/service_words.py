"""Services in the words of a board and of the radio: states, shapes, one line per hospital."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from unicodedata import category

from wardlight.record.instants import Instant, age_words, clinical_time
from wardlight.record.services import AtExpiry, Service, ServiceKey, ServiceState
from wardlight.views.services.service_rows import (
    REOPENED,
    Capability,
    Change,
    FacilityBoard,
    Standing,
)

WALK_INS = "Walk-ins will be screened"  # EMTALA, 42 CFR 489.24: whoever comes is examined
WALK_INS_WHY = (
    "Whoever comes to the hospital gets a medical screening examination, whatever its ambulances "
    "are told (EMTALA, 42 CFR 489.24)."
)
RING_FIRST = "Ring before you send anyone"
GLYPHS: Mapping[ServiceState, str] = {
    ServiceState.OPEN: "\N{CHECK MARK}",
    ServiceState.LIMITED: "!",
    ServiceState.DIVERT: "\N{MULTIPLICATION X}",
    ServiceState.CLOSED: "\N{EN DASH}",
    ServiceState.NO_REPORT: "?",
}
ASKED_FOR = (  # what a dispatcher looks for, beside the ED itself
    Service.CT,
    Service.CATH,
    Service.STEMI,
    Service.STROKE,
    Service.TRAUMA,
    Service.OB,
    Service.PAEDIATRICS,
    Service.PSYCH,
    Service.BURN,
    Service.ICU,
    Service.DIALYSIS,
    Service.HELIPAD,
)


def state_words(state: ServiceState) -> str:
    """Return a state as it stands on a board: words, never a colour."""
    return str(state).upper()


def service_words(key: ServiceKey) -> str:
    """Return what a service is called."""
    return f"{key.name} clinic" if key.service is Service.CLINIC else str(key.service)


def ends_words(found: Standing, zone: str) -> str:
    """Return until when it is so and what follows; "" for what has no end."""
    if found.expires is None:
        return ""
    until = clinical_time(found.expires, zone, now=found.as_of)
    then = "open again" if found.at_expiry is AtExpiry.REOPEN else "no report"
    return f"until {until}, then {then} unless renewed"


def notice_words(found: Standing, zone: str) -> str:
    """Return what has to be told about the end of a state: it is near, or it is over."""
    if found.expired_notice and found.since is not None and found.last is not None:
        at = clinical_time(found.since, zone, now=found.as_of)
        if found.expired_notice == REOPENED:
            return f"Open again by itself at {at}: {found.last} ended and nobody renewed it"
        return f"Last known {found.last}; nobody answers for it since {at}"
    left = found.ends_in()
    if found.is_ending() and left is not None:
        then = "opens by itself" if found.at_expiry is AtExpiry.REOPEN else "no report"
        return f"Ends in {age_words(left)}: {then} unless renewed"
    if found.is_review_due() and found.review is not None:
        return f"To be looked at again since {clinical_time(found.review, zone, now=found.as_of)}"
    return ""


def ending_words(found: Iterable[Standing], zone: str) -> tuple[str, ...]:
    """Return what those who can renew a state are told on every page."""
    return tuple(f"{service_words(one.key)}: {notice_words(one, zone)}" for one in found)


def age_of(found: Standing) -> str:
    """Return how old the word behind a state is."""
    age = found.age()
    return "never said" if age is None else f"{age_words(age)} ago"


def change_words(change: Change, name: str, zone: str, now: Instant) -> str:
    """Return a change as it is shown and read out."""
    why = f", {change.category}" if change.category else ""
    by = f" ({change.notice})" if change.notice else ""
    at = clinical_time(change.at, zone, now=now)
    service = service_words(change.key)
    before, after = state_words(change.before), state_words(change.after)
    return f"{at} {name}: {service} {after}{why}, was {before}{by}"


_BREAKS = ("Cc", "Zl", "Zp")  # Unicode categories: controls, separators of lines and paragraphs
_UNSEEN = ("Cf", "Cs", "Co", "Cn")  # formats (bidi overrides), surrogates, private, unassigned


def radio_script(boards: Iterable[FacilityBoard], now: Instant, zone: str) -> Iterator[str]:
    """Give one line for each hospital, to be read out in the order of the board."""
    for number, board in enumerate(boards, 1):
        yield f"{number}. {_one_line(_radio_line(board, now, zone))}"


def _one_line(text: str) -> str:
    """Return text without what would begin a line, steer a terminal or turn the reading order.

    A name or a reason is written by people elsewhere: it may not look like another hospital's line.
    """
    kinds = ((one, category(one)) for one in text)
    told = "".join(" " if kind in _BREAKS else one for one, kind in kinds if kind not in _UNSEEN)
    return " ".join(told.split())


def _radio_line(board: FacilityBoard, now: Instant, zone: str) -> str:
    ed = board.standing(Service.ED)
    said = [f"{board.name.upper()}: ED {state_words(ed.state)}"]
    if ed.state is ServiceState.NO_REPORT and board.capability(Service.ED) is Capability.NO:
        said = [f"{board.name.upper()}: has no ED"]
    elif ed.state is ServiceState.NO_REPORT:
        said += [_last_words(ed), f"{RING_FIRST}{f', {board.phone}' if board.phone else ''}"]
    else:
        said += [_why(ed), _since(ed, zone), ends_words(ed, zone)]
        said += [notice_words(ed, zone) if ed.expired_notice else ""]
    said += _others(board)
    if board.crowding is not None and board.crowding.score is not None:
        old = age_words(max(now - board.crowding.at, 0))
        said.append(f"NEDOCS {board.crowding.score:.0f}, {board.crowding.band}, counted {old} ago")
    said += [WALK_INS]
    if ed.state is not ServiceState.NO_REPORT:
        said.append(f"said {age_of(ed)}")
    return "; ".join(one for one in said if one) + "."


def _last_words(ed: Standing) -> str:
    if ed.last is None:
        return "nothing was ever said"
    return f"last known {state_words(ed.last)}, word of {age_of(ed)}"


def _why(found: Standing) -> str:
    return ", ".join(one for one in (str(found.category or ""), found.reason) if one)


def _since(found: Standing, zone: str) -> str:
    if found.since is None:
        return ""
    return f"since {clinical_time(found.since, zone, now=found.as_of)}"


def _aged(found: Standing) -> str:
    return f"{service_words(found.key)} (said {age_of(found)})"


def _others(board: FacilityBoard) -> list[str]:
    """Return what else is not simply open; what is not known to be there is said as such."""
    others = [one for one in board.services if one.key.service is not Service.ED]
    found = []
    for state in (ServiceState.DIVERT, ServiceState.CLOSED, ServiceState.LIMITED):
        names = [_aged(one) for one in others if one.state is state]
        found += [f"{state}: {', '.join(names)}"] if names else []
    silent = [service_words(one.key) for one in others if one.state is ServiceState.NO_REPORT]
    found += [f"no report on {', '.join(silent)}"] if silent else []
    none = [str(one) for one in ASKED_FOR if board.capability(one) is Capability.NO]
    found += [f"does not have {', '.join(none)}"] if none else []
    return found
