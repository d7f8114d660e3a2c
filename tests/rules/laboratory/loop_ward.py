"""A small hospital whose staff fill in the forms of the loops: asked, judged, kept, folded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import structs

from wardlight.record import catalogue
from wardlight.record.accession_number import AccessionNumber, accessions_of_block
from wardlight.record.codes import Location, StayClass
from wardlight.record.entry import Draft, Entry
from wardlight.record.events.entered import Entered, kind_of, unpacked
from wardlight.record.events.stays import Movement, Step
from wardlight.record.identity import Identifier, PatientKey, Person, PersonName
from wardlight.record.instants import MINUTE, Instant, PartialDate
from wardlight.record.reading import Charted, Headline
from wardlight.rules.asking import Accepted, Asked, Author, Fields, Ground, Refusal
from wardlight.rules.judging import draft_of, judged
from wardlight.rules.site_tables import SiteTables
from wardlight.run.site_tables import tables_of
from wardlight.views.fold import Views
from wardlight.views.laboratory.laboratory import Trace, traced
from wardlight.views.laboratory.loops import Step as LoopStep
from wardlight.wire.entered.reading import entered_chart, entered_headline

START = Instant(1_795_314_660_000)  # 2026-11-22T02:31Z
TABLES = tables_of(Path("no folder of a site"))
NURSE = Author(account="mensah", name="RN A. Mensah", role="nurse", station="4E-1")

NAMED = (catalogue.RESULT_ENTERED, catalogue.IMAGING_READ, catalogue.SPECIMEN_UNMATCHED)


class Ward:
    """The views of a node, and the log they were folded from."""

    def __init__(self) -> None:
        self.now = START
        self.author = NURSE
        self.log: list[Entry] = []
        self.tables: SiteTables | None = TABLES
        self.numbers: list[AccessionNumber] = list(accessions_of_block(7, 3))
        self._headlines: dict[int, Headline] = {}
        self.views = Views(self._headline, self._chart, self._fetch)

    def minutes(self, count: float) -> None:
        """Let time pass."""
        self.now = Instant(self.now + round(count * MINUTE))

    def admit(
        self, number: str, family: str, given: str, birth: str = "1958-03-09", bed: str = "4E-12"
    ) -> PatientKey:
        """Let a feed say that somebody lies in a bed."""
        key = PatientKey(f"MMH|{number}")
        person = Person(
            key=key,
            identifiers=(Identifier(value=number, authority="MMH", kind="MR"),),
            name=PersonName(family=family, given=given),
            birth=PartialDate(*map(int, birth.split("-"))) if birth else None,
            sex="F",
        )
        self._heard(key, Step.ADMIT, bed, (person,))
        return key

    def move(self, patient: PatientKey, bed: str) -> None:
        """Let a feed say that somebody lies elsewhere now."""
        self._heard(patient, Step.MOVE, bed, ())

    def expect(self, patient: PatientKey, bed: str) -> None:
        """Let a feed say that somebody will come for another stay."""
        self._heard(patient, Step.EXPECT, bed, ())

    def ask(
        self, kind: str, fields: Sequence[tuple[str, str]], *, patient: str = "", corrects: str = ""
    ) -> Accepted | Refusal:
        """Have a form judged; nothing is kept."""
        return judged(self._asked(kind, fields, patient, corrects), self.ground())

    def say(
        self, kind: str, fields: Sequence[tuple[str, str]], *, patient: str = "", corrects: str = ""
    ) -> str:
        """Have a form judged and kept; return the request's number, or what a result is called."""
        asked = self._asked(kind, fields, patient, corrects)
        found = judged(asked, self.ground())
        assert isinstance(found, Accepted), found
        draft = draft_of(asked, found, self.ground(), content="c0ffee00" + asked.id)
        self.keep(draft)
        return unpacked(draft.body).name() if kind_of(found.said) in NAMED else asked.id

    def ground(self) -> Ground:
        """Return what rules may look at now."""
        return Ground(views=self.views, now=self.now, zone="UTC", site="MMH", tables=self.tables)

    def keep(self, draft: Draft) -> None:
        """Keep a draft in its place and fold it."""
        entry = Entry(
            node="n",
            position=len(self.log) + 1,
            chain=bytes(32),
            **{name: getattr(draft, name) for name in draft.__struct_fields__},
        )
        self.log.append(entry)
        self.views.apply(entry)

    def keep_copy(self, step: LoopStep, *, request: str) -> None:
        """Keep what another node wrote meanwhile: the same statement, of another request."""
        said = structs.replace(step.said, request=request)
        entered = Entered(
            id=f"{len(self.log) + 1:032x}", by=step.by, said=said, patient=step.patient
        )
        self.keep(
            Draft(
                site=step.site,
                source=catalogue.STAFF,
                author="other",
                subject="",
                kind=kind_of(said),
                version=1,
                occurred=step.occurred,
                recorded=self.now,
                body=entered.packed(),
            )
        )

    def trace(self, request: str) -> Trace:
        """Return a specimen as far as it has come."""
        found = self.views.loops.read(request, traced)
        assert found is not None
        return found

    def heard_the_same(self, other: Ward) -> None:
        """Fold another ward's log from its beginning."""
        self._headlines = other._headlines
        for entry in other.log:
            self.log.append(entry)
            self.views.apply(entry)

    def next_number(self) -> str:
        """Return the next accession number of the laboratory's block."""
        return self.numbers.pop(0).text()

    def _asked(
        self, kind: str, fields: Sequence[tuple[str, str]], patient: str, corrects: str
    ) -> Asked:
        return Asked(
            id=f"{len(self.log) + 1:032x}",
            kind=kind,
            site="MMH",
            author=self.author,
            fields=Fields(fields),
            patient=PatientKey(patient),
            corrects=corrects,
        )

    def _heard(
        self, patient: PatientKey, step: Step, bed: str, persons: tuple[Person, ...]
    ) -> None:
        position = len(self.log) + 1
        unit, _, room = bed.partition("-")
        move = Movement(
            patient=patient,
            step=step,
            at=self.now,
            visit=f"V|{patient}{' again' if step is Step.EXPECT else ''}",
            stay_class=StayClass.INPATIENT,
            location=Location(unit=unit, room=room, bed=room),
        )
        content = position.to_bytes(16, "big")
        self._headlines[position] = Headline(
            what="ADT^A02", occurred=self.now, persons=persons, stays=(move,), content=content
        )
        self.keep(
            Draft(
                site="MMH",
                source="EHR@MMH",
                author="EHR",
                subject="",
                kind=catalogue.HL7V2_MESSAGE,
                version=1,
                occurred=self.now,
                recorded=self.now,
                body=b"MSH",
            )
        )

    def _headline(self, entry: Entry) -> Headline:
        return self._headlines.get(entry.position) or entered_headline(entry)

    def _chart(self, entry: Entry) -> tuple[Charted, ...]:
        return entered_chart(entry) if entry.kind in catalogue.ENTERED else ()

    def _fetch(self, positions: Sequence[int]) -> list[Entry]:
        return [self.log[position - 1] for position in positions]


