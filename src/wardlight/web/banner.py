"""The top of every page about one patient: who this is, and the allergy strip (PAB-*)."""

from __future__ import annotations

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request

from wardlight.record.codes import AllergyState
from wardlight.record.identity import PatientKey, Person, PersonName
from wardlight.views.facts import AllergyFact, AllergyList, Chart
from wardlight.views.rows import Stay, StayState
from wardlight.views.words import name_words, number_groups, number_of, severity_words, sex_words
from wardlight.web.access.glass import assert_may_read
from wardlight.web.page import Desk, desk_of, patient_of
from wardlight.web.times import Times

_PREFERRED = ("D", "N", "P")  # table 0200: display, nickname, and a local "preferred"


class Agent(Struct, frozen=True):
    """One allergy in the strip: agent — reaction + reaction."""

    name: str
    is_coded: bool  # free text is not in bold (ADR-0037)
    reaction: str
    severity: str


class Strip(Struct, frozen=True, kw_only=True):
    """The allergy strip: exactly one of four states (PAB-0064)."""

    state: AllergyState
    heading: str
    kind: str  # stop, plain, warn
    agents: tuple[Agent, ...]
    said: str  # who said it and when, or what is to be done about not knowing
    allergies: AllergyList


class Banner(Struct, frozen=True, kw_only=True):
    """The patient banner."""

    href: str
    name: str
    preferred: str
    born: str
    sex: str
    number_label: str
    number: tuple[str, ...]
    bed: str
    weight: str
    alerts: tuple[str, ...]
    died: str
    strip: Strip


class Opened(Struct, frozen=True):
    """One patient's pages: who, and what is known."""

    patient: PatientKey
    person: Person
    stay: Stay | None
    chart: Chart


def site_of(desk: Desk, opened: Opened) -> str:
    """Return the site whose mode and clock a patient's pages show."""
    if opened.stay is not None and opened.stay.site:
        return opened.stay.site
    coming = desk.views.schedule.of(opened.patient)
    return coming[-1].site if coming else ""


async def open_patient(request: Request) -> Opened:
    """Return the patient an address means; raises 404 for an address of nobody here."""
    return open_key(request, await patient_of(desk_of(request), request.path_params["handle"]))


def open_key(request: Request, key: PatientKey) -> Opened:
    """Return a patient somebody asks to see; raises 404 for nobody here."""
    desk = desk_of(request)
    views = desk.views
    patient = views.people.resolve(key)
    person = views.people.person(patient)
    if person is None:
        raise HTTPException(404, "No patient of this node has this address.")
    assert_may_read(request, desk, patient)
    return Opened(patient, person, views.census.stay(patient), views.chart(patient))


def banner_of(desk: Desk, opened: Opened, t: Times) -> Banner:
    """Return the banner; what is not known says so, and no name is ever shortened."""
    person, stay = opened.person, opened.stay
    label, number = number_of(opened.patient, person)
    present = stay is not None and stay.state in (StayState.PRESENT, StayState.ON_LEAVE)
    return Banner(
        href=desk.patient_url(opened.patient),
        name=name_words(person.name),
        preferred=_preferred(person),
        born=t.born(person),
        sex=sex_words(person.sex),
        number_label=label,
        number=tuple(number_groups(number)),
        bed=(stay.location.words() or "Not known") if stay and present else "",
        weight=weight_words(opened.chart, t),
        alerts=tuple(_alerts(desk, opened)),
        died=t.moment(person.died) if person.died else "",
        strip=strip_of(opened.chart.allergies, t),
    )


def _preferred(person: Person) -> str:
    for name in person.other_names:
        if name.kind in _PREFERRED:
            return name_words(PersonName(family=name.family, given=name.given))
    return ""


def weight_words(chart: Chart, t: Times) -> str:
    """Return the weight with its date, because dosing needs both."""
    if chart.weight is None:
        return "Not recorded"
    weight = chart.weight
    return f"{weight.value} {weight.unit} on {t.day(weight.at)}"


def _alerts(desk: Desk, opened: Opened) -> list[str]:
    words = ["IDENTITY NOT CONFIRMED"] if opened.person.unconfirmed else []
    if opened.stay is not None and opened.stay.state is StayState.PRESENT:
        unit = desk.views.census.present(opened.stay.site, opened.stay.location.unit)
        people = desk.views.people
        if opened.patient in people.similar([people.resolve(one.patient) for one in unit]):
            words.append("NAME ALERT")
    return [*words, "Protected: do not say the name aloud"] if opened.person.protected else words


def strip_of(allergies: AllergyList, t: Times) -> Strip:
    """Return the strip; only known allergies are drawn red, and unknown never as none."""
    heading, kind = {
        AllergyState.KNOWN: ("Known allergies", "stop"),
        AllergyState.NONE_KNOWN: ("No known allergies", "plain"),
        AllergyState.NOT_RECORDED: ("Allergies not recorded", "warn"),
        AllergyState.UNAVAILABLE: ("Allergies unavailable", "warn"),
    }[allergies.state]
    return Strip(
        state=allergies.state,
        heading=heading,
        kind=kind,
        agents=tuple(agent_of(fact) for fact in allergies.known),
        said=_said(allergies, t),
        allergies=allergies,
    )


def _said(allergies: AllergyList, t: Times) -> str:
    match allergies.state:
        case AllergyState.NOT_RECORDED:
            return "This is not the same as none: ask the patient, the family, the paper chart."
        case AllergyState.UNAVAILABLE:
            return "They could not be read: ask, and look in the paper chart."
        case AllergyState.NONE_KNOWN if allergies.none_known:
            stamp = allergies.none_known
            return f"Recorded {t.full(stamp.occurred)}, {stamp.author or stamp.source}."
    if allergies.contradicted:
        return "Somebody also recorded no known allergies: ask before relying on either."
    return ""


def agent_of(fact: AllergyFact) -> Agent:
    """Return one allergy in words; a reaction nobody stated is said to be unknown (ADR-0023)."""
    allergy = fact.allergy
    return Agent(
        name=allergy.agent.words() or "Agent not stated, see original",
        is_coded=bool(allergy.agent.code),
        reaction=" + ".join(allergy.reactions) or "reaction not recorded",
        severity=severity_words(allergy.severity),
    )
