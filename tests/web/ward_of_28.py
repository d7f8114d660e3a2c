"""A ward of 28 invented patients as record events: what the screens are tried and pictured on."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from wardlight.record.codes import (
    AppointmentState,
    Coded,
    DoseState,
    Location,
    OrderKind,
    OrderState,
    ResultState,
    StayClass,
)
from wardlight.record.events.charting import (
    AlertReported,
    AllergiesReported,
    Allergy,
    AllergyChange,
    Change,
    ChartEvent,
    Contact,
    ContactsReported,
    DietReported,
    DoseRecorded,
    MedicationDetail,
    Observation,
    OrderChanged,
    ProblemChange,
    ProblemsReported,
    ResultsReported,
    Timing,
)
from wardlight.record.events.schedule import AppointmentChanged
from wardlight.record.events.stays import BedReported, Movement, Step
from wardlight.record.identity import Identifier, PatientKey, Person, PersonName
from wardlight.record.instants import (
    DAY,
    HOUR,
    MINUTE,
    Instant,
    Moment,
    PartialDate,
    instant_of,
    zone_named,
)
from wardlight.record.problems import Problem
from wardlight.record.reading import Headline
from wardlight.record.sources import Site

ZONE = "America/New_York"
SITE = Site(code="MMH", name="Marble City Memorial")
OTHER_SITE = Site(code="GRV", name="Green Valley General")
SOURCE = "MMH.ehr"

Told = tuple[Headline, tuple[ChartEvent, ...]]


def at(text: str) -> Instant:
    """Return the instant of `2026-11-22 03:59` on the ward's clock."""
    return instant_of(datetime.fromisoformat(text).replace(tzinfo=zone_named(ZONE)))


NOW = at("2026-11-22 03:59")
LAST_WORD = at("2026-11-22 02:31")
EHR_OFF = at("2026-11-22 02:47")

# bed, family, given, prefix, sex, birth, number
PEOPLE = (
    ("11", "Okafor-Sample", "Chidi", "Mr", "M", (1971, 2, 2), "7041180001"),
    ("12", "O'Brien-Sample", "Siobhán", "Ms", "F", (1958, 3, 9), "7041182236"),
    ("13", "O'Brien-Sample", "Seán", "Mr", "M", (1949, 7, 21), "7041180003"),
    ("14", "", "", "", "M", None, "0000000014"),
    ("15", "Nguyễn-Mẫu", "Thị Hồng", "Mrs", "F", (1963, 10, 30), "7041180015"),
    ("16", "Żółkiewska-Próbna", "Małgorzata", "Ms", "F", (1984, 1, 17), "7041180016"),
    ("17", "Testova", "Altair", "Mr", "M", (1990, 6, 5), "7041180017"),
    ("18", "Fiktiv", "Björn", "Mr", "M", (1938, 12, 24), "7041180018"),
    (
        "19",
        "De La Prueba-Montenegro y Fernández",
        "María Concepción",
        "Mrs",
        "F",
        (1946, 5, 1),
        "71",
    ),
    ("20", "Muster", "Vega", "Ms", "F", (2001, 9, 9), "7041180020"),
    ("21", "Invented", "Rigel", "Mr", "M", (1955, 4, 14), "7041180021"),
    ("22", "Sampleton", "Mira", "Ms", "F", (1977, 8, 8), "7041180022"),
    ("23", "Nowak-Testowy", "Łukasz", "Mr", "M", (1969, 3, 3), "7041180023"),
    ("24", "Exemplar", "Capella", "Mrs", "F", (1931, 2, 28), "7041180024"),
    ("25", "Placeholder", "Deneb", "Mr", "M", (1988, 11, 11), "7041180025"),
    ("26", "Abdelrahman-Sample", "Yūsuf", "Mr", "M", (1974, 7, 7), "7041180026"),
    ("27", "Madeup", "Lyra", "Ms", "F", (1995, 12, 1), "7041180027"),
    ("28", "Fakename", "Orion", "Mr", "M", (1966, 6, 16), "7041180028"),
    ("29", "Nobody", "Cassiopeia", "Mrs", "F", (1952, 9, 19), "7041180029"),
    ("30", "Testova", "Bellatrix", "Ms", "F", (1981, 10, 10), "7041180030"),
    ("31", "Dummy", "Castor", "Mr", "M", (1960, 1, 31), "7041180031"),
    ("32", "Probando", "Estrella", "Mrs", "F", (1943, 3, 23), "7041180032"),
    ("33", "Ó Samplaigh", "Caoimhín", "Mr", "M", (1979, 5, 5), "7041180033"),
    ("34", "Specimen", "Pollux", "Mr", "M", (1957, 7, 27), "7041180034"),
    ("35", "Notreal", "Andromeda", "Ms", "F", (1992, 2, 14), "7041180035"),
    ("36", "Example-Smith", "Polaris", "Mr", "M", (1948, 8, 18), "7041180036"),
    ("37", "Mockford", "Electra", "Mrs", "F", (1935, 4, 4), "7041180037"),
    ("38", "Trialson", "Sirius", "Mr", "M", (1986, 6, 26), "7041180038"),
)
AGENTS = (
    ("Penicillin", "anaphylaxis", "SV"),
    ("Latex", "rash", "MO"),
    ("Sulfamethoxazole", "hives", ""),
    ("Codeine", "", "MI"),
    ("Shellfish", "swelling of the lips", "SV"),
)
# drug, dose, unit, form, route, pattern, usual hours back from the last word
DRUGS = (
    ("hydralazine", "25", "mg", "tablet", "PO", "TID", (5, 12, 17)),
    ("insulin glargine", "14", "units", "injection", "SC", "QHS", (5,)),
    ("furosemide", "40", "mg", "tablet", "PO", "BID", (5, 17)),
    ("piperacillin-tazobactam", "4.5", "g", "", "IVPB", "Q6H", (6, 12, 18)),
    ("enoxaparin", "40", "mg", "syringe", "SC", "QD", (17,)),
    ("metoprolol", "12.50", "mg", "tablet", "PO", "BID", (5, 17)),
    ("acetaminophen", "1000", "mg", "tablet", "PO", "Q6H PRN", (9,)),
    ("levothyroxine", "75", "mcg", "tablet", "PO", "QAM", (17,)),
    ("ondansetron", "4", "mg", "injection", "IV", "Q8H PRN", ()),
    ("vancomycin", "1250", "mg", "", "IV", "Q12H", (6, 18)),
)
LABS = (
    ("Potassium", "2823-3", "mmol/L", "3.5-5.1", ("4.1", "5.6", "6.8", "3.2")),
    ("Sodium", "2951-2", "mmol/L", "136-145", ("138", "141", "129", "144")),
    ("Creatinine", "2160-0", "mg/dL", "0.6-1.3", ("0.9", "1.8", "2.4", "1.1")),
    ("Haemoglobin", "718-7", "g/dL", "12.0-16.0", ("13.1", "9.8", "7.1", "14.2")),
    ("Glucose", "2345-7", "mg/dL", "70-99", ("92", "188", "240", "61")),
)


