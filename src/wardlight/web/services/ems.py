"""The dispatcher's board: every hospital, no patient, no sign-in; only to read, and to say "seen".

It shows what is real: while a drill is on, nothing of the drill. A page that is open learns of a
change by a question that the node answers when there is something new, at the latest after
`WAIT_S_MAX`; fifty boards cost one fingerprint and one page a minute and for each change.
"""

from __future__ import annotations

import asyncio
from hashlib import blake2b
from secrets import token_hex

from msgspec import json, structs
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from wardlight.record import catalogue
from wardlight.record.events.entered import unpacked
from wardlight.record.instants import MINUTE, Instant
from wardlight.rules.asking import Asked, Author, Fields, Ground, Refusal
from wardlight.rules.judging import draft_of, judged
from wardlight.rules.services.county_rules import all_divert_notice
from wardlight.views.services import service_words as say
from wardlight.views.services.service_rows import Change, FacilityBoard, Standing
from wardlight.web.entering.forms import fields_of
from wardlight.web.entering.writing import NotKeptError
from wardlight.web.page import Content, Desk, Shelf, desk_of, whole_minute
from wardlight.web.services.lines import change_line, hospital_line, names, reached
from wardlight.web.services.state import county_rules
from wardlight.web.times import Times

WAIT_S_MAX = 10.0  # how long a question for something new is kept open
LOOK_S = 0.25  # how often an open question looks
WAITING_MAX = 200  # open questions at once; who comes on top asks again by and by
CHANGES_SHOWN_MAX = 40
SEEN_PER_CHANGE_MAX = 20  # acknowledgements of one change that are kept
EVERY_CHANGE = "all"
SEE_OTHER, TOO_MANY, UNAVAILABLE = 303, 429, 503


