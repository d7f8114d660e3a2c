"""The sheet by which a device is set up, and the certificate it is given."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from tests.web.access.station import House
from tests.web.screens import HANDLES, SITES, whole_ward, words
from tests.web.ward_of_28 import NOW

from wardlight.log.keys import Keys
from wardlight.run.doors.authority import fingerprint, new_authority
from wardlight.web.access.install import Origin
from wardlight.web.app import create_app

NAMES = ("wardlight.mmh.example", "10.1.2.3")


def asked(origin: Origin, path: str) -> httpx.Response:
    house = House(whole_ward())
    app = create_app(
        views=house.copy.views,
        sites=SITES,
        clock=lambda: NOW,
        handles=HANDLES,
        access=house.door,
        origin=origin,
    )

    async def ask() -> httpx.Response:
        base = "https://wardlight.mmh.example:8443"
        transport = httpx.ASGITransport(app, client=("10.4.0.17", 40_000))
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            return await client.get(path)

    return asyncio.run(ask())


@pytest.fixture
def authority(tmp_path: Path) -> x509.Certificate:
    """Give the certificate of an authority."""
    return new_authority(tmp_path, Keys(bytes(32)), node="MMH", names=NAMES, now=NOW)


def origin_of(authority: x509.Certificate) -> Origin:
    pem = authority.public_bytes(Encoding.PEM)
    return Origin(names=NAMES, authority=pem, fingerprint=fingerprint(authority))


def test_the_certificate_is_given_to_a_device_nobody_is_signed_in_on(
    authority: x509.Certificate,
) -> None:
    der = asked(origin_of(authority), "/ca.crt")
    pem = asked(origin_of(authority), "/ca.crt?form=pem")
    assert der.headers["content-type"] == "application/x-x509-ca-cert"
    assert x509.load_der_x509_certificate(der.content) == authority
    assert x509.load_pem_x509_certificate(pem.content) == authority


def test_the_sheet_has_the_fingerprint_and_the_steps(authority: x509.Certificate) -> None:
    text = words(asked(origin_of(authority), "/install").text)
    assert fingerprint(authority) in text
    assert "https://wardlight.mmh.example:8443/ca.crt" in text
    assert "wardlight.mmh.example, 10.1.2.3 and for nothing else" in text
    assert "certutil -addstore -f Root ca.crt" in text


def test_a_node_of_this_machine_alone_and_one_with_the_hospitals_certificate_give_none() -> None:
    assert asked(Origin(), "/ca.crt").status_code == 421
    assert asked(Origin(names=NAMES), "/ca.crt").status_code == 404
    assert "Nothing to install." in words(asked(Origin(names=NAMES), "/install").text)


def test_the_default_port_is_not_said() -> None:
    assert Origin(names=NAMES).home(443) == "https://wardlight.mmh.example"
    assert Origin(names=("2001:db8::1",)).home(8443) == "https://[2001:db8::1]:8443"
