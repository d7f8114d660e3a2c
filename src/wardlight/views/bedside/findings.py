"""What was found and who knows it: told, read back, acknowledged, and who is asked next.

A critical result counts as known only when the ward has acknowledged it: having rung somebody is
not yet that. The times are a site's own (domain.md S5: charge nurse after 10 min, then physician).
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from wardlight.record.events.imaging import ImagingRead
from wardlight.record.events.laboratory import (
    CriticalEscalated,
    EscalationStep,
    ResultAcknowledged,
    ResultEntered,
    ResultTold,
)
from wardlight.record.identity import PatientKey
from wardlight.record.instants import MINUTE, Instant
from wardlight.views.laboratory.loops import Step
from wardlight.views.laboratory.results import CRITICAL


class Finding(Struct, frozen=True, kw_only=True, gc=False):
    """One result as it was entered, with everything that was said of who knows it."""

    request: str
    step: Step
    critical: bool
    told: tuple[Step, ...] = ()
    acknowledged: Step | None = None
    escalated: tuple[Step, ...] = ()

    @property
    def patient(self) -> PatientKey:
        """Return whose result it is, by the number of that time."""
        return self.step.patient

    def read_back(self) -> bool:
        """Return whether somebody read it back."""
        return any(_read_back(one) for one in (*self.told, *self.escalated))

    def words(self) -> str:
        """Return the result in one line: each test with its value and unit."""
        said = self.step.said
        if isinstance(said, ResultEntered):
            return "; ".join(
                " ".join(part for part in (line.test.words(), line.value, line.unit) if part)
                for line in said.lines
            )
        assert isinstance(said, ImagingRead), "a finding is a result or a reading"
        return f"{said.study.words()}: {said.text}"


def findings(request: str, steps: Iterable[Step]) -> tuple[Finding, ...]:
    """Return what was found in one loop, oldest first."""
    held = tuple(steps)
    found = [one for one in held if isinstance(one.said, ResultEntered | ImagingRead)]
    return tuple(_finding(request, one, held) for one in found)


def is_critical(said: ResultEntered | ImagingRead) -> bool:
    """Return whether a result has to be told at once."""
    if isinstance(said, ImagingRead):
        return said.critical
    return any(line.flag.upper() in CRITICAL for line in said.lines)


def _finding(request: str, result: Step, steps: tuple[Step, ...]) -> Finding:
    about = [one for one in steps if result.is_called(getattr(one.said, "results", ()))]
    acknowledged = [one for one in about if isinstance(one.said, ResultAcknowledged)]
    assert isinstance(result.said, ResultEntered | ImagingRead), "chosen by class"
    return Finding(
        request=request,
        step=result,
        critical=is_critical(result.said),
        told=tuple(one for one in about if isinstance(one.said, ResultTold)),
        acknowledged=acknowledged[0] if acknowledged else None,
        escalated=tuple(one for one in about if isinstance(one.said, CriticalEscalated)),
    )


def _read_back(step: Step) -> bool:
    return isinstance(step.said, ResultTold | CriticalEscalated) and step.said.read_back


class EscalationRule(Struct, frozen=True, gc=False):
    """When nobody has acknowledged a critical result: after how long who is asked."""

    charge_nurse_after_ms: int = 10 * MINUTE
    physician_after_ms: int = 20 * MINUTE

    def steps(self) -> tuple[tuple[EscalationStep, int], ...]:
        """Return who is asked, each with how long after the result was entered."""
        return (
            (EscalationStep.CHARGE_NURSE, self.charge_nurse_after_ms),
            (EscalationStep.PHYSICIAN, self.physician_after_ms),
        )


class Escalation(Struct, frozen=True, kw_only=True, gc=False):
    """A critical result nobody acknowledged in time, and who has to be asked now."""

    finding: Finding
    step: EscalationStep
    due: Instant
    asked: Step | None = None  # when that person was asked; None: still to be done


def escalations(
    found: Iterable[Finding], now: Instant, rule: EscalationRule
) -> tuple[Escalation, ...]:
    """Return what has to go to the next person, the longest waiting first."""
    due = [
        one
        for finding in found
        if finding.critical and finding.acknowledged is None
        if (one := _escalation(finding, now, rule)) is not None
    ]
    return tuple(sorted(due, key=lambda one: (one.finding.step.occurred, one.finding.step.id)))


def _escalation(finding: Finding, now: Instant, rule: EscalationRule) -> Escalation | None:
    reached = [
        Escalation(
            finding=finding,
            step=step,
            due=Instant(finding.step.occurred + after),
            asked=_asked(finding, step),
        )
        for step, after in rule.steps()
        if now >= finding.step.occurred + after
    ]
    return reached[-1] if reached else None


def _asked(finding: Finding, step: EscalationStep) -> Step | None:
    return next(
        (
            one
            for one in finding.escalated
            if isinstance(one.said, CriticalEscalated) and one.said.step is step
        ),
        None,
    )
