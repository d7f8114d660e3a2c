"""How much one listener takes on before it says no."""

from __future__ import annotations

from msgspec import Struct


class ListenerLimits(Struct, frozen=True, kw_only=True):
    """How much one listener takes on."""

    connections_max: int = 512
    frame_bytes_max: int = 64 * 1024 * 1024
    partial_bytes_max: int = 256 * 1024 * 1024  # of all unfinished frames together
    peers: tuple[str, ...] = ()  # addresses or networks that may connect; empty: any
