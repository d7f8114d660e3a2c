"""How a device comes to trust this node: its authority's certificate, and a sheet that says how.

Both are open to anybody, because a device has to be set up before anybody signs in on it. Only
the certificate is handed out, which is no secret; the sheet has the fingerprint to compare.
"""

from __future__ import annotations

import zxingcpp
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from markupsafe import Markup
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardlight.web.page import Content, Desk, Screen, answered
from wardlight.web.times import Times

HTTPS_PORT = 443
CERTIFICATE = "application/x-x509-ca-cert"  # what iOS, Android and Windows open as one


class Origin(Struct, frozen=True, kw_only=True):
    """By which names devices open these screens, and what they have to trust for it."""

    names: tuple[str, ...] = ()  # (): this machine only
    authority: bytes = b""  # PEM; b"" where the hospital's own certificate is used
    fingerprint: str = ""  # SHA-256 in groups of four

    def home(self, port: int | None) -> str:
        """Return the address a device opens, without a slash at its end."""
        name = f"[{self.names[0]}]" if ":" in self.names[0] else self.names[0]
        return f"https://{name}" + (f":{port}" if port not in (None, HTTPS_PORT) else "")


def routes() -> list[BaseRoute]:
    """Return the addresses of the sheet and of the certificate."""
    return [Route("/install", sheet), Route("/ca.crt", certificate)]


def origin_of(request: Request) -> Origin:
    """Return by which names this node is opened."""
    origin: Origin = request.app.state.origin
    return origin


async def certificate(request: Request) -> Response:
    """Hand out the authority's certificate: DER, or PEM for consoles that want text."""
    authority = origin_of(request).authority
    if not authority:
        raise HTTPException(404, "This node has no authority of its own: nothing to install.")
    if request.query_params.get("form") == "pem":
        return Response(authority, media_type="application/x-pem-file")
    der = x509.load_pem_x509_certificate(authority).public_bytes(Encoding.DER)
    return Response(der, media_type=CERTIFICATE)


async def sheet(request: Request) -> Response:
    """Show the install sheet, on one page of paper."""
    origin = origin_of(request)

    async def make(_: Desk, __: Times) -> Content:
        address = origin.home(request.url.port) if origin.names else ""
        code = qr(f"{address}/ca.crt") if origin.authority else ""
        groups = origin.fingerprint.split()
        return {"origin": origin, "address": address, "qr": code, "groups": groups}

    return await answered(request, Screen(template="install.html", make=make))


def qr(address: str) -> Markup:
    """Return an address as a code for a camera."""
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return Markup(code.to_svg(scale=5))  # noqa: S704 -- drawn by us, of an address of ours
