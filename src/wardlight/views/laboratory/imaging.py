"""Examinations from request to reading, and who holds the images while the archive is off."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from wardlight.record.events.imaging import (
    ImagingCancelled,
    ImagingPerformed,
    ImagingRead,
    ImagingRequested,
)
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.views.bedside.findings import Finding, findings
from wardlight.views.laboratory.loops import Loops, Step


class ImagingState(StrEnum):
    """Where an examination stands."""

    REQUESTED = "requested"
    PERFORMED = "performed, not read"
    PRELIMINARY = "preliminary reading, final one due"
    READ = "read"
    CANCELLED = "cancelled"


class Examination(Struct, frozen=True, kw_only=True, gc=False):
    """One examination as far as it has come."""

    request: str
    patient: PatientKey
    site: str
    asked: Step
    wanted: ImagingRequested
    state: ImagingState
    performed: Step | None = None
    images_with: str = ""  # who has the images, and on what
    findings: tuple[Finding, ...] = ()

    @property
    def started(self) -> Instant:
        """Return when it was asked for."""
        return self.asked.occurred

    def study(self) -> str:
        """Return the study with its side."""
        return f"{self.wanted.study.words()}, {self.wanted.side}"


def examined(steps: tuple[Step, ...]) -> Examination | None:
    """Return the examination of one loop; None when the loop is not imaging's."""
    asked = next((one for one in reversed(steps) if isinstance(one.said, ImagingRequested)), None)
    if asked is None or not isinstance(asked.said, ImagingRequested):
        return None
    done = [one for one in steps if isinstance(one.said, ImagingPerformed)]
    return Examination(
        request=asked.said.request,
        patient=asked.patient,
        site=asked.site,
        asked=asked,
        wanted=asked.said,
        state=_state(steps),
        performed=done[-1] if done else None,
        images_with=_holder(done[-1].said) if done else "",
        findings=findings(asked.said.request, steps),
    )


def _state(steps: tuple[Step, ...]) -> ImagingState:
    readings = [one.said for one in steps if isinstance(one.said, ImagingRead)]
    if any(not one.preliminary for one in readings):
        return ImagingState.READ
    if readings:
        return ImagingState.PRELIMINARY
    last = steps[-1].said
    if isinstance(last, ImagingCancelled):
        return ImagingState.CANCELLED
    done = any(isinstance(one.said, ImagingPerformed) for one in steps)
    return ImagingState.PERFORMED if done else ImagingState.REQUESTED


def _holder(said: object) -> str:
    assert isinstance(said, ImagingPerformed), "chosen by class"
    return ", ".join(part for part in (said.images_with, said.medium) if part)


def examinations(loops: Loops, requests: Iterable[str] | None = None) -> tuple[Examination, ...]:
    """Return the examinations of these requests, of all when none are named; oldest first."""
    chosen = loops.requests() if requests is None else requests
    found = (loops.read(request, examined) for request in chosen)
    return tuple(sorted((one for one in found if one), key=lambda one: (one.started, one.request)))
