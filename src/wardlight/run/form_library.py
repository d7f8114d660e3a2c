"""The forms there are: ours, and those of a site, each version a file of its own.

A site puts its forms and protocols into the folder `forms` of the node. A file that cannot be used
is named with its reason, and never keeps the others from being printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pypdfium2
from msgspec import Struct

from wardlight import paper
from wardlight.paper.documents import Document
from wardlight.paper.form_file import Form, read_form
from wardlight.record.problems import Problem

FOLDER = "forms"
DOCUMENT_PAGES_MAX = 40
OURS = Path(paper.__file__).parent / FOLDER
FILE_BYTES_MAX, DOCUMENT_BYTES_MAX = 256 * 1024, 20 * 1024 * 1024


class Library(Struct, frozen=True):
    """Every version of every form, and what is wrong with files that cannot be used."""

    forms: Mapping[str, Form]  # by code and version: OBSA
    documents: Mapping[str, Document]
    problems: tuple[Problem, ...]

    def newest(self) -> list[Form]:
        """Return the version of each form that is printed now, by title."""
        found: dict[str, Form] = {}
        for form in sorted(self.forms.values(), key=lambda one: _age(one.version)):
            found[form.code] = form
        return sorted(found.values(), key=lambda one: one.title)

    def is_old(self, name: str) -> bool:
        """Return whether a sheet is of a version that a later one has taken the place of."""
        form = self.forms.get(name)
        return form is not None and form not in self.newest()


def load_forms(data: Path) -> Library:
    """Return our forms and those of a node's own folder, which may stand in for ours."""
    forms: dict[str, Form] = {}
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for folder in (OURS, data / FOLDER):
        theirs: set[str] = set()
        for path in sorted(folder.glob("*.toml")):
            form = _read(path)
            if isinstance(form, Form) and form.name() in theirs:
                form = Problem("form.twice", path.name, "another file has this code and version")
            if isinstance(form, Form) and form.pdf:
                document = _document(path, form)
                if isinstance(document, Problem):
                    form = document
                else:
                    documents[form.name()] = document
            if isinstance(form, Problem):
                problems.append(form)
                continue
            theirs.add(form.name())
            forms[form.name()] = form
    return Library(forms, documents, tuple(problems))


def _read(path: Path) -> Form | Problem:
    try:
        body = path.read_bytes()
    except OSError as error:
        return Problem("form.unreadable", path.name, error.strerror or "it cannot be read")
    if len(body) > FILE_BYTES_MAX:
        return Problem("form.unreadable", path.name, "it is larger than a form can be")
    return read_form(body, path.name)


def _document(path: Path, form: Form) -> Document | Problem:
    """Return the PDF of a protocol; only one that lies beside its file, and can be opened."""
    beside = path.parent / Path(form.pdf).name
    try:
        body = beside.read_bytes()
        if len(body) > DOCUMENT_BYTES_MAX:
            return Problem("form.document", path.name, f"{beside.name} is larger than 20 MB")
        pages = len(pypdfium2.PdfDocument(body))
    except (OSError, pypdfium2.PdfiumError):
        return Problem("form.document", path.name, f"{beside.name} is not there, or no PDF")
    if not 0 < pages <= DOCUMENT_PAGES_MAX:
        return Problem("form.document", path.name, f"a PDF has 1 to {DOCUMENT_PAGES_MAX} pages")
    return Document(body, pages)


def _age(version: str) -> tuple[int, str]:
    return len(version), version
