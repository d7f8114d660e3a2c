"""What every answer says to the browser, and whom the screens answer at all.

Until there is sign-in the screens are for this machine only. A page of a stranger's site could
still ask a browser here to send requests to this address under another name (DNS rebinding), so
the host that was asked for has to be this machine too.
"""

from __future__ import annotations

from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    # "no-referrer" would also take the Origin header from our own forms; this sends it to nobody
    # else, and our own addresses hold no patient data.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}
UNLESS_SAID = {"cache-control": "no-store"}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Answers this machine only, takes forms from our own pages only, and sets the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it with a sentence."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(ALWAYS)
                for name, value in UNLESS_SAID.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = refused(scope["method"], Headers(scope=scope))
        await (refusal or self._app)(scope, receive, guarded)


def refused(method: str, headers: Headers) -> PlainTextResponse | None:
    """Return the refusal of a request that does not come from this machine's own pages."""
    host = headers.get("host", "")
    if not is_this_machine(host):
        return PlainTextResponse(
            "These screens answer on this machine only: use 127.0.0.1 or localhost.", 421
        )
    if method not in SAFE_METHODS and not from_our_own_page(headers, host):
        return PlainTextResponse("This form was not sent from one of our own pages.", 403)
    return None


def is_this_machine(host: str) -> bool:
    """Return whether a Host header names this machine: localhost or a loopback address."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if name.lower() == "localhost":
        return True
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def from_our_own_page(headers: Headers, host: str) -> bool:
    """Return whether a form comes from our own page; programs that send no origin may pass."""
    origin = headers.get("origin")
    if origin is not None:
        return origin.split("//")[-1] == host
    return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
