"""Back from paper: files that came in, pages nobody could place, boxes to compare, page by page.

A page is placed by its code, by a serial somebody types, or by a wristband or label somebody scans;
nothing here looks at a name.
"""

from __future__ import annotations

from urllib.parse import quote

from msgspec import Struct
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from wardlight.paper.forms.form_file import Whose
from wardlight.record.events.scans import BoxSaid
from wardlight.record.instants import Instant
from wardlight.record.sheet_serial import serial_in
from wardlight.rules.access import May, may
from wardlight.views.paperwork.scans import ScannedPage
from wardlight.views.words import name_words
from wardlight.web.access.sight import Sight, assert_sees_site, sight_of
from wardlight.web.addresses import site_url
from wardlight.web.banner import banner_of, open_patient, site_of
from wardlight.web.entering.entries import author_of
from wardlight.web.page import Content, Desk, Screen, answered, desk_of
from wardlight.web.paperwork.form_rows import box_words, form_name, rows_of_page
from wardlight.web.times import Times

FILES_MAX = 20  # of one upload
BYTES_MAX = 100 * 1024 * 1024
SHOWN_MAX = 60
SEE_OTHER, FORBIDDEN, NOT_FOUND = 303, 403, 404
NOT_YOURS = "This page is of a patient who is not on your wards."


class PageLine(Struct, frozen=True, kw_only=True):
    """One page on a list."""

    image: str
    href: str
    at: Instant
    by: str
    serial: str  # in groups, as it is printed; "" where none was read
    form: str
    page: int
    because: str
    name: str  # whose it is; "" while nobody knows
    times: int
    others: int
    unsure: int
    ticked: int
    boxes: tuple[BoxSaid, ...]
    state: str


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [
        Route("/scans/{site}", scans),
        Route("/scans/{site}", upload, methods=["POST"]),
        Route("/scans/{site}/page/{image}", page),
        Route("/scans/{site}/picture/{image}", picture),
        Route("/patient/{handle}/scans", of_patient),
        Route("/patient/{handle}/scans/{image}", picture_of_patient),
    ]


async def scans(request: Request) -> Response:
    """Show what came in, and what a person has to do about it."""
    assert_sees_site(request, desk_of(request).site(request.path_params["site"]).code)
    return await answered(request, _screen(request))


def _screen(request: Request, wrong: tuple[str, ...] = ()) -> Screen:
    site = desk_of(request).site(request.path_params["site"])
    sight = sight_of(request)

    async def make(desk: Desk, _: Times) -> Content:
        view = desk.views.scans
        check = [
            one
            for one in view.to_check(site.code)
            if sees(desk, sight, one) and not is_call(desk, one)
        ]
        newest = [one for one in view.newest(site.code, SHOWN_MAX) if sees(desk, sight, one)]
        unmatched = view.unmatched(site.code)
        return {
            "wrong": wrong,
            "takes": desk.scans is not None and desk.writes,
            "files": desk.scans.files(site.code) if desk.scans else (),
            "unmatched": [line_of(desk, one) for one in unmatched[:SHOWN_MAX]],
            "unmatched_count": len(unmatched),
            "check": [line_of(desk, one) for one in check[:SHOWN_MAX]],
            "check_count": len(check),
            "newest": [line_of(desk, one) for one in newest],
        }

    status = 422 if wrong else 200
    return Screen(template="scans.html", make=make, site=site.code, status=status)


def line_of(desk: Desk, page: ScannedPage) -> PageLine:
    """Return a page as a list shows it."""
    person = desk.views.people.person(page.patient) if page.patient else None
    serial = serial_in(page.serial)
    boxes = page.said.boxes
    return PageLine(
        image=page.said.image,
        href=f"/scans/{quote(page.site, safe='')}/page/{page.said.image}",
        at=page.at,
        by=page.by,
        serial=serial.text() if serial else "",
        form=form_name(desk.views, page),
        page=page.page,
        because=page.said.because,
        name=name_words(person.name) if person else "",
        times=page.times,
        others=desk.views.scans.others(page),
        unsure=sum(1 for one in boxes if one.tick == "unsure"),
        ticked=sum(1 for one in boxes if one.tick == "ticked"),
        boxes=boxes,
        state=_state(page),
    )


def _state(page: ScannedPage) -> str:
    if page.is_aside():
        return "set aside"
    if page.unmatched():
        return "on no patient's sheet"
    if page.proposes():
        return "boxes to be compared"
    return "filed, boxes compared" if page.checked else "filed"


def is_call(desk: Desk, page: ScannedPage) -> bool:
    """Return whether a page is a call sheet: those who ring compare and enter it on their page."""
    form = desk.forms().forms.get(form_name(desk.views, page))
    return form is not None and form.whose is Whose.CALL


def sees(desk: Desk, sight: Sight, page: ScannedPage) -> bool:
    """Return whether somebody may see a page: their patient's, or nobody's yet at their site."""
    if page.patient:
        return sight.patient(desk, page.patient)
    return sight.site(page.site)


