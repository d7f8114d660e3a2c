"""Patients, flags and numbers in the words a nurse reads (NHS CUI patient banner, PAB-*)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from wardlight.record.codes import Coded
from wardlight.record.identity import Identifier, PatientKey, Person, PersonName
from wardlight.record.instants import Instant, PartialDate, clinical_date, local

NAME_NOT_KNOWN = "Name not known"
NOT_KNOWN = "Not known"

_SEX: Mapping[str, str] = {
    "F": "Female",
    "M": "Male",
    "O": "Other",
    "A": "Ambiguous",
    "N": "Not applicable",
    "U": NOT_KNOWN,
    "": NOT_KNOWN,
}
_NUMBER_KINDS: Mapping[str, str] = {
    "MR": "MRN",
    "PI": "Patient no.",
    "PN": "Patient no.",
    "AN": "Account no.",
    "VN": "Visit no.",
    "SS": "Social security no.",
    "DL": "Driving licence",
    "": "Patient no.",
}
# HL7 v2.5.1 table 0078, and the words laboratories use beside it.
_FLAGS: Mapping[str, str] = {
    "L": "low",
    "H": "high",
    "LL": "CRITICALLY LOW",
    "HH": "CRITICALLY HIGH",
    "CL": "CRITICALLY LOW",
    "CH": "CRITICALLY HIGH",
    "A": "abnormal",
    "AA": "CRITICALLY ABNORMAL",
    "CRIT": "CRITICAL",
    "CRITICAL": "CRITICAL",
    "PANIC": "CRITICAL",
    "<": "below what can be measured",
    ">": "above what can be measured",
    "N": "normal",
    "U": "going up",
    "D": "going down",
    "B": "better",
    "W": "worse",
    "S": "susceptible",
    "R": "resistant",
    "I": "intermediate",
    "MS": "moderately susceptible",
    "VS": "very susceptible",
    "POS": "positive",
    "NEG": "negative",
}
_SEVERITIES: Mapping[str, str] = {"SV": "severe", "MO": "moderate", "MI": "mild"}
# HL7 table 0116; O and U add nothing to an empty row.
_BED_STATES: Mapping[str, str] = {
    "C": "closed",
    "H": "being cleaned",
    "K": "contaminated",
    "I": "isolated",
}
_GROUPED_MIN = 7  # digits; shorter numbers are read at once
_ADULT_YEARS, _TODDLER_MONTHS, _INFANT_MONTHS, _WEEKS_FROM_DAYS = 18, 24, 12, 28


def name_words(name: PersonName) -> str:
    """Return `O'BRIEN, Siobhán (Ms)` (PAB-0049…0054); never shortened."""
    given = " ".join(part for part in (name.given, name.middle) if part)
    family = name.family.upper()
    suffix = f" {name.suffix}" if name.suffix else ""
    title = f" ({name.prefix})" if name.prefix else ""
    if not family and not given:
        return NAME_NOT_KNOWN
    return ", ".join(part for part in (family, given) if part) + suffix + title


def sex_words(sex: str) -> str:
    """Return the administrative sex in words (HL7 table 0001); a local code as sent."""
    return _SEX.get(sex.upper(), sex)


def born_words(birth: PartialDate | None, now: Instant, zone: str) -> str:
    """Return `09-Mar-1958 (68y)`, as exactly as it is known (PAB-0033…0036)."""
    if birth is None:
        return NOT_KNOWN
    age = age_in_words(birth, local(now, zone).date())
    return f"{clinical_date(birth)} ({age})" if age else clinical_date(birth)


def age_in_words(birth: PartialDate, today: date) -> str:
    """Return an age in the units CUI asks for: `27d`, `4w 1d`, `13m 8d`, `4y 1m`, `68y`.

    The hour of birth is not part of a birth date: below two days only days are said. Empty when
    the date lies ahead; `about 40y` when the day or month is not known.
    """
    if not birth.month or not birth.day:
        years = today.year - birth.year
        return f"about {years}y" if years >= 0 else ""
    born = _as_date(birth)
    return "" if born > today else _age_of_day(born, today)


def _age_of_day(born: date, today: date) -> str:
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    days = (today - born).days
    if months >= _ADULT_YEARS * 12:
        return f"{months // 12}y"
    if months >= _TODDLER_MONTHS:
        return f"{months // 12}y {months % 12}m"
    if days < _WEEKS_FROM_DAYS:
        return f"{days}d"
    if months < _INFANT_MONTHS:
        return f"{days // 7}w {days % 7}d"
    return f"{months}m {_days_past_month(born, today)}d"


def _as_date(birth: PartialDate) -> date:
    """Return the day; 31 February, as some systems send it, is the end of February."""
    last = monthrange(birth.year, birth.month)[1]
    return date(birth.year, birth.month, min(birth.day, last))


def _days_past_month(born: date, today: date) -> int:
    if today.day >= born.day:
        return today.day - born.day
    last_month = today.replace(day=1) - timedelta(days=1)
    return max(last_month.day - born.day, 0) + today.day


def number_of(patient: PatientKey, person: Person | None) -> tuple[str, str]:
    """Return label and value of the number a patient is known by, `("MRN", "7041182236")`."""
    value = patient.rpartition("|")[2]
    for one in person.identifiers if person else ():
        if one.key() == patient:
            return number_label(one), value
    return "MRN", value


def number_label(one: Identifier) -> str:
    """Return what an identifier is called on the ward; a local kind as sent."""
    return _NUMBER_KINDS.get(one.kind, one.kind)


def number_groups(value: str) -> list[str]:
    """Return a long number in groups a person can read aloud, `704 118 2236`."""
    if not value.isdigit() or len(value) < _GROUPED_MIN:
        return [value]
    heads = (len(value) - 2) // 3  # the last group has two to four digits
    groups = [value[at : at + 3] for at in range(0, heads * 3, 3)]
    rest = value[heads * 3 :]
    return [*groups, rest] if rest else groups


def flag_words(flags: tuple[str, ...]) -> str:
    """Return result flags in words; one that is not in the table stays as sent."""
    return ", ".join(_FLAGS.get(flag.strip().upper(), flag) for flag in flags if flag.strip())


def severity_words(severity: str) -> str:
    """Return how severe an allergy is; `U` and silence are both "not stated"."""
    return _SEVERITIES.get(severity.upper(), "" if severity.upper() == "U" else severity)


def bed_words(status: str) -> str:
    """Return housekeeping's word on an empty bed."""
    return _BED_STATES.get(status.upper(), "" if status.upper() in ("O", "U") else status)


def coded(one: Coded, otherwise: str = "Not recorded") -> str:
    """Return the words of a code, or that there are none."""
    return one.words() or otherwise
