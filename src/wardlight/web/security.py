"""What every answer says to the browser, and under which names the screens answer at all.

A page of a stranger's site could ask a browser here to send requests to this address under another
name (DNS rebinding), so the host that was asked for has to be this machine, or one of the names
this node was told to serve. Strict-Transport-Security is not sent: the port speaks https only, and
a private authority that had to be made anew must not lock every browser out for months.
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
    """Answers under its own names, takes forms of our own pages only, and sets the headers."""

    def __init__(self, app: ASGIApp, names: tuple[str, ...] = ()) -> None:
        """`names` are those other machines may open these screens by; () for none."""
        self._app = app
        self._names = frozenset(names)

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

        refusal = refused(scope["method"], Headers(scope=scope), self._names)
        await (refusal or self._app)(scope, receive, guarded)


def refused(
    method: str, headers: Headers, names: frozenset[str] = frozenset()
) -> PlainTextResponse | None:
    """Return the refusal of a request that does not come from our own pages under our own name."""
    host = headers.get("host", "")
    if not (is_this_machine(host) or name_of(host) in names):
        where = "by their own names only" if names else "on this machine only"
        said = f"These screens answer {where}: use {', '.join(sorted(names)) or '127.0.0.1'}."
        return PlainTextResponse(said, 421)
    if method not in SAFE_METHODS and not from_our_own_page(headers, host):
        return PlainTextResponse("This form was not sent from one of our own pages.", 403)
    return None


def is_this_machine(host: str) -> bool:
    """Return whether a Host header names this machine: localhost or a loopback address."""
    name = name_of(host)
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def name_of(host: str) -> str:
    """Return the name or address in a Host header, without its port."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name.strip("[]").lower()


def from_our_own_page(headers: Headers, host: str) -> bool:
    """Return whether a form comes from our own page; programs that send no origin may pass."""
    origin = headers.get("origin")
    if origin is not None:
        return origin.split("//")[-1] == host
    return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