async def upload(request: Request) -> Response:
    """Take files in; each is durable before anybody is thanked."""
    desk = desk_of(request)
    site = desk.site(request.path_params["site"])
    assert_sees_site(request, site.code)
    author = author_of(request, "")
    if author is None:
        raise HTTPException(401, "Sign in first.")
    if author.role and not may(author.role, May.KEEP_PAPER):
        raise HTTPException(FORBIDDEN, "Scans are taken in by those who keep paper.")
    if desk.scans is None:
        raise HTTPException(NOT_FOUND, "No scans are taken in here.")
    if int(request.headers.get("content-length") or BYTES_MAX * 2) > BYTES_MAX:
        raise HTTPException(413, "These files are too large. Scan fewer pages at once.")
    wrong: list[str] = []
    taken = 0
    async with request.form(max_files=FILES_MAX, max_fields=4) as form:
        for file in form.getlist("file"):
            if not isinstance(file, UploadFile):
                continue
            body = await file.read(BYTES_MAX + 1)
            found = await desk.scans.take(site.code, body, source="upload", by=author)
            taken += found is None
            wrong += [found.because] if found is not None else []
    if wrong or not taken:
        return await answered(request, _screen(request, tuple(wrong or ["Choose a file first."])))
    return RedirectResponse(f"/scans/{quote(site.code, safe='')}", SEE_OTHER)


async def page(request: Request) -> Response:
    """Show one page large, with what can be done about it beside the picture."""
    found = _page_of(request)

    async def make(desk: Desk, _: Times) -> Content:
        line = line_of(desk, found)
        sure = [one for one in found.said.boxes if one.tick != "unsure"]
        return {
            "one": line,
            "found": found,
            "unsure": [one for one in found.said.boxes if one.tick == "unsure"],
            "sure": sure,
            "words": box_words(desk.forms().forms.get(form_name(desk.views, found)), found.page),
            "enter_href": _enter_href(desk, found) if line.name else "",
            "patient_href": desk.patient_url(found.patient) if line.name else "",
            "picture": f"/scans/{quote(found.site, safe='')}/picture/{found.said.image}",
        }

    return await answered(request, Screen(template="scan_page.html", make=make, site=found.site))


def _enter_href(desk: Desk, page: ScannedPage) -> str:
    """Return where a page is entered: a call sheet on its own page; "" where nothing is."""
    serial = serial_in(page.serial)
    if serial is not None and is_call(desk, page) and not page.is_aside():
        return f"{site_url('calls', page.site)}/sheet/{serial.text()}"
    rows = rows_of_page(desk.forms().forms, desk.views, page)
    if page.is_aside() or not any(one.page == page.page for one in rows):
        return ""
    return f"{desk.patient_url(page.patient)}/scans/{page.said.image}/enter"


async def picture(request: Request) -> Response:
    """Hand out the picture of a page to whoever may see it."""
    return _jpeg(desk_of(request), _page_of(request).said.image)


def _page_of(request: Request) -> ScannedPage:
    desk = desk_of(request)
    site = desk.site(request.path_params["site"])
    found = desk.views.scans.page(request.path_params["image"])
    if found is None or found.site != site.code:
        raise HTTPException(NOT_FOUND, "This page never came in here.")
    if not sees(desk, sight_of(request), found):
        raise HTTPException(FORBIDDEN, NOT_YOURS)
    return found


def _jpeg(desk: Desk, image: str) -> Response:
    body = desk.scans.image(image) if desk.scans else None
    if body is None:
        return Response("The picture is gone or was altered.", NOT_FOUND, media_type="text/plain")
    return Response(body, media_type="image/jpeg", headers={"cache-control": "no-store"})


async def of_patient(request: Request) -> Response:
    """Show the pages that are filed on a patient."""
    opened = await open_patient(request)

    async def make(desk: Desk, t: Times) -> Content:
        people = desk.views.people
        pages = desk.views.scans.of_patient(lambda key: people.resolve(key) == opened.patient)
        return {
            "tab": "scans",
            "banner": banner_of(desk, opened, t),
            "base": f"{desk.patient_url(opened.patient)}/scans",
            "pages": [
                (one, line_of(desk, one), _enter_href(desk, one)) for one in pages[:SHOWN_MAX]
            ],
            "count": len(pages),
        }

    site = site_of(desk_of(request), opened)
    return await answered(request, Screen(template="patient_scans.html", make=make, site=site))


async def picture_of_patient(request: Request) -> Response:
    """Hand out a picture that is filed on a patient who is open."""
    opened = await open_patient(request)
    desk = desk_of(request)
    found = desk.views.scans.page(request.path_params["image"])
    if found is None or desk.views.people.resolve(found.patient) != opened.patient:
        raise HTTPException(NOT_FOUND, "This page is not filed on this patient.")
    return _jpeg(desk, found.said.image)
