"""How long an agent waits for the next patient: `python benchmarks/next_patient.py`.

A worklist of 1,200 visits (and one of 20,000), 200 agents. Measured from the question until the
lease is durable on disk and in the views: the rule, the group commit, the fold. First all 200 ask
in the same instant, then 200 others over ten seconds, then 200 more at once while 400 have
somebody; then one after another writes "no answer" and asks again. Prints JSON, one line a run;
`cpu` is what the processor worked for the 200, whoever else kept it busy.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, time
from uuid import uuid4

from wardlight.feeds.intake import Intake
from wardlight.feeds.senders import Senders
from wardlight.log.sqlite import open_log
from wardlight.record import catalogue
from wardlight.record.entry import Draft, Entry
from wardlight.record.events.entered import Entered
from wardlight.record.events.triage import Decided, Decision, UrgencyClass, VisitsTriaged
from wardlight.record.identity import PatientKey
from wardlight.record.instants import HOUR, Instant, iso
from wardlight.record.sources import Source
from wardlight.rules.asking import Accepted, Asked, Author, Fields, Ground
from wardlight.rules.judging import draft_of, judged
from wardlight.views.fold import Views
from wardlight.wire.reading import reader

AGENTS = 200
SIZES, ROUNDS = (1_200, 20_000), 600
SPREAD_S = 10.0  # 200 questions in it: ten times what 200 agents on the phone ask
CLASSES = tuple(UrgencyClass)
SENDERS = Senders(Source(name="adt", site="GEN", zone="UTC"), sites=["GEN"])


class Desk:
    """A node's log and views, without its screens."""

    def __init__(self, folder: Path) -> None:
        log = open_log(folder, "bench", key=bytes(range(32)))
        self.views = Views(*reader(SENDERS), log.fetch)
        loop = asyncio.get_running_loop()
        self.intake = Intake(
            log, self.views, loop=loop, broken=lambda problem: sys.exit(str(problem))
        )
        self.claimed: set[str] = set()

    async def write(self, draft: Draft) -> None:
        """Have a draft on disk and folded."""
        kept: asyncio.Future[Entry | None] = asyncio.get_running_loop().create_future()
        self.intake.submit(draft, kept.set_result)
        if await kept is None:
            sys.exit("the log took nothing")
        self.intake.fold()

    async def enter(
        self, kind: str, agent: Author, fields: Sequence[tuple[str, str]], patient: str = ""
    ) -> Accepted | None:
        """Judge, claim, write: what the address of entries does."""
        asked = Asked(
            id=uuid4().hex,
            kind=kind,
            site="GEN",
            author=agent,
            fields=Fields(fields),
            patient=PatientKey(patient),
        )
        ground = Ground(views=self.views, now=now(), zone="UTC", site="GEN", claimed=self.claimed)
        found = judged(asked, ground)
        if not isinstance(found, Accepted):
            return None
        self.claimed.update(found.claims)
        await self.write(draft_of(asked, found, ground, content=asked.id))
        self.claimed.difference_update(found.claims)
        return found


def now() -> Instant:
    """Return the time of this machine."""
    return Instant(int(time() * 1_000))


def file_of(visits: int) -> bytes:
    """Return a schedule of the next ten days as CSV."""
    rows = ["appointment,patient,family,given,birth,phone,starts,minutes,service,place,prep"]
    for number in range(visits):
        starts = iso(Instant(now() + (1 + number % 240) * HOUR))
        prep = "fasting" if number % 3 == 0 else ""
        rows.append(
            f"A{number},{number},Sample,Ada,1958-03-09,555-{number},{starts},30,MRI,IMG,{prep}"
        )
    return "\n".join(rows).encode()


async def prepared(desk: Desk, visits: int) -> None:
    """Read a schedule in and decide about every visit."""
    await desk.write(_draft(catalogue.SCHEDULE_FILE, file_of(visits)))
    for first in range(0, visits, 100):
        lines = tuple(
            Decided(
                appointment=f"GEN|GEN|A{number}",
                urgency=CLASSES[number % 4],
                decision=Decision.POSTPONE,
            )
            for number in range(first, min(first + 100, visits))
        )
        entered = Entered(id=uuid4().hex, by="Dr Bench", said=VisitsTriaged(lines=lines))
        await desk.write(_draft(catalogue.VISITS_TRIAGED, entered.packed()))


