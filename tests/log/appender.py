"""A process that appends until it is killed, and says which positions it was promised."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from tests.contracts.log_contract import draft

from wardlight.log.sqlite import open_log


def main(folder: str, seed: str) -> None:
    chance = random.Random(int(seed))  # noqa: S311 -- chance for a test
    log = open_log(Path(folder), "gen-1")
    while True:
        drafts = [draft(chance.randbytes(chance.randint(0, 4_000))) for _ in range(8)]
        entries = log.append(drafts[: chance.randint(1, 8)])
        print(entries[-1].position, entries[-1].chain.hex(), flush=True)  # noqa: T201 -- its report


if __name__ == "__main__":
    main(*sys.argv[1:])
