"""A node whose disk or settings let it down while it runs."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
from msgspec.structs import replace

from wardlight.feeds.intake import Intake
from wardlight.log.contract import LogFull
from wardlight.log.memory import MemoryLog
from wardlight.record import catalogue
from wardlight.record.entry import Draft, Entry
from wardlight.record.events.access import Role, StaffStated
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.record.problems import Problem, Retry
from wardlight.record.sources import Site
from wardlight.run.doors.hl7_tls import tls_context
from wardlight.run.node import Node
from wardlight.run.settings import Mllp, Settings, SettingsError
from wardlight.run.up import app_of
from wardlight.web.access.gate import SESSION_COOKIE

NOW = Instant(1_795_314_660_000)
A_DRAFT = Draft(
    site="GEN",
    source="feed",
    author="feed",
    subject="",
    kind=catalogue.LINK_TROUBLE,
    version=catalogue.VERSIONS[catalogue.LINK_TROUBLE],
    occurred=NOW,
    recorded=NOW,
    body=b"a word",
)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Node]:
    """Open a node that listens to nobody, and let go of it again."""
    node = Node(folder, Settings(sites=(Site(code="GEN", name="General"),)), clock=lambda: NOW)
    node.open()
    yield node
    await node.close()


def no_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_packs_and_snapshots_that_find_no_room_are_told_and_made_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        async with opened(tmp_path) as node:
            with monkeypatch.context() as patched:
                patched.setattr(os, "fsync", no_room)
                await node.renew_packs()
                await node.save()
            assert node.notices() == (
                "Ward packs on disk were not renewed: No space left on device",
                "No snapshot was kept: No space left on device",
            )
            await node.renew_packs()
            await node.save()
            assert node.notices() == ()

    asyncio.run(play())


class FullLog(MemoryLog):
    """A disk without room until somebody makes some."""

    full = True

    def append(self, drafts: Sequence[Draft]) -> list[Entry]:
        if self.full:
            raise LogFull(Problem("log.full", "disk", "the disk is full", Retry.LATER))
        return super().append(drafts)


def test_every_screen_says_that_a_full_disk_takes_no_message(tmp_path: Path) -> None:
    async def play() -> None:
        async with opened(tmp_path) as node:
            log, loop = FullLog("GEN"), asyncio.get_running_loop()
            node.intake = Intake(log, node.views, loop=loop, broken=lambda _: None)
            node.intake.submit(A_DRAFT, lambda _: None)
            node.intake.flush()
            assert node.notices() == (
                "No message is taken, senders keep theirs and send again: the disk is full",
            )
            log.full = False
            node.intake.submit(A_DRAFT, lambda _: None)
            node.intake.flush()
            assert node.notices() == ()

    asyncio.run(play())


def test_a_node_on_a_full_disk_still_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        async with opened(tmp_path):
            monkeypatch.setattr("wardlight.run.keeping.kept_copy.write_private", no_room)

    asyncio.run(play())


@pytest.mark.parametrize("missing", ["certificate", "key", "client_authority"])
def test_a_missing_file_of_tls_is_named(tmp_path: Path, missing: str) -> None:
    names = {name: f"{name}.pem" for name in ("certificate", "key", "client_authority")}
    for name in set(names) - {missing}:
        (tmp_path / names[name]).write_text("no certificate at all")
    with pytest.raises(SettingsError, match=rf"{missing}\.pem: there is no such file \(mllp\."):
        tls_context(msgspec.convert(names, Mllp), tmp_path)


def test_a_file_of_tls_that_holds_something_else_is_told(tmp_path: Path) -> None:
    (tmp_path / "listener.pem").write_text("no certificate at all")
    with pytest.raises(SettingsError, match=r"listener\.pem .* are not PEM files that belong"):
        tls_context(Mllp(certificate="listener.pem"), tmp_path)


def message(kind: str, number: str, rest: str = "") -> Draft:
    header = f"MSH|^~\\&|EHR|GEN|WL|WL|20261122023100||ADT^{kind}|{kind}{number}|P|2.5.1"
    stated = f"EVN|{kind}|20261122023100\rPID|1||{number}^^^GEN^MR||ZEBRA^ZIGGY"
    body = f"{header}\r{stated}\r{rest}\r".encode()
    kind = catalogue.HL7V2_MESSAGE
    return replace(A_DRAFT, kind=kind, version=catalogue.VERSIONS[kind], body=body)


@pytest.mark.parametrize("snapshot", [True, False])
def test_after_a_merge_and_a_restart_the_page_of_the_retired_number_still_opens(
    tmp_path: Path, *, snapshot: bool
) -> None:
    async def play() -> None:
        async with opened(tmp_path) as node:
            stay = "PV1|1|I|4E^1^A^GEN"
            for draft in (message("A01", "1", stay), message("A01", "2", stay)):
                node.intake.submit(draft, lambda _: None)
            node.intake.flush()
            node.intake.fold()
            old = node.handles.of(PatientKey("GEN|2"))
            node.intake.submit(message("A40", "1", "MRG|2^^^GEN^MR"), lambda _: None)
            node.intake.flush()
        if not snapshot:
            (tmp_path / "views.snapshot").unlink()
        async with opened(tmp_path) as node:
            assert [*node.views.people.keys()] == ["GEN|1"]
            transport = httpx.ASGITransport(app_of(node))
            nurse = StaffStated(account="nurse", name="RN A. Sample", role=Role.NURSE)
            await node.door.state(nurse, "test")
            session = await node.door.open_session("nurse", "station", "badge")
            async with httpx.AsyncClient(
                transport=transport,
                base_url="http://127.0.0.1:8080",
                cookies={SESSION_COOKIE: session},
            ) as browser:
                page = await browser.get(f"/patient/{old}")
            assert (page.status_code, "ZEBRA" in page.text) == (200, True)

    asyncio.run(play())
