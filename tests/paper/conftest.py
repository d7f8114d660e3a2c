from __future__ import annotations

import pytest
from tests.paper.printed import Printed, copy_in_downtime, pack_of, printed

from wardlight.log.checkpoint import Checkpoint, signed
from wardlight.log.keys import Keys
from wardlight.paper.packs.sheets import UnitPack
from wardlight.paper.typeset import Press
from wardlight.run.paperwork.press import load_press

HEAD = signed(
    Checkpoint("wardlight/MMH", 123_456, bytes(range(32))),
    "wardlight/MMH",
    Keys(bytes(range(32))).signing(),
)


@pytest.fixture(scope="session")
def press() -> Press:
    return load_press()


@pytest.fixture(scope="session")
def pack() -> UnitPack:
    return pack_of(copy_in_downtime(), head=HEAD)


@pytest.fixture(scope="session")
def letter(pack: UnitPack, press: Press) -> Printed:
    return printed(pack, press)


@pytest.fixture(scope="session")
def a4(press: Press) -> Printed:
    return printed(pack_of(copy_in_downtime(), paper="a4"), press)
