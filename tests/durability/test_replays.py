"""P8: a message that comes again, late and across restarts, has one effect."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from tests.durability.sizes import MARKS, chance, size
from tests.simulated.oracle import KeptCopy

from wardlight.feeds.connection import draft_of
from wardlight.log.keys import Keys
from wardlight.record.instants import DAY, HOUR, Instant
from wardlight.record.sources import Site
from wardlight.run.keeping.kept_copy import Snapshot, open_views, senders_of
from wardlight.run.keeping.node_log import NodeLog
from wardlight.run.settings import Settings
from wardlight.sim.dirt import Sent
from wardlight.sim.figures import SimSite
from wardlight.sim.network import Network
from wardlight.views.fold import Applied, Views
from wardlight.wire.hl7v2.batch import split

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from tests.durability.conftest import NewTrial

pytestmark = MARKS
STARTS = Instant(1_795_314_660_000)
SITE = Site(code="GEN", name="General")
SETTINGS = Settings(sites=(SITE,))
TIMES_MAX = 10
WINDOW = 200  # messages that one may come late
BATCH_MAX = 40  # messages of one append
SHARE_RESTART = 0.05  # of batches
OF_THE_COPY = {"position", "recorded"}  # where and when we wrote it: a repeat may be first

Facts = dict[str, Any]
"""What the views show, by what it is about."""


class Node:
    """A node's encrypted log and its views, restarted at will."""

    def __init__(self, folder: Path) -> None:
        self._where = NodeLog(folder, SETTINGS, Keys(b"\x07" * 32))
        self._snapshot = Snapshot(folder, self._where.keys.files())
        self._senders = senders_of(SETTINGS)
        self._now = STARTS
        self.applied: list[Applied] = []
        self.restarts = 0
        self._start()

    def _start(self) -> None:
        self.log = self._where.open()
        self.views = open_views(self._snapshot, self.log, self._senders)

    def restart(self, *, save: bool) -> None:
        """Stop, with the views kept or as after a power cut, and start again."""
        if save:
            self._snapshot.save(self.log, self.views)
        self.log.close()
        self.restarts += 1
        self._start()

    def hear(self, sent: Sequence[Sent]) -> None:
        """Take messages as they come over the wire: the clock goes on, whatever they say."""
        self._now = max([self._now, *(one.at for one in sent)])
        drafts = [
            draft_of(raw, self._senders.of(raw), lambda: self._now)
            for one in sent
            for raw in split(one.raw).messages
        ]
        self.applied += [self.views.apply(entry) for entry in self.log.append(drafts)]


def history(seed: int) -> list[Sent]:
    """Return the messages of a small simulated hospital, each once, in the order sent."""
    sims = [SimSite(site=SITE, census=6, clinic_visits_a_day=4)]
    network = Network(seed, sims, STARTS)
    sent = [*network.advance(STARTS), *network.advance(Instant(STARTS + 6 * HOUR))]
    return list({one.raw: one for one in [*sent, *network.rest()]}.values())


def replayed(dice: Random, sent: Sequence[Sent]) -> list[Sent]:
    """Return every message one to ten times, each time anywhere in the window behind its place."""
    places = [
        (number + dice.uniform(0, WINDOW), one)
        for number, one in enumerate(sent)
        for _ in range(dice.randint(1, TIMES_MAX))
    ]
    return [one for _, one in sorted(places, key=lambda place: place[0])]


def batches(dice: Random, sent: Sequence[Sent]) -> Iterator[Sequence[Sent]]:
    at = 0
    while at < len(sent):
        size_of_this = dice.randint(1, BATCH_MAX)
        yield sent[at : at + size_of_this]
        at += size_of_this


def facts(views: Views) -> Facts:
    """Return everything the screens can show of everybody."""
    shown: Facts = {
        # A unit that a patient had left again before we heard of it is not listed: it is empty.
        "units": [unit for unit in views.census.units() if unit.patients],
        "present": views.census.present(),
        "left": views.census.left_since(Instant(STARTS - 30 * DAY)),
        "expected": views.census.expected(),
        "schedule": views.schedule.between(Instant(0), Instant(STARTS + 400 * DAY)),
        "unread": views.unread.count,
    }
    for key in sorted({views.people.resolve(one) for one in views.people.keys()}):  # noqa: SIM118
        shown[f"{key} person"] = views.people.person(key)
        shown[f"{key} stays"] = views.census.stays(key)
        shown[f"{key} appointments"] = views.schedule.of(key)
        shown[f"{key} chart"] = views.chart(key)
    return {name: _plain(msgspec.to_builtins(value)) for name, value in shown.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if name not in OF_THE_COPY}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def differing(true: Facts, shown: Facts) -> list[str]:
    names = sorted({*true, *shown})
    return [name for name in names if true.get(name) != shown.get(name)]


def once(sent: list[Sent]) -> Facts:
    copy = KeptCopy([SITE.code])
    copy.hear(sent)
    return facts(copy.views)


def test_a_repeated_message_adds_no_fact(scratch: Path, new_trial: NewTrial) -> None:
    trial = new_trial("P8", size("replays", short=4_000, long=20_000))
    heard = restarts = seed = 0
    while heard < trial.n:
        seed += 1
        dice, sent = chance("replays", seed), history(seed)
        node = Node(scratch / str(seed))
        again = replayed(dice, sent)
        for batch in batches(dice, again):
            node.hear(batch)
            if dice.random() < SHARE_RESTART:
                node.restart(save=dice.random() < 0.5)
        trial.violations += [f"{seed}: {name}" for name in differing(once(sent), facts(node.views))]
        new = len(node.applied) - node.applied.count(Applied.DUPLICATE)
        trial.check(new == len(sent), f"{seed}: {new} taken for new, {len(sent)} were")
        node.log.close()
        heard, restarts = heard + len(again), restarts + node.restarts
    trial.n, trial.figures = heard, {"histories": seed, "restarts": restarts}
    assert trial.violations == []
    assert restarts >= seed


def test_the_comparison_sees_a_message_that_is_missing() -> None:
    sent = history(1)
    assert differing(once(sent), once(sent[:-1]))
    assert differing(once(sent), once(sent)) == []
