"""What a simulated hospital's systems say in HL7 v2: true facts to messages, clean and exact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from wardlight.record.instants import Instant, local
from wardlight.sim.truth import TrueOrder, TruePatient, TrueStay, TrueValue, TrueVisit
from wardlight.wire.hl7v2.encoding import STANDARD, Encoding
from wardlight.wire.hl7v2.writer import Field, Repetition, message, segment

EHR, PHARMACY, LAB, SCHEDULING = "EHR", "RX", "LAB", "SCHED"


class Voice(Struct, frozen=True, kw_only=True):
    """How one message is spoken: its separators, its clock's habits, what it leaves out."""

    encoding: Encoding = STANDARD
    charset: str = ""  # MSH-18
    offset: bool = False  # times carry their zone
    minutes_only: bool = False
    control_id: bool = True
    version: bool = True
    event_segment: bool = True
    local_segment: bool = False


class Speech(Struct, frozen=True, kw_only=True):
    """Who speaks, when, and which message of theirs this is."""

    site: str
    zone: str
    feed: str
    at: Instant
    number: int
    voice: Voice = Voice()

    def time(self, at: Instant) -> str:
        """Return a time as this sender writes it."""
        when: datetime = local(at, self.zone)
        text = when.strftime("%Y%m%d%H%M" if self.voice.minutes_only else "%Y%m%d%H%M%S")
        return text + when.strftime("%z") if self.voice.offset else text

    def exact(self, at: Instant) -> str:
        """Return a time to the second: times of doses and specimens are keys."""
        when = local(at, self.zone)
        return when.strftime("%Y%m%d%H%M%S") + (when.strftime("%z") if self.voice.offset else "")

    def write(
        self, kind: tuple[str, str], segments: Iterable[tuple[str, dict[int, Field]]]
    ) -> bytes:
        """Return a whole message."""
        voice = self.voice
        header: dict[int, Field] = {
            3: self.feed,
            4: self.site,
            5: "WARDLIGHT",
            6: self.site,
            7: self.time(self.at),
            9: kind,
            10: f"{self.feed}{self.site}{self.number:08d}" if voice.control_id else "",
            11: "P",
            12: "2.5.1" if voice.version else "",
            18: voice.charset,
        }
        rows = [("MSH", header), *segments]
        if voice.local_segment:
            rows.append(("ZWL", {1: "1", 2: "local"}))
        if not voice.event_segment:
            rows = [row for row in rows if row[0] != "EVN"]
        return message(
            [segment(name, fields, voice.encoding) for name, fields in rows], voice.encoding
        )


def adt(
    speech: Speech,
    trigger: str,
    patient: TruePatient,
    stay: TrueStay,
    extra: Sequence[tuple[str, dict[int, Field]]] = (),
) -> bytes:
    """Return an ADT message about one patient."""
    rows = [event(speech, trigger), pid(patient), pv1(speech, patient, stay), *extra]
    return speech.write(("ADT", trigger), rows)


def event(speech: Speech, trigger: str) -> tuple[str, dict[int, Field]]:
    """Return EVN: the event happened when it is said to."""
    return "EVN", {1: trigger, 2: speech.time(speech.at)}


def pid(patient: TruePatient) -> tuple[str, dict[int, Field]]:
    """Return PID."""
    return "PID", {
        1: "1",
        3: [(patient.mrn, "", "", patient.site, "MR")],
        5: (patient.family, patient.given, "", "", "", "", "L"),
        7: patient.birth,
        8: patient.sex,
        13: patient.phone,
        15: patient.language,
    }


def pv1(speech: Speech, patient: TruePatient, stay: TrueStay) -> tuple[str, dict[int, Field]]:
    """Return PV1: the state after the event."""
    fields: dict[int, Field] = {
        1: "1",
        2: "E" if stay.emergency else "I",
        3: (stay.unit, stay.bed[:-1], stay.bed[-1:], patient.site),
        7: ("D" + stay.doctor[:4].upper(), stay.doctor, "Dr"),
        10: "MED",
        19: (stay.visit, "", "", patient.site, "VN"),
        44: speech.exact(stay.admitted),
    }
    if stay.prior[0]:
        fields[6] = (
            stay.prior[0],
            stay.prior[1][:-1],
            stay.prior[1][-1:],
            patient.site,
        )
    if stay.left is not None:
        fields[45] = speech.exact(stay.left)
    return "PV1", fields


def chart_segments(patient: TruePatient) -> list[tuple[str, dict[int, Field]]]:
    """Return what an admission or update says of a patient's chart."""
    rows: list[tuple[str, dict[int, Field]]] = []
    if patient.code_status:
        rows.append(("PV2", {3: ("", patient.stays[-1].reason), 45: ("", patient.code_status)}))
    if patient.weight:
        value: dict[int, Field] = {1: "1", 2: "NM", 3: ("29463-7", "Body weight", "LN")}
        rows.append(("OBX", value | {5: patient.weight, 6: "kg", 11: "F"}))
    for number, one in enumerate(patient.allergies.values(), 1):
        code, name, category, severity, reaction = one
        rows.append(
            (
                "AL1",
                {1: str(number), 2: category, 3: (code, name, "RXNORM"), 4: severity, 5: reaction},
            )
        )
    if patient.none_known and not patient.allergies:
        rows.append(("AL1", {1: "1", 2: "DA", 3: ("716186003", "No known allergy", "SCT")}))
    for number, (code, text) in enumerate(patient.problems, 1):
        rows.append(("DG1", {1: str(number), 3: (code, text, "I10"), 6: "W"}))
    return rows


