"""What was read of an analyser's file: results to be filed, each by a rule, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from wardlight.record.events.laboratory import ResultEntered
from wardlight.record.instants import Moment
from wardlight.record.problems import Problem

BYTES_MAX = 4 * 1024 * 1024
RESULTS_MAX = 5_000
LINES_MAX = 200  # of one specimen
TEXT_MAX = 2_000  # of one value or comment


class AnalyserResult(Struct, frozen=True, kw_only=True, gc=False):
    """One specimen's values as an analyser sent them, not yet anybody's."""

    result: ResultEntered  # without a request: the accession number and the label decide
    text: str  # the lines it was read from, for a person
    completed: Moment | None = None


class AnalyserFile(Struct, frozen=True, gc=False):
    """Everything that was read of a file."""

    results: tuple[AnalyserResult, ...] = ()
    problems: tuple[Problem, ...] = ()


def problem(code: str, where: str, because: str) -> Problem:
    """Return what is wrong with a file, without anything of a patient."""
    return Problem(f"analyser.{code}", where, because)


def gathered(found: Iterable[AnalyserResult | Problem]) -> AnalyserFile:
    """Return what was found as a file; results beyond the limit are left out, and that is said."""
    results: list[AnalyserResult] = []
    problems: list[Problem] = []
    beyond = 0
    for one in found:
        if isinstance(one, Problem):
            problems.append(one)
        elif len(results) < RESULTS_MAX:
            results.append(one)
        else:
            beyond += 1
    if beyond:
        because = f"{beyond:,} results more than a file may hold: cut it"
        problems.append(problem("too-many", "file", because))
    return AnalyserFile(tuple(results), tuple(problems))


def readable(raw: bytes) -> str:
    """Return the text of a file: UTF-8, else the Western European set older analysers use."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
