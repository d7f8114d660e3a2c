"""Rows of the destination list and of the map's table, in words."""

from __future__ import annotations

from msgspec import Struct, json

from wardlight.plan.destinations.destination_answer import Answer, Ranked, Terms
from wardlight.plan.destinations.hospital_facts import NOTHING, EdCount, HospitalFacts
from wardlight.record.events.destinations import ShownChoice
from wardlight.record.instants import Instant, age_words
from wardlight.record.services import Service, ServiceState
from wardlight.views.services.destinations import Decision
from wardlight.views.services.service_words import state_words
from wardlight.web.services.lines import CSS
from wardlight.web.times import Times, When

SHOWN_KEPT = 8
NAMES = ("chosen", "first other", "second other")
TERM_WORDS = (
    ("drive", "Drive, weighted"),
    ("wait", "Wait for a space"),
    ("offload", "Ambulances at the door"),
    ("filling", "Filling up"),
    ("fairness", "Share of what is on the way"),
    ("continuity", "Knows the patient"),
)


class EdLine(Struct, frozen=True):
    """How the emergency department of a hospital stands, and how old the word is."""

    css: str
    state: str
    age: str
    why: str


class DestinationLine(Struct, frozen=True, kw_only=True):
    """One hospital of the list."""

    rank: int
    code: str
    name: str
    phone: str
    radio: str
    ed: EdLine
    drive: str
    drive_source: str
    load: str
    load_age: str
    inbound: int
    tier: str
    call_first: bool
    reason: str


class TermLine(Struct, frozen=True):
    """One term of the sum for the first three of the list, in minutes."""

    words: str
    minutes: tuple[str, ...]


class DecisionLine(Struct, frozen=True, kw_only=True):
    """One decision of the last hours."""

    decision: Decision
    at: When
    to: str
    instead_of: str
    need: str
    drive: str
    stands: bool


def ed_line(facts: HospitalFacts | None, now: Instant) -> EdLine:
    """Return the state of the ED; what ran out is NO REPORT with what was last said."""
    said = (facts or NOTHING).services.get(Service.ED)
    if said is None:
        none = ServiceState.NO_REPORT
        return EdLine(CSS[none], state_words(none), "never said", "")
    ago = f"{age_words(now - said.at)} ago"
    why = ", ".join(one for one in (str(said.category or ""), said.reason) if one)
    if said.ended is not None and said.ended <= now:
        none = ServiceState.NO_REPORT
        return EdLine(CSS[none], state_words(none), f"{said.state} {ago}, run out", why)
    return EdLine(CSS[said.state], state_words(said.state), ago, why)


def load_words(count: EdCount | None, now: Instant) -> tuple[str, str]:
    """Return how full a department is, and how old that is."""
    if count is None:
        return "not counted", ""
    age = f"{age_words(now - count.at)} ago"
    spaces = f" of {count.spaces}" if count.spaces else ""
    if count.patients is not None:
        return f"{count.patients}{spaces} spaces taken", age
    return (f"{count.free}{spaces} spaces free", age) if count.free is not None else ("", "")


def destination_line(one: Ranked, now: Instant) -> DestinationLine:
    """Return one hospital of the list in words."""
    hospital = one.candidate.hospital
    load, load_age = load_words((one.facts or NOTHING).count, now)
    return DestinationLine(
        rank=one.rank,
        code=one.code,
        name=hospital.name,
        phone=hospital.phone,
        radio=hospital.radio,
        ed=ed_line(one.facts, now),
        drive=one.drive.words(),
        drive_source=one.drive.source,
        load=load,
        load_age=load_age,
        inbound=one.inbound,
        tier=str(one.tier),
        call_first=one.call_first,
        reason=one.reason,
    )


def term_lines(answer: Answer) -> tuple[TermLine, ...]:
    """Return the sum of the chosen one and two alternatives, term by term; () where none counts."""
    three = [one.terms for one in answer.ranked[: len(NAMES)]]
    if not three or not any(three):
        return ()
    rows = [
        TermLine(words, tuple(_minutes(terms, name) for terms in three))
        for name, words in TERM_WORDS
    ]
    totals = tuple(f"{terms.total():.0f}" if terms else "by the drive" for terms in three)
    return (*rows, TermLine("In all", totals))


def _minutes(terms: Terms | None, name: str) -> str:
    if terms is None:
        return ""
    if name == "wait":
        return f"{terms.wait:.0f} ({terms.wait_lo:.0f}-{terms.wait_hi:.0f})"
    minutes = getattr(terms, name)
    return f"{-minutes:.0f}" if name == "continuity" and minutes else f"{minutes:.0f}"


def shown_as_json(answer: Answer) -> str:
    """Return the list as a form carries it: what was shown when somebody decided."""
    shown = [
        ShownChoice(
            code=one.code,
            rank=one.rank,
            minutes=round(one.drive.minutes, 1),
            lo=round(one.drive.lo, 1),
            hi=round(one.drive.hi, 1),
            why=one.reason[:200],
            call_first=one.call_first,
        )
        for one in answer.ranked[:SHOWN_KEPT]
    ]
    return json.encode(shown).decode()


def decision_line(one: Decision, names: dict[str, str], stands: bool, t: Times) -> DecisionLine:  # noqa: FBT001 -- a column
    """Return a decision in words."""
    said = one.said
    drive = next((each for each in said.shown if each.code == said.to), None)
    band = f"{drive.minutes:.0f} min ({drive.lo:.0f}-{drive.hi:.0f})" if drive else "not known"
    return DecisionLine(
        decision=one,
        at=t.at(one.at),
        to=names.get(said.to, said.to),
        instead_of=names.get(said.instead_of, said.instead_of),
        need=said.need,
        drive=band,
        stands=stands,
    )
