"""An invented clinic whose schedule comes as a file, whose staff decide, ring and move."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from tests.rules.laboratory.loop_ward import TABLES

from wardlight.feeds.senders import Senders
from wardlight.record import catalogue
from wardlight.record.entry import Draft, Entry
from wardlight.record.events.entered import kind_of
from wardlight.record.identity import PatientKey
from wardlight.record.instants import DAY, HOUR, MINUTE, Instant, iso
from wardlight.record.sources import Source
from wardlight.rules.asking import Accepted, Asked, Author, Fields, Ground, Refusal
from wardlight.rules.judging import draft_of, judged
from wardlight.views.clinics.cases import Case
from wardlight.views.clinics.worklist import Moment
from wardlight.views.fold import Views
from wardlight.wire.reading import reader

START = Instant(1_795_507_200_000)  # Tue 2026-11-24T08:00Z
SENDERS = Senders(Source(name="adt", site="MMH", zone="UTC"), sites=["MMH"], zones={"MMH": "UTC"})
HEAD = (
    "appointment,patient,family,given,birth,address,phone,phone2,language,starts,minutes,"
    "service,kind,reason,place,prep,travel_minutes,harm_by,procedure,protected,email"
)
AGENTS = tuple(Author(f"agent{n}", f"Agent {n}", "contact agent") for n in range(8))
DOCTOR = Author("doc", "Dr D. Decide-Sample", "physician")
SCHEDULER = Author("plan", "S. Plan-Sample", "scheduler")
NURSE = Author("rn", "RN N. Nurse-Sample", "clinic nurse")
SAID = (("said_birth", "1958-03-09"), ("said_postcode", "19013"))


def family(number: int) -> str:
    """Return an invented name without digits: 1 is SampleB, 27 is SampleBB."""
    letters = ""
    while number:
        number, rest = divmod(number, 26)
        letters = chr(ord("a") + rest) + letters
    return "Sample" + letters.upper()


def visit_row(number: int, starts: Instant, service: str = "Follow-up", **more: str) -> str:
    """Return one line of a clinic's CSV; patient 7 has the number 7 and the phone 555-0007."""
    cells = {
        "appointment": f"A{number}",
        "patient": f"{number}",
        "family": family(number),
        "given": "Ada",
        "birth": "1958-03-09",
        "address": "1 Test St Chester PA 19013",
        "phone": f"555-{number:04d}",
        "email": f"ada{number}@example.org",
        "starts": iso(starts),
        "minutes": "30",
        "service": service,
        "place": "CLINIC",
    } | more
    return ",".join(cells.get(name, "") for name in HEAD.split(","))


