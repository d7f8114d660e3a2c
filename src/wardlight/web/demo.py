"""The demo's own page: how fast its day goes by, and the button that takes the EHR away."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from wardlight.record.instants import Instant


class DemoState(Struct, frozen=True, kw_only=True):
    """Where the simulated network stands."""

    speed: float  # simulated minutes in one minute
    paused: bool
    off: tuple[str, ...]  # sites whose EHR is away
    simulated_now: Instant
    eds_closed: bool = False  # the regional day has begun
    look_at: tuple[str, ...] = ()  # what a visitor may try, one sentence each


class DemoControls(Protocol):
    """What the demo's page may do to the simulated network."""

    def state(self) -> DemoState:
        """Return where it stands."""

    def set_speed(self, speed: float) -> None:
        """Let its time pass faster or slower; 0 holds it."""

    def take_ehr_away(self, site: str | None) -> None:
        """Silence a site's feeds, or everybody's."""

    def close_two_eds(self) -> None:
        """Close two emergency departments: ambulances and fourteen patients go elsewhere."""

    def give_ehr_back(self, site: str | None) -> None:
        """Let a site's feeds speak again, or everybody's."""
