"""The poster for the door: one page of one site, black on white, readable from two metres."""

from __future__ import annotations

from typing import Any

import msgspec

from wardlight.paper.packs.sheets import Pdf
from wardlight.paper.typeset import Press, typeset_alone
from wardlight.views.services.public_status import PublicLine, PublicNotice

LINES_MAX = 9  # more do not fit at a size that is read from two metres


def poster(notice: PublicNotice, site: str, press: Press, *, paper: str = "letter") -> Pdf:
    """Return the poster of a site, `site` by the name it has on the page.

    What does not fit is not cut off: the poster then says to call.
    """
    lines = [one for one in (*notice.emergency, *notice.visits) if one.where == site]
    content: dict[str, Any] = {
        "paper": paper,
        "language": notice.language,
        "direction": notice.direction,
        "site": site,
        "title": notice.title,
        "updated": notice.updated,
        "paragraphs": notice.paragraphs,
        "lines": [_line(one) for one in lines[:LINES_MAX]],
        "more": len(lines) > LINES_MAX,
        "hotline": notice.hotline,
        "card": notice.card,
        "next": notice.next,
        "approved": notice.approved_by,
        "fonts": press.families,
    }
    body = typeset_alone("poster.typ", {"poster.json": msgspec.json.encode(content)}, press)
    return Pdf(body, 1)


def _line(one: PublicLine) -> dict[str, str]:
    return {"what": one.what, "says": one.says, "mark": one.mark}
