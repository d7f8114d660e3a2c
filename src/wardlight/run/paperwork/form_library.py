"""The forms there are: ours, and those of a site, each version a file of its own.

A site puts its forms and protocols into the folder `forms` of the node. A file that cannot be used
is named with its reason, and never keeps the others from being printed.
"""

from __future__ import annotations

from pathlib import Path

import pypdfium2

from wardlight import paper
from wardlight.paper.documents import Document
from wardlight.paper.forms.form_file import Form, read_form
from wardlight.paper.forms.form_library import Library
from wardlight.record.problems import Problem
from wardlight.rules.paperwork.form_fields import unread_fields
from wardlight.rules.registry import RULES

FOLDER = "forms"
DOCUMENT_PAGES_MAX = 40
OURS = Path(paper.__file__).parent / FOLDER
FILE_BYTES_MAX, DOCUMENT_BYTES_MAX = 256 * 1024, 20 * 1024 * 1024


class FormShelf:
    """The forms of a node; a file that a site adds or changes is there with the next page."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._seen: tuple[tuple[str, int], ...] | None = None
        self._library = Library()

    def __call__(self) -> Library:
        """Return the forms as their files are now."""
        files = sorted((self._data / FOLDER).glob("*"))
        seen = tuple((path.name, path.stat().st_mtime_ns) for path in files)
        if seen != self._seen:
            self._library, self._seen = load_forms(self._data), seen
        return self._library


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
    form = read_form(body, path.name)
    because = _goes_nowhere(form) if isinstance(form, Form) else ""
    return Problem("form.wrong", path.name, because) if because else form


def _goes_nowhere(form: Form) -> str:
    """Return in words what of a form would be typed from the sheet and lost; "" for nothing."""
    for part in form.part:
        if part.kind and part.kind not in RULES:
            return f"the part “{part.title}”: there is no entry “{part.kind}”"
        unread = unread_fields(part.kind, part.fixed, (one.to for one in part.field))
        if unread:
            words = ", ".join(f"“{one}”" for one in unread)
            return f"the part “{part.title}”: nothing of an entry “{part.kind}” is called {words}"
    return ""


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
