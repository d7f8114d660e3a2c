"""The gate every request passes: who sends it, from which station, and whether they may.

A stranger asking for a page is sent to sign in; a program asking for one is told so in JSON. What
sends entries answers for itself, because a tablet has to hear about each of them by its id.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wardlight.rules.access import May, may
from wardlight.web.access.door import Door, SignedInPerson
from wardlight.web.access.machines import program_of

SESSION_COOKIE = "wardlight-session"
STATION_COOKIE = "wardlight-station"
STATION_DAYS = 400
SEE_OTHER, FORBIDDEN, UNAUTHORIZED = 303, 403, 401

# First words of addresses: open to strangers; for programs; open to whoever is signed in.
OPEN = frozenset(
    {"sign-in", "lock", "static", "sw.js", "ca.crt", "install", "ping", "entries", "station"}
    | {"passkey", "ems", "ems.txt", "status"}  # these name no patient
)
MACHINES = frozenset({"fhir", "log", "edxl", "cap", "metrics"})
NO_PATIENTS = frozenset({"edxl", "cap", "metrics"})  # programs' pages that name no patient
EVERYBODY = frozenset(
    {"", "sign-out", "touch", "my-sign-in", "my-entries", "feeds", "declare", "demo", "numbers"}
    | {"services", "neighbours", "public", "map"}
)
# Who may do one of these gets these pages; every other page is for those who read charts.
NEEDED: Mapping[str, tuple[May, ...]] = {
    "people": (May.ADMINISTER,),
    "stations": (May.ADMINISTER,),
    "audit": (May.REVIEW,),
    "unread": (May.READ_CHARTS, May.ADMINISTER),
    "scans": (May.KEEP_PAPER,),
    "printers": (May.READ_CHARTS, May.ADMINISTER),
    "destinations": (May.SEND,),
    "look-at": (May.LOOK_AT, May.CHART),
    "clinics": (May.READ_CHARTS, May.SCHEDULE),
    "triage": (May.TRIAGE, May.SCHEDULE),
    "theatre": (May.TRIAGE, May.SCHEDULE),
    "reschedule": (May.TRIAGE, May.SCHEDULE),
    "calls": (May.CONTACT,),
    "inbound": (May.CONTACT,),
    "contact-numbers": (May.CONTACT, May.SCHEDULE, May.TRIAGE, May.DECLARE, May.CHART),
    "paper": (May.KEEP_PAPER,),
}
# What pages and tablets ask by themselves: nobody has to be there for it.
BY_THEMSELVES = frozenset(
    {"entries", "ping", "numbers", "census.json", "static", "sw.js", "fhir", "log", "station"}
    | {"ems", "ems.txt", "edxl", "cap", "metrics", "status"}
)
REFRESH_HEADER = "x-wardlight-refresh"


Said = Callable[[Request, Exception], Awaitable[Response]]


class Gate:
    """Lets a request through with who is signed in, or answers in its place."""

    def __init__(self, app: ASGIApp, door: Door, said: Said) -> None:
        """`said` makes the page that says a refusal."""
        self._app = app
        self._door = door
        self._said = said

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        station = self._door.station_of(request.cookies.get(STATION_COOKIE, ""))
        fresh = ""
        if not station:
            station, fresh = self._door.new_station()
        session = request.cookies.get(SESSION_COOKIE, "")
        who = self._door.signed_in(session, touched=is_touched(request))
        scope.setdefault("state", {})
        scope["state"] |= {"who": who, "station": station}
        answer = await self._answer(request, who)
        secure = request.url.scheme == "https"
        cookies = [station_cookie(fresh, secure=secure)] if fresh else []
        if who is not None and who.renewed:
            cookies.append(session_cookie(who.renewed, secure=secure))

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                pairs = [(b"set-cookie", one.encode("latin-1")) for one in cookies]
                # The answer's own cookies come last: signing out wins over renewing.
                message["headers"] = [*pairs, *message.get("headers", [])]
            await send(message)

        await (answer or self._app)(scope, receive, marked)

    async def _answer(self, request: Request, who: SignedInPerson | None) -> Response | None:
        """Return what is answered in the app's place; None to let the request through."""
        if self._is_program(request):
            return None
        try:
            return refused(request, who, demo=self._door.demo)
        except HTTPException as not_for_them:
            return await self._said(request, not_for_them)

    def _is_program(self, request: Request) -> bool:
        is_for_them = first_word(request.url.path) in MACHINES
        return is_for_them and bool(program_of(request, self._door.rules))


