"""What a wristband and a label say of a patient, and whether all of it can be printed.

Name, birth date, sex and number are never shortened: what does not fit or cannot be drawn is an
error with words that say what to do, never a box and never another name.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from msgspec import Struct

from wardlight.paper.fonts import Coverage
from wardlight.paper.labels.symbols import LINEAR_MAX
from wardlight.paper.packs.pack import breakable
from wardlight.record.codes import AllergyState
from wardlight.record.downtime_number import DowntimeNumber
from wardlight.record.gsrn import band_code
from wardlight.record.identity import PersonName
from wardlight.record.instants import PartialDate, clinical_date
from wardlight.views.words import NAME_NOT_KNOWN, name_words, sex_words

NAME_MAX, LINE_MAX, CODE_MAX = 120, 60, 60  # characters
NOT_CONFIRMED, NAME_ALERT, DRILL = "IDENTITY NOT CONFIRMED", "NAME ALERT", "DRILL: NOT REAL"
_ALLERGIES = {
    AllergyState.KNOWN: "ALLERGIES: READ THE CHART",
    AllergyState.NONE_KNOWN: "No known allergies",
    AllergyState.NOT_RECORDED: "Allergies not recorded",
    AllergyState.UNAVAILABLE: "Allergies unavailable",
}


class CannotPrintError(Exception):
    """A band or label cannot be printed as it is; the words say why, without the patient's."""


class Wearer(Struct, frozen=True, kw_only=True):
    """Who wears a band, or whose label it is."""

    number: str  # as it is read aloud, DT-K7QX-4M2P or 704 118 2236
    code: str  # what the barcode holds; `(8018)…(8019)…` for GS1
    number_label: str = "Downtime no."
    name: PersonName = PersonName()
    called: str = ""  # of an unknown patient: "Unknown male, about 40"
    birth: PartialDate | None = None
    age: str = ""  # about, where no birth date is known
    sex: str = ""
    relation: str = ""  # of a newborn: "Twin 2 of DT-00Q1-1C79"
    allergies: AllergyState = AllergyState.NOT_RECORDED
    unconfirmed: bool = False
    name_alert: bool = False
    drill: bool = False


class Specimen(Struct, frozen=True, kw_only=True):
    """A specimen to be labelled at the bedside: two identifiers, and what the laboratory reads."""

    wearer: Wearer
    accession: str
    what: str = ""  # "CBC, EDTA"
    collected: str = ""  # when and by whom, in words
    urgent: bool = False


def numbered(number: DowntimeNumber, *, prefix: str = "", instance: int = 1) -> dict[str, Any]:
    """Return the fields of a wearer that a downtime number gives."""
    code = band_code(number, prefix, instance)
    return {"number": number.text(), "code": code, "drill": number.drill}


def facts(wearer: Wearer) -> dict[str, Any]:
    """Return the words that are printed; raises CannotPrintError when one is too long."""
    alerts = [DRILL] if wearer.drill else []
    alerts += [NOT_CONFIRMED] if wearer.unconfirmed else []
    alerts += [NAME_ALERT] if wearer.name_alert else []
    said = {
        "name": _plain(_name(wearer), NAME_MAX, "name"),
        "relation": _plain(wearer.relation, LINE_MAX, "relation"),
        "born": _plain(_born(wearer), LINE_MAX, "age"),
        "sex": _plain(sex_words(wearer.sex), LINE_MAX, "sex"),
        "number_label": wearer.number_label,
        "number": _plain(wearer.number, LINE_MAX, "number"),
        "alerts": alerts,
        "allergies": _ALLERGIES[wearer.allergies],
        "allergic": wearer.allergies is AllergyState.KNOWN,
    }
    _check_code(wearer.code, CODE_MAX)
    return said


def specimen_facts(specimen: Specimen) -> dict[str, Any]:
    """Return the words of a specimen label; raises CannotPrintError."""
    _check_code(specimen.accession, LINEAR_MAX)
    return {
        **facts(specimen.wearer),
        "accession": specimen.accession,
        "what": _plain(specimen.what, LINE_MAX, "test"),
        "collected": _plain(specimen.collected, LINE_MAX, "collection"),
        "urgent": specimen.urgent,
    }


def drawable(said: dict[str, Any], coverage: Coverage) -> dict[str, Any]:
    """Return the words ready to be set; raises CannotPrintError for what no font can draw."""
    for where, words in said.items():
        for text in words if isinstance(words, list) else [words]:
            missing = coverage.missing(text) if isinstance(text, str) else ()
            if missing:
                raise CannotPrintError(
                    f"The {where} holds {', '.join(missing)}, which no font here can draw: write "
                    "it by hand, and have a font added (packs.fonts in the settings)."
                )
    return {key: breakable(text) if isinstance(text, str) else text for key, text in said.items()}


def _name(wearer: Wearer) -> str:
    words = name_words(wearer.name)
    return wearer.called if words == NAME_NOT_KNOWN and wearer.called else words


def _born(wearer: Wearer) -> str:
    if wearer.birth is not None:
        return clinical_date(wearer.birth)
    return f"not known, {wearer.age}" if wearer.age else "not known"


def _plain(text: str, most: int, where: str) -> str:
    """Return text on one line, its letters and accents joined (Unicode NFC)."""
    seen = "".join(char if char.isprintable() else " " for char in text)
    line = unicodedata.normalize("NFC", " ".join(seen.split()))
    if len(line) > most:
        raise CannotPrintError(
            f"The {where} has {len(line)} characters, a label has room for {most}: write by hand."
        )
    return line


def _check_code(text: str, most: int) -> None:
    if not text or len(text) > most or not (text.isascii() and text.isprintable()):
        raise CannotPrintError(
            f"A barcode holds 1 to {most} plain letters, digits and signs: write by hand."
        )
