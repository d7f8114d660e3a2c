"""What stands on every page: who this is, the allergies, how old the data is, which mode."""

from __future__ import annotations

from typing import Any

from wardlight.paper.packs.sheets import PatientSheets, UnitPack
from wardlight.record.codes import AllergyState
from wardlight.record.instants import Instant, Moment, age_words, clinical_moment, clinical_time
from wardlight.record.reading import Stamp
from wardlight.views.ages import Block, age_of
from wardlight.views.facts import AllergyFact, AllergyList
from wardlight.views.words import (
    born_words,
    name_words,
    number_groups,
    number_of,
    severity_words,
    sex_words,
)

NOT_RECORDED = "Not recorded"
_HEADINGS = {
    AllergyState.KNOWN: "KNOWN ALLERGIES",
    AllergyState.NONE_KNOWN: "No known allergies",
    AllergyState.NOT_RECORDED: "ALLERGIES NOT RECORDED",
    AllergyState.UNAVAILABLE: "ALLERGIES UNAVAILABLE",
}


def banner(sheets: PatientSheets, pack: UnitPack) -> dict[str, Any]:
    """Return the patient's head: name never shortened, unknown said so, bed apart."""
    person = sheets.person
    label, number = number_of(person.key, person)
    alerts = ["IDENTITY NOT CONFIRMED"] if person.unconfirmed else []
    alerts += ["NAME ALERT"] if sheets.name_alert else []
    alerts += ["TWO PATIENTS IN THIS BED"] if sheets.bed_conflict else []
    alerts += ["ADMISSION NOT SEEN"] if sheets.stay.provisional else []
    return {
        "name": name_words(person.name),
        "also": [name_words(other) for other in person.other_names][:3],
        "born": born_words(person.birth, pack.now, pack.zone),
        "sex": sex_words(person.sex),
        "number_label": label,
        "number": " ".join(number_groups(number)),
        "bed": sheets.stay.location.words() or "no bed",
        "alerts": alerts,
        "weight": weight(sheets, pack),
        "allergies": strip(sheets.chart.allergies, pack),
        "died": moment(person.died, pack) if person.died else "",
    }


STRIP_MAX = 1600  # characters: about half of the smaller page


def strip(allergies: AllergyList, pack: UnitPack) -> dict[str, Any]:
    """Return the allergy strip: one of four states, and silence is never "none"."""
    agents, said = _fitting([agent(fact) for fact in allergies.known])
    if allergies.state is AllergyState.NONE_KNOWN and allergies.none_known:
        said = f"recorded {clinical_time(allergies.none_known.occurred, pack.zone)} by " + (
            allergies.none_known.author or allergies.none_known.source
        )
    elif allergies.state in (AllergyState.NOT_RECORDED, AllergyState.UNAVAILABLE):
        said = "This is not the same as none: ask."
    elif allergies.contradicted:
        said = f"{said} Somebody also recorded no known allergies: ask.".lstrip()
    return {
        "known": allergies.state is AllergyState.KNOWN,
        "heading": _HEADINGS[allergies.state],
        "agents": agents,
        "said": said,
    }


def _fitting(agents: list[dict[str, str]]) -> tuple[list[dict[str, str]], str]:
    """Return what of the allergies goes on every page, and where the rest is to be read."""
    if _characters(agents) <= STRIP_MAX:
        return agents, ""
    names = [{"name": one["name"], "reaction": "", "severity": ""} for one in agents]
    if _characters(names) <= STRIP_MAX:
        return names, "Reactions: see the patient summary."
    return [], f"{len(agents)} ALLERGIES, too long for this head: READ THEM on the patient summary."


def allergies_in_full(allergies: AllergyList) -> list[dict[str, str]]:
    """Return every allergy where the head of the page has no room for all; else nothing."""
    agents = [agent(fact) for fact in allergies.known]
    return agents if _fitting(agents)[1] else []


def _characters(agents: list[dict[str, str]]) -> int:
    return sum(len(text) + 3 for one in agents for text in one.values())


def agent(fact: AllergyFact) -> dict[str, str]:
    """Return one allergy: agent, reaction, severity; what nobody stated is said to be so."""
    allergy = fact.allergy
    return {
        "name": allergy.agent.words() or "agent not stated, see original",
        "reaction": " + ".join(allergy.reactions) or "reaction not recorded",
        "severity": severity_words(allergy.severity),
    }


def weight(sheets: PatientSheets, pack: UnitPack) -> str:
    """Return the weight with its date, because dosing needs both."""
    measure = sheets.chart.weight
    if measure is None:
        return NOT_RECORDED
    return f"{measure.value} {measure.unit} {moment(measure.at, pack)}"


def moment(when: Moment | None, pack: UnitPack) -> str:
    """Return a moment no more exactly than stated, with its date unless it is today."""
    if when is None:
        return NOT_RECORDED
    return clinical_moment(when, pack.zone, now=pack.now)


def at(when: Instant, pack: UnitPack) -> str:
    """Return a time, with its date unless it is today."""
    return clinical_time(when, pack.zone, now=pack.now)


def data_age(pack: UnitPack) -> str:
    """Return what every page says of its age at printing."""
    if pack.as_of is None:
        return "Data: nothing was ever heard from this site's systems"
    when = clinical_time(pack.as_of, pack.zone)
    return f"Data as of {when} · {age_words(pack.now - pack.as_of)} old when printed"


def badge(block: Block, stamp: Stamp | None, pack: UnitPack) -> str:
    """Return a block's own age: when it was last stated, or that it never was."""
    if stamp is None:
        return "nothing received"
    age = age_of(
        block,
        stamp.occurred,
        now=pack.now,
        zone=pack.zone,
        ehr_off=pack.off_since is not None,
    )
    return f"{age.text} {age.word}".strip()


def mode_line(pack: UnitPack) -> str:
    """Return the mode word with the time the EHR went off."""
    if pack.off_since is None:
        return pack.mode
    since = clinical_time(pack.off_since, pack.zone)
    return f"{pack.mode} · EHR off since {since} · {age_words(pack.now - pack.off_since)}"
