"""Call sheets as PDF: one patient a page, in the order they are rung, with the sheet's codes.

A sheet holds what an agent needs and no more: no chart, no whole birth date or record number. What
a caller says is compared with a few of its characters on paper, and whole when it is entered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, json

from wardlight.paper.forms.form import page_of, sheet_of
from wardlight.paper.forms.form_file import VISITS, Form
from wardlight.paper.forms.form_layout import Layout, layout_of
from wardlight.paper.packs.pack import breakable, joined, mapped
from wardlight.paper.sheet_codes import PrintRun
from wardlight.paper.typeset import Press, typeset_alone


class CallVisit(Struct, frozen=True, kw_only=True):
    """One visit that is told: when and what it is, the words, and which version of them."""

    when: str
    what: str
    say: str
    text: str


class CallPatient(Struct, frozen=True, kw_only=True):
    """One patient who is rung."""

    name: str
    language: str
    phones: tuple[str, ...]
    place: str  # on the list: "3 of 20"
    compare: str  # the few characters that are compared on paper
    opening: str
    scam: str
    visits: tuple[CallVisit, ...]
    alone: bool = False  # nobody else may be told


class CallJob(Struct, frozen=True, kw_only=True):
    """The sheets of one agent and shift."""

    form: Form
    run: PrintRun
    site: str
    paper: str
    mode: str
    printed: str
    agent: str
    until: str  # when the sheets are expected back
    patients: tuple[CallPatient, ...]


def call_sheets(job: CallJob, press: Press) -> bytes:
    """Return the sheets as PDF, one page each; what no font can draw is printed as its number."""
    layout = layout_of(job.form, job.paper)
    assert layout.pages == 1, "a call sheet is one page: rows and boxes are told apart by it"
    content = _content(job, layout, press)
    if press.coverage.missing(joined(content)):
        content = mapped(content, press.coverage.substituted)
    name = job.form.name()
    sheets = [sheet_of(job.run, name, at, (at, layout.pages)) for at in range(len(job.patients))]
    files = {
        "form.json": json.encode({**mapped(content, breakable), "sheets": sheets}),
        "page.typ": press.templates["page.typ"],
    }
    return typeset_alone("form.typ", files, press)


def _content(job: CallJob, layout: Layout, press: Press) -> dict[str, Any]:
    return {
        "frame": {
            "site": job.site,
            "unit": "",
            "paper": job.paper,
            "mode": job.mode,
            "age": "",
            "printed": job.printed,
            "head": "",
        },
        "fonts": list(press.families),
        "patient": None,
        "forms": [_drawn(job, layout, one) for one in job.patients],
    }


def _drawn(job: CallJob, layout: Layout, one: CallPatient) -> dict[str, Any]:
    facts = {"compare": one.compare}
    rows = [_row(visit) for visit in one.visits]
    empty = {"visit": "no further visit"}
    lists = [
        [*rows, *[empty] * (part.rows - len(rows))] if part.prefill == VISITS else ()
        for part in job.form.part
    ]
    return {
        "name": job.form.name(),
        "title": job.form.title.upper(),
        "log": False,
        "approved": "",
        "document": False,
        "pages": [page_of(layout, 1, facts, lists)],
        "call": {
            "name": one.name,
            "language": one.language or "not recorded: ask",
            "phones": list(one.phones),
            "place": one.place,
            "alone": one.alone,
            "opening": one.opening,
            "scam": one.scam,
            "agent": job.agent,
            "until": job.until,
        },
    }


def _row(visit: CallVisit) -> Mapping[str, str]:
    return {"visit": f"{visit.when}\n{visit.what}", "say": f"{visit.say}\n[{visit.text}]"}
