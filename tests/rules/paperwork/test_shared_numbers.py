"""Two hospitals of a network may give the same number: a label alone then says nothing."""

from __future__ import annotations

import asyncio

import pytest
from tests.paper.scans.scanned import SERIAL
from tests.web.kept_copy import KeptCopy
from tests.web.screens import NUMBER, one_patient
from tests.web.ward_of_28 import NOW, key_of

from wardlight.record import catalogue
from wardlight.record.entry import Draft
from wardlight.record.events.ordering import DoseCharted
from wardlight.record.events.paperwork import Origin, SheetRun, SheetsIssued
from wardlight.record.events.scans import Outcome, PageScanned
from wardlight.record.identity import Identifier, PatientKey, Person, PersonName
from wardlight.record.instants import PartialDate
from wardlight.record.reading import Headline
from wardlight.rules.asking import Accepted, Asked, Author, Fields, Ground, Refusal
from wardlight.rules.medicines.medicines import dose
from wardlight.rules.paperwork import scans
from wardlight.rules.paperwork.paperwork import issue_draft
from wardlight.rules.paperwork.scans import CodeFound, Numbering, Placed, Seen

CLERK = Author(account="a", name="Clerk A. Sample")
ADA, OTTO = key_of(NUMBER), PatientKey(f"WBH|{NUMBER}")
PRINTED, BLANK = SERIAL, SERIAL.after(1)
IMAGE = "ab" * 32


@pytest.fixture
def copy() -> KeptCopy:
    """Return Ada, Otto of another hospital with her number, and two sheets: Ada's and a blank."""
    copy = one_patient()
    otto = Person(
        key=OTTO,
        identifiers=(Identifier(value=NUMBER, authority="WBH", kind="MR"),),
        name=PersonName(family="Sample", given="Otto"),
        birth=PartialDate(1971, 5, 2),
    )
    copy.tell((Headline(what="ADT^A08", occurred=NOW, persons=(otto,)), ()))
    ada = SheetRun(form="OBSA", first=PRINTED.code(), pages=(1,), patients=(ADA,))
    blank = SheetRun(form="OBSA", first=BLANK.code(), pages=(1,))
    said = SheetsIssued(runs=(ada, blank), unit="4E", origin=Origin.PAD)
    read = PageScanned(image=IMAGE, file="", number=1, outcome=Outcome.UNMATCHED, page=1)
    nowhere = Placed(because=scans.NO_LABEL)
    drafts = scans.drafts_of(read, nowhere, CLERK, site="MMH", now=NOW, intake="x")
    for draft in (issue_draft(said, CLERK, site="MMH", now=NOW), *drafts):
        asyncio.run(_write(copy, draft))
    return copy


async def _write(copy: KeptCopy, draft: Draft) -> None:
    await copy.write(draft)


def seen(copy: KeptCopy, after: int, *labels: str) -> Placed:
    code = CodeFound(SERIAL.after(after), "OBSA", 1, "A", drill=False)
    return scans.placed(Seen(codes=(code,), strange=0, labels=labels), copy.views, Numbering())


def settled(copy: KeptCopy, **fields: str) -> Accepted | Refusal:
    asked = Asked(
        id="0" * 32,
        kind=catalogue.PAGE_SETTLED,
        site="MMH",
        author=CLERK,
        fields=Fields([("image", IMAGE), ("decision", "file"), *fields.items()]),
    )
    return scans.settle(asked, Ground(views=copy.views, now=NOW, zone="UTC", site="MMH"))


def test_a_label_that_two_patients_may_wear_files_nothing_and_says_why(copy: KeptCopy) -> None:
    assert seen(copy, 1, NUMBER).because == scans.SHARED_LABEL


def test_a_shared_number_that_is_also_the_patients_own_keeps_their_sheet(copy: KeptCopy) -> None:
    assert seen(copy, 0, NUMBER).patient == ADA


def test_a_shared_number_of_two_others_on_a_patients_sheet_waits(copy: KeptCopy) -> None:
    for site in ("TAY", "RGH"):
        other = Person(
            key=PatientKey(f"{site}|7009"),
            identifiers=(Identifier(value="7009", authority=site, kind="MR"),),
        )
        copy.tell((Headline(what="ADT^A08", occurred=NOW, persons=(other,)), ()))
    assert seen(copy, 0, "7009").because == scans.OTHER_LABEL


def test_a_shared_number_is_told_apart_by_the_birth_date_on_the_label(copy: KeptCopy) -> None:
    asked = settled(copy, number=NUMBER)
    assert isinstance(asked, Refusal)
    assert asked.fields == {"born": scans.TYPE_BORN}
    placed = settled(copy, number=NUMBER, born="02-May-1971")
    assert isinstance(placed, Accepted)
    assert placed.patient == OTTO


@pytest.mark.parametrize("born", ["03-May-1971", "Otto", "1971"])
def test_a_birth_date_that_is_not_one_of_theirs_places_nothing(copy: KeptCopy, born: str) -> None:
    assert isinstance(settled(copy, number=NUMBER, born=born), Refusal)


def test_a_page_the_sheet_does_not_have_is_refused(copy: KeptCopy) -> None:
    answer = settled(copy, serial=PRINTED.text(), page="9")
    assert isinstance(answer, Refusal)
    assert answer.fields == {"page": "This sheet has 1 page: read the page at its foot again."}


def test_a_wristband_whose_number_another_patient_has_is_matched_and_warned_of(
    copy: KeptCopy,
) -> None:
    given = (("state", "given"), ("drug", "Paracetamol"), ("amount", "500"), ("unit", "mg"))
    asked = Asked(
        id="a" * 32,
        kind="dose.charted",
        site="MMH",
        author=CLERK,
        fields=Fields((*given, ("wristband", NUMBER))),
        patient=ADA,
    )
    ground = Ground(views=copy.views, now=NOW, zone="UTC", site="MMH")
    found = dose(asked, ground)
    assert isinstance(found, Accepted)
    assert isinstance(found.said, DoseCharted)
    assert found.said.wristband == "matched; others have this number too"
    assert [(one.code, one.asks) for one in found.warnings] == [("shared-wristband-number", False)]
    assert "SAMPLE, Otto" in found.warnings[0].words
