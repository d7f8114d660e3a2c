"""`wardlight demo`: a node and a simulated network in one process, on invented patients."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from wardlight.record import catalogue
from wardlight.record.events.access import Role, StaffStated
from wardlight.record.instants import Instant
from wardlight.record.staff_entry import staff_draft
from wardlight.run.addresses import address, is_loopback
from wardlight.run.clock import system_clock
from wardlight.run.commands.say import (
    EXIT_CONFLICT,
    EXIT_NOT_ALLOWED,
    document,
    fail,
    line,
    progress,
    progress_done,
)
from wardlight.run.demo_region import RegionalDay
from wardlight.run.loop import run
from wardlight.run.node import Node
from wardlight.run.region import keep_tables
from wardlight.run.settings import Http, Mllp, Packs, Settings
from wardlight.run.up import app_of, opened
from wardlight.sim.demo import DemoClock, DemoNetwork
from wardlight.sim.figures import network
from wardlight.sim.region_places import FILES
from wardlight.sim.regional_day import HOME, SISTER
from wardlight.views.services.downtimes import declaration
from wardlight.web.demo import DemoState

PEOPLE = tuple(
    StaffStated(account=account, name=name, role=role, units=units, origin="demo")
    for account, name, role, units in (
        ("amensah", "RN A. Mensah-Sample", Role.NURSE, ("MMH/2E", "MMH/3E", "MMH/4E")),
        ("bcharge", "RN B. Charge-Sample", Role.CHARGE_NURSE, ()),
        ("mclinic", "RN M. Clinic-Sample", Role.CLINIC_NURSE, ()),
        ("cdoctor", "Dr C. Doctor-Sample", Role.PHYSICIAN, ()),
        ("dpharm", "PharmD D. Pill-Sample", Role.PHARMACIST, ()),
        ("elab", "MT E. Tube-Sample", Role.LAB, ()),
        ("fdesk", "F. Desk-Sample", Role.REGISTRATION, ()),
        ("lpaper", "L. Folder-Sample", Role.HIM, ()),
        ("gprivacy", "G. Seal-Sample", Role.PRIVACY, ()),
        ("idispatch", "I. Radio-Sample", Role.DISPATCHER, ()),
        ("jcaller", "J. Caller-Sample", Role.CONTACT_AGENT, ()),
        ("kplan", "K. Plan-Sample", Role.SCHEDULER, ()),
        ("lcommand", "L. Command-Sample", Role.INCIDENT, ()),
        ("hadmin", "H. Admin-Sample", Role.ADMINISTRATOR, ()),
    )
)
SCALE_MIN, SCALE_MAX = 0.02, 1.0
LOOK_AT = (
    "Take the EHR away, open a patient, Medicines, Chart: give a dose, with a wrong wristband too.",
    "Register an unknown patient, print the wristband, find them on the ward board.",
    "Stop the demo with Ctrl-Z and chart on: the tablet keeps it, and sends it after `fg`.",
    "Open a ward: who lies in which bed, allergies, alerts, the next dose, and the age of each.",
    "Open a patient, then Medicines: what was given in the last 24 hours and what is due.",
    "Take the EHR away: the bar says so, ages grow, and doses due since are late? until asked.",
    "Print the ward pack: the same facts on paper, made before anybody needed them.",
    "Look at Feeds and Unread: each feed against its own rhythm, and what could not be read.",
    (
        "Close two emergency departments, then open the dispatcher's board (no sign-in): who takes"
        " ambulances, why not, until when, how old each word is; acknowledge a change."
    ),
    (
        "Map: which ambulances went past which closed department. Where to go: ask for a stroke"
        " from Sample Corner, and read why each hospital stands where it does."
    ),
    (
        "As the physician open Transfers: fourteen patients, what each still lacks; try to let one"
        " go without a certificate; print a packet; Plan who goes where, fix a line and plan again."
    ),
    (
        "As L. Command-Sample open What the public reads: the page at /status/, the poster, the"
        " phone tree, in every language, from one approval."
    ),
    "Give the EHR back: what it had queued falls into its place.",
)


def run_demo(*, http: str, seed: int, scale: float, speed: float, as_json: bool) -> None:
    """Run until Ctrl-C; everything is in a folder that is removed at the end."""
    try:
        host = address(http)[0]
    except ValueError as error:
        fail(str(error))
    if not is_loopback(host):
        fail(f"{host}: the demo is served on this machine only (127.0.0.1)", EXIT_NOT_ALLOWED)
    if not SCALE_MIN <= scale <= SCALE_MAX:
        fail(f"--scale is a share between {SCALE_MIN} and {SCALE_MAX:g}")
    if not speed > 0:
        fail("--speed is more than 0: the minutes that pass in one minute")
    with tempfile.TemporaryDirectory(prefix="wardlight-demo-") as folder:
        demo = Demo(Path(folder), http=http, seed=seed, scale=scale, speed=speed)
        run(demo.play(as_json=as_json))


class Demo:
    """The demo's node, its network, and the buttons of its page."""

    def __init__(self, folder: Path, *, http: str, seed: int, scale: float, speed: float) -> None:
        self.clock = DemoClock(system_clock(), time.monotonic, speed)
        sites = network(scale)
        self.network = DemoNetwork(seed, sites, self.clock)
        settings = Settings(
            node="demo",
            sites=tuple(one.site for one in sites),
            http=Http(listen=http),
            mllp=Mllp(listen="127.0.0.1:0"),
            packs=Packs(every_minutes=0),
            snapshot_minutes=0,
        )
        keep_tables(folder, FILES)
        self.node = Node(folder, settings, clock=self.clock.now, demo=True)
        self._region = RegionalDay(self.node, {one.account: one for one in PEOPLE})
        self._tasks: set[asyncio.Task[Any]] = set()

    async def play(self, *, as_json: bool) -> None:
        """Load the history, say where to look, and let the network live."""
        opened(self.node)
        try:
            web, mllp = await self.node.listen(app_of(self.node, demo=self))
        except OSError as error:
            await self.node.close()
            fail(f"cannot listen: {error.strerror}; say --http 127.0.0.1:0", EXIT_CONFLICT)
        await self._hire()
        await self.network.load(*address(mllp), told=_tell)
        progress_done()
        self._say(web, mllp, as_json=as_json)
        self._spawn(self.network.run())
        self._spawn(self.node.renew_packs())
        await self.node.wait()
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.network.close()
        await self.node.close()

    async def _hire(self) -> None:
        """Let invented people work here, one of each role, so that a visitor can be any of them."""
        for said in PEOPLE:
            await self.node.door.state(said, "demo")

    def state(self) -> DemoState:
        """Return where the simulation stands."""
        return DemoState(
            speed=self.clock.speed,
            paused=self.clock.speed == 0,
            off=tuple(sorted(self.network.off)),
            simulated_now=self.clock.now(),
            eds_closed=self._region.began,
            look_at=LOOK_AT,
        )

    def set_speed(self, speed: float) -> None:
        """Let simulated time pass faster or slower."""
        self.clock.set_speed(speed)

    def take_ehr_away(self, site: str | None) -> None:
        """Silence a site, or all, and declare the downtime as a charge nurse would."""
        now = self.clock.now()
        for code in self._codes(site):
            if code not in self.network.off:
                self.network.silence(code)
                self._declare(catalogue.DOWNTIME_DECLARED, code, declaration(now), now)
        self._spawn(self.node.renew_packs())

    def close_two_eds(self) -> None:
        """Let the regional day begin: its EHRs away, two EDs closed, patients on their way."""
        if not self._region.began:
            self.take_ehr_away(HOME)
            self.take_ehr_away(SISTER)
            self._spawn(self._region.play())

    def give_ehr_back(self, site: str | None) -> None:
        """Let a site, or all, speak again."""
        for code in self._codes(site):
            if code in self.network.off:
                self._declare(catalogue.DOWNTIME_ENDED, code, b"{}", self.clock.now())
                self._spawn(self.network.give_back(code))

    def _codes(self, site: str | None) -> list[str]:
        return [code for code in self.node.sites if site in (None, code)]

    def _declare(self, kind: str, site: str, body: bytes, now: Instant) -> None:
        draft = staff_draft(kind, body, site=site, author="demo visitor", recorded=now)
        self.node.intake.submit(draft, lambda _: None)

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _say(self, web: str, mllp: str, *, as_json: bool) -> None:
        views = self.node.views
        if as_json:
            content = {"site": "demo", "http": web, "mllp": mllp, "data": str(self.node.folder)}
            document("wardlight.ready.1", content)
            return
        line(f"A simulated network of {len(self.node.sites)} hospitals is running.")
        line(f"{len(views.census.present())} inpatients; every one of them is invented.")
        line("")
        line(f"  Wards      http://{web}/")
        line(f"  The button http://{web}/demo   takes the EHR away")
        line("  Sign-in    choose one of the invented people on the sign-in page")
        line(f"  HL7 v2     {mllp}   (wardlight send FILE --to {mllp})")
        line("")
        line("Ctrl-C ends it and removes its data.")


def _tell(sent: int, everything: int) -> None:
    progress(f"loading three days of history: {sent:,} of {everything:,} messages")