class Watch:
    """What all open boards of one app share: the fingerprint of the board as it is now."""

    def __init__(self) -> None:
        self.waiting = 0
        self._known: tuple[int, int, bool] | None = None
        self._mark = ""

    def mark(self, desk: Desk) -> str:
        """Return what tells this board from an earlier one.

        It is worked out again when something was said, and once a minute: whatever runs out does
        so at a whole minute.
        """
        now = (desk.kept.service_status.version, desk.clock() // MINUTE, _drills(desk))
        if self._known != now:
            self._known, self._mark = now, _fingerprint(desk)
        return self._mark


def routes() -> list[BaseRoute]:
    """Return the addresses of this screen; `/ems.txt` is for a radio room's printer."""
    return [
        Route("/ems", page),
        Route("/ems.txt", as_text),
        Route("/ems/script", script),
        Route("/ems/wait", wait),
        Route("/ems/seen", seen, methods=["POST"]),
    ]


async def page(request: Request) -> Response:
    """Show the board; made once for everybody who asks for the same."""
    desk, watch = desk_of(request), _watch(request)
    shelf: Shelf = request.app.state.shelf
    mark = watch.mark(desk)
    now = desk.clock()

    async def make() -> bytes:
        return _html(desk, "ems.html", mark, now)

    kept = await shelf.page("/ems", int(mark, 16), whole_minute(now), make)
    if request.headers.get("if-none-match") == kept.etag:
        return Response(status_code=304, headers={"etag": kept.etag})
    # Without the header that says what time it is here: no tablet keeps a copy to show later.
    return Response(kept.body, headers={"etag": kept.etag}, media_type="text/html; charset=utf-8")


async def script(request: Request) -> Response:
    """Show the lines to read out over the radio as a page to print."""
    desk = desk_of(request)
    body = _html(desk, "ems_script.html", _watch(request).mark(desk), desk.clock())
    return Response(body, media_type="text/html; charset=utf-8")


async def as_text(request: Request) -> Response:
    """Hand out the radio script as plain text, one line for each hospital."""
    desk = desk_of(request)
    t = _times(desk, desk.clock())
    notice = _notice(desk, _boards(desk, t.now))
    head = [f"HOSPITAL STATUS as of {t.full(t.now)} ({t.zone}, 24-hour clock)"]
    head += [f"THIS NODE: {one}" for one in desk.notices()]
    head += ["A DRILL IS ON: nothing of it is below"] * _drills(desk)
    head += [f"NOTICE: {notice}"] * bool(notice)
    return PlainTextResponse("\n".join((*head, *_lines(desk, t))) + "\n")


async def wait(request: Request) -> Response:
    """Answer when the board is another than the one that is asked about, or after a while."""
    desk, watch = desk_of(request), _watch(request)
    known = request.query_params.get("mark", "")
    if watch.waiting < WAITING_MAX:
        watch.waiting += 1
        try:
            await _changed(desk, watch, known)
        finally:
            watch.waiting -= 1
    return JSONResponse({"mark": watch.mark(desk), "now": desk.clock()})


async def _changed(desk: Desk, watch: Watch, known: str) -> None:
    for _ in range(int(WAIT_S_MAX / LOOK_S)):
        if watch.mark(desk) != known:
            return
        await asyncio.sleep(LOOK_S)


async def seen(request: Request) -> Response:
    """Write down that somebody has seen a change, or all that are shown."""
    desk, fields = desk_of(request), await fields_of(request)
    wanted, by = fields.get("change", ""), fields.get("by", "")
    open_ = [one for one in _changes(desk, desk.clock()) if wanted in (EVERY_CHANGE, one.id)]
    if not open_:
        return PlainTextResponse("This change is not on the board.", 404)
    for change in open_:
        if wanted == EVERY_CHANGE and change.acknowledged:
            continue
        if len(change.acknowledged) >= SEEN_PER_CHANGE_MAX:
            return PlainTextResponse("Enough have said that they saw this change.", TOO_MANY)
        refused = await _acknowledge(desk, change, by)
        if refused is not None:
            return refused
    return RedirectResponse("/ems", SEE_OTHER)


async def _acknowledge(desk: Desk, change: Change, by: str) -> Response | None:
    """Write one acknowledgement the way every entry goes; return why it was not written."""
    site = change.key.facility if change.key.facility in desk.sites else next(iter(desk.sites), "")
    asked = Asked(
        id=token_hex(16),
        kind=catalogue.CHANGE_ACKNOWLEDGED,
        site=site,
        author=Author(account="ems", name="Dispatcher's board"),
        fields=Fields((("change", change.id), ("by", by))),
    )
    ground = Ground(
        views=desk.kept, now=desk.clock(), zone=desk.zone(site), site=site, tables=desk.tables
    )
    found = judged(asked, ground)
    if isinstance(found, Refusal):
        return PlainTextResponse(next(iter(found.fields.values()), found.because), 422)
    draft = draft_of(asked, found, ground, asked.id)
    real = structs.replace(unpacked(draft.body), drill=False)  # the board never is of a drill
    try:
        await desk.write(structs.replace(draft, body=real.packed()))
    except NotKeptError as error:
        return PlainTextResponse(str(error), UNAVAILABLE)
    return None


def _watch(request: Request) -> Watch:
    state = request.app.state
    if not hasattr(state, "ems_watch"):
        state.ems_watch = Watch()
    watch: Watch = state.ems_watch
    return watch


def _html(desk: Desk, template: str, mark: str, now: Instant) -> bytes:
    t = _times(desk, now)
    page_ = desk.templates.get_template(template)
    return page_.render(_content(desk, t), desk=desk, t=t, fingerprint=mark).encode(
        "utf-8", "replace"
    )


def _content(desk: Desk, t: Times) -> Content:
    boards = _boards(desk, t.now)
    found = _changes(desk, t.now)
    called = {one.code: one.name for one in boards}
    return {
        "hospitals": [hospital_line(one, at, t) for at, one in enumerate(boards, 1)],
        "changes": [
            change_line(one, called.get(one.key.facility, one.key.facility), t) for one in found
        ],
        "unseen": sum(not one.acknowledged for one in found),
        "all_divert": _notice(desk, boards),
        "drill": _drills(desk),
        "lines": _lines(desk, t),
        "walk_ins": say.WALK_INS,
        "walk_ins_why": say.WALK_INS_WHY,
    }


def _times(desk: Desk, now: Instant) -> Times:
    return Times(now=now, zone=desk.zone(""))


def _boards(desk: Desk, now: Instant) -> tuple[FacilityBoard, ...]:
    return reached(desk, desk.kept.service_status.facilities(now, names(desk)))


def _changes(desk: Desk, now: Instant) -> tuple[Change, ...]:
    """Return the newest changes of the last day, as many as are shown."""
    return desk.kept.service_status.changes(now)[:CHANGES_SHOWN_MAX]


def _lines(desk: Desk, t: Times) -> list[str]:
    return list(say.radio_script(_boards(desk, t.now), t.now, t.zone))


def _notice(desk: Desk, boards: tuple[FacilityBoard, ...]) -> str:
    return all_divert_notice(boards, county_rules(desk, next(iter(desk.sites), "")))


def _drills(desk: Desk) -> bool:
    return desk.kept.downtimes.any_drill()


def _fingerprint(desk: Desk) -> str:
    """Return a digest of what the board says, without the ages that grow by themselves."""
    now = desk.clock()
    told = [
        (
            (one.code, one.name, one.phone, one.radio, one.cannot, one.can),
            [_shown(found) for found in one.services],
            one.crowding,
            [bed.said for bed in one.beds],
        )
        for one in _boards(desk, now)
    ]
    seen_ = [(one.id, one.acknowledged) for one in _changes(desk, now)]
    whole = json.encode((told, seen_, _drills(desk), desk.notices()))
    return blake2b(whole, digest_size=7).hexdigest()


def _shown(found: Standing) -> tuple[Standing, bool, bool]:
    return (
        structs.replace(found, as_of=Instant(0)),
        found.is_ending(),
        found.is_review_due(),
    )
