"""The forms there are to print, and the older versions that may still come back."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from wardlight.paper.documents import Document
from wardlight.paper.forms.form_file import Form, Whose
from wardlight.record.problems import Problem

PACK_FORMS = {"W1A": "Unit census", "W2A": "Patient summary", "W3A": "Downtime MAR"}
"""Sheets of ward packs, which are drawn and not filled in from files."""


class Library(Struct, frozen=True):
    """Every version of every form, and what is wrong with files that cannot be used."""

    forms: Mapping[str, Form] = {}  # by code and version: OBSA
    documents: Mapping[str, Document] = {}
    problems: tuple[Problem, ...] = ()

    def newest(self) -> list[Form]:
        """Return the version of each form that is printed now, by title."""
        found: dict[str, Form] = {}
        for form in sorted(self.forms.values(), key=lambda one: _age(one.version)):
            found[form.code] = form
        return sorted(found.values(), key=lambda one: one.title)

    def printable(self) -> list[Form]:
        """Return the forms that people choose from: call sheets come from the list of calls."""
        return [one for one in self.newest() if one.whose is not Whose.CALL]

    def newest_of(self, name: str) -> Form | None:
        """Return the version that is printed now of the form a sheet was printed as."""
        form = self.forms.get(name)
        if form is None:
            return None
        return next(one for one in self.newest() if one.code == form.code)

    def is_old(self, name: str) -> bool:
        """Return whether a sheet is of a version that a later one has taken the place of."""
        newest = self.newest_of(name)
        return newest is not None and newest.name() != name

    def title(self, name: str) -> str:
        """Return what a sheet is called; the bare name for one of a form nobody knows here."""
        form = self.forms.get(name)
        return form.title if form else PACK_FORMS.get(name, f"Form {name}")


def _age(version: str) -> tuple[int, str]:
    return len(version), version
