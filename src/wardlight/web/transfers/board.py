"""The transfer board of a site: overdue first, then on the way, ready, accepted and waiting."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.views.transfers.transfer_board import board
from wardlight.views.transfers.transfers import OPEN, TransferState
from wardlight.web.access.sight import sight_of
from wardlight.web.page import Content, Desk, Screen, desk_of, shown
from wardlight.web.times import Times
from wardlight.web.transfers.lines import inbound_lines, transfer_line

_DONE = frozenset({TransferState.ARRIVED, TransferState.CANCELLED})
SHOWN_MAX = 300


def routes() -> list[BaseRoute]:
    """Return the address of this screen."""
    return [Route("/transfers/{site}", transfers)]


async def transfers(request: Request) -> Response:
    """Show a site's transfers, and who comes to it from others."""
    site = desk_of(request).site(request.path_params["site"])
    sight = sight_of(request)

    async def make(desk: Desk, t: Times) -> Content:
        every = board(desk.views, site.code, t.now)
        rows = [row for row in every if sight.patient(desk, row.patient)]
        open_ = [row for row in rows if row.state not in _DONE][:SHOWN_MAX]
        done = [row for row in rows if row.state in _DONE][:SHOWN_MAX]
        return {
            "open": [transfer_line(desk, row, t) for row in open_],
            "done": [transfer_line(desk, row, t) for row in done],
            "inbound": inbound_lines(desk, site.code, t) if sight.site(site.code) else [],
            "hidden": len(every) - len(open_) - len(done),
            "counts": {
                "overdue": sum(bool(row.overdue_ms) for row in rows),
                "on the way": sum(row.state is TransferState.ON_THE_WAY for row in rows),
                "to go": sum(row.state in OPEN for row in rows),
                "wait for a place": sum(row.state is TransferState.WAITING for row in rows),
                "to close": sum(row.to_close() for row in rows),
            },
        }

    return await shown(request, Screen(template="transfers.html", make=make, site=site.code))
