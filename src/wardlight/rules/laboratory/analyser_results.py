"""Where an analyser's values go: to the specimen whose number and label agree, else to the list.

The same rule decides as for what a person types. What it refuses is never lost: it is kept whole
on the list to be matched, with the reason. The same lines sent twice have one effect.
"""

from __future__ import annotations

from hashlib import sha256

from wardlight.record import catalogue
from wardlight.record.events.entered import Warned
from wardlight.record.events.laboratory import SpecimenUnmatched
from wardlight.record.instants import Instant
from wardlight.rules.asking import Accepted, Asked, Author, Fields, Ground, Refusal
from wardlight.rules.laboratory.laboratory_results import enter
from wardlight.rules.laboratory.test_menu import LOINC
from wardlight.rules.times import AHEAD_MS_MAX
from wardlight.wire.analyser.found import AnalyserResult

CLOCK = "analyser-clock"
TO_MATCH = "unmatched"


def asked_by_analyser(found: AnalyserResult, author: Author, site: str) -> Asked:
    """Return an analyser's values as a form, by the person who brought the file.

    The id is made of what was sent, so that a file read twice is written once.
    """
    said = found.result
    pairs = [
        ("accession", said.accession),
        ("label_number", said.label.number),
        ("label_birth", said.label.birth),
        ("label_name", said.label.name),
        ("instrument", said.instrument),
        ("verified_by", said.verified_by),
        ("keep", "yes"),
    ]
    for line in said.lines:
        pairs += [
            ("line_test", line.test.words()),
            ("value", line.value),
            ("unit", line.unit),
            ("range", line.range),
            ("flag", line.flag),
            ("line_note", line.note),
            ("line_code", line.test.code if line.test.system == LOINC else ""),
        ]
    return Asked(
        id=sha256(f"{site}\0{said.instrument}\0{found.text}".encode()).hexdigest()[:32],
        kind=catalogue.RESULT_ENTERED,
        site=site,
        author=author,
        fields=Fields(pairs),
    )


def placed(found: AnalyserResult, asked: Asked, ground: Ground) -> Accepted:
    """Return the entry these values become: a result of a specimen, or one to be matched."""
    filed = enter(asked, ground)
    if isinstance(filed, Refusal):
        said = SpecimenUnmatched(
            accession=found.result.accession,
            label=found.result.label,
            text=found.text,
            because=filed.because,
            instrument=found.result.instrument,
        )
        return Accepted(said=said, occurred=ground.now, warnings=(Warned(TO_MATCH, filed.because),))
    return _timed(found, filed, ground)


def _timed(found: AnalyserResult, filed: Accepted, ground: Ground) -> Accepted:
    """Return the entry at the analyser's time, unless its clock is ahead of ours."""
    completed = found.completed.at if found.completed else ground.now
    if completed > ground.now + AHEAD_MS_MAX:
        words = "The analyser's clock is ahead: the time of this result is ours"
        return Accepted(
            said=filed.said,
            occurred=ground.now,
            patient=filed.patient,
            warnings=(*filed.warnings, Warned(CLOCK, words)),
        )
    return Accepted(
        said=filed.said,
        occurred=Instant(min(completed, ground.now)),
        patient=filed.patient,
        warnings=filed.warnings,
    )
