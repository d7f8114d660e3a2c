"""ADT messages, trigger by trigger: what happens to stays, beds and numbers."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.wire.hl7v2.entries import FEED, PID, PV1, at, told

from wardlight.record.codes import Location, StayClass
from wardlight.record.events.stays import (
    BedReported,
    Movement,
    PatientsLinked,
    PatientsMerged,
    StayEvent,
    Step,
    VisitRenumbered,
)
from wardlight.record.identity import PatientKey
from wardlight.record.instants import DIGITS_DAY, DIGITS_MINUTE, Moment
from wardlight.record.sources import Source

ALPHA, BETA = PatientKey("GEN|10001"), PatientKey("GEN|10002")
SENT = at("2026-11-22 03:15")


def stays(trigger: str, *segments: str, source: Source = FEED) -> tuple[StayEvent, ...]:
    return told(f"ADT^{trigger}", *segments, source=source).stays


def moved(trigger: str, *segments: str, source: Source = FEED) -> Movement:
    (event,) = stays(trigger, *segments, source=source)
    assert isinstance(event, Movement)
    return event


def test_an_admission_is_read_whole() -> None:
    pv1 = "PV1|1|I|4N^12^A^GEN^^^B2^3||||77^Osei^Ama|||MED|||||||||V1^^^GEN^VN"
    pv1 += "|" * 25 + "202611220301\r"
    pv2 = "PV2|||PNA^Pneumonia^L|||||20261125|20261127\r"
    assert moved("A01", "EVN||202611220305\r", PID, pv1, pv2) == Movement(
        patient=ALPHA,
        step=Step.ADMIT,
        at=at("2026-11-22 03:01"),
        visit="GEN|V1",
        stay_class=StayClass.INPATIENT,
        location=Location("4N", "12", "A", "GEN", "B2", "3"),
        attending="Osei, Ama",
        service="MED",
        reason="Pneumonia",
        admitted=Moment(at("2026-11-22 03:01"), DIGITS_MINUTE),
        expected_discharge=Moment(at("2026-11-27 00:00"), DIGITS_DAY),
    )


@pytest.mark.parametrize(
    ("trigger", "step"),
    [
        ("A01", "admit"),
        ("A02", "move"),
        ("A03", "discharge"),
        ("A04", "register"),
        ("A05", "expect"),
        ("A06", "change class"),
        ("A07", "change class"),
        ("A08", "update"),
        ("A09", "depart"),
        ("A10", "arrive"),
        ("A11", "cancel admit"),
        ("A12", "cancel move"),
        ("A13", "cancel discharge"),
        ("A14", "expect"),
        ("A15", "plan move"),
        ("A16", "plan discharge"),
        ("A21", "leave"),
        ("A22", "return"),
        ("A23", "delete"),
        ("A25", "cancel plan"),
        ("A26", "cancel plan"),
        ("A27", "cancel expect"),
        ("A32", "cancel tracking"),
        ("A33", "cancel tracking"),
        ("A38", "cancel expect"),
        ("A52", "cancel leave"),
        ("A53", "cancel return"),
        ("A54", "update"),
        ("A55", "update"),
        ("A61", "update"),
        ("A62", "update"),
        ("A99", "seen"),
        ("Z01", "seen"),
    ],
)
def test_each_trigger_is_one_step(trigger: str, step: str) -> None:
    found = moved(trigger, "EVN||202611220305\r", PID, PV1)
    assert (found.step, found.visit, found.patient) == (step, "GEN|V1", ALPHA)
    assert found.location == Location("4N", "12", "A", "GEN")


@pytest.mark.parametrize("trigger", ["A28", "A29", "A31", "A60", "A48", "A51"])
def test_what_is_said_of_a_person_moves_nobody(trigger: str) -> None:
    found = told(f"ADT^{trigger}", PID, PV1)
    assert found.stays == ()
    assert [person.key for person in found.persons] == [ALPHA]


def test_a_trigger_nobody_knows_is_told() -> None:
    assert "trigger unknown" in told("ADT^Z01", PID, PV1).anomalies


def test_a_move_says_where_from_and_where_to() -> None:
    found = moved("A02", "EVN||202611220305\r", PID, PV1)
    assert found.location == Location("4N", "12", "A", "GEN")
    assert found.prior == Location("3S", "2", "B")
    assert found.at == at("2026-11-22 03:05")


def test_an_admission_without_pv1_is_an_admission() -> None:
    found = moved("A01", PID)
    assert (found.step, found.location, found.visit) == (
        Step.ADMIT,
        None,
        "GEN|10001|unknown|20261122",
    )


def test_an_update_without_pv1_says_nothing_of_a_stay() -> None:
    assert stays("A08", PID) == ()


def test_a_swap_of_beds_is_two_moves_of_one_message() -> None:
    first, second = stays(
        "A17",
        "EVN||202611220305\r",
        "PID|1||10001^^^GEN^MR\r",
        "PV1|1|I|4N^1^A\r",
        "PID|2||10002^^^GEN^MR\r",
        "PV1|1|I|4N^2^B\r",
    )
    assert isinstance(first, Movement)
    assert isinstance(second, Movement)
    assert (first.patient, first.step, first.location) == (ALPHA, "move", Location("4N", "1", "A"))
    assert (second.patient, second.step, second.location) == (
        BETA,
        "move",
        Location("4N", "2", "B"),
    )


def test_housekeeping_reports_a_bed_without_a_patient() -> None:
    assert stays("A20", "EVN||202611220305\r", "NPU|4N^12^A^GEN|h\r") == (
        BedReported(
            location=Location("4N", "12", "A", "GEN"), status="H", at=at("2026-11-22 03:05")
        ),
    )


def test_the_temporary_place_of_a_tracked_patient_is_not_the_bed() -> None:
    found = moved("A09", PID, "PV1||I|4N^12^A||||||||RAD^1\r")
    assert (found.location, found.temporary) == (Location("4N", "12", "A"), Location("RAD", "1"))


def test_a_planned_move_and_a_return_from_leave_are_read() -> None:
    assert moved("A15", PID, "PV1||I" + "|" * 40 + "ICU^3\r").planned == Location("ICU", "3")
    back = moved("A21", PID, PV1, "PV2" + "|" * 47 + "202611251200\r").expected_return
    assert back == Moment(at("2026-11-25 12:00"), DIGITS_MINUTE)


def test_a_discharge_states_its_time_and_where_to() -> None:
    found = moved("A03", PID, "PV1||I" + "|" * 34 + "01" + "|" * 9 + "202611220200\r")
    assert (found.at, found.disposition) == (at("2026-11-22 02:00"), "01")
    assert found.discharged == Moment(at("2026-11-22 02:00"), DIGITS_MINUTE)


@pytest.mark.parametrize("trigger", ["A18", "A30", "A34", "A36", "A39", "A40", "A46", "A47"])
def test_a_merge_retires_the_old_number(trigger: str) -> None:
    assert stays(trigger, PID, "MRG|10002^^^GEN^MR\r") == (
        PatientsMerged(survivor=ALPHA, retired=BETA, at=SENT),
    )


def test_one_message_may_merge_several_pairs() -> None:
    assert stays(
        "A40",
        "PID|||10001\r",
        "MRG|10002\r",
        "PID|||10003\r",
        "MRG|10004~10005\r",
    ) == (
        PatientsMerged(survivor=ALPHA, retired=BETA, at=SENT),
        PatientsMerged(survivor=PatientKey("GEN|10003"), retired=PatientKey("GEN|10004"), at=SENT),
        PatientsMerged(survivor=PatientKey("GEN|10003"), retired=PatientKey("GEN|10005"), at=SENT),
    )


def test_a_merge_takes_the_kind_of_number_a_patient_is_known_by() -> None:
    (merge,) = stays("A40", PID, "MRG|999001111^^^SSA^SS~10002^^^GEN^MR\r")
    assert merge == PatientsMerged(survivor=ALPHA, retired=BETA, at=SENT)


def test_a_patient_is_never_merged_into_itself() -> None:
    found = told("ADT^A40", PID, "MRG|10001^^^GEN^MR\r")
    assert (found.stays, found.anomalies) == ((), ("nothing renumbered",))


@pytest.mark.parametrize("trigger", ["A42", "A45", "A50"])
def test_a_visit_number_changes_without_merging_patients(trigger: str) -> None:
    assert stays(trigger, PID, "MRG|10002||||V9^^^GEN\r", PV1) == (
        VisitRenumbered(patient=ALPHA, old="GEN|V9", new="GEN|V1", at=SENT),
    )


@pytest.mark.parametrize("trigger", ["A35", "A41", "A44", "A49"])
def test_an_account_number_changes_without_merging_patients(trigger: str) -> None:
    pid = "PID|||10001^^^GEN^MR" + "|" * 15 + "A2\r"
    assert stays(trigger, pid, "MRG|10002||A1\r") == (
        VisitRenumbered(patient=ALPHA, old="GEN|A1", new="GEN|A2", at=SENT),
    )


def test_a_moved_number_links_and_merges_nobody() -> None:
    assert stays("A43", PID, "MRG|10002^^^GEN^MR\r") == (
        PatientsLinked(one=ALPHA, other=BETA, linked=True, at=SENT),
    )


@pytest.mark.parametrize(("trigger", "linked"), [("A24", True), ("A37", False)])
def test_two_records_are_linked_and_unlinked(trigger: str, linked: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    assert stays(trigger, "PID|1||10001\r", "PID|2||10002\r") == (
        PatientsLinked(one=ALPHA, other=BETA, linked=linked, at=SENT),
    )


def test_a_change_of_class_may_bring_a_new_visit_number() -> None:
    renumbered, changed = stays("A06", PID, "MRG|10001||||V0^^^GEN\r", PV1)
    assert renumbered == VisitRenumbered(patient=ALPHA, old="GEN|V0", new="GEN|V1", at=SENT)
    assert isinstance(changed, Movement)
    assert (changed.step, changed.visit) == (Step.CHANGE_CLASS, "GEN|V1")


def test_the_message_type_wins_over_the_event_code() -> None:
    found = told("ADT^A02", "EVN|A08|202611220305\r", PID, PV1)
    assert found.what == "ADT^A02"
    assert found.anomalies == ("event code differs from message type",)


def test_a_missing_trigger_is_taken_from_the_event_segment() -> None:
    assert told("ADT", "EVN|A03|202611220305\r", PID, PV1).what == "ADT^A03"


def test_a_french_movement_is_cancelled_or_corrected_by_its_own_words() -> None:
    cancel = "ZBE|55^HIS|20261122030000||CANCEL|N|A02\r"
    assert moved("Z99", PID, PV1, cancel).step is Step.CANCEL_MOVE
    update = "ZBE|55^HIS|20261122030000||UPDATE|N|A01\r"
    assert moved("Z99", PID, PV1, update).step is Step.UPDATE
    historic = "ZBE|55^HIS|20261120030000||UPDATE|Y|A01\r"
    assert moved("Z99", PID, PV1, historic).step is Step.SEEN
    insert = "ZBE|55^HIS|20261122030000||INSERT|N\r"
    assert moved("A02", PID, PV1, insert).at == at("2026-11-22 03:00")


def test_a_result_with_a_bed_proves_a_stay() -> None:
    (found,) = told("ORU^R01", PID, PV1).stays
    assert isinstance(found, Movement)
    assert (found.step, found.visit, found.location, found.at) == (
        Step.SEEN,
        "GEN|V1",
        Location("4N", "12", "A", "GEN"),
        SENT,
    )


def test_a_result_without_bed_and_visit_proves_none() -> None:
    assert told("ORU^R01", PID, "PV1||I\r").stays == ()


def test_the_visit_number_has_stand_ins() -> None:
    def visit(pid: str, pv1: str) -> str:
        return moved("A02", pid, pv1).visit

    assert visit(PID, "PV1" + "|" * 19 + "V1^^^LAB\r") == "LAB|V1"
    assert visit(PID, "PV1" + "|" * 50 + "V50\r") == "GEN|V50"
    assert visit("PID|||10001" + "|" * 15 + "A77\r", "PV1||I\r") == "GEN|A77"
    assert visit(PID, "PV1||I\r") == ""


def test_local_words_for_the_class_are_the_feeds_own() -> None:
    pv1 = "PV1|1|W|4N\r"
    assert moved("A01", PID, pv1).stay_class is StayClass.UNKNOWN
    own = replace(FEED, classes={"W": "observation"})
    assert moved("A01", PID, pv1, source=own).stay_class is StayClass.OBSERVATION


@pytest.mark.parametrize(
    ("code", "stay_class"),
    [
        ("I", "inpatient"),
        ("e", "emergency"),
        ("O", "outpatient"),
        ("P", "preadmit"),
        ("OBS", "observation"),
        ("R", "outpatient"),
        ("N", "unknown"),
        ("", "unknown"),
    ],
)
def test_classes_of_the_standard_are_known(code: str, stay_class: str) -> None:
    assert moved("A01", PID, f"PV1|1|{code}|4N\r").stay_class == stay_class


def test_a_ward_alone_is_a_place() -> None:
    assert moved("A01", PID, "PV1||I|4N\r").location == Location("4N")
    assert moved("A01", PID, "PV1||I|^^^^^^^^Ward 4 North\r").location == Location("Ward 4 North")
