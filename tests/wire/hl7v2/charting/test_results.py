"""OBR, OBX, NTE and SPM."""

from __future__ import annotations

import pytest
from tests.wire.hl7v2.charting.told import at, only, told

from wardlight.record.codes import Coded, ResultState
from wardlight.record.events.charting import Observation, ResultsReported

OBR = "OBR|1|1^OE|2^LAB|24323-8^Metabolic panel^LN|||202611220200"
HEAD = OBR + "|" * 15 + "202611220230||LAB|F"


def observed(kind: str, value: str) -> str:
    report = only(ResultsReported, "ORU^R01", HEAD, f"OBX|1|{kind}|X^Test||{value}|||||F")
    return report.observations[0].value


def test_a_report_is_told_with_its_lines() -> None:
    obx = "OBX|1|NM|2823-3^Potassium^LN||6.80|mmol/L|3.5-5.1|HH~A|||F|||202611220205"
    assert only(ResultsReported, "ORU^R01", HEAD, obx) == ResultsReported(
        number="LAB|2",
        other_number="OE|1",
        test=Coded("24323-8", "Metabolic panel", "LN"),
        state=ResultState.FINAL,
        collected=at("2026-11-22 02:00"),
        reported=at("2026-11-22 02:30"),
        section="LAB",
        observations=(
            Observation(
                test=Coded("2823-3", "Potassium", "LN"),
                value="6.80",
                unit="mmol/L",
                range="3.5-5.1",
                flags=("HH", "A"),
                state=ResultState.FINAL,
                at=at("2026-11-22 02:05"),
                kind="NM",
            ),
        ),
    )


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("F", ResultState.FINAL),
        ("C", ResultState.CORRECTED),
        ("P", ResultState.PRELIMINARY),
        ("S", ResultState.PRELIMINARY),
        ("R", ResultState.PRELIMINARY),
        ("A", ResultState.AMENDED),
        ("I", ResultState.PENDING),
        ("D", ResultState.WITHDRAWN),
        ("X", ResultState.WITHDRAWN),
        ("W", ResultState.WRONG_PATIENT),
        ("", ResultState.NOT_STATED),
    ],
)
def test_how_far_a_line_may_be_relied_on(status: str, state: ResultState) -> None:
    line = only(ResultsReported, "ORU^R01", HEAD, f"OBX|1|NM|X||1||||||{status}").observations[0]
    assert line.state is state


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("A", ResultState.PRELIMINARY),
        ("I", ResultState.PENDING),
        ("O", ResultState.PENDING),
        ("C", ResultState.CORRECTED),
        ("X", ResultState.WITHDRAWN),
    ],
)
def test_how_far_a_report_may_be_relied_on(status: str, state: ResultState) -> None:
    obr = f"{OBR}{'|' * 18}{status}"
    assert only(ResultsReported, "ORU^R01", obr).state is state


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("SN", ">^100", ">100"),
        ("SN", "^1^:^128", "1:128"),
        ("SN", "^10^-^20", "10-20"),
        ("CWE", "A^Group A^L~^Rh pos", "Group A; Rh pos"),
        ("ED", "^application^PDF^Base64^JVBERi0=", "PDF document"),
        ("RP", "http://x.invalid/1", "document"),
        ("TX", "No growth.\\.br\\Final report", "No growth.\nFinal report"),
        ("FT", "<b>No</b> growth", "No growth"),
        ("NM", "07.50", "07.50"),
        ("ST", "AT&T ^ x", "AT&T ^ x"),
        ("NM", '""', ""),
    ],
)
def test_a_value_in_words_by_its_type(kind: str, value: str, shown: str) -> None:
    assert observed(kind, value) == shown


def test_a_line_without_its_own_time_has_the_collection_time() -> None:
    report = only(ResultsReported, "ORU^R01", HEAD, "OBX|1|NM|X||1")
    assert report.observations[0].at == at("2026-11-22 02:00")


def test_notes_stand_where_they_were_sent() -> None:
    segments = (HEAD, "NTE|1||Fasting", "OBX|1|NM|X||1", "NTE|1||Haemolysed", "NTE|2||Repeat")
    report = only(ResultsReported, "ORU^R01", *segments)
    assert report.notes == ("Fasting",)
    assert report.observations[0].notes == ("Haemolysed", "Repeat")


def test_the_specimen_comes_from_spm_else_obr_15() -> None:
    assert only(ResultsReported, "ORU^R01", HEAD, "SPM|1|||BLD^Blood").specimen == "Blood"
    obr = OBR + "|" * 8 + "BLD&Whole blood&L"
    assert only(ResultsReported, "ORU^R01", obr).specimen == "Whole blood"


def test_a_culture_names_its_parent() -> None:
    obr = OBR + "|" * 22 + "1&OE^7&LAB"
    assert only(ResultsReported, "ORU^R01", obr).parent == "LAB|7"


def test_two_reports_of_one_message_keep_their_own_lines() -> None:
    one, other = told(
        ResultsReported, "ORU^R01", "OBR|1||A", "OBX|1|NM|X||1", "OBR|2||B", "OBX|1|NM|Y||2"
    )
    assert [line.test.code for line in one.observations] == ["X"]
    assert [line.test.code for line in other.observations] == ["Y"]


def test_a_report_has_its_number_from_orc_when_obr_has_none() -> None:
    report = only(ResultsReported, "ORU^R01", "ORC|RE|1^OE|2^LAB", "OBR|1|||X", "OBX|1|NM|X||1")
    assert (report.number, report.other_number) == ("LAB|2", "OE|1")


def test_now_final_without_a_value_does_not_erase_the_value() -> None:
    assert only(ResultsReported, "ORU^R01", HEAD, "OBX|1|NM|X||||||||U").observations == ()


def test_weight_and_height_of_an_admission_are_observations() -> None:
    report = only(ResultsReported, "ADT^A01", "OBX|1|NM|29463-7^Weight^LN||71.5|kg|||||F")
    assert (report.number, report.test) == ("", Coded(text="Observations"))
    assert report.observations[0].value == "71.5"
