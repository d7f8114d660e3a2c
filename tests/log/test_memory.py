from __future__ import annotations

import pytest
from tests.contracts.log_contract import Bench, LogContract

from wardlight.log.contract import Log
from wardlight.log.memory import MemoryLog
from wardlight.record.entry import Entry


class MemoryBench:
    def __init__(self) -> None:
        self.kept: list[Entry] = []

    def open(self) -> Log:
        return MemoryLog("gen-1", self.kept)


class TestMemoryLog(LogContract):
    @pytest.fixture
    def bench(self) -> Bench:
        return MemoryBench()
