"""A form as its file says: parts, fields, and which entry of the ward each box goes back to.

One TOML file is one version of one form (docs/forms.md). Everything that is not understood is
refused with its place, so that a misspelt word never silently loses a box.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct, ValidationError, convert

from wardlight.record.problems import Problem

FACTS = (
    "weight",
    "height",
    "allergies",
    "code_status",
    "alerts",
    "problems",
    "reason",
    "attending",
    "admitted",
    "visit",
    "language",
    "phone",
    "address",
    "contact",
    "diet",
    "pending",
    "results",
    "medicines",
    "bed",
    "printed",
)
"""Words a form's file may use for one box (`paper/forms/form_facts.py` says what each prints)."""
CALL_FACTS = ("compare",)
"""Words of a call sheet's boxes (`paper/call_sheets.py`): it holds nothing of a chart."""
_MEDICINE = (
    "dose",
    "drug",
    "rate",
    "route",
    "frequency",
    "how",
    "last",
    "next",
    "state",
    "indication",
    "line",
)
VISITS = "visits"  # the list of a call sheet
LISTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("scheduled", "infusion", "as needed", "one time", "medicines"), _MEDICINE),
    "pending": ("what", "ordered"),
    "results": ("what", "test", "value", "flags", "when"),
    VISITS: ("visit", "say"),
}
"""Words a form's file may use to fill the first rows of a table, and those of their columns."""

Mm = Annotated[float, Meta(gt=0, le=190)]


class Whose(StrEnum):
    """Whose a sheet is."""

    PATIENT = "patient"  # one patient's: printed for them, or blank with a place for their label
    LOG = "log"  # a list with many patients, kept at one desk
    CALL = "call"  # one patient's who is rung: made from the list of calls, and nowhere else


class BoxKind(StrEnum):
    """What is put into a box."""

    WRITE = "write"  # by hand
    TICK = "tick"  # one or more options, each with a box to mark
    SCREEN = "screen"  # filled in by the printer and not to be written over


class Field(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that is written or ticked."""

    label: str
    to: str = ""  # field of the entry it becomes; "" is kept as a picture only
    box: BoxKind = BoxKind.WRITE
    width: Mm = 40
    height: Mm = 9
    options: tuple[str, ...] = ()  # what is beside each box to tick
    values: tuple[str, ...] = ()  # what a ticked one becomes; without them, its option
    prefill: str = ""  # which fact of the patient is printed into it
    bold: bool = False
    new_line: bool = False  # begins a line of its own

    def values_of(self) -> tuple[str, ...]:
        """Return what each option becomes."""
        return self.values or self.options


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One block of fields, or a table whose rows are an entry each."""

    title: str = ""
    note: str = ""
    kind: str = ""  # entry of the ward: "vitals.charted"; "" is kept as a picture only
    fixed: dict[str, str] = {}  # what its entries say without a box: state = "given"
    rows: Annotated[int, Meta(ge=0, le=60)] = 0  # 0: one block
    row_height: Mm = 9
    prefill: str = ""  # which list of the patient fills the first rows
    field: tuple[Field, ...] = ()


class Form(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of one form."""

    code: Annotated[str, Meta(pattern="^[A-Z][A-Z0-9]{1,4}$")]
    version: Annotated[str, Meta(pattern="^[A-Z][0-9]?$")]
    title: Annotated[str, Meta(min_length=3, max_length=60)]
    about: str  # what it is for, for those who choose it
    whose: Whose = Whose.PATIENT
    sets: tuple[str, ...] = ()  # where a set of it is printed: "admission in ED"
    second_check: bool = False  # two people sign: high-alert medicines, blood
    pdf: str = ""  # a site's own document, printed page by page with our codes and head
    approved: str = ""  # by whom and when: of a protocol or order set
    part: tuple[Part, ...] = ()

    def name(self) -> str:
        """Return code and version as they stand in the codes on paper: `OBSA`."""
        return self.code + self.version


def read_form(body: bytes, where: str) -> Form | Problem:
    """Return the form of a file, or what is wrong with it and where."""
    try:
        form = convert(tomllib.loads(body.decode("utf-8")), Form, strict=True)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        return Problem("form.unreadable", where, str(error))
    because = _wrong(form)
    return Problem("form.wrong", where, because) if because else form


def _wrong(form: Form) -> str:
    """Return what cannot be printed of a form, in words; "" for nothing."""
    if bool(form.pdf) == bool(form.part):
        return "a form has parts, or is a PDF: one of both"
    for part in form.part:
        if not part.field:
            return f"the part “{part.title}” has no fields"
        known = part.prefill in LISTS and (part.prefill == VISITS) == (form.whose is Whose.CALL)
        if part.prefill and not (known and part.rows):
            return (
                f"the part “{part.title}”: “{part.prefill}” is no list, or it has no rows to fill"
            )
        for field in part.field:
            if because := _wrong_field(field, part, form.whose):
                return f"“{field.label}” of “{part.title}”: {because}"
    return ""


def _wrong_field(field: Field, part: Part, whose: Whose) -> str:
    if (field.box is BoxKind.TICK) != bool(field.options):
        return "what is ticked needs options, and nothing else has them"
    if field.values and len(field.values) != len(field.options):
        return "each option needs its value"
    if field.to and not part.kind:
        return "it goes back to a field, but its part to no entry"
    facts = CALL_FACTS if whose is Whose.CALL else FACTS
    if field.prefill and field.prefill not in LISTS.get(part.prefill, facts):
        return f"nothing is printed for “{field.prefill}”: is it spelt right?"
    return ""
