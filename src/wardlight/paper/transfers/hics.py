"""HICS 254, 255 and 259 as they fill themselves: one table for the screen and for paper.

Titles and columns follow the HICS Guidebook, 5th edition (California EMSA, 2014), appendix of
forms; where a column asks for what nobody wrote, the cell is empty and never a guess.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import msgspec
from msgspec import Struct

from wardlight.paper.packs.pack import breakable, mapped
from wardlight.paper.packs.sheets import Pdf
from wardlight.paper.transfers.cover import NameOf
from wardlight.paper.typeset import Press, typeset_alone
from wardlight.record.codes import StayClass
from wardlight.record.events.transfers import PacketMade
from wardlight.record.identity import PatientKey, Person
from wardlight.record.instants import Instant, clinical_time, local
from wardlight.record.sources import Site
from wardlight.views.fold import Views
from wardlight.views.patients.ed_log import Visit
from wardlight.views.patients.whereabouts import Way, tally
from wardlight.views.rows import Stay
from wardlight.views.transfers.transfer_board import Row, board
from wardlight.views.transfers.transfers import Case
from wardlight.views.words import born_words, name_words, number_of, sex_words

ADULT_YEARS = 18
REGISTERED, UNDER = "registered", "  of these "
YES, NO = "yes", "no"
SIGNS_254 = (
    "Disposition: D home, A admitted, S surgery, T transferred, M morgue;"
    " LWBS left unseen, AMA against advice; empty: still here."
)
ALL_259 = (
    "In house, transferred, discharged, died, left unseen and left against advice are together"
    " all who were registered. Bed types are read from the names of units."
)
WITHHELD = "name withheld (protected)"
BED_KINDS = (  # words in the name of a unit, and the bed type of HICS 259 they mean
    (("NICU", "NEONAT"), "neonatal intensive care"),
    (("PICU", "PED", "PEDS", "PEDIA", "PAED", "PAEDIA"), "paediatric"),
    (("ICU", "CCU", "CRITICAL"), "critical care"),
    (("TELE", "STEP"), "telemetry or step-down"),
    (("BURN",), "burn"),
    (("PSY", "PSYCH", "BEHAV"), "psychiatric"),
    (("OB", "LD", "LABOR", "MATER"), "obstetric"),
    (("OR", "SURG"), "surgical"),
)

_WORD = re.compile(r"[A-Z]+")
BEGINNING_MIN = 4  # letters: a shorter one has to be the whole word

Sees = Callable[[PatientKey], bool]


class HicsSheet(Struct, frozen=True, kw_only=True):
    """One form of HICS: its head, its table and what is to be known of it."""

    form: str
    title: str
    site: str
    paper: str
    head: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


class Asked(Struct, frozen=True, kw_only=True):
    """Which sheet is wanted: of which site, since when, as of when, and whose rows may be shown."""

    views: Views
    site: Site
    since: Instant
    now: Instant
    sees: Sees
    name_of: NameOf = str

    def at(self, when: Instant | None) -> str:
        """Return a time with its date unless it is today; "" for none."""
        return clinical_time(when, self.site.zone, now=self.now) if when is not None else ""

    def who(self, patient: PatientKey, otherwise: str = "Name not known") -> tuple[str, str]:
        """Return name and number; a protected name is withheld."""
        person = self.views.people.person(patient)
        name = name_words(person.name) if person else otherwise
        return (WITHHELD if person and person.protected else name), number_of(patient, person)[1]


def hics_254(asked: Asked) -> HicsSheet:
    """Return the tracking form of who came to the emergency department."""
    visits = [
        one
        for one in asked.views.ed_log.visits(asked.site.code)
        if asked.since <= one.arrived <= asked.now
    ]
    seen = [one for one in visits if asked.sees(asked.views.people.resolve(one.patient))]
    return _sheet(
        asked,
        form="HICS 254",
        title="Disaster victim/patient tracking",
        columns=(
            *("Tag or downtime no.", "Medical record no.", "Name", "Sex", "Birth date or age"),
            *("Triage", "Location or procedure", "Disposition", "Time", "Arrived"),
        ),
        rows=[_victim(one, asked) for one in seen],
        notes=(
            SIGNS_254,
            *_hidden(len(visits) - len(seen)),
        ),
    )


def _victim(visit: Visit, asked: Asked) -> tuple[str, ...]:
    patient = asked.views.people.resolve(visit.patient)
    person = asked.views.people.person(patient)
    name, number = asked.who(patient, visit.called)
    born = born_words(person.birth, asked.now, asked.site.zone) if person and person.birth else ""
    return (
        visit.number,
        "" if number == visit.number else number,
        name,
        sex_words(person.sex) if person else "",
        born or (f"about {visit.age}" if visit.age else ""),
        visit.triage,
        visit.place.words(),
        " ".join(part for part in (visit.disposition, asked.name_of(visit.to)) if part),
        asked.at(visit.left),
        asked.at(visit.arrived),
    )


def hics_255(asked: Asked) -> HicsSheet:
    """Return the master tracking form: every transfer, with what went along and who confirmed."""
    rows = board(asked.views, asked.site.code, asked.now)
    seen = [one for one in rows if asked.sees(one.patient)]
    return _sheet(
        asked,
        form="HICS 255",
        title="Master patient evacuation tracking",
        columns=(
            *("Name", "Medical record no.", "Triage", "Mode", "Disposition"),
            *("Accepting hospital", "Contacted, report given", "Transfer initiated"),
            *("Record sent", "Medicines sent", "Family told", "Arrival confirmed"),
            *("Admitted to", "Expired"),
        ),
        rows=[_evacuated(one, asked) for one in seen],
        notes=_hidden(len(rows) - len(seen)),
    )


def _evacuated(row: Row, asked: Asked) -> tuple[str, ...]:
    case = row.case
    name, number = asked.who(row.patient)
    packet = case.packet.said if case.packet else None
    arrived = case.arrived
    overdue = "OVERDUE" if row.overdue_ms else ""
    return (
        name,
        number,
        str(case.need.urgency),
        str(case.transport.said.level if case.transport else case.need.level or ""),
        str(row.state),
        asked.name_of(case.heading()),
        _contacted(case, asked),
        _initiated(case, asked),
        _went(packet, "records"),
        _went(packet, "medicines"),
        (packet.family or NO) if packet else "",
        f"{YES}, {asked.at(arrived.step.occurred)}" if arrived else overdue,
        arrived.said.where if arrived else "",
        _expired(row, asked),
    )


def _contacted(case: Case, asked: Asked) -> str:
    parts = []
    if case.accepted:
        parts.append(f"{case.accepted.said.by} {asked.at(case.accepted.step.occurred)}")
    if case.report:
        parts.append(f"report {case.report.said.to} {asked.at(case.report.step.occurred)}")
    return "; ".join(parts)


def _initiated(case: Case, asked: Asked) -> str:
    way = case.transport.said if case.transport else None
    left = asked.at(case.departed.step.occurred) if case.departed else ""
    return ", ".join(
        part for part in (left, way.company if way else "", way.unit if way else "") if part
    )


def _expired(row: Row, asked: Asked) -> str:
    person = asked.views.people.person(row.patient)
    died = person.died if person else None
    return asked.at(died.at) if died is not None else ""


def _went(packet: PacketMade | None, what: str) -> str:
    """Return whether `records` or `medicines` went along; "" while nobody said."""
    if packet is None:
        return ""
    return YES if getattr(packet, what) else NO


def hics_259(asked: Asked) -> HicsSheet:
    """Return the casualty report: how many, adults and children, in which way."""
    counted = _counted(asked)
    under = sorted({line for line, _ in counted if line.startswith(UNDER)})
    others = [str(way) for way in Way if way is not Way.HERE]
    rows = [
        (line, *(str(counted[(line, group)]) for group in ("adult", "child", "unknown")))
        for line in (REGISTERED, str(Way.HERE), *under, *others)
    ]
    totals = [(*row, str(sum(map(int, row[1:])))) for row in rows]
    return _sheet(
        asked,
        form="HICS 259",
        title="Hospital casualty/fatality report",
        columns=("", "Adult", "Child (under 18)", "Age not known", "Total"),
        rows=totals,
        notes=(ALL_259,),
    )


def _counted(asked: Asked) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    everybody = tally(asked.views, asked.site.code, asked.since, asked.now)
    today = local(asked.now, asked.site.zone).date()
    born = (today.year - ADULT_YEARS, today.month, today.day)
    for stay, way in everybody.stays:
        group = _group(asked.views.people.person(asked.views.people.resolve(stay.patient)), born)
        for line in _lines(stay, way):
            counted[(line, group)] += 1
    return counted


def _lines(stay: Stay, way: Way) -> Iterator[str]:
    yield REGISTERED
    yield str(way)
    if way is not Way.HERE:
        return
    if stay.stay_class is not StayClass.EMERGENCY:
        yield f"{UNDER}in a bed: {bed_kind(stay.location.unit)}"
    elif stay.location.bed:
        yield f"{UNDER}in an emergency department bed"
    else:
        yield f"{UNDER}waiting in the emergency department"


def bed_kind(unit: str) -> str:
    """Return the bed type that the name of a unit tells; its name where it tells none."""
    said = _WORD.findall(unit.upper())
    for begins, kind in BED_KINDS:
        if any(_means(word, begin) for word in said for begin in begins):
            return kind
    return f"other ({unit or 'unit not stated'})"


def _means(word: str, begin: str) -> bool:
    """Return whether a word of a unit's name is this one: MICU is an ICU, a FLOOR is no OR."""
    whole = word == begin or (begin == "ICU" and word.endswith("ICU"))
    return whole or (len(begin) >= BEGINNING_MIN and word.startswith(begin))