def key_of(number: str) -> PatientKey:
    """Return the key of one of these patients."""
    return PatientKey(f"MMH|{number}")


def bed_of(bed: str) -> Location:
    """Return a bed of the ward."""
    return Location(unit="4E", room="4E", bed=bed, facility="MMH")


def ward() -> list[Told]:
    """Return everything that was said of the ward before the EHR went off."""
    return [*_all_told()]


@cache
def _all_told() -> tuple[Told, ...]:
    told = [_admission(index, row) for index, row in enumerate(PEOPLE)]
    told += [chart for index, row in enumerate(PEOPLE) for chart in _chart(index, row[6])]
    return (*told, *_others(), *_last_words())


def _person(
    index: int, row: tuple[str, str, str, str, str, tuple[int, int, int] | None, str]
) -> Person:
    _, family, given, prefix, sex, birth, number = row
    return Person(
        key=key_of(number),
        identifiers=(
            Identifier(value=number, authority="MMH", kind="MR"),
            Identifier(value=f"99{index:05d}", authority="MMH", kind="AN"),
        ),
        name=PersonName(family=family, given=given, prefix=prefix),
        other_names=(PersonName(family=family, given="Maggie", kind="N"),) if index == 5 else (),
        birth=PartialDate(*birth) if birth else None,
        sex=sex,
        address=f"{index + 1} Invented Road, Marble City",
        phones=(f"555-01{index:02d}", f"555-02{index:02d}"),
        language="Vietnamese" if index == 4 else "English",
        protected=index == 20,
        unconfirmed=not family,
    )


def _admission(
    index: int, row: tuple[str, str, str, str, str, tuple[int, int, int] | None, str]
) -> Told:
    person = _person(index, row)
    when = Instant(LAST_WORD - (1 + index % 6) * DAY - index * 17 * MINUTE)
    reasons = ("Sepsis", "Heart failure", "Hip fracture", "COPD", "Stroke", "Pancreatitis")
    movement = Movement(
        patient=person.key,
        step=Step.SEEN if index == 9 else Step.ADMIT,
        at=when,
        visit=f"MMH|V{index:05d}",
        stay_class=StayClass.INPATIENT,
        location=bed_of(row[0]),
        planned=Location(unit="5W", room="5W", bed="03") if index == 10 else None,
        attending=("Dr Patel-Sample", "Dr Ruiz-Sample")[index % 2],
        service="Medicine",
        reason=reasons[index % 6],
        admitted=Moment(when, 12),
    )
    head = Headline(
        what="ADT^A01",
        occurred=when,
        persons=(person,),
        stays=(movement,),
        charted=(person.key,),
        anomalies=("late admission",) if index in (9, 11) else (),
    )
    return head, tuple(_on_admission(index))


