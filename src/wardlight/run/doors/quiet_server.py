"""The web server of a node, which leaves signals to the node, and the limits of its feeds."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import uvicorn

from wardlight.feeds.limits import ListenerLimits
from wardlight.run.settings import Mllp


class QuietServer(uvicorn.Server):
    """The node handles signals itself, for all its parts at once."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


def limits_of(mllp: Mllp) -> ListenerLimits:
    """Return how many feeds may connect, from where, and how much they may send."""
    return ListenerLimits(
        connections_max=mllp.connections_max,
        frame_bytes_max=mllp.frame_bytes_max,
        peers=mllp.peers,
    )
