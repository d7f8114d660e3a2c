"""The gate every request passes: who sends it, from which station, and whether they may.

A stranger asking for a page is sent to sign in; a program asking for one is told so in JSON. What
sends entries answers for itself, because a tablet has to hear about each of them by its id.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wardlight.rules.access import May
from wardlight.web.access.door import Door, SignedInPerson

SESSION_COOKIE = "wardlight-session"
STATION_COOKIE = "wardlight-station"
STATION_DAYS = 400
SEE_OTHER, FORBIDDEN, UNAUTHORIZED = 303, 403, 401

OPEN = ("/sign-in", "/static/", "/sw.js", "/ca.crt", "/install", "/ping", "/entries", "/station")
MACHINES = ("/fhir", "/log/")  # for programs of this machine; from elsewhere with a token
# Whoever may not do any of these does not get these pages.
NEEDED: tuple[tuple[str, tuple[May, ...]], ...] = (
    ("/people", (May.ADMINISTER,)),
    ("/stations", (May.ADMINISTER,)),
    ("/audit", (May.REVIEW,)),
    ("/declare/", (May.DECLARE,)),
    ("/look-at/", (May.LOOK_AT, May.CHART)),
)
CHARTS = ("/patient/", "/ward/", "/pack/", "/search", "/left/", "/expected/", "/clinics/")


class Gate:
    """Lets a request through with who is signed in, or answers in its place."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

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
        who = self._door.signed_in(request.cookies.get(SESSION_COOKIE, ""))
        scope.setdefault("state", {})
        scope["state"] |= {"who": who, "station": station}
        answer = refused(request, who, demo=self._door.demo)

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start" and fresh:
                cookie = station_cookie(fresh, secure=request.url.scheme == "https")
                message.setdefault("headers", []).append((b"set-cookie", cookie.encode("latin-1")))
            await send(message)

        await (answer or self._app)(scope, receive, marked)


def refused(
    request: Request, who: SignedInPerson | None, *, demo: bool = False
) -> Response | None:
    """Return the answer to somebody who may not see what they ask for; None to let them through."""
    path = request.url.path
    if path.startswith(OPEN) or (demo and path.startswith("/demo")):
        return None
    if path.startswith(MACHINES) and _is_here(request):
        return None
    if who is None:
        return _sign_in_first(request)
    if path.startswith(MACHINES) and not who.may(May.READ_CHARTS):
        return JSONResponse({"because": "Your role does not read charts."}, FORBIDDEN)
    needed = next((grants for begins, grants in NEEDED if path.startswith(begins)), ())
    if path.startswith(CHARTS):
        needed = (May.READ_CHARTS,)
    if needed and not any(who.may(one) for one in needed):
        return Response(
            f"This page is not for your role ({who.role}). Ask the charge nurse.",
            FORBIDDEN,
            media_type="text/plain",
        )
    return None


def _sign_in_first(request: Request) -> Response:
    wants_page = "text/html" in request.headers.get("accept", "*/*") or request.method == "GET"
    if not wants_page or request.url.path.endswith((".json", "/numbers")):
        return JSONResponse({"because": "Sign in first."}, UNAUTHORIZED)
    path = request.url.path
    if request.method != "GET" or path == "/":
        return RedirectResponse("/sign-in", SEE_OTHER)
    return RedirectResponse(f"/sign-in?next={quote(path)}", SEE_OTHER)


def _is_here(request: Request) -> bool:
    """Return whether a request comes from this machine itself."""
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


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
