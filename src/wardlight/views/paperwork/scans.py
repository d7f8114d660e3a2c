"""Pages back from paper: whose they are, which nobody could place, which a person has to look at.

A picture that came twice is one page that says so; a sheet's page that came twice with other
pictures is two, and both say so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from wardlight.record.entry import Entry
from wardlight.record.events.entered import Entered
from wardlight.record.events.scans import Decision, Outcome, PageScanned, PageSettled
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant

UNSURE, TICKED = "unsure", "ticked"


class ScannedPage(Struct, frozen=True, kw_only=True):
    """One picture, and everything that was said of it."""

    site: str
    at: Instant
    by: str
    said: PageScanned
    patient: PatientKey = PatientKey("")
    times: int = 1  # that this very picture came
    settled: PageSettled | None = None  # the last word of a person
    checked: PageSettled | None = None  # the last comparison of its boxes
    settled_by: str = ""
    settled_at: Instant | None = None

    @property
    def serial(self) -> str:
        """Return the sheet it is of: a person's word before the code's."""
        return self.settled.serial if self.settled and self.settled.serial else self.said.serial

    @property
    def page(self) -> int:
        """Return which page of its sheet it is; 0 where nobody knows."""
        return self.settled.page if self.settled and self.settled.page else self.said.page

    def unmatched(self) -> bool:
        """Return whether it is on nobody's sheet, and nobody has settled that."""
        return self.said.outcome is Outcome.UNMATCHED and self.settled is None

    def proposes(self) -> bool:
        """Return whether its boxes say something that nobody has compared with the picture."""
        ticks = any(one.tick in (UNSURE, TICKED) for one in self.said.boxes)
        return ticks and self.checked is None and not self.unmatched() and not self.is_aside()

    def is_aside(self) -> bool:
        """Return whether somebody said that it is nobody's sheet."""
        return self.settled is not None and self.settled.decision is Decision.SET_ASIDE


class Scans:
    """Every page that came back."""

    def __init__(self) -> None:
        self._pages: dict[str, ScannedPage] = {}  # by the digest of the picture
        self._by_sheet: dict[tuple[str, int], list[str]] = {}

    def take(self, entry: Entry, entered: Entered) -> None:
        """Take an entry into account; one that is not about a scan changes nothing."""
        if isinstance(entered.said, PageScanned):
            self._scanned(entry, entered, entered.said)
        elif isinstance(entered.said, PageSettled):
            self._settled(entry, entered, entered.said)

    def _scanned(self, entry: Entry, entered: Entered, said: PageScanned) -> None:
        known = self._pages.get(said.image)
        if known is not None:
            self._pages[said.image] = replace(known, times=known.times + 1)
            return
        self._pages[said.image] = ScannedPage(
            site=entry.site, at=entry.occurred, by=entered.by, said=said, patient=entered.patient
        )
        self._index(self._pages[said.image])

    def _settled(self, entry: Entry, entered: Entered, said: PageSettled) -> None:
        page = self._pages.get(said.image)
        if page is None:
            return
        if said.decision is Decision.CHECK:
            page = replace(page, checked=said)
        else:
            page = replace(page, settled=said, patient=entered.patient)
        page = replace(page, settled_by=entered.by, settled_at=entry.occurred)
        self._pages[said.image] = page
        self._index(page)

    def _index(self, page: ScannedPage) -> None:
        images = self._by_sheet.setdefault((page.serial, page.page), [])
        if page.said.image not in images:
            images.append(page.said.image)

    def page(self, image: str) -> ScannedPage | None:
        """Return a page by its picture; None for one that never came."""
        return self._pages.get(image)

    def others(self, page: ScannedPage) -> int:
        """Return how many other pictures there are of the same page of the same sheet."""
        images = self._by_sheet.get((page.serial, page.page), []) if page.serial else []
        mine = (page.serial, page.page)
        found = [self._pages[one] for one in images if one != page.said.image]
        return sum(1 for one in found if (one.serial, one.page) == mine)

    def of_sheet(self, serial: str, page: int) -> tuple[ScannedPage, ...]:
        """Return every picture of one page of a sheet, oldest first, without those set aside."""
        found = [self._pages[one] for one in self._by_sheet.get((serial, page), [])]
        mine = [one for one in found if (one.serial, one.page) == (serial, page)]
        return tuple(one for one in mine if not one.is_aside())

    def unmatched(self, site: str) -> tuple[ScannedPage, ...]:
        """Return the pages of a site that are on nobody's sheet, oldest first."""
        return tuple(one for one in self._pages.values() if one.site == site and one.unmatched())

    def to_check(self, site: str) -> tuple[ScannedPage, ...]:
        """Return the pages of a site whose boxes a person has to compare, oldest first."""
        return tuple(one for one in self._pages.values() if one.site == site and one.proposes())

    def filed(self, site: str) -> tuple[ScannedPage, ...]:
        """Return the pages of a site that are on a patient's sheet, oldest first.

        Of several pictures of one page the newest stands for it.
        """
        found: dict[tuple[str, int], ScannedPage] = {}
        for one in self._pages.values():
            if one.site == site and one.patient and one.serial and not one.is_aside():
                at = (one.serial, one.page)
                found[at] = one if at not in found or one.at >= found[at].at else found[at]
        return tuple(found.values())

    def newest(self, site: str, most: int) -> tuple[ScannedPage, ...]:
        """Return the newest pages of a site, whatever became of them."""
        of_site = [one for one in self._pages.values() if one.site == site]
        return tuple(reversed(of_site[-most:]))

    def of_patient(self, is_theirs: Callable[[PatientKey], bool]) -> tuple[ScannedPage, ...]:
        """Return a patient's pages, newest first, whatever number they were filed under."""
        theirs = [one for one in self._pages.values() if one.patient and is_theirs(one.patient)]
        return tuple(reversed([one for one in theirs if not one.is_aside()]))

    def snapshot(self) -> Any:
        """Return what is to be kept over a restart."""
        return msgspec.to_builtins(list(self._pages.values()))

    def restore(self, kept: Any) -> None:
        """Take over what was kept."""
        self._pages = {}
        self._by_sheet = {}
        for page in msgspec.convert(kept, list[ScannedPage]):
            self._pages[page.said.image] = page
            self._index(page)
