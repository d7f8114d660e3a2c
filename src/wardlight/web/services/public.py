"""What the public reads now, in every language: read it, approve it, take it back, print it."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.paper.public.poster import poster
from wardlight.paper.public.spoken import phone_text, short_text
from wardlight.record.events.public import PublicApproved
from wardlight.record.instants import HOUR, Instant
from wardlight.views.services.public_status import PublicNotice, public_notices
from wardlight.views.services.public_words import Approval
from wardlight.web.page import NOT_FOUND, Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times

VERSIONS_SHOWN_MAX = 20
PREVIEW_MS = 4 * HOUR  # what an approval not yet made would promise
UNWRITTEN = "…"


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen."""
    return [Route("/public", public), Route("/public/poster/{site}/{language}.pdf", poster_pdf)]


async def public(request: Request) -> Response:
    """Show what the public reads and what it would read if it were approved now."""

    async def make(desk: Desk, t: Times) -> Content:
        words = desk.views.public_words
        newest, current = words.newest(), words.current()
        now = notices_of(desk, newest, t.now) if newest is not None else ()
        return {
            "current": current,
            "newest": newest,
            "late": current is not None and t.now >= current.said.next_update,
            "now": [(one, phone_text(one), short_text(one)) for one in now],
            "next": notices_of(desk, _not_yet(desk, newest, t.now), t.now),
            "versions": words.every()[:VERSIONS_SHOWN_MAX],
            "rows": desk.outside(),
            "home": next(iter(desk.sites)),
            "drill": desk.views.downtimes.any_drill(),
        }

    return await shown(request, Screen(template="public.html", make=make))


def notices_of(desk: Desk, approval: Approval, now: Instant) -> tuple[PublicNotice, ...]:
    """Return the page of an approval in each language."""
    names = {code: site.name for code, site in desk.sites.items()}
    boards = desk.views.service_status.facilities(now, names)
    network = desk.network or next(iter(names.values()))
    return public_notices(approval, boards, now, network=network, zone=desk.zone(""))


def _not_yet(desk: Desk, before: Approval | None, now: Instant) -> Approval:
    """Return what would be approved: the site's table as it is, with the phone of before."""
    said = PublicApproved(
        texts=desk.tables.public if desk.tables is not None else (),
        approved_by=UNWRITTEN,
        hotline=before.said.hotline if before is not None else UNWRITTEN,
        next_update=Instant(now + PREVIEW_MS),
    )
    return Approval(name="", at=now, by="", said=said)


async def poster_pdf(request: Request) -> Response:
    """Hand out the poster of one site in one language."""
    desk = desk_of(request)
    site = desk.site(request.path_params["site"])
    current, now = desk.views.public_words.current(), desk.clock()
    found = notices_of(desk, current, now) if current is not None else ()
    notice = next((one for one in found if one.language == request.path_params["language"]), None)
    if notice is None:
        raise HTTPException(NOT_FOUND, "Nothing is approved for the public in this language.")
    body = poster(notice, site.name, desk.press(), paper=site.paper).body
    return Response(body, media_type="application/pdf")