def _draft(kind: str, body: bytes) -> Draft:
    at = now()
    return Draft(
        site="GEN",
        source=catalogue.STAFF,
        author="bench",
        subject="",
        kind=kind,
        version=1,
        occurred=at,
        recorded=at,
        body=body,
    )


async def timed(ask: Callable[[], Awaitable[Accepted | None]]) -> tuple[float, Accepted | None]:
    """Return how many milliseconds an answer took."""
    began = perf_counter()
    found = await ask()
    return (perf_counter() - began) * 1_000, found


async def run(visits: int, rounds: int) -> dict[str, object]:
    """Measure one worklist; return the figures."""
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        await prepared(desk, visits)
        agents = [Author(f"agent{n}", f"Agent {n}", "contact agent") for n in range(AGENTS)]

        def ask(agent: Author) -> Callable[[], Awaitable[Accepted | None]]:
            return lambda: desk.enter(catalogue.CONTACT_LEASED, agent, ())

        first, _ = await timed(ask(agents[0]))
        burst, worked = await _at_once(ask, agents)
        given = [found.said.patients[0] for _, found in burst if found]  # type: ignore[union-attr]
        if len(set(given)) != len(given):
            sys.exit("two agents got one patient")
        others = [Author(f"later{n}", f"Later {n}", "contact agent") for n in range(AGENTS)]
        spread = await asyncio.gather(
            *(_later(at * SPREAD_S / AGENTS, ask(agent)) for at, agent in enumerate(others))
        )
        more = [Author(f"more{n}", f"More {n}", "contact agent") for n in range(AGENTS)]
        again, worked_again = await _at_once(ask, more)
        steady: list[float] = []
        for at in range(rounds):
            agent = agents[at % AGENTS]
            held = desk.views.contacts.held_by(agent.account, now())
            if held is not None:
                fields = (("outcome", "no answer"), ("phone", "555"))
                await desk.enter(catalogue.CONTACT_ATTEMPTED, agent, fields, held)
                await asyncio.sleep(0.002)
            steady.append((await timed(ask(agent)))[0])
        return {
            "visits": visits,
            "agents": AGENTS,
            "first_ms": round(first, 1),
            "all_at_once_p50_ms": percentile([ms for ms, _ in burst], 50),
            "all_at_once_p99_ms": percentile([ms for ms, _ in burst], 99),
            "all_at_once_cpu_ms": round(worked, 1),
            "again_with_400_out_p99_ms": percentile([ms for ms, _ in again], 99),
            "again_with_400_out_cpu_ms": round(worked_again, 1),
            "over_ten_seconds_p50_ms": percentile([ms for ms, _ in spread], 50),
            "over_ten_seconds_p99_ms": percentile([ms for ms, _ in spread], 99),
            "one_after_another_p50_ms": percentile(steady, 50),
            "one_after_another_p99_ms": percentile(steady, 99),
        }


async def _at_once(
    ask: Callable[[Author], Callable[[], Awaitable[Accepted | None]]], agents: Sequence[Author]
) -> tuple[list[tuple[float, Accepted | None]], float]:
    """Let all ask in one instant; return each answer with its time, and the processor's ms."""
    began = process_time()
    answers = await asyncio.gather(*(timed(ask(agent)) for agent in agents))
    return answers, (process_time() - began) * 1_000


async def _later(
    seconds: float, ask: Callable[[], Awaitable[Accepted | None]]
) -> tuple[float, Accepted | None]:
    await asyncio.sleep(seconds)
    return await timed(ask)


def percentile(values: Sequence[float], which: int) -> float:
    """Return a percentile, to a tenth of a millisecond."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) * which // 100, len(ordered) - 1)], 1)


def measured(rounds: int) -> list[dict[str, object]]:
    """Return a row of each worklist."""
    return [asyncio.run(run(size, rounds)) for size in SIZES]


if __name__ == "__main__":
    for row in measured(ROUNDS):
        print(json.dumps(row))