def _on_admission(index: int) -> list[ChartEvent]:
    events: list[ChartEvent] = []
    if index % 4 == 1:
        changes = tuple(_allergy(AGENTS[(index + step) % 5]) for step in range(1 + index % 3))
        events.append(AllergiesReported(changes=changes))
    elif index % 4 == 2:
        events.append(AllergiesReported(none_known=True))
    if index % 5 == 1:
        events.append(AlertReported(alert="code status", text="DNR" if index % 2 else "Full code"))
    if index % 6 == 2:
        events.append(AlertReported(alert="falls", text="high risk"))
    if index % 7 == 3:
        events.append(AlertReported(alert="isolation", text="contact"))
    problem = Coded(
        ("I50.9", "E11.9", "J44.1")[index % 3],
        ("Heart failure", "Type 2 diabetes", "COPD")[index % 3],
        "I10",
    )
    events.append(
        ProblemsReported(
            changes=(ProblemChange(key=problem.key(), change=Change.ADD, problem=problem),)
        )
    )
    contact = Contact(
        key="1", name="Invented, Next-of-Kin", relation="daughter", phones=(f"555-09{index:02d}",)
    )
    events.append(ContactsReported(contacts=(contact,)))
    events.append(DietReported(number=f"MMH|D{index}", text="2 g sodium"))
    return events


def _allergy(agent: tuple[str, str, str]) -> AllergyChange:
    name, reaction, severity = agent
    allergy = Allergy(
        agent=Coded(name[:3].upper(), name, "L"),
        severity=severity,
        reactions=(reaction,) if reaction else (),
    )
    return AllergyChange(key=name.casefold(), change=Change.ADD, allergy=allergy)


def _chart(index: int, number: str) -> list[Told]:
    if index == 3:
        return []
    told: list[Told] = []
    for step in range(3 + index % 5):
        drug = DRUGS[(index + step) % len(DRUGS)]
        told += _medicine(number, f"MMH|R{index:02d}{step}", drug, step)
    told.append(_labs(index, number))
    told.append(_weight(index, number))
    if index % 3 == 1:
        told.append(_waiting(index, number))
    return told


def _head(number: str, what: str, when: Instant) -> Headline:
    return Headline(what=what, occurred=when, charted=(key_of(number),))


def _medicine(
    number: str, order: str, drug: tuple[str, str, str, str, str, str, tuple[int, ...]], step: int
) -> list[Told]:
    name, dose, unit, form, route, pattern, back = drug
    when = Instant(LAST_WORD - 30 * HOUR)
    timing = Timing(pattern=pattern, starts=Moment(when, 12), as_needed="PRN" in pattern)
    coded = Coded("", name)
    detail = MedicationDetail(
        drug=coded, dose=dose, unit=unit, form=form, route=route, timing=timing, verified=True
    )
    ordered = OrderChanged(
        number=order,
        control="NW",
        kind=OrderKind.MEDICATION,
        state=OrderState.HELD if name == "metoprolol" and step == 2 else OrderState.ACTIVE,
        what=coded,
        detail=detail,
        prescriber="Dr Patel-Sample",
        ordered=Moment(when, 12),
        timing=timing,
        full=True,
        as_received=f"{name} {dose} {unit.upper()} {route} {pattern}",
    )
    told: list[Told] = [(_head(number, "RDE^O11", when), (ordered,))]
    for turn, hours in enumerate(back):
        given = Instant(LAST_WORD - hours * HOUR - (0 if pattern[1].isdigit() else 31) * MINUTE)
        state = DoseState.REFUSED if turn == 1 and step == 2 else DoseState.GIVEN
        event = DoseRecorded(
            order=order,
            drug=coded,
            at=Moment(given, 12),
            amount="" if state is DoseState.REFUSED else dose,
            unit="" if state is DoseState.REFUSED else unit,
            state=state,
            reason="nausea" if state is DoseState.REFUSED else "",
            by="RN Mensah-Sample",
            key=f"{order} {given}",
        )
        told.append((_head(number, "RAS^O17", given), (event,)))
    return told