def _group(person: Person | None, adult_since: tuple[int, int, int]) -> str:
    """Return adult or child; unknown too where the year of birth alone does not tell."""
    if person is None or person.birth is None:
        return "unknown"
    birth = person.birth
    if (birth.year, birth.month or 12, birth.day or 31) <= adult_since:
        return "adult"
    return "child" if (birth.year, birth.month or 1, birth.day or 1) > adult_since else "unknown"


def _hidden(count: int) -> tuple[str, ...]:
    return (f"{count} more are of wards that are not yours and are not shown.",) if count else ()


def _sheet(
    asked: Asked,
    *,
    form: str,
    title: str,
    columns: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    notes: tuple[str, ...],
) -> HicsSheet:
    return HicsSheet(
        form=form,
        title=title,
        site=asked.site.name,
        paper=asked.site.paper,
        head=(
            ("Facility", asked.site.name),
            ("Since", clinical_time(asked.since, asked.site.zone)),
            ("As of", clinical_time(asked.now, asked.site.zone)),
            ("Mode", _mode(asked)),
        ),
        columns=columns,
        rows=tuple(rows),
        notes=notes,
    )


def _mode(asked: Asked) -> str:
    downtime = asked.views.downtimes.at(asked.site.code)
    if downtime.off_since is None:
        return "EHR up"
    return "DRILL: NOT REAL" if downtime.drill else "DOWNTIME"


def hics_page(sheet: HicsSheet, press: Press) -> Pdf:
    """Return a sheet as PDF, across the page. What no font can draw is printed as its number."""
    told = {**msgspec.to_builtins(sheet), "fonts": list(press.families)}
    drawn = mapped(mapped(told, press.coverage.substituted), breakable)
    body = typeset_alone("hics.typ", {"hics.json": msgspec.json.encode(drawn)}, press)
    return Pdf(body, 0)


FORMS: dict[str, Callable[[Asked], HicsSheet]] = {
    "254": hics_254,
    "255": hics_255,
    "259": hics_259,
}
