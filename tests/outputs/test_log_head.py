from __future__ import annotations

from starlette.applications import Starlette
from starlette.testclient import TestClient
from tests.contracts.log_contract import numbered

from wardlight.log.checkpoint import Checkpoint, read, signed
from wardlight.log.keys import Keys
from wardlight.log.memory import MemoryLog
from wardlight.log.tree import root_at
from wardlight.outputs.log_head import head_routes

KEYS = Keys(bytes(32))


def test_whoever_asks_gets_the_head_as_it_is_now_signed_by_the_node() -> None:
    log = MemoryLog("gen-1")

    def head() -> str:
        size = log.head().position
        now = Checkpoint("wardlight/gen-1", size, root_at(size, log.subtree))
        return signed(now, "wardlight/gen-1", KEYS.signing())

    client = TestClient(Starlette(routes=head_routes(head)))
    for expected in (3, 6):
        log.append(numbered(3))
        answer = client.get("/log/checkpoint")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        told = read(answer.text, {"wardlight/gen-1": KEYS.verifying()})
        assert told.size == expected
