"""`wardlight up`: run a node until it is told to stop."""

from __future__ import annotations

from errno import EADDRINUSE
from pathlib import Path

import msgspec
from msgspec import Struct
from starlette.applications import Starlette

from wardlight.log.contract import LogError, LogInUse
from wardlight.outputs.fhir_api import fhir_routes
from wardlight.outputs.log_head import head_routes
from wardlight.outputs.transfer_documents import TransferDocuments
from wardlight.run.addresses import address
from wardlight.run.clock import NodeClock
from wardlight.run.commands.say import (
    EXIT_CONFLICT,
    EXIT_FAILED,
    EXIT_NOT_ALLOWED,
    document,
    fail,
    line,
    progress,
    progress_done,
    warn,
)
from wardlight.run.commands.staff_commands import ADMINISTRATOR, first_administrator
from wardlight.run.keeping.key_file import KeyFileError
from wardlight.run.loop import run
from wardlight.run.node import Node
from wardlight.run.region import engine_of, region_of
from wardlight.run.settings import Settings, SettingsError, keep_site, read_settings
from wardlight.web.access.install import Origin
from wardlight.web.app import create_app
from wardlight.web.demo import DemoControls

READ_ONLY = (
    "Screens show what is left and no message is taken; bring the log back from its mirror or a "
    "backup, or start with --accept-loss"
)


class Wish(Struct, frozen=True, kw_only=True):
    """What the command line asks of a node beside its folder."""

    site: str | None = None
    http: str | None = None
    mllp: str | None = None
    accept_loss: bool = False
    as_json: bool = False


def run_node(data: Path, wish: Wish) -> None:
    """Open the node's folder, say the addresses once both ports accept, and serve."""
    try:
        settings = read_settings(data, wish.site)
        keep_site(data, settings)
    except SettingsError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{data}: cannot be the folder of a node: {error.strerror}")
    settings = with_addresses(settings, http=wish.http, mllp=wish.mllp)
    run(_serve(data, settings, wish))


def with_addresses(settings: Settings, *, http: str | None, mllp: str | None) -> Settings:
    """Return the settings with the addresses of the command line; ends when they cannot be."""
    replace = msgspec.structs.replace
    if http is not None:
        settings = replace(settings, http=replace(settings.http, listen=http))
    if mllp is not None:
        settings = replace(settings, mllp=replace(settings.mllp, listen=mllp))
    try:
        address(settings.http.listen)
        address(settings.mllp.listen)
    except ValueError as error:
        fail(str(error))
    return settings


async def _serve(data: Path, settings: Settings, wish: Wish) -> None:
    timekeeper = NodeClock()
    node = Node(data, settings, clock=timekeeper.now, timekeeper=timekeeper)
    opened(node, accept_loss=wish.accept_loss)
    app = app_of(node)
    try:
        web, mllp = await node.listen(app)
    except OSError as error:
        await node.close()
        if error.errno == EADDRINUSE:
            fail(f"cannot listen: {error.strerror}; is another node running here?", EXIT_CONFLICT)
        fail(f"cannot listen: {error.strerror}; say an address of this machine")
    code = await first_administrator(node)
    ready(node, web=web, mllp=mllp, as_json=wish.as_json)
    if code:
        warn(f"Nobody can sign in yet. Sign in as {ADMINISTRATOR} with the one-time code {code}")
    await node.wait()
    await node.close()
    if node.failed is not None:
        fail(node.failed.because, EXIT_FAILED)


def app_of(node: Node, demo: DemoControls | None = None) -> Starlette:
    """Return the screens and machine interfaces of a node."""
    routes = fhir_routes(
        views=node.views,
        sites=node.sites,
        clock=node.clock,
        handle_of=node.handles.of,
        key_of=lambda handle: node.handles.find(handle, node.views.people.numbers()),
    )
    return create_app(
        views=node.views,
        sites=node.sites,
        clock=node.clock,
        handles=node.handles,
        demo=demo,
        packs=node.packs,
        notices=node.notices,
        care=node.care,
        outside=node.outside.rows,
        network=node.outside.network,
        write=node.write,
        seal_at=node.seal_at,
        access=node.door,
        numbers=node.numbers,
        tables=node.tables,
        region=region_of(node.folder, engine_of(node.settings.drive_times)),
        press=node.press,
        print_centre=node.printing,
        documents=TransferDocuments(
            views=node.views,
            sites=node.sites,
            clock=node.clock,
            handle_of=node.handles.of,
        ),
        serials=node.sheet_numbers,
        forms=node.forms,
        scan_room=node.scans,
        origin=node.https.origin() if node.https else Origin(),
        # What is published stands first: /fhir/MeasureReport is about hospitals, not patients.
        routes=[*node.outside.routes(node.notices), *routes, *head_routes(node.head)],
    )


def opened(node: Node, *, accept_loss: bool = False) -> None:
    """Open the node with its progress shown; ends with a sentence when it cannot be."""
    try:
        node.open(
            lambda done, last: progress(f"reading the log: {done:,} of {last:,} entries"),
            accept_loss=accept_loss,
        )
    except SettingsError as error:
        fail(str(error))
    except KeyFileError as error:
        fail(str(error), EXIT_NOT_ALLOWED)
    except LogInUse as error:
        fail(error.problem.because, EXIT_CONFLICT)
    except LogError as error:
        fail(f"{error.problem.where}: {error.problem.because}", EXIT_FAILED)
    except OSError as error:
        fail(f"{node.folder}: {error.strerror}", EXIT_FAILED)
    progress_done()
    if node.alarm is not None:
        warn(f"{node.alarm.because}. {READ_ONLY}")


def ready(node: Node, *, web: str, mllp: str, as_json: bool) -> None:
    """Say where the node is to be found, once it accepts both."""
    site = node.settings.first_site()
    screens = home_of(node, web)
    if as_json:
        content = {"site": site.code, "http": web, "mllp": mllp, "data": str(node.folder)}
        content |= {"screens": screens}
        document("wardlight.ready.1", content)
        return
    line(f"{site.name}: node is ready")
    line(f"  screens  {screens}")
    if node.https is not None:
        line(f"  devices  set each one up by {screens}install")
    line(f"  HL7 v2   {mllp or 'not listening: this node may only read'}")
    line(f"  data     {node.folder}")


def home_of(node: Node, web: str) -> str:
    """Return the address people open."""
    if node.https is None:
        return f"http://{web}/"
    return node.https.origin().home(int(web.rpartition(":")[2])) + "/"
