from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from tests.paper.forms.forms import job
from tests.paper.printed import SEAL, Printed

from wardlight.paper.forms.form import Wanted, printed_forms
from wardlight.paper.typeset import Press
from wardlight.run.paperwork.form_library import load_forms
from wardlight.run.paperwork.press import load_press

FALLS = """
code = "FALL"
version = "{version}"
title = "Fall, first look"
about = "After a fall on the ward"
sets = ["ward"]

[[part]]
title = "What happened"
kind = "note.written"
fixed = {{ note_kind = "nursing note" }}
field = [
  {{ label = "What was seen", to = "part_0", width = 186, height = 40 }},
  {{ label = "Told", box = "tick", width = 80, options = ["physician", "family"] }},
]
"""
SEPSIS = 'code = "SEPS"\nversion = "A"\ntitle = "Sepsis order set"\nabout = "v3 of the committee"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "forms").mkdir()
    return tmp_path


@pytest.fixture(scope="module")
def press() -> Press:
    return load_press()


def put(folder: Path, name: str, body: str) -> None:
    (folder / "forms" / name).write_text(body)


def test_a_site_adds_a_form_with_one_file(folder: Path, press: Press) -> None:
    put(folder, "FALL.A.toml", FALLS.format(version="A"))
    library = load_forms(folder)
    assert library.problems == ()
    wanted = Wanted(form=library.forms["FALLA"])
    made = printed_forms(msgspec.structs.replace(job("OBSA"), wanted=(wanted,)), press)
    assert "FALL, FIRST LOOK" in Printed(made.pdf.body).texts[0]


@pytest.mark.parametrize(
    ("right", "wrong", "because"),
    [
        ("note.written", "note.writen", "there is no entry “note.writen”"),
        ("part_0", "seen", "nothing of an entry “note.written” is called “seen”"),
        ("part_0", "part_3", "nothing of an entry “note.written” is called “part_3”"),
    ],
)
def test_a_form_whose_answers_would_go_nowhere_is_named_and_not_printed(
    folder: Path, right: str, wrong: str, because: str
) -> None:
    put(folder, "FALL.A.toml", FALLS.format(version="A").replace(right, wrong))
    library = load_forms(folder)
    assert "FALLA" not in library.forms
    assert [one.because for one in library.problems] == [f"the part “What happened”: {because}"]


def test_a_newer_version_is_printed_and_the_older_one_can_still_be_read(folder: Path) -> None:
    for version in ("A", "B"):
        put(folder, f"FALL.{version}.toml", FALLS.format(version=version))
    library = load_forms(folder)
    assert [one.name() for one in library.newest() if one.code == "FALL"] == ["FALLB"]
    assert "FALLA" in library.forms
    assert (library.is_old("FALLA"), library.is_old("FALLB")) == (True, False)


@pytest.mark.parametrize(
    ("body", "because"),
    [
        ("code = 3", "Expected `str`"),
        ("title = [", "Invalid value"),
        (FALLS.format(version="A").replace("width", "wdith"), "wdith"),
        (FALLS.format(version="A").replace('box = "tick", ', ""), "needs options"),
        (FALLS.format(version="A").replace('"FALL"', '"fall"'), "matching regex"),
        (FALLS.format(version="A").replace('kind = "note.written"', ""), "to no entry"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_reason(
    folder: Path, body: str, because: str
) -> None:
    put(folder, "BAD.A.toml", body)
    library = load_forms(folder)
    assert len(library.newest()) == 24
    [problem] = library.problems
    assert problem.where == "BAD.A.toml"
    assert because in problem.because


def test_a_protocol_is_printed_page_by_page_with_our_codes_and_its_version(
    folder: Path, press: Press
) -> None:
    (folder / "forms" / "sepsis.pdf").write_bytes(
        printed_forms(job("DISA", "ORDA"), press).pdf.body
    )
    put(folder, "SEPS.A.toml", SEPSIS + 'pdf = "sepsis.pdf"\napproved = "Committee, 01-Nov-2026"\n')
    library = load_forms(folder)
    wanted = Wanted(form=library.forms["SEPSA"], document=library.documents["SEPSA"])
    made = printed_forms(msgspec.structs.replace(job("OBSA"), wanted=(wanted,)), press)
    pages = Printed(made.pdf.body)
    assert made.runs[0].pages == (2,)
    assert "Approved: Committee, 01-Nov-2026. An older version is not used." in pages.texts[1]
    assert "ORDER SHEET" in pages.texts[1]
    ours = [code for one in pages.codes(1) if (code := SEAL.read(one)) and code.form == "SEPSA"]
    assert {code.page for code in ours} == {2}


def test_a_protocol_that_is_not_there_or_no_pdf_is_named(folder: Path) -> None:
    put(folder, "SEPS.A.toml", SEPSIS + 'pdf = "../../sepsis.pdf"\n')
    assert "sepsis.pdf is not there" in load_forms(folder).problems[0].because
    (folder / "forms" / "sepsis.pdf").write_bytes(b"no PDF")
    assert "no PDF" in load_forms(folder).problems[0].because
