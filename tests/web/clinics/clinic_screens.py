"""The screens of clinics over an invented clinic day, asked as a browser would ask."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from tests.rules.clinics.clinic_day import START, ClinicDay, visit_row
from tests.web.screens import HANDLES, SITES, Screens, shipped_press, shipped_tables

from wardlight.record.entry import Draft, Entry
from wardlight.record.instants import HOUR, Instant
from wardlight.web.app import create_app

SERVICES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Haemodialysis chair", "DIALYSIS", {"travel_minutes": "75"}),
    ("Chemotherapy cycle 3", "INFUSION", {"prep": "bloods the day before", "language": "es"}),
    ("Colonoscopy", "ENDOSCOPY", {"prep": "bowel preparation"}),
    ("Annual review", "DIABETES", {"language": "pt"}),
    ("Contact lenses", "EYE", {}),
    ("Hip replacement", "THEATRE 1", {"procedure": "Hip replacement left"}),
    ("Mastectomy for cancer", "THEATRE 2", {"procedure": "Mastectomy right", "protected": "yes"}),
)


class ClinicScreens:
    """A day whose clinics have a few visits each, and the app over it."""

    def __init__(self, visits: int = 21, day: ClinicDay | None = None) -> None:
        """`day` is one whose visits are there already."""
        self.day = day or ClinicDay()
        if day is None:
            self.day.read_file(*(self._row(number) for number in range(1, visits + 1)))
        self.app = create_app(
            views=self.day.views,
            sites=SITES,
            clock=lambda: self.day.now,
            handles=HANDLES,
            write=self.write,
            seal_at=str,
            tables=shipped_tables(),
            press=shipped_press,
            **self.rooms(),
        )
        self.site = Screens(self.app)

    def rooms(self) -> dict[str, Any]:
        """Return further parts of the node; here none."""
        return {}

    async def write(self, draft: Draft) -> Entry:
        """Keep a draft as a node does."""
        self.day.keep(draft)
        return self.day.log[-1]

    def _row(self, number: int) -> str:
        service, place, more = SERVICES[number % len(SERVICES)]
        starts = Instant(START + (20 + 3 * number) * HOUR)
        return visit_row(number, starts, service, place=place, **more)

    def upload(self, path: str, files: dict[str, tuple[str, bytes, str]]) -> httpx.Response:
        """Send a file as a browser's form does."""

        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            address = "http://127.0.0.1:8080"
            async with httpx.AsyncClient(transport=transport, base_url=address) as client:
                return await client.post(path, files=files)

        return asyncio.run(sent())
