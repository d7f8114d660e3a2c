"""Raw messages go, and nothing that was known goes with them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.simulated.oracle import KeptCopy, differences
from tests.simulated.test_oracle import played

from wardlight.log.contract import stream
from wardlight.log.heads import Witness
from wardlight.log.retention import due, emptied, remove
from wardlight.log.verifying import verify_log
from wardlight.record.instants import DAY, Instant
from wardlight.run.keeping.retention import meaning_of
from wardlight.views.fold import Views

LATER = Instant(2_000_000_000_000)


def known(views: Views) -> dict[str, Any]:
    """Return everything the views can say."""
    people = views.people
    keys = sorted(people.keys())
    return {
        "people": {key: people.person(key) for key in keys},
        "stays": {key: views.census.stays(key) for key in keys},
        "present": views.census.present(),
        "appointments": {key: views.schedule.of(key) for key in keys},
        "charts": {key: views.chart(key) for key in keys},
        "feeds": views.links.rows(LATER),
        "unread": views.unread.rows(limit=1_000),
    }


def emptied_all(copy: KeptCopy) -> int:
    views = copy.views
    reading = views._read_headline, views.charts.read  # noqa: SLF001 -- as the node passes them
    count = 0
    for segment in [*due(copy.log, LATER)]:
        gone = emptied(segment, lambda entry: meaning_of(entry, *reading))
        remove(copy.log, gone, Instant(LATER + DAY))
        count += len(gone)
    return count


@pytest.mark.parametrize("seed", [11, 12])
def test_views_built_from_meanings_equal_those_built_from_messages(seed: int) -> None:
    simulated, copy = played(seed, 24)
    before = known(copy.rebuilt())
    messages = sum(bool(entry.body) for entry in stream(copy.log))
    removed = emptied_all(copy)
    assert removed > messages * 0.8
    after = copy.rebuilt()
    assert list(differences(simulated, after)) == []
    for what, said in known(after).items():
        assert said == before[what], what
    assert verify_log(copy.log, Witness(None, ())).ok
