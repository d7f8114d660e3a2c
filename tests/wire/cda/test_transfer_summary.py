"""A transfer summary in XML: valid by HL7's schema, unknown said so, hostile text harmless."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.examples import examples
from tests.wire.cda.reading import Document, schema_faults

from wardlight.record.codes import Coded, ResultState
from wardlight.record.events.charting import Allergy, Observation
from wardlight.record.identity import Identifier, PatientKey, Person, PersonName
from wardlight.record.instants import Instant, Moment, PartialDate
from wardlight.wire.cda.transfer_summary import (
    Found,
    Medicine,
    Problem,
    TransferSummary,
    document_id,
    transfer_summary,
)

NOW = Instant(1_795_320_000_000)
ADA = Person(
    key=PatientKey("MMH|7041182"),
    identifiers=(Identifier("7041182", "MMH", "MR"),),
    name=PersonName(family="Testpatient", given="Ada"),
    birth=PartialDate(1958, 3),
    sex="F",
)
EMPTY = TransferSummary(
    id=document_id("a"),
    made=NOW,
    zone="America/New_York",
    person=ADA,
    protected=False,
    site="Marble City Memorial",
    to="",
    reason=("service not available: CT down",),
    plan=(),
)
FULL = replace(
    EMPTY,
    to="Green Valley General",
    receiver="Dr Example-Yes",
    callback="4E 4112",
    admitted=Moment(NOW, 8),
    left=Moment(NOW),
    allergies=(Allergy(agent=Coded("7980", "Penicillin", "RXNORM"), reactions=("hives",)),),
    medicines=(
        Medicine(number="O7", drug=Coded("4603", "furosemide", "RXNORM"), line="furosemide 40 mg"),
        Medicine(number="O8", drug=Coded(text="heparin"), line="heparin", held=True, last="5 mL"),
    ),
    problems=(Problem(problem=Coded("I50.9", "Heart failure", "I10C"), since=Moment(NOW, 4)),),
    results=(
        Found(
            number="R1",
            test=Coded("2823-3", "Potassium", "LN"),
            at=Moment(NOW),
            lines=(
                Observation(
                    test=Coded("2823-3", "Potassium", "LN"),
                    value="6.8",
                    unit="mEq/L",
                    range="3.5-5.1",
                    flags=("HH",),
                ),
                Observation(test=Coded(text="Culture"), value="no growth", kind="TX"),
                Observation(test=Coded(text="X"), value="1", state=ResultState.WITHDRAWN),
            ),
        ),
    ),
    signs=(
        Found(
            number="S1",
            test=Coded(text="Vital signs"),
            at=Moment(NOW),
            lines=(Observation(test=Coded("8867-4", "Pulse", "LN"), value="88", unit="/min"),),
        ),
    ),
    pending=("Blood culture",),
)
ALLERGIES, MEDICINES, RESULTS = "48765-2", "10160-0", "30954-2"


@pytest.mark.parametrize("said", [EMPTY, FULL], ids=["nothing known", "everything known"])
def test_the_document_is_valid_by_the_schema_of_hl7(said: TransferSummary, shared: Path) -> None:
    body = transfer_summary(said)
    assert schema_faults(body, shared) == []
    assert list(Document(body).faults()) == []


def test_nothing_known_is_never_none() -> None:
    read = Document(transfer_summary(EMPTY))
    assert read.is_empty(ALLERGIES)
    assert "does not mean that there are none" in read.section(ALLERGIES)
    assert read.texts("//h:observation[@negationInd='true']") == []


def test_each_line_is_read_with_its_time_and_why_it_has_no_value() -> None:
    unsaid = Observation(
        test=Coded(text="Sodium"), state=ResultState.PRELIMINARY, at=Moment(NOW, 8)
    )
    [report] = FULL.results
    said = replace(FULL, results=(replace(report, lines=(*report.lines, unsaid)),))
    read = Document(transfer_summary(said)).section(RESULTS).splitlines()
    assert read == [
        "Potassium 6.8 mEq/L HH (21-Nov-2026 23:00, status not stated)",
        "Culture no growth (21-Nov-2026 23:00, status not stated)",
        "X value withdrawn (21-Nov-2026 23:00, withdrawn)",
        "Sodium no value stated (21-Nov-2026, preliminary)",
    ]


def test_older_reports_that_are_not_in_the_document_are_counted_in_it() -> None:
    read = Document(transfer_summary(replace(FULL, results_left_out=3)))
    assert "3 older reports are not in this document" in read.section(RESULTS)


def test_a_departure_known_to_the_day_is_not_given_a_minute() -> None:
    read = Document(transfer_summary(replace(FULL, left=Moment(NOW, 8))))
    left = read.texts("//h:encompassingEncounter/h:effectiveTime/h:high/@value")
    assert left == ["20261121"]


def test_no_known_allergies_is_said_only_when_somebody_said_it(shared: Path) -> None:
    body = transfer_summary(replace(EMPTY, none_known=True))
    read = Document(body)
    assert read.texts("//h:observation/@negationInd") == ["true"]
    assert schema_faults(body, shared) == []


def test_a_value_is_a_quantity_only_with_a_unit_of_ucum() -> None:
    read = Document(transfer_summary(FULL))
    held = f"//h:section[h:code/@code='{RESULTS}']//h:value"
    assert read.texts(f"{held}/@unit") == ["meq/L"]
    assert read.texts(f"{held}/text()") == ["no growth"]
    assert read.texts(f"{held}/@nullFlavor") == ["NI"]


def test_a_code_without_a_known_system_is_kept_as_words() -> None:
    read = Document(transfer_summary(FULL))
    held = f"//h:section[h:code/@code='{MEDICINES}']//h:manufacturedMaterial/h:code"
    assert read.texts(f"{held}/h:originalText/text()") == ["furosemide", "heparin"]
    assert read.texts(f"{held}/@nullFlavor") == ["OTH"]


@given(text=st.text(max_size=40))
@settings(max_examples=examples(60), deadline=None)
def test_any_text_comes_back_as_text_and_nothing_else(text: str) -> None:
    hostile = f"{text}<script>&x;]]>"
    name = PersonName(family=hostile, given="A")
    allergy = Allergy(agent=Coded(text, hostile, text), reactions=(hostile,))
    said = replace(FULL, person=replace(ADA, name=name), allergies=(allergy,), to=hostile)
    read = Document(transfer_summary(said))
    assert list(read.faults()) == []
    assert "<script>" in read.texts("//h:patient/h:name/h:family/text()")[0]
