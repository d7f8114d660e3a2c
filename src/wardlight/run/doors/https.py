"""How a node's screens are reached by other machines: over https only, by the names it was told.

On this machine itself (loopback) they stay plain http: browsers trust that as they trust https
(W3C Secure Contexts §3.1), and nothing leaves the machine. HSTS is not sent: a private authority
may have to be made anew, and no browser may lock a ward out because of it.
"""

from __future__ import annotations

import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec import Struct

from wardlight.log.keys import Keys
from wardlight.record.instants import Clock
from wardlight.run.addresses import address, is_loopback
from wardlight.run.doors.authority import (
    RENEWED_DAYS,
    SERVER_FILE,
    authority_of,
    covers,
    days_left,
    fingerprint,
    names_in,
    server_certificate,
)
from wardlight.run.settings import Http, SettingsError
from wardlight.web.access.install import Origin

EVERY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104 -- to be recognised, not listened on


class Where(Struct, frozen=True, kw_only=True):
    """The node whose screens are served."""

    folder: Path
    http: Http
    keys: Keys
    node: str


class Https:
    """The certificate of a node's screens and the context they are served with."""

    def __init__(self, where: Where, clock: Clock) -> None:
        """Read or make the certificate. Raises SettingsError, OSError."""
        self._where = where
        self._clock = clock
        self.names = served_names(where.folder, where.http)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._authority: x509.Certificate | None = None
        if not where.http.certificate:
            self._authority = authority_of(
                where.folder, where.keys, node=where.node, names=self.names, now=clock()
            )
        self.renew()

    def renew(self) -> None:
        """Serve new connections with a certificate that is far from its end."""
        where = self._where
        if self._authority is None:
            certificate, key = own_files(where.folder, where.http)
            self._certificate = own_certificate(certificate)
        else:
            self._certificate = server_certificate(
                where.folder, self._authority, where.keys, names=self.names, now=self._clock()
            )
            certificate = key = where.folder / SERVER_FILE
        try:
            self.context.load_cert_chain(certificate, key)
        except ssl.SSLError as error:
            raise SettingsError(f"{certificate} and {key} do not belong together") from error

    def origin(self) -> Origin:
        """Return what devices have to know to open the screens and to trust them."""
        if self._authority is None:
            return Origin(names=self.names)
        return Origin(
            names=self.names,
            authority=self._authority.public_bytes(Encoding.PEM),
            fingerprint=fingerprint(self._authority),
        )

    def notices(self) -> tuple[str, ...]:
        """Return what every screen says of a certificate that devices will not take, or soon."""
        if self._authority is not None:
            strange = [one for one in self.names if not covers(self._authority, one)]
            words = "is not a name this node's authority may sign for: run `wardlight ca renew`"
            return tuple(f"{name} {words}" for name in strange)
        left = days_left(self._certificate, self._clock())
        if left >= RENEWED_DAYS:
            return ()
        said = f"ends in {left} days" if left >= 0 else "has ended: devices refuse the screens"
        return (f"The certificate of the screens {said}",)


def https_of(where: Where, clock: Clock) -> Https | None:
    """Return how other machines reach the screens; None where only this machine may."""
    if is_loopback(address(where.http.listen)[0]):
        return None
    return Https(where, clock)


def served_names(folder: Path, http: Http) -> tuple[str, ...]:
    """Return the names devices may open; () when only this machine may. Raises SettingsError."""
    host = address(http.listen)[0].lower()
    if is_loopback(host):
        return ()
    if http.names:
        return tuple(name.lower() for name in http.names)
    if http.certificate:
        held = names_in(own_certificate(own_files(folder, http)[0]))
        if names := tuple(name.lower() for name in held if "*" not in name):
            return names
    if host in EVERY_ADDRESS:
        raise SettingsError(
            f"{host}: say by which names devices open the screens, such as "
            '[http] names = ["wardlight.mmh.example", "10.1.2.3"]'
        )
    return (host,)


def own_files(folder: Path, http: Http) -> tuple[Path, Path]:
    """Return the hospital's certificate and key. Raises SettingsError for one that is missing."""
    certificate, key = folder / http.certificate, folder / (http.key or http.certificate)
    for path, setting in ((certificate, "certificate"), (key, "key")):
        if not path.is_file():
            raise SettingsError(f"{path}: there is no such file (http.{setting})")
    return certificate, key


def own_certificate(path: Path) -> x509.Certificate:
    """Return the first certificate of the hospital's file. Raises SettingsError."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0]
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: no PEM certificate can be read in it") from error
