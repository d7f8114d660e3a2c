"""Vital signs, fluids and notes that staff wrote, as chart events with LOINC codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wardlight.record.codes import Coded, ResultState
from wardlight.record.events.charting import ChartEvent, DocumentFiled, Observation, ResultsReported
from wardlight.record.events.entered import Entered
from wardlight.record.events.observations import IntakeOutput, NoteWritten, VitalsCharted
from wardlight.record.instants import Instant, Moment

LOINC = "LN"  # HL7 table 0396
VITALS = "VS"  # what OBR-24 says of vital signs here
FLUIDS = "I&O"

# LOINC 2.78; the words are what a ward says.
SIGNS: Mapping[str, Coded] = {
    "respirations": Coded("9279-1", "Respirations", LOINC),
    "spo2": Coded("59408-5", "SpO2", LOINC),
    "oxygen": Coded("3151-8", "Oxygen flow", LOINC),
    "on oxygen": Coded("", "On oxygen", ""),
    "spo2 scale": Coded("", "SpO2 scale", ""),
    "systolic": Coded("8480-6", "Blood pressure, systolic", LOINC),
    "diastolic": Coded("8462-4", "Blood pressure, diastolic", LOINC),
    "pulse": Coded("8867-4", "Pulse", LOINC),
    "consciousness": Coded("67775-7", "Consciousness (ACVPU)", LOINC),
    "temperature": Coded("8310-5", "Temperature", LOINC),
    "pain": Coded("72514-3", "Pain (0 to 10)", LOINC),
    "gcs": Coded("9269-2", "Glasgow Coma Scale", LOINC),
    "glucose": Coded("41653-7", "Glucose, bedside", LOINC),
    "weight": Coded("29463-7", "Weight", LOINC),
    "height": Coded("8302-2", "Height", LOINC),
}


def vitals_charted(entered: Entered, said: VitalsCharted, at: Instant) -> Iterator[ResultsReported]:
    """Give a set of observations as one report."""
    lines = tuple(
        Observation(
            test=SIGNS.get(reading.sign, Coded(text=reading.sign)),
            value=reading.value,
            unit=reading.unit,
            state=ResultState.FINAL,
            at=Moment(at),
            by=entered.by,
        )
        for reading in said.readings
    )
    yield ResultsReported(
        number=entered.id + entered.content,
        test=Coded(text="Vital signs"),
        state=ResultState.FINAL,
        collected=Moment(at),
        section=VITALS,
        observations=lines,
        notes=(said.note,) if said.note else (),
    )


def fluid_charted(entered: Entered, said: IntakeOutput, at: Instant) -> Iterator[ResultsReported]:
    """Give one volume in or out."""
    test = Coded(text=f"Fluid {said.flow}: {said.route}")
    yield ResultsReported(
        number=entered.id + entered.content,
        test=test,
        state=ResultState.FINAL,
        collected=Moment(at),
        section=FLUIDS,
        observations=(
            Observation(
                test=test,
                value=said.volume,
                unit="mL",
                state=ResultState.FINAL,
                at=Moment(at),
                by=entered.by,
            ),
        ),
        notes=(said.note,) if said.note else (),
    )


def note_written(entered: Entered, said: NoteWritten, at: Instant) -> Iterator[ChartEvent]:
    """Give a note as a document, each part under its heading."""
    text = "\n".join(f"{heading}: {words}" if heading else words for heading, words in said.parts)
    yield DocumentFiled(
        number=entered.id + entered.content,
        title=str(said.kind),
        written=Moment(at),
        author=entered.by,
        text=text,
    )


CHARTED: Mapping[type, Any] = {
    VitalsCharted: vitals_charted,
    IntakeOutput: fluid_charted,
    NoteWritten: note_written,
}