def label(number: str = "", birth: str = "", name: str = "") -> list[tuple[str, str]]:
    """Return the fields of a label as it was read."""
    read = (("label_number", number), ("label_birth", birth), ("label_name", name))
    return [(field, value) for field, value in read if value]


OBRIEN = label(number="704 118", birth="09-Mar-1958")
REQUEST = [
    *OBRIEN,
    ("test", "Potassium"),
    ("priority", "STAT"),
    ("callback", "5512"),
    ("specimen", "venous blood, left arm"),
    ("collected_at", "02:31"),
]


def line(test: str, value: str, unit: str = "", range_: str = "") -> list[tuple[str, str]]:
    """Return the fields of one line of a result."""
    names = ("line_test", "value", "unit", "range", "flag", "line_note")
    return list(zip(names, (test, value, unit, range_, "", ""), strict=True))


class OneSpecimen(Ward):
    """A ward on which one specimen of one patient was asked for and received."""

    def __init__(self) -> None:
        super().__init__()
        self.patient = self.admit("704118", "O'BRIEN", "Siobhán")
        self.request = self.say(catalogue.SPECIMEN_REQUESTED, REQUEST, patient=self.patient)
        self.minutes(10)
        self.accession = self.next_number()
        self.say(
            catalogue.SPECIMEN_RECEIVED,
            [("request", self.request), ("number", self.accession), *OBRIEN],
        )
        self.minutes(15)

    def file(self, *fields: tuple[str, str], corrects: str = "") -> str:
        """File a result under the accession number, with the label as it should be."""
        given = [("accession", self.accession), *OBRIEN, *fields]
        return self.say(catalogue.RESULT_ENTERED, given, corrects=corrects)
