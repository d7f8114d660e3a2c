"""Where an ambulance was sent, and why: written down when it is decided (domain.md D3).

Nothing of the patient is in it: a unit, a place, a kind of patient. What the list showed at that
moment is kept beside the choice, so that it can be looked at afterwards.
"""

from __future__ import annotations

from msgspec import Struct


class ShownChoice(Struct, frozen=True, kw_only=True, gc=False):
    """One hospital as the list showed it: its place, its drive and why it stood there."""

    code: str
    rank: int
    minutes: float  # estimate of the drive
    lo: float
    hi: float
    why: str = ""
    call_first: bool = False


class DestinationDecided(Struct, frozen=True, kw_only=True, gc=False, tag="destination.decided"):
    """A unit goes to a hospital. A later one of the same unit, before it arrived, replaces it."""

    unit: str  # the ambulance, as dispatch calls it
    to: str  # code of the hospital
    need: str  # code of the kind of patient in the policy
    acuity: str = ""
    place: str = ""  # where from, in words
    latitude: float | None = None
    longitude: float | None = None
    instead_of: str = ""  # code of the nearest capable hospital, where it was passed over
    shown: tuple[ShownChoice, ...] = ()  # the choice and its alternatives, the choice first
    source: str = ""  # of the drive times
    policy: str = ""  # version of the policy, and who signed it
    stood_down: bool = False  # the unit goes there no longer: nobody is on the way
    called: str = ""  # who at the hospital said that they take it
    why: str = ""  # the dispatcher's own words


DestinationsSaid = DestinationDecided