def first_word(path: str) -> str:
    """Return the first word of an address: what decides who may see it."""
    return path.split("/")[1] if path.startswith("/") else path


def is_touched(request: Request) -> bool:
    """Return whether a person asked for this: somebody is there, and the screen stays open.

    Refreshes, heartbeats and entries that send themselves say nothing about it.
    """
    if first_word(request.url.path) in BY_THEMSELVES or REFRESH_HEADER in request.headers:
        return False
    return request.method != "GET" or "text/html" in request.headers.get("accept", "")


def opens(role: str, word: str) -> bool:
    """Return whether a role gets the pages whose addresses begin with this word."""
    needed = NEEDED.get(word, (May.READ_CHARTS,))
    return word in EVERYBODY or word in OPEN or any(may(role, one) for one in needed)


def refused(request: Request, who: SignedInPerson | None, *, demo: bool = False) -> Response | None:
    """Return the answer to somebody who may not see what they ask for; None to let them through.

    Raises HTTPException for a page that is not for their role.
    """
    word = first_word(request.url.path)
    if word in OPEN or (demo and word == "demo"):
        return None
    if who is None:
        return _sign_in_first(request)
    if word in MACHINES:
        return None if word in NO_PATIENTS else _program_page(who)
    if word in EVERYBODY:
        _declares(request, who)
        return None
    if not opens(who.role, word):
        raise _not_for(who)
    return None


def _program_page(who: SignedInPerson) -> Response | None:
    """Let those read what is for programs who see every ward anyway."""
    if not who.may(May.READ_CHARTS):
        return JSONResponse({"because": "Your role does not read charts."}, FORBIDDEN)
    if who.person.sites or who.person.units:
        words = "Your wards are read on the screens; this has every ward, for programs."
        return JSONResponse({"because": words}, FORBIDDEN)
    return None


def _declares(request: Request, who: SignedInPerson) -> None:
    """Let everybody read what was declared, and those declare whose role does."""
    declares = request.url.path.startswith("/declare") and request.method != "GET"
    if declares and not who.may(May.DECLARE):
        raise _not_for(who)


def _not_for(who: SignedInPerson) -> HTTPException:
    words = (
        f"This page is not for your role ({who.role}). Ask whoever leads your shift; "
        "if the role is wrong, an administrator can change it under People."
    )
    return HTTPException(FORBIDDEN, words)


def _sign_in_first(request: Request) -> Response:
    wants_page = "text/html" in request.headers.get("accept", "*/*") or request.method == "GET"
    if first_word(request.url.path) in MACHINES:
        words = "A program needs its token here (Authorization: Bearer)."
        return JSONResponse({"because": words}, UNAUTHORIZED, {"www-authenticate": "Bearer"})
    if not wants_page or request.url.path.endswith((".json", "/numbers")):
        return JSONResponse({"because": "Sign in first."}, UNAUTHORIZED)
    path = request.url.path
    if request.method != "GET" or path == "/":
        return RedirectResponse("/sign-in", SEE_OTHER)
    return RedirectResponse(f"/sign-in?next={quote(path)}", SEE_OTHER)


def session_cookie(token: str, *, secure: bool) -> str:
    """Return the cookie of a session; it ends with the browser."""
    guard = "; Secure" if secure else ""
    return f"{SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict{guard}"


def station_cookie(token: str, *, secure: bool) -> str:
    """Return the cookie by which a device is known again."""
    guard = "; Secure" if secure else ""
    age = STATION_DAYS * 86_400
    return f"{STATION_COOKIE}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{guard}"


def local_path(typed: str) -> str:
    """Return a path of our own to go on to; "/" for anything that could lead elsewhere."""
    safe = typed.startswith("/") and not typed.startswith(("//", "/\\")) and "\\" not in typed
    return typed if safe and typed.isprintable() else "/"
