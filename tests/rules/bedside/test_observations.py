"""Vital signs, fluids and notes: what is written, what is asked about, what cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import examples
from tests.rules.laboratory.loop_ward import Ward

from wardlight.record import catalogue
from wardlight.record.events.observations import Flow, IntakeOutput, NoteWritten, VitalsCharted
from wardlight.rules.asking import Accepted, Refusal
from wardlight.rules.bedside.observations import CHOICES, NOTE_MAX, PARTS, SIGNS

HOSTILE = "<script>alert('x')</script> \N{RIGHT-TO-LEFT OVERRIDE}\0 ${7*7} '; DROP TABLE"
WHOLE = {
    "respirations": "18",
    "spo2": "97",
    "spo2 scale": "1",
    "on oxygen": "no",
    "systolic": "124",
    "diastolic": "76",
    "pulse": "72",
    "consciousness": "A",
    "temperature": "36.8",
    "pain": "2",
    "gcs": "15",
    "glucose": "104",
    "weight": "61.5",
    "height": "168",
}


def judge(kind: str, fields: dict[str, str]) -> Accepted | Refusal:
    ward = Ward()
    patient = ward.admit("704118", "O'BRIEN", "Siobhán")
    return ward.ask(kind, [*fields.items()], patient=patient)


def vitals(**fields: str) -> Accepted | Refusal:
    return judge(
        catalogue.VITALS_CHARTED, {name.replace("__", " "): v for name, v in fields.items()}
    )


def fluid(**fields: str) -> Accepted | Refusal:
    base = {"flow": "in", "route": "oral", "volume": "200"}
    return judge(catalogue.FLUID_CHARTED, {**base, **fields})


def note(kind: str, **fields: str) -> Accepted | Refusal:
    return judge(catalogue.NOTE_WRITTEN, {"note_kind": kind, **fields})


def wrong(found: Accepted | Refusal) -> dict[str, str]:
    assert isinstance(found, Refusal), found
    return found.fields


def said(found: Accepted | Refusal) -> Any:
    assert isinstance(found, Accepted), found
    return found.said


def warned(found: Accepted | Refusal) -> list[str]:
    assert isinstance(found, Accepted), found
    return [one.words for one in found.warnings]


def test_every_sign_is_kept_as_it_was_typed_with_its_unit() -> None:
    found: VitalsCharted = said(judge(catalogue.VITALS_CHARTED, WHOLE))
    assert {one.sign: one.value for one in found.readings} == WHOLE
    assert {one.sign: one.unit for one in found.readings}["systolic"] == "mm[Hg]"


def test_a_usual_set_warns_of_nothing() -> None:
    assert warned(judge(catalogue.VITALS_CHARTED, WHOLE)) == []


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("typed", ["abc", "-5", "1e3", "12,345", HOSTILE, "999999"])
def test_what_is_no_number_is_said_at_its_field(sign: str, typed: str) -> None:
    assert list(wrong(judge(catalogue.VITALS_CHARTED, {sign: typed}))) == [sign]


@pytest.mark.parametrize("sign", SIGNS)
def test_what_nobody_can_have_is_refused_and_its_limits_are_said(sign: str) -> None:
    found = wrong(judge(catalogue.VITALS_CHARTED, {sign: str(int(SIGNS[sign].highest) + 1)}))
    assert found[sign].endswith(f"is between {SIGNS[sign].lowest:g} and {SIGNS[sign].highest:g}.")


@pytest.mark.parametrize("sign", CHOICES)
def test_a_choice_nobody_offered_names_what_can_be_chosen(sign: str) -> None:
    found = wrong(judge(catalogue.VITALS_CHARTED, {"pulse": "72", sign: HOSTILE}))
    assert found == {sign: f"Choose one of {', '.join(CHOICES[sign])}."}


@pytest.mark.parametrize("sign", ["pain", "gcs"])
def test_a_scale_in_whole_numbers_takes_no_half(sign: str) -> None:
    assert wrong(judge(catalogue.VITALS_CHARTED, {sign: "4.5"})) == {sign: "Write a whole number."}


def test_a_comma_is_read_as_the_decimal_point_it_is() -> None:
    assert said(vitals(temperature="38,4")).readings[0].value == "38.4"


def test_fahrenheit_is_recognised_and_worked_out_for_the_nurse() -> None:
    assert wrong(vitals(temperature="98.6"))["temperature"] == (
        "That looks like Fahrenheit. Write 37.0 if you read 98.6 there."
    )


@pytest.mark.parametrize("fields", [{}, {"spo2 scale": "1"}, {"on oxygen": "no", "note": "x"}])
def test_a_form_without_one_measured_value_is_not_charted(fields: dict[str, str]) -> None:
    assert wrong(judge(catalogue.VITALS_CHARTED, fields)) == {"pulse": "Write at least one value."}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"temperature": "43"}, "Temperature in °C 43 is rare: measure or type it again"),
        ({"pulse": "12"}, "Pulse 12 is rare: measure or type it again"),
        ({"systolic": "80", "diastolic": "90"}, "The diastolic pressure is not below the systolic"),
        (
            {"spo2": "97", "on oxygen": "no", "oxygen": "4"},
            "Oxygen 4 L/min is written, and that the patient breathes air",
        ),
        (
            {"consciousness": "A", "gcs": "7"},
            "Alert, and a Glasgow Coma Scale of 7, do not go together",
        ),
    ],
)
def test_what_is_rare_or_at_odds_is_asked_about_and_written(
    fields: dict[str, str], words: str
) -> None:
    assert warned(judge(catalogue.VITALS_CHARTED, fields)) == [words]


def test_a_long_note_beside_the_signs_is_refused_and_never_cut() -> None:
    assert list(wrong(vitals(pulse="72", note="x" * (NOTE_MAX + 1)))) == ["note"]
    assert said(vitals(pulse="72", note=HOSTILE)).note == HOSTILE


@pytest.mark.parametrize("kind", ["vitals.charted", "fluid.charted", "note.written"])
def test_a_time_to_come_is_refused_on_every_form(kind: str) -> None:
    whole = {"flow": "in", "route": "oral", "volume": "1", "note_kind": "SBAR", "part_0": "x"}
    assert list(wrong(judge(kind, {**whole, "pulse": "72", "at": "23:59"}))) == ["at"]


@given(
    st.dictionaries(st.sampled_from([*SIGNS, *CHOICES, "note", "at", "on"]), st.text(max_size=8))
)
@settings(max_examples=examples(60), deadline=None)
def test_whatever_is_typed_is_written_or_refused_at_a_field(fields: dict[str, str]) -> None:
    found = judge(catalogue.VITALS_CHARTED, fields)
    assert isinstance(found, Accepted) or set(found.fields) <= {*fields, "pulse", "at"}


@pytest.mark.parametrize("flow", Flow)
def test_a_volume_is_kept_as_it_was_typed(flow: Flow) -> None:
    found: IntakeOutput = said(fluid(flow=flow, route="drain, left", volume="62.5", note="dark"))
    assert (found.flow, found.route, found.volume, found.note) == (
        flow,
        "drain, left",
        "62.5",
        "dark",
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"flow": ""}, "flow"),
        ({"flow": "sideways"}, "flow"),
        ({"route": ""}, "route"),
        ({"route": "x" * 61}, "route"),
        ({"volume": ""}, "volume"),
        ({"volume": "1,000"}, "volume"),
        ({"volume": "-20"}, "volume"),
        ({"volume": "20001"}, "volume"),
        ({"volume": HOSTILE}, "volume"),
        ({"note": "x" * (NOTE_MAX + 1)}, "note"),
    ],
)
def test_a_volume_that_cannot_be_is_said_at_its_field(fields: dict[str, str], field: str) -> None:
    assert list(wrong(fluid(**fields))) == [field]


def test_no_urine_at_all_is_a_finding_and_is_charted() -> None:
    assert said(fluid(flow="out", route="urine", volume="0")).volume == "0"


def test_a_bucketful_at_once_is_asked_about() -> None:
    assert warned(fluid(volume="5000")) == ["5000 mL at once is rare: read or type it again"]


@pytest.mark.parametrize("kind", PARTS)
def test_a_note_stands_under_the_headings_of_its_kind(kind: Any) -> None:
    texts = {f"part_{at}": f"text {at}" for at in range(len(PARTS[kind]))}
    found: NoteWritten = said(note(kind, **texts))
    assert found.parts == tuple((heading, f"text {at}") for at, heading in enumerate(PARTS[kind]))


def test_a_part_that_was_left_empty_is_left_out() -> None:
    assert said(note("SBAR", part_3="please see now")).parts == (
        ("Recommendation", "please see now"),
    )


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("", {"part_0": "x"}, "note_kind"),
        (HOSTILE, {"part_0": "x"}, "note_kind"),
        ("SBAR", {}, "part_0"),
        ("SBAR", {"part_0": "  "}, "part_0"),
        ("nursing note", {"part_0": "x" * (NOTE_MAX + 1)}, "part_0"),
    ],
)
def test_a_note_that_says_nothing_or_too_much_is_given_back(
    kind: str, fields: dict[str, str], field: str
) -> None:
    assert list(wrong(note(kind, **fields))) == [field]


def test_hostile_words_in_a_note_are_kept_as_they_were_said() -> None:
    assert said(note("nursing note", part_0=HOSTILE)).parts == (("", HOSTILE),)
