import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from wardlight.outputs.road_engine import OSRM, REST_S, VALHALLA, RoadEngine
from wardlight.record.hospitals import Hospital
from wardlight.record.places import Place, Position

HERE = Place(words="call", at=Position(45.0, -40.0))
QUERY = "?sources=0&destinations=1;2&annotations=duration"
TWO = tuple(
    Hospital(code=code, name=code, at=Position(45.0 + by, -40.0))
    for code, by in (("NEAR", 0.05), ("ISLAND", 0.1))
)


class _Road(BaseHTTPRequestHandler):
    asked: list[str]
    answer: bytes = b""

    def do_GET(self) -> None:
        self._say()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._say()

    def _say(self) -> None:
        _Road.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(_Road.answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def road() -> Iterator[int]:
    _Road.asked = []
    server = HTTPServer(("127.0.0.1", 0), _Road)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def drives(engine: RoadEngine) -> tuple[dict[str, tuple[float, str]], str]:
    found, notice = asyncio.run(engine.drives(HERE, TWO))
    return {code: (one.minutes, one.source) for code, one in found.items()}, notice


def test_osrm_is_asked_for_one_row_and_a_place_without_a_road_is_left_to_the_ruler(
    road: int,
) -> None:
    _Road.answer = json.dumps({"code": "Ok", "durations": [[600, None]]}).encode()
    engine = RoadEngine(OSRM, "127.0.0.1", road, timeout_s=2)
    assert drives(engine) == ({"NEAR": (10.0, OSRM)}, "")
    assert _Road.asked == [
        "/table/v1/driving/-40.000000,45.000000;-40.000000,45.050000;-40.000000,45.100000" + QUERY
    ]
    near = asyncio.run(engine.drives(HERE, TWO))[0]["NEAR"]
    assert (near.lo, near.hi) == (7.5, 12.5)


def test_valhalla_is_asked_for_its_matrix(road: int) -> None:
    row = [{"time": 300, "distance": 5.0}, {"time": None}]
    _Road.answer = json.dumps({"sources_to_targets": [row]}).encode()
    assert drives(RoadEngine(VALHALLA, "127.0.0.1", road, timeout_s=2)) == (
        {"NEAR": (5.0, VALHALLA)},
        "",
    )


@pytest.mark.parametrize("answer", [b"", b"[]", b'{"durations":[[1]]}', b'{"durations":7}'])
def test_an_answer_that_is_no_table_is_said_and_the_estimates_stand(
    road: int, answer: bytes
) -> None:
    _Road.answer = answer
    found, notice = drives(RoadEngine(OSRM, "127.0.0.1", road, timeout_s=2))
    assert found == {}
    assert notice.endswith("The times are estimates from the straight line.")


def test_a_dead_engine_is_not_asked_again_at_once(road: int) -> None:
    now = [0.0]
    engine = RoadEngine(OSRM, "127.0.0.1", road, timeout_s=2, ticks=lambda: now[0])
    _Road.answer = b"nothing"
    assert drives(engine)[1] == drives(engine)[1] != ""
    assert len(_Road.asked) == 1
    now[0], _Road.answer = REST_S, b'{"durations":[[60,60]]}'
    assert drives(engine)[1] == ""
