"""The screens over a small kept copy, asked as a browser on this machine would ask."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from functools import cache
from html import unescape
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
from starlette.applications import Starlette
from tests.web.kept_copy import KeptCopy
from tests.web.ward_of_28 import (
    EHR_OFF,
    NOW,
    OTHER_SITE,
    SITE,
    Told,
    bed_of,
    key_of,
    ward,
)

from wardlight.outputs.transfer_documents import TransferDocuments
from wardlight.paper.typeset import Press
from wardlight.record.codes import StayClass
from wardlight.record.events.charting import ChartEvent
from wardlight.record.events.stays import Movement, Step
from wardlight.record.identity import Identifier, Person, PersonName
from wardlight.record.instants import Instant, PartialDate
from wardlight.record.reading import Headline
from wardlight.rules.site_tables import SiteTables
from wardlight.run.paperwork.press import load_press
from wardlight.run.site_tables import tables_of
from wardlight.web.app import create_app
from wardlight.web.demo import DemoControls
from wardlight.web.entering.writing import refuse_to_write
from wardlight.web.handles import Handles


@cache
def shipped_tables() -> SiteTables:
    """Return the tables as they are shipped."""
    return tables_of(Path("no folder of a site"))


@cache
def shipped_press() -> Press:
    """Return the press every app of one run prints with: its fonts are loaded once."""
    return load_press()


SITES = {SITE.code: SITE, OTHER_SITE.code: OTHER_SITE}
HANDLES = Handles(b"a key of the tests, 32 bytes....")
NUMBER = "7041182236"


class Screens:
    """Asks an app what a browser would ask, one request after the other."""

    def __init__(self, app: Starlette) -> None:
        self.app = app

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """Open an address."""
        return asyncio.run(self.ask("GET", path, headers or {}, None))

    def post(
        self, path: str, data: dict[str, str], headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Send a form."""
        return asyncio.run(self.ask("POST", path, headers or {}, data))

    def enter(self, kind: str, handle: str, fields: Sequence[tuple[str, str]], **more: Any) -> Any:
        """Hand in an entry as a tablet does; return the answer."""
        offered = {"id": more.pop("id", token_hex(16)), "kind": kind, "patient": handle}
        offered |= {"site": SITE.code, "fields": [list(pair) for pair in fields], **more}
        path = offered.pop("path", "/entries")
        return asyncio.run(self.hand_in(path, json.dumps(offered).encode()))

    async def hand_in(self, path: str, body: bytes) -> httpx.Response:
        """Send a body as it is."""
        transport = httpx.ASGITransport(self.app)
        address = "http://127.0.0.1:8080"
        async with httpx.AsyncClient(transport=transport, base_url=address) as client:
            return await client.post(path, content=body)

    async def ask(
        self, method: str, path: str, headers: dict[str, str], data: dict[str, str] | None
    ) -> httpx.Response:
        """Ask once."""
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8080"
        ) as client:
            return await client.request(method, path, headers=headers, data=data)


def screens(
    copy: KeptCopy,
    *,
    demo: DemoControls | None = None,
    now: Instant = NOW,
    reads_only: bool = False,
    **more: Any,
) -> Screens:
    """Return the screens over this copy; `more` is handed to `create_app`."""
    app = create_app(
        views=copy.views,
        sites=SITES,
        clock=lambda: now,
        handles=HANDLES,
        demo=demo,
        write=refuse_to_write if reads_only else copy.write,
        seal_at=copy.seal_at,
        tables=shipped_tables(),
        press=shipped_press,
        documents=TransferDocuments(
            views=copy.views, sites=SITES, clock=lambda: now, handle_of=HANDLES.of
        ),
        **more,
    )
    return Screens(app)


def whole_ward(*, off: bool = True) -> KeptCopy:
    """Return the ward of 28, with the EHR off unless said otherwise."""
    copy = KeptCopy(ward())
    if off:
        copy.declare(EHR_OFF)
    return copy


def patient(number: str = NUMBER, path: str = "") -> str:
    """Return the address of a patient's page."""
    return f"/patient/{HANDLES.of(key_of(number))}{path}"


def one_patient(*events: ChartEvent, person: Person | None = None, unit: str = "4E") -> KeptCopy:
    """Return one patient in bed 12 with these statements in the chart."""
    who = person or Person(
        key=key_of(NUMBER),
        identifiers=(Identifier(value=NUMBER, authority="MMH", kind="MR"),),
        name=PersonName(family="Sample", given="Ada"),
        birth=PartialDate(1958, 3, 9),
        sex="F",
    )
    place = bed_of("12")
    movement = Movement(
        patient=who.key,
        step=Step.ADMIT,
        at=EHR_OFF,
        visit="MMH|V1",
        stay_class=StayClass.INPATIENT,
        location=type(place)(unit=unit, room=place.room, bed=place.bed, facility=place.facility),
    )
    head = Headline(
        what="ADT^A01", occurred=EHR_OFF, persons=(who,), stays=(movement,), charted=(who.key,)
    )
    told: list[Told] = [(head, ())]
    for number, event in enumerate(events):
        said = Headline(what="ADT^A08", occurred=Instant(EHR_OFF + number), charted=(who.key,))
        told.append((said, (event,)))
    return KeptCopy(told)


def words(page: str) -> str:
    """Return what a person reads on a page: no markup, single spaces."""
    body = re.sub(r"<(script|style|title)\b.*?</\1>", " ", page, flags=re.DOTALL)
    body = re.sub(r"</?bdi>", "", body)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