def medicine(
    speech: Speech,
    patient: TruePatient,
    stay: TrueStay,
    order: TrueOrder,
    control: str,
    parent: str = "",
) -> bytes:
    """Return RDE^O11: a pharmacist's word on an order."""
    drug = order.drug
    common: dict[int, Field] = {
        1: control,
        2: ("P" + order.number, speech.site),
        3: (order.number, "RX"),
    }
    if parent:
        common[8] = ("P" + parent, speech.site)
    common |= {9: speech.exact(order.ordered), 12: ("D1", stay.doctor, "Dr")}
    prn = drug.pattern == "PRN"
    times: list[Repetition] = [f"{hour:02d}00" for hour in order.times]
    rows: list[tuple[str, dict[int, Field]]] = [
        pid(patient),
        pv1(speech, patient, stay),
        ("ORC", common),
        (
            "RXE",
            {2: (drug.code, drug.name, "RXNORM"), 3: order.dose, 5: drug.unit, 6: drug.form},
        ),
        (
            "TQ1",
            {
                1: "1",
                3: drug.pattern,
                4: times,
                7: speech.exact(order.ordered),
                9: "PRN" if prn else "R",
            },
        ),
        ("RXR", {1: drug.route}),
    ]
    return speech.write(("RDE", "O11"), rows)


def dose(
    speech: Speech,
    patient: TruePatient,
    stay: TrueStay,
    order: TrueOrder,
    given: tuple[Instant, str, str],
) -> bytes:
    """Return RAS^O17: `given` is when, the status of table 0322, and who."""
    at, status, nurse = given
    drug = order.drug
    fields: dict[int, Field] = {
        1: "0",
        2: "1",
        3: speech.exact(at),
        4: speech.exact(at),
        5: (drug.code, drug.name, "RXNORM"),
        6: order.dose,
        7: drug.unit,
        10: ("N1", nurse, "RN"),
        20: status,
        21: "A",
    }
    rows: list[tuple[str, dict[int, Field]]] = [
        pid(patient),
        pv1(speech, patient, stay),
        ("ORC", {1: "RE", 2: ("P" + order.number, speech.site), 3: (order.number, "RX")}),
        ("RXA", fields),
        ("RXR", {1: drug.route}),
    ]
    return speech.write(("RAS", "O17"), rows)


def report(
    speech: Speech, patient: TruePatient, stay: TrueStay, number: str, values: Sequence[TrueValue]
) -> bytes:
    """Return ORU^R01: one panel as it stands now."""
    letter = {"preliminary": "P", "final": "F", "corrected": "C", "withdrawn": "D"}
    first = values[0]
    states = {letter[value.state] for value in values}
    whole = "C" if "C" in states or "D" in states else states.pop()
    rows: list[tuple[str, dict[int, Field]]] = [
        pid(patient),
        pv1(speech, patient, stay),
        (
            "OBR",
            {
                1: "1",
                3: (number, "LAB"),
                4: ("24323-8", "Metabolic panel", "LN"),
                7: speech.exact(first.collected),
                22: speech.exact(speech.at),
                24: "LAB",
                25: whole,
            },
        ),
    ]
    for place, value in enumerate(values, 1):
        analyte = value.analyte
        hidden = value.state == "withdrawn"
        fields: dict[int, Field] = {
            1: str(place),
            2: "NM",
            3: (analyte.code, analyte.name, "LN"),
            5: "" if hidden else value.value,
            6: analyte.unit,
            7: f"{analyte.low:g}-{analyte.high:g}",
            8: "" if hidden else flag(value),
            11: letter[value.state],
            14: speech.exact(value.collected),
        }
        rows.append(("OBX", fields))
    return speech.write(("ORU", "R01"), rows)


def flag(value: TrueValue) -> str:
    """Return the flag of table 0078 for a value."""
    number, analyte = float(value.value), value.analyte
    span = analyte.high - analyte.low
    if number > analyte.high:
        return "HH" if number > analyte.high + span else "H"
    if number < analyte.low:
        return "LL" if number < analyte.low - span / 2 else "L"
    return ""


def booking(speech: Speech, trigger: str, patient: TruePatient, visit: TrueVisit) -> bytes:
    """Return SIU about one appointment."""
    code, name, minutes = visit.clinic
    status = {"cancelled": "Cancelled", "no show": "Noshow"}.get(visit.state, "Booked")
    starts = speech.exact(visit.starts)
    rows: list[tuple[str, dict[int, Field]]] = [
        (
            "SCH",
            {
                1: ("P" + visit.number, speech.site),
                2: (visit.number, "SCHED"),
                7: (code, name),
                9: str(minutes),
                10: "MIN",
                11: ("", "", "", starts),
                25: status,
            },
        ),
        pid(patient),
        ("RGS", {1: "1", 2: "A"}),
        ("AIS", {1: "1", 2: "A", 3: (code, name), 4: starts, 7: str(minutes), 8: "MIN"}),
        ("AIL", {1: "1", 2: "A", 3: (code, "1", "", speech.site)}),
    ]
    return speech.write(("SIU", trigger), rows)


def merge(speech: Speech, survivor: TruePatient, retired: TruePatient) -> bytes:
    """Return ADT^A40: two records are one person."""
    rows: list[tuple[str, dict[int, Field]]] = [
        event(speech, "A40"),
        pid(survivor),
        ("MRG", {1: [(retired.mrn, "", "", retired.site, "MR")]}),
    ]
    return speech.write(("ADT", "A40"), rows)


def swap(
    speech: Speech, one: tuple[TruePatient, TrueStay], other: tuple[TruePatient, TrueStay]
) -> bytes:
    """Return ADT^A17: two patients change beds in one message."""
    rows = [event(speech, "A17")]
    for patient, stay in (one, other):
        rows += [pid(patient), pv1(speech, patient, stay)]
    return speech.write(("ADT", "A17"), rows)
