"""Entries with ready headlines: what the views are folded from, without any HL7."""

from __future__ import annotations

from collections.abc import Sequence

from wardlight.record import catalogue
from wardlight.record.codes import Location, StayClass
from wardlight.record.entry import Entry
from wardlight.record.events.stays import Movement, StayEvent, Step
from wardlight.record.identity import Identifier, PatientKey, Person, PersonName
from wardlight.record.instants import HOUR, Instant, PartialDate
from wardlight.record.reading import Charted, Headline
from wardlight.views.fold import Views

START = Instant(1_795_314_660_000)  # 2026-11-22T02:31Z
STAR = PatientKey("MMH|704")
MOON = PatientKey("MMH|705")
SUN = PatientKey("MMH|706")


def at(hours: float) -> Instant:
    """Return an instant so many hours after the start of the story."""
    return Instant(START + int(hours * HOUR))


def bed(name: str, unit: str = "4E") -> Location:
    return Location(unit=unit, room=name[:2], bed=name)


def person(key: PatientKey, family: str = "", given: str = "", birth: str = "") -> Person:
    day = PartialDate(*map(int, birth.split("-"))) if birth else None
    value = key.rpartition("|")[2]
    return Person(
        key=key,
        identifiers=(Identifier(value=value, authority="MMH", kind="MR"),),
        name=PersonName(family=family, given=given),
        birth=day,
    )


def step(
    what: Step, hours: float, where: str = "", *, patient: PatientKey = STAR, visit: str = "V|1"
) -> Movement:
    return Movement(
        patient=patient,
        step=what,
        at=at(hours),
        visit=visit,
        stay_class=StayClass.INPATIENT,
        location=bed(where) if where else None,
    )


class Story:
    """A feed whose headlines are written down, and the views that hear it."""

    def __init__(self) -> None:
        self.headlines: dict[int, Headline] = {}
        self.entries: dict[int, Entry] = {}
        self.charted: dict[int, tuple[Charted, ...]] = {}

    def views(self) -> Views:
        return Views(self.read_headline, self.read_chart, self.fetch)

    def read_headline(self, entry: Entry) -> Headline:
        return self.headlines[entry.position]

    def read_chart(self, entry: Entry) -> tuple[Charted, ...]:
        return self.charted.get(entry.position, ())

    def fetch(self, positions: Sequence[int]) -> list[Entry]:
        return [self.entries[position] for position in positions]

    def say(self, headline: Headline, *, recorded: Instant | None = None) -> Entry:
        """Write one entry with this headline; its content is its own."""
        position = len(self.entries) + 1
        if not headline.content:
            content = position.to_bytes(16, "big")
            fields = {name: getattr(headline, name) for name in headline.__struct_fields__}
            headline = Headline(**{**fields, "content": content})
        entry = entry_at(position, recorded or headline.occurred or START)
        self.headlines[position], self.entries[position] = headline, entry
        return entry

    def told(self, *events: StayEvent, persons: Sequence[Person] = ()) -> Entry:
        """Write one ADT entry with these events."""
        when = events[0].at if events else START
        return self.say(
            Headline(what="ADT^A08", occurred=when, stays=events, persons=tuple(persons))
        )


def entry_at(position: int, recorded: Instant, source: str = "EHR@MMH") -> Entry:
    return Entry(
        node="node",
        position=position,
        site="MMH",
        source=source,
        author=source,
        subject="",
        kind=catalogue.HL7V2_MESSAGE,
        version=1,
        occurred=recorded,
        recorded=recorded,
        body=b"MSH",
        chain=bytes(32),
    )


def heard(*movements: StayEvent) -> Views:
    """Return the views after these events, one message each, in this order of arrival."""
    story = Story()
    views = story.views()
    for movement in movements:
        views.apply(story.told(movement))
    return views
