"""The library, one patient of the invented ward, and forms printed for them or blank."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
from tests.paper.printed import Printed, copy_in_downtime, pack_of

from wardlight.paper.forms.form import FormJob, Wanted, printed_forms
from wardlight.paper.forms.form_file import Form
from wardlight.paper.forms.form_library import Library
from wardlight.paper.packs.pack import WardPack
from wardlight.paper.packs.sheets import PatientSheets, UnitPack
from wardlight.paper.typeset import Press
from wardlight.run.paperwork.form_library import load_forms

NAMES = sorted(load_forms(Path("/nowhere")).forms)


@cache
def library() -> Library:
    return load_forms(Path("/nowhere"))


@cache
def ward(paper: str = "letter") -> UnitPack:
    return pack_of(copy_in_downtime(), paper=paper)


def somebody(paper: str = "letter") -> PatientSheets:
    return ward(paper).patients[2]


def job(
    *names: str, patient: PatientSheets | None = None, copies: int = 1, paper: str = "letter"
) -> FormJob:
    wanted = tuple(Wanted(form=library().forms[name], copies=copies) for name in names)
    frame = msgspec.structs.replace(ward(paper), patients=())
    return FormJob(frame=frame, wanted=wanted, patient=patient)


def on_paper(one: FormJob, press: Press) -> tuple[Printed, WardPack]:
    made = printed_forms(one, press)
    return Printed(made.pdf.body), made


def form(name: str) -> Form:
    return library().forms[name]
