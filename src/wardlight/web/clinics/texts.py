"""The words of calls, letters and messages: which of them this site has approved, and by whom."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.rules.access import May
from wardlight.rules.clinics.contact_texts import LANGUAGES
from wardlight.web.clinics.doors import site_for
from wardlight.web.clinics.scripts import Scripts
from wardlight.web.page import Content, Desk, Screen, shown
from wardlight.web.times import Times


def routes() -> list[BaseRoute]:
    """Return the address of this screen."""
    return [Route("/contact-numbers/{site}/texts", texts)]


async def texts(request: Request) -> Response:
    """Show every text in every language, and the form to approve it, changed or as it stands."""
    site = site_for(request, May.CONTACT, May.SCHEDULE, May.TRIAGE, May.DECLARE)
    chosen = request.query_params.get("language", "en")

    async def make(desk: Desk, t: Times) -> Content:
        wording = Scripts(desk, site.code, t).wording()
        known = wording.table.languages()
        language = chosen if chosen in known else known[0]
        rows = [
            _row(desk, site.code, wording.text(one.name, language), t)
            for one in wording.table.texts
            if one.language == language
        ]
        return {
            "rows": rows,
            "open": sum(not one["approved_by"] for one in rows),
            "language": language,
            "languages": [(one, LANGUAGES.get(one, one)) for one in known],
            "here": f"/contact-numbers/{site.code}/texts?language={language}",
        }

    return await shown(request, Screen(template="contact_texts.html", make=make, site=site.code))


def _row(desk: Desk, site: str, text: Any, t: Times) -> dict[str, Any]:
    versions = desk.views.inbound.versions(site, text.name, text.language)
    return {
        "name": text.name,
        "text": text.text,
        "version": text.version,
        "approved_by": text.approved_by,
        "approved_at": t.at(versions[-1].occurred) if versions and text.approved_by else "",
        "versions": len(versions),
    }
