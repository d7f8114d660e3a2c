"""The screens of services over a region, asked as a browser would."""

from __future__ import annotations

from collections.abc import Sequence

from tests.rules.services.region import SITES, TABLES, Region
from tests.web.screens import HANDLES, Screens

from wardlight.record.entry import Draft, Entry
from wardlight.record.sources import Site
from wardlight.web.app import create_app


class RegionApp(Region):
    """A region whose screens can be opened."""

    def __init__(self, names: Sequence[str] = ("LKS", "MMH")) -> None:
        super().__init__()
        self.app = create_app(
            views=self.views,
            sites={code: Site(code=code, name=SITES[code], zone="UTC") for code in names},
            clock=lambda: self.now,
            handles=HANDLES,
            write=self.write,
            tables=TABLES,
        )
        self.screens = Screens(self.app)

    async def write(self, draft: Draft) -> Entry:
        """Keep a draft, as the node does."""
        self.keep(draft)
        return self.log[-1]

    def page(self, path: str) -> str:
        """Return the text of a page that is there."""
        answer = self.screens.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text
