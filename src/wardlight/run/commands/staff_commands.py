"""`wardlight staff …`: people of a node that is not running, from the command line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wardlight.log.contract import LogError, LogInUse
from wardlight.record.events.access import Role, StaffStated
from wardlight.rules.access import wrong_account
from wardlight.run.clock import NodeClock
from wardlight.run.commands.say import (
    EXIT_CONFLICT,
    EXIT_FAILED,
    EXIT_NOT_FOUND,
    EXIT_USAGE,
    document,
    fail,
    line,
)
from wardlight.run.keeping.key_file import KeyFileError
from wardlight.run.keeping.node_log import LOG_FOLDER
from wardlight.run.node import Node
from wardlight.run.settings import FILE, SettingsError, read_settings
from wardlight.web.access.enrol import give_card
from wardlight.web.access.machines import digest_of, new_token
from wardlight.web.access.people import take_roster
from wardlight.web.entering.writing import NotKeptError
from wardlight.wire.roster import read_roster

ADMINISTRATOR = "admin"
FIRST_CODES = 1

Run = Callable[[Coroutine[Any, Any, Any]], Any]


async def first_administrator(node: Node) -> str:
    """Return a one-time code while no administrator can sign in for good; else "".

    A node that was brought back on another machine has its people and none of their secrets.
    """
    if node.mllp is None or _has_administrator(node):
        return ""
    if node.door.staff().account(ADMINISTRATOR) is None:
        said = StaffStated(
            account=ADMINISTRATOR,
            name="Administrator",
            role=Role.ADMINISTRATOR,
            origin="first run",
        )
        await node.door.state(said, "wardlight")
    return (await give_card(node.door, ADMINISTRATOR, "wardlight", FIRST_CODES))[0]


def _has_administrator(node: Node) -> bool:
    return any(
        one.role is Role.ADMINISTRATOR
        and not one.disabled
        and node.credentials.of(one.account).lasts()
        for one in node.views.staff.accounts()
    )


def list_staff(data: Path, *, as_json: bool) -> None:
    """Print everybody with their role and wards; never how they sign in."""
    with opened(data) as (node, _):
        people = node.views.staff.accounts()
        rows = [
            {
                "account": one.account,
                "name": one.name,
                "role": str(one.role),
                "sites": list(one.sites),
                "units": list(one.units),
                "disabled": one.disabled,
            }
            for one in people
        ]
    if as_json:
        document("wardlight.staff.1", {"people": rows})
        return
    for row in rows:
        ended = "  access ended" if row["disabled"] else ""
        line(f"{row['account']:16} {row['role']:16} {row['name']}{ended}")


def import_roster(data: Path, file: Path, *, as_json: bool) -> None:
    """Take the people of a roster file over; exit 1 when a line of it was refused."""
    try:
        body = file.read_bytes()
    except OSError as error:
        fail(f"{file}: {error.strerror}", EXIT_NOT_FOUND)
    with opened(data) as (node, run):
        found = read_roster(body)
        more = run(take_roster(node.door, found, "command line", tuple(node.sites)))
    refused = [{"line": line, "because": said} for line, said in (*found.refused, *more)]
    if as_json:
        document("wardlight.roster.1", {"people": len(found.people), "refused": refused})
    else:
        line(f"{found.kind}: {len(found.people)} people, {len(refused)} lines refused")
        for one in refused:
            where = f"line {one['line']}: " if one["line"] else ""
            line(f"  {where}{one['because']}")
    if refused:
        raise SystemExit(EXIT_FAILED)


def add_person(data: Path, said: StaffStated, *, as_json: bool) -> None:
    """Add or change one person and print a card of one-time codes for them."""
    with opened(data) as (node, run):
        if wrong := wrong_account(said, tuple(node.sites)):
            fail(wrong, EXIT_USAGE)
        run(node.door.state(said, "command line"))
        codes = run(give_card(node.door, said.account, "command line"))
    _card(said.account, codes, as_json=as_json)


def print_card(data: Path, account: str, *, as_json: bool) -> None:
    """Print a new card for somebody; the one before is closed."""
    with opened(data) as (node, run):
        if node.views.staff.account(account) is None:
            fail(f"{account}: there is no such account", EXIT_NOT_FOUND)
        codes = run(give_card(node.door, account, "command line"))
    _card(account, codes, as_json=as_json)


def disable_person(data: Path, account: str) -> None:
    """End somebody's access."""
    with opened(data) as (node, run):
        if node.views.staff.account(account) is None:
            fail(f"{account}: there is no such account", EXIT_NOT_FOUND)
        run(node.door.disable(account, "command line"))
    line(f"{account}: access ended")


def new_program(name: str, *, as_json: bool) -> None:
    """Print a new token, once, and the settings that let it in."""
    token = new_token()
    digest = digest_of(token)
    if as_json:
        document("wardlight.program.1", {"name": name, "token": token, "digest": digest})
        return
    line(f"Token of {name}, shown once:")
    line(f"  {token}")
    line(f"Add to {FILE} and start the node again:")
    line("  [[access.programs]]")
    line(f"  name = {json.dumps(name)}")
    line(f'  digest = "{digest}"')


def _card(account: str, codes: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        document("wardlight.card.1", {"account": account, "codes": list(codes)})
        return
    line(f"One-time card of {account}; each code counts once, and the card before is closed:")
    for code in codes:
        line(f"  {code}")


@contextmanager
def opened(data: Path) -> Iterator[tuple[Node, Run]]:
    """Open the node of a folder to write to it, on a loop of its own; ends with a sentence."""
    if not (data / LOG_FOLDER).is_dir():
        fail(f"{data}: no node has run here yet (wardlight up --data {data})", EXIT_NOT_FOUND)
    loop = asyncio.new_event_loop()
    keeper = NodeClock()
    try:
        node = Node(data, read_settings(data), clock=keeper.now, timekeeper=keeper)
        loop.run_until_complete(_open(node))
    except LogInUse:
        fail("the node is running: use its pages", EXIT_CONFLICT)
    except (KeyFileError, SettingsError) as error:
        fail(str(error), EXIT_USAGE)
    except LogError as error:
        fail(error.problem.because, EXIT_FAILED)
    try:
        yield node, loop.run_until_complete
    except NotKeptError as error:
        fail(node.alarm.because if node.alarm else str(error), EXIT_FAILED)
    finally:
        loop.run_until_complete(node.close())
        loop.close()


async def _open(node: Node) -> None:
    node.open()
