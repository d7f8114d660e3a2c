"""Find resources and cut them into pages that stay in order while feeds go on.

Charts are opened one by one and the loop is given back after each, so that a search over
everybody never keeps a message waiting for its acknowledgement.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus
from itertools import islice

from msgspec import Struct

from wardlight.outputs.fhir.answers import Unanswerable
from wardlight.outputs.fhir.kept_copy import NOBODY, KeptCopy
from wardlight.outputs.fhir.parameters import CHARTED
from wardlight.outputs.fhir.query import Cursor, Place, Query
from wardlight.record.identity import PatientKey
from wardlight.wire.fhir.types import Element

CHARTS_A_PAGE_MAX = 250
CHARTS_COUNTED_MAX = 5_000
_BREATHE_EVERY = 128  # patients without a chart to open
_WITH_NOBODY = frozenset({"Location", "Appointment"})
_END = 2**62


class Found(Struct, frozen=True):
    """One match and its place."""

    place: Place
    resource: Element


class Page(Struct, frozen=True, kw_only=True):
    """One page of matches, with where the pages before and after it are."""

    found: Sequence[Found]
    total: int | None = None  # None: not counted, because it would open every chart
    before: Cursor | None = None
    after: Cursor | None = None


async def search(copy: KeptCopy, query: Query) -> Page:
    """Return the page that was asked for."""
    if query.count_only:
        return Page(found=(), total=await _counted(copy, query))
    if query.patients is not None or query.kind == "Location":
        groups = _groups(copy, query)
        return _cut([found async for found in _walk(copy, query, groups)], query)
    return await _streamed(copy, query)


async def _counted(copy: KeptCopy, query: Query) -> int:
    groups = _groups(copy, query)
    if query.kind in CHARTED and len(groups) > CHARTS_COUNTED_MAX:
        raise Unanswerable(
            HTTPStatus.BAD_REQUEST,
            "too-costly",
            f"Counting {query.kind} would open {len(groups):,} charts; name patients.",
        )
    total = 0
    async for _ in _walk(copy, query, groups):
        total += 1
    return total


def _groups(copy: KeptCopy, query: Query) -> list[PatientKey]:
    """Return whose resources are looked at, in the order of the pages."""
    if query.patients is not None:
        return sorted(query.patients)
    if query.kind == "Location":
        return [NOBODY]
    everybody = sorted(copy.views.people.keys())
    return [NOBODY, *everybody] if query.kind in _WITH_NOBODY else everybody


async def _walk(
    copy: KeptCopy, query: Query, groups: Sequence[PatientKey], *, backwards: bool = False
) -> AsyncIterator[Found]:
    every = 1 if query.kind in CHARTED else _BREATHE_EVERY
    for number, key in enumerate(groups, start=1):
        if number % every == 0:
            await asyncio.sleep(0)
        if key != NOBODY and copy.views.people.resolve(key) != key:
            continue
        rows = sorted(copy.rows(query.kind, key), key=lambda row: row.order(), reverse=backwards)
        for row in rows:
            if query.matches(row.resource):
                yield Found(Place(key, *row.order()), row.resource)


def _cut(found: Sequence[Found], query: Query) -> Page:
    places = [one.place for one in found]
    start = 0
    if query.cursor is not None and query.cursor.backwards:
        start = max(bisect_left(places, query.cursor.place) - query.count, 0)
    elif query.cursor is not None:
        start = bisect_right(places, query.cursor.place)
    page = found[start : start + query.count]
    more = start + len(page) < len(found)
    return Page(
        found=page,
        total=len(found),
        before=Cursor(page[0].place, backwards=True) if page and start else None,
        after=Cursor(page[-1].place, backwards=False) if page and more else None,
    )


async def _streamed(copy: KeptCopy, query: Query) -> Page:
    """Return a page of a search over everybody; it may be short and still have a next one."""
    cursor = query.cursor
    backwards = cursor is not None and cursor.backwards
    groups = _rest(_groups(copy, query), cursor)
    looked_at = groups
    if query.kind in CHARTED:
        looked_at = list(islice(groups, CHARTS_A_PAGE_MAX))
    page: list[Found] = []
    async for found in _walk(copy, query, looked_at, backwards=backwards):
        if cursor is not None and not _beyond(found.place, cursor):
            continue
        page.append(found)
        if len(page) > query.count:
            break
    more = len(page) > query.count
    page = page[: query.count]
    onward = page[-1].place if more else None
    if not more and len(looked_at) < len(groups):
        onward = Place(looked_at[-1], -_END if backwards else _END, "")
    return _page(page, cursor, onward)


def _page(page: list[Found], cursor: Cursor | None, onward: Place | None) -> Page:
    """Return the page in reading order, whichever way it was reached."""
    backwards = cursor is not None and cursor.backwards
    ahead = Cursor(onward, backwards=backwards) if onward is not None else None
    back = None
    if cursor is not None:
        back = Cursor(page[0].place if page else cursor.place, backwards=not backwards)
    whole = cursor is None and ahead is None
    return Page(
        found=page[::-1] if backwards else page,
        total=len(page) if whole else None,
        before=ahead if backwards else back,
        after=back if backwards else ahead,
    )


def _rest(groups: list[PatientKey], cursor: Cursor | None) -> list[PatientKey]:
    if cursor is None:
        return groups
    if cursor.backwards:
        return groups[: bisect_right(groups, cursor.place.key)][::-1]
    return groups[bisect_left(groups, cursor.place.key) :]


def _beyond(place: Place, cursor: Cursor) -> bool:
    return place < cursor.place if cursor.backwards else place > cursor.place
