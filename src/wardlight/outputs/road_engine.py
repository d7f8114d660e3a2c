"""Drive times of a road engine a site runs beside its node: OSRM or Valhalla.

Asked only where the settings name one, at an address of this machine or of the hospital's own
network. When it does not answer in time, the ruler's estimates stand and people are told.

OSRM: `table` service of the HTTP API v1. Valhalla: `sources_to_targets` of the Matrix API.
"""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from wardlight.plan.destinations.drive_time import Drive, banded
from wardlight.record.hospitals import Hospital
from wardlight.record.places import Place, Position

BYTES_MAX = 4 * 1024 * 1024
REST_S = 30.0  # after a failure: nobody waits for a dead engine again and again
OSRM, VALHALLA = "osrm", "valhalla"
HTTP_OK = 200


class EngineError(Exception):
    """The engine did not answer, or not with a table; the message is a sentence."""


class RoadEngine:
    """One engine at one address."""

    def __init__(
        self,
        kind: str,
        host: str,
        port: int,
        *,
        timeout_s: float,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """`ticks` counts seconds, for the rest after a failure."""
        self._kind, self._host, self._port = kind, host, port
        self._timeout_s = timeout_s
        self._ticks = ticks
        self._rests_until = ticks()
        self._last = ""

    async def drives(
        self, origin: Place, hospitals: tuple[Hospital, ...]
    ) -> tuple[Mapping[str, Drive], str]:
        """Return the drives by hospital and no notice, or none and the reason.

        A hospital the engine knows no road to is not named: the ruler's drive stands.
        """
        if not hospitals:
            return {}, ""
        if self._ticks() < self._rests_until:
            return {}, self._last
        places = [one.at for one in hospitals]
        try:
            told = await asyncio.to_thread(self._row, origin.at, places)
        except EngineError as error:
            self._rests_until = self._ticks() + REST_S
            self._last = f"{error} The times are estimates from the straight line."
            return {}, self._last
        pairs = zip(hospitals, told, strict=True)
        return {one.code: banded(s / 60, self._kind) for one, s in pairs if s is not None}, ""

    def _row(self, origin: Position, to: Sequence[Position]) -> list[float | None]:
        """Return seconds to each place, None where there is no road. Raises EngineError."""
        told = self._osrm(origin, to) if self._kind == OSRM else self._valhalla(origin, to)
        if len(told) != len(to):
            raise EngineError("The road engine answered with another table than was asked for.")
        return [one if _is_seconds(one) else None for one in told]

    def _osrm(self, origin: Position, to: Sequence[Position]) -> list[Any]:
        points = ";".join(f"{one.longitude:.6f},{one.latitude:.6f}" for one in (origin, *to))
        ends = ";".join(str(at) for at in range(1, len(to) + 1))
        path = f"/table/v1/driving/{points}?sources=0&destinations={ends}&annotations=duration"
        answer = self._ask("GET", path, b"")
        return list(_at(_at(answer, "durations"), 0))

    def _valhalla(self, origin: Position, to: Sequence[Position]) -> list[Any]:
        body = {
            "sources": [{"lat": origin.latitude, "lon": origin.longitude}],
            "targets": [{"lat": one.latitude, "lon": one.longitude} for one in to],
            "costing": "auto",
        }
        answer = self._ask("POST", "/sources_to_targets", msgspec.json.encode(body))
        row = _at(_at(answer, "sources_to_targets"), 0)
        return [one.get("time") if isinstance(one, dict) else None for one in row]

    def _ask(self, method: str, path: str, body: bytes) -> Any:
        link = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout_s)
        try:
            link.request(method, path, body or None, {"content-type": "application/json"})
            answer = link.getresponse()
            told = answer.read(BYTES_MAX)
        except (OSError, http.client.HTTPException) as error:
            raise EngineError("The road engine does not answer.") from error
        finally:
            link.close()
        if answer.status != HTTP_OK:
            raise EngineError(f"The road engine answered with {answer.status}.")
        try:
            return msgspec.json.decode(told)
        except msgspec.DecodeError as error:
            raise EngineError("The road engine answered with something else.") from error


def _is_seconds(told: Any) -> bool:
    return isinstance(told, int | float) and not isinstance(told, bool) and told >= 0


def _at(told: Any, key: str | int) -> Any:
    try:
        found = told[key]
    except (KeyError, IndexError, TypeError) as error:
        raise EngineError("The road engine answered with something else.") from error
    if not isinstance(found, list):
        raise EngineError("The road engine answered with something else.")
    return found