class ClinicDay:
    """The views of a node with one clinic, and a clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = START
        self.log: list[Entry] = []
        self._ids = count(1)
        self.views = Views(*reader(SENDERS), self._fetch)

    def _fetch(self, positions: Sequence[int]) -> list[Entry]:
        return [self.log[one - 1] for one in positions]

    def hours(self, number: float) -> Instant:
        """Return an instant so many hours after the start."""
        return Instant(START + int(number * HOUR))

    def wait(self, minutes: float) -> None:
        self.now = Instant(self.now + int(minutes * MINUTE))

    def read_file(self, *rows: str, head: str = HEAD) -> None:
        body = "\n".join((head, *rows)).encode()
        self.keep(
            Draft(
                site="MMH",
                source="schedule file",
                author="plan",
                subject="",
                kind=catalogue.SCHEDULE_FILE,
                version=1,
                occurred=self.now,
                recorded=self.now,
                body=body,
            )
        )

    def slots(self, *hours: float, holds: int = 1) -> None:
        """Let a file offer free times; the first is called S0."""
        rows = [
            f"S{n},Follow-up,{iso(self.hours(h))},30,Room 1,{holds}" for n, h in enumerate(hours)
        ]
        self.read_file(*rows, head="slot,service,starts,minutes,where,holds")

    def ask(
        self,
        kind: str,
        *fields: tuple[str, str],
        by: Author = AGENTS[0],
        patient: int | None = None,
        claimed: Sequence[str] = (),
    ) -> Accepted | Refusal:
        """Have a form judged; nothing is kept."""
        self._asked = Asked(
            id=f"{next(self._ids):032x}",
            kind=kind,
            site="MMH",
            author=by,
            fields=Fields(fields),
            patient=key(patient) if patient is not None else PatientKey(""),
        )
        self._ground = Ground(
            views=self.views,
            now=self.now,
            zone="UTC",
            site="MMH",
            tables=TABLES,
            claimed=claimed,
        )
        return judged(self._asked, self._ground)

    def say(
        self,
        kind: str,
        *fields: tuple[str, str],
        by: Author = AGENTS[0],
        patient: int | None = None,
    ) -> Accepted:
        """Have a form judged and kept."""
        found = self.ask(kind, *fields, by=by, patient=patient)
        assert isinstance(found, Accepted), found
        self.keep(draft_of(self._asked, found, self._ground, content=self._asked.id))
        assert kind_of(found.said) == kind
        return found

    def keep(self, draft: Draft) -> None:
        entry = Entry(
            node="n",
            position=len(self.log) + 1,
            chain=bytes(32),
            **{name: getattr(draft, name) for name in draft.__struct_fields__},
        )
        self.log.append(entry)
        self.views.apply(entry)

    def decide(
        self, number: int, urgency: str = "C", decision: str = "postpone", harm_by: str = ""
    ) -> None:
        row = ("appointment", visit(number)), ("urgency", urgency), ("decision", decision)
        rest = ("harm_by", harm_by), ("rule", ""), ("proposed", ""), ("take", visit(number))
        why = ("reason", "clinic closed"), ("review_on", "2026-12-01"), ("to", "Partner Sample")
        self.say(catalogue.VISITS_TRIAGED, *row, *rest, *why, by=DOCTOR)

    def tell(self, number: int, *fields: tuple[str, str], by: Author = AGENTS[0]) -> Accepted:
        """Let an agent reach a patient, who proves who they are, and tell the visit."""
        return self.say(
            catalogue.CONTACT_ATTEMPTED,
            *self.telling(number),
            *SAID,
            *fields,
            by=by,
            patient=number,
        )

    def telling(self, number: int) -> tuple[tuple[str, str], ...]:
        case = self.case(number)
        return (
            ("outcome", "told"),
            ("speaker", "patient"),
            ("told", case.key),
            ("plan_of", case.key),
            ("plan", case.plan),
        )

    def attempt(self, number: int, outcome: str, *fields: tuple[str, str]) -> Accepted:
        phone = ("phone", f"555-{number:04d}")
        return self.say(
            catalogue.CONTACT_ATTEMPTED, ("outcome", outcome), phone, *fields, patient=number
        )

    def lease(self, by: Author = AGENTS[0], *fields: tuple[str, str]) -> str:
        """Let an agent ask for the next patient; return whose number they got, "" for nobody."""
        found = self.ask(catalogue.CONTACT_LEASED, *fields, by=by)
        if isinstance(found, Refusal):
            return ""
        self.keep(draft_of(self._asked, found, self._ground, content=self._asked.id))
        patients: tuple[str, ...] = found.said.patients  # type: ignore[union-attr]
        return ",".join(one.removeprefix("MMH|") for one in patients)

    def case(self, number: int) -> Case:
        found = self.views.cases.case(visit(number))
        assert found is not None
        return found

    def order(self) -> list[str]:
        """Return the worklist as it stands."""
        moment = Moment("MMH", self.now, "UTC")
        return [one.patient.removeprefix("MMH|") for one in self.views.worklist.waiting(moment)]


def key(number: int) -> PatientKey:
    return PatientKey(f"MMH|{number}")


def visit(number: int) -> str:
    return f"MMH|MMH|A{number}"


def clinic(*services: str, hours: float = 26) -> ClinicDay:
    """Return a clinic with one visit a service, an hour apart, none decided."""
    day = ClinicDay()
    rows = [
        visit_row(number, Instant(day.hours(hours) + number * HOUR), service)
        for number, service in enumerate(services or ("Follow-up",), 1)
    ]
    day.read_file(*rows)
    return day


SPAN = (Instant(START - DAY), Instant(START + 40 * DAY))