def _labs(index: int, number: str) -> Told:
    when = Instant(LAST_WORD - (2 + index % 9) * HOUR - 9 * MINUTE)
    flags = {0: (), 1: ("H",), 2: ("HH",), 3: ("L",)}
    severe = index % 13 == 1
    lines = tuple(
        Observation(
            test=Coded(code, test, "LN"),
            value=values[2 if severe else index % 2],
            unit=unit,
            range=span,
            flags=flags[2 if severe and test == "Potassium" else index % 2],
            state=ResultState.PRELIMINARY if index % 8 == 4 else ResultState.FINAL,
            at=Moment(when, 12),
            kind="NM",
        )
        for test, code, unit, span, values in LABS
    )
    report = ResultsReported(
        number=f"MMH|L{index}",
        test=Coded("24323-8", "Chemistry and blood count", "LN"),
        state=ResultState.FINAL,
        collected=Moment(when, 12),
        reported=Moment(Instant(when + 40 * MINUTE), 12),
        section="LAB",
        observations=lines,
    )
    return _head(number, "ORU^R01", Instant(when + 40 * MINUTE)), (report,)


def _weight(index: int, number: str) -> Told:
    when = Instant(LAST_WORD - 40 * HOUR)
    line = Observation(
        test=Coded("29463-7", "Body weight", "LN"),
        value=f"{52 + index * 1.5:.1f}",
        unit="kg",
        state=ResultState.FINAL,
        at=Moment(when, 12),
        kind="NM",
    )
    report = ResultsReported(
        number=f"MMH|W{index}",
        test=Coded("29463-7", "Body weight", "LN"),
        state=ResultState.FINAL,
        collected=Moment(when, 12),
        section="VITALS",
        observations=(line,),
    )
    return _head(number, "ORU^R01", when), (report,)


def _waiting(index: int, number: str) -> Told:
    when = Instant(LAST_WORD - 50 * MINUTE)
    event = OrderChanged(
        number=f"MMH|T{index}",
        control="NW",
        kind=OrderKind.LABORATORY,
        what=Coded("600-7", "Blood culture", "LN"),
        ordered=Moment(when, 12),
        prescriber="Dr Ruiz-Sample",
    )
    return _head(number, "ORM^O01", when), (event,)


def _to_ct() -> Movement:
    return Movement(
        patient=key_of(PEOPLE[7][6]),
        step=Step.DEPART,
        at=LAST_WORD,
        visit="MMH|V00007",
        temporary=Location(unit="CT"),
    )


def _last_words() -> list[Told]:
    """Return what came last: something nobody understood, a bed, and an update at 02:31."""
    strange = Problem("unknown message", "MSH-9", "This kind of message is not understood")
    closed = BedReported(location=bed_of("39"), status="H", at=Instant(LAST_WORD - HOUR))
    update = _person(0, PEOPLE[0])
    return [
        (Headline(what="ZZZ^Z01", occurred=Instant(LAST_WORD - 2 * HOUR), unread=strange), ()),
        (Headline(what="ADT^A09", occurred=LAST_WORD, stays=(_to_ct(),)), ()),
        (Headline(what="ADT^A20", occurred=closed.at, stays=(closed,)), ()),
        (Headline(what="ADT^A08", occurred=LAST_WORD, persons=(update,)), ()),
    ]


def _others() -> list[Told]:
    """Return who left, who is expected, and tomorrow's clinics."""
    told: list[Told] = []
    coming = at("2026-11-23 08:00")
    for index in range(9):
        person = Person(
            key=key_of(f"800000{index:04d}"),
            identifiers=(Identifier(value=f"800000{index:04d}", authority="MMH", kind="MR"),),
            name=PersonName(family="Visitor-Sample", given=f"Star {index + 1}"),
            birth=PartialDate(1950 + index, 1 + index, 10 + index),
            sex="F" if index % 2 else "M",
            phones=(f"555-03{index:02d}",),
            language="English",
        )
        clinic = ("Infusion", "Cardiology", "Dialysis")[index % 3]
        booked = AppointmentChanged(
            number=f"MMH|S{index}",
            patient=person.key,
            at=Instant(LAST_WORD - 3 * DAY),
            state=AppointmentState.CANCELLED if index == 8 else AppointmentState.BOOKED,
            starts=Moment(Instant(coming + index * 25 * MINUTE), 12),
            minutes=30,
            reason=Coded(
                "", ("Oncology infusion", "Check of pacemaker", "Haemodialysis")[index % 3]
            ),
            place=Location(unit=f"{clinic} clinic"),
            staff=("Dr Ruiz-Sample",),
        )
        head = Headline(
            what="SIU^S12", occurred=booked.at, persons=(person,), appointments=(booked,)
        )
        told.append((head, ()))
    return told
