"""What the public reads now, in one language: approved words, for states somebody stated.

Only what the approval holds is said; a service without an approved name is not on the page, and
nothing is guessed. Ambulance services (trauma, CT …) are for dispatchers, not for this page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from wardlight.record.events.public import PublicText
from wardlight.record.instants import Instant, local
from wardlight.record.services import Service, ServiceState
from wardlight.views.services.public_words import Approval
from wardlight.views.services.service_rows import FacilityBoard, Standing

WALK_IN = frozenset(
    {Service.ED, Service.URGENT_CARE, Service.OB, Service.PAEDIATRICS, Service.PSYCH}
)
"""Where people come without being called. Nobody in labour is told to wait for a call."""
BY_APPOINTMENT = frozenset({Service.DIALYSIS, Service.ELECTIVES, Service.CLINIC})
MARKS = {
    ServiceState.OPEN: "✓",
    ServiceState.LIMITED: "!",
    ServiceState.DIVERT: "✕",
    ServiceState.CLOSED: "✕",
    ServiceState.NO_REPORT: "?",
}


class PublicLine(Struct, frozen=True, kw_only=True):
    """One thing people ask about, and the approved sentence for it."""

    where: str
    what: str
    mark: str
    says: str


class PublicNotice(Struct, frozen=True, kw_only=True):
    """One page in one language, ready to be drawn, printed or spoken."""

    language: str
    language_name: str
    direction: str
    network: str
    title: str
    updated: str
    paragraphs: tuple[str, ...] = ()  # what happened, what to do in an emergency, words of the day
    emergency_heading: str = ""
    emergency: tuple[PublicLine, ...] = ()
    visits_heading: str = ""
    visits: tuple[PublicLine, ...] = ()
    medicines: str = ""
    hotline: str = ""
    wait: str = ""
    card: str = ""
    next: str = ""
    old: str = ""  # what an archived copy says at its head
    phone: tuple[str, ...] = ()  # welcome, press, person, repeat
    approval: str = ""
    approved_by: str = ""
    approved_at: Instant = Instant(0)
    withdrawn: bool = False


class Words:
    """The sentences of one approval in one language."""

    def __init__(self, text: PublicText) -> None:
        self._said = {one.key: one.text for one in text.sentences}
        self.text = text

    def __call__(self, key: str, **places: str) -> str:
        """Return a sentence; "" for one that was not approved."""
        said = self._said.get(key, "")
        for name, value in places.items():
            said = said.replace(f"{{{name}}}", value)
        return said.replace("..", ".")  # "1:00 a. m.." at the end of a sentence

    def time(self, at: Instant, zone: str) -> str:
        """Return a long date and time: no figures that could be read two ways."""
        when = local(at, zone)
        months, halves = (self(key).split(",") for key in ("date.months", "date.halves"))
        return self(
            "date.long",
            month=months[when.month - 1].strip(),
            day=str(when.day),
            year=str(when.year),
            clock12=f"{(when.hour - 1) % 12 + 1}:{when.minute:02d}",
            clock24=f"{when.hour}:{when.minute:02d}",
            half=halves[when.hour // 12].strip(),
        )


def public_notices(
    approval: Approval, boards: Iterable[FacilityBoard], now: Instant, *, network: str, zone: str
) -> tuple[PublicNotice, ...]:
    """Return the page in each approved language."""
    own = [one for one in boards if one.own]
    return tuple(
        _notice(Words(text), approval, own, now, (network, zone)) for text in approval.said.texts
    )


def _notice(
    words: Words,
    approval: Approval,
    boards: list[FacilityBoard],
    now: Instant,
    whose: tuple[str, str],
) -> PublicNotice:
    network, zone = whose
    said, gone = approval.said, approval.withdrawn is not None
    written_today = tuple(words.text.words.splitlines())
    wait = "" if said.wait_minutes is None else words("wait", minutes=str(said.wait_minutes))
    late = now >= said.next_update
    next_ = words("late") if late else words("next", time=words.time(said.next_update, zone))
    taken_back = (words("withdrawn"), words("emergency"))
    return PublicNotice(
        language=words.text.language,
        language_name=words("language"),
        direction=words("direction"),
        network=network,
        title=words("title"),
        updated=words("updated", time=words.time(now, zone)),
        paragraphs=taken_back if gone else (words("problem"), words("emergency"), *written_today),
        emergency_heading="" if gone else words("heading.emergency"),
        emergency=() if gone else tuple(_lines(words, boards, WALK_IN, "ed")),
        visits_heading="" if gone else words("heading.visits"),
        visits=() if gone else tuple(_lines(words, boards, BY_APPOINTMENT, "visit")),
        medicines="" if gone else words("medicines"),
        hotline=words("hotline", phone=said.hotline),
        wait="" if gone else wait,
        card=words("card"),
        next="" if gone else next_,
        old=words("old"),
        phone=tuple(words(f"phone.{one}") for one in ("welcome", "press", "person", "repeat")),
        approval=approval.name,
        approved_by=said.approved_by,
        approved_at=approval.at,
        withdrawn=gone,
    )


def _lines(
    words: Words, boards: Iterable[FacilityBoard], services: frozenset[Service], subject: str
) -> Iterator[PublicLine]:
    """Give what was ever said of these services; a clinic has no ED to speak of."""
    for board in boards:
        for one in board.services:
            what = one.key.name or words(f"service.{one.key.service}")
            if one.key.service in services and one.stated_at is not None and what:
                yield _line(words, board, one, what, subject)


def _line(words: Words, board: FacilityBoard, one: Standing, what: str, subject: str) -> PublicLine:
    return PublicLine(
        where=board.name, what=what, mark=MARKS[one.state], says=words(f"{subject}.{one.state}")
    )
