"""Times and ages as one page shows them: one "now", one zone, one badge per block."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import escape
from msgspec import Struct

from wardlight.record.identity import Person
from wardlight.record.instants import (
    DAY,
    DIGITS_DAY,
    Instant,
    Moment,
    clinical_moment,
    clinical_time,
    local,
)
from wardlight.record.reading import Stamp
from wardlight.views.ages import LIMITS, AgeLevel, Block, age_of
from wardlight.views.fold import Views
from wardlight.views.words import born_words

DAYS_BACK = 14  # what is charted later than that is rare enough to be told apart by hand
_DATE = re.compile(r"\d{2}-[A-Z][a-z]{2}-\d{4}")
_OLD_ONCE_OFF = frozenset({Block.MAR, Block.ORDERS})


class When(str):
    """A time in words; on a page its date is kept on one line."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the words as markup whose date does not break at its hyphens."""
        return _DATE.sub(r'<span class="nowrap">\g<0></span>', str(escape(str(self))))


class Badge(Struct, frozen=True, kw_only=True):
    """One age badge, with what the page needs to let it grow older by itself."""

    level: AgeLevel
    as_of: str  # "as of 22-Nov 02:31"
    age: str  # "1 h 28 min old"
    word: str
    at: Instant | None
    plain_ms: int = 0
    amber_ms: int = 0


class Times(Struct, frozen=True, kw_only=True):
    """The clock of one page. `now` is a whole minute, so that equal pages are equal bytes."""

    now: Instant
    zone: str
    off_since: Instant | None = None

    def badge(self, block: str, as_of: Instant | None) -> Badge:
        """Return the badge of a block; None: nothing was ever heard."""
        kind = Block(block)
        off = self.off_since is not None
        age = age_of(kind, as_of, now=self.now, zone=self.zone, ehr_off=off)
        when, _, span = age.text.partition(" · ")
        limits = LIMITS[kind]
        always_old = off and kind in _OLD_ONCE_OFF
        return Badge(
            level=age.level,
            as_of=when,
            age=span,
            word=age.word,
            at=as_of,
            plain_ms=-1 if always_old else limits.plain_ms,
            amber_ms=-1 if always_old else limits.amber_ms,
        )

    def at(self, when: Instant | None) -> When:
        """Return `22-Nov-2026 02:31`, `02:31` today, or that it is not recorded."""
        if when is None:
            return When("Not recorded")
        return When(clinical_time(when, self.zone, now=self.now))

    def full(self, when: Instant | None) -> When:
        """Return the time always with its date."""
        return When("Not recorded" if when is None else clinical_time(when, self.zone))

    def moment(self, when: Moment | None) -> When:
        """Return a moment no more exactly than it was stated."""
        if when is None:
            return When("Not recorded")
        return When(clinical_moment(when, self.zone, now=self.now))

    def day(self, when: Moment) -> When:
        """Return the date alone, no more exactly than it was stated."""
        return When(clinical_moment(Moment(when.at, min(when.digits, DIGITS_DAY)), self.zone))

    def born(self, person: Person | None) -> When:
        """Return birth date and age."""
        return When(born_words(person.birth if person else None, self.now, self.zone))

    def iso_day(self) -> str:
        """Return today as a date box takes it: 2026-11-22."""
        return self.day_box(self.now)

    def day_box(self, when: Instant) -> str:
        """Return a day as a date box takes it."""
        return local(when, self.zone).date().isoformat()

    def past_days(self, back_max: int = DAYS_BACK) -> tuple[tuple[str, str], ...]:
        """Return the days before today as a form offers them: their value and their words."""
        noon = Instant(self.now - self.now % DAY + DAY // 2)
        days = [Instant(noon - back * DAY) for back in range(1, back_max + 1)]
        words = [f"{local(day, self.zone):%a} {self.full(day).partition(' ')[0]}" for day in days]
        boxes = [self.day_box(day) for day in days]
        return tuple(pair for pair in zip(boxes, words, strict=True) if pair[0] != self.iso_day())

    def after_off(self, when: Instant) -> bool:
        """Return whether something happened after the EHR went off."""
        return self.off_since is not None and when >= self.off_since


def heard(views: Views, stamps: Iterable[Stamp | None], now: Instant) -> Instant | None:
    """Return up to when a block would have heard news: the last word of the feed that fills it.

    A patient without news for hours is not old while the feed that would bring it is alive; a
    feed that has died makes everything old that came by it.
    """
    newest = max(
        (stamp for stamp in stamps if stamp is not None),
        key=lambda stamp: (stamp.recorded, stamp.position),
        default=None,
    )
    if newest is None:
        return None
    feed = views.links.row(newest.source, now)
    last = feed.last_heard if feed else None
    return max(newest.recorded, last) if last is not None else newest.recorded
