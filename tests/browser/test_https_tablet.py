"""A tablet reaches a node by its name over https: READY once it trusts it, not before."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Error, expect, sync_playwright
from tests.browser.test_outbox_tablet import first_page, own_browser
from tests.scenarios.test_https import on_the_network

MAPPED = "--host-resolver-rules=MAP wardlight.mmh.example 127.0.0.1"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Give the port and the folder of a node other machines reach."""
    folder = tmp_path_factory.mktemp("node")
    with on_the_network(folder) as port:
        yield f"https://wardlight.mmh.example:{port}", folder


def trust_in(folder: Path) -> str:
    """Return the flag by which Chromium takes the authority as a device that was given it does."""
    authority = x509.load_pem_x509_certificate((folder / "authority.crt").read_bytes())
    public = authority.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"--ignore-certificate-errors-spki-list={b64encode(sha256(public).digest()).decode()}"


def test_a_tablet_that_trusts_the_node_says_ready(
    chromium: str, node: tuple[str, Path], tmp_path: Path
) -> None:
    address, folder = node
    with (
        sync_playwright() as playwright,
        own_browser(chromium, tmp_path / "profile", MAPPED, trust_in(folder)) as (port, _),
    ):
        page = first_page(playwright, port)
        page.goto(address + "/station")
        page.evaluate("navigator.serviceWorker.ready.then(() => wardlight.station.again())")
        expect(page.locator("#station-says")).to_have_text("READY")


def test_a_tablet_that_clicked_the_warning_away_is_ready_only_while_open(
    chromium: str, node: tuple[str, Path], tmp_path: Path
) -> None:
    with (
        sync_playwright() as playwright,
        own_browser(chromium, tmp_path / "profile", MAPPED) as (port, _),
    ):
        page = first_page(playwright, port)
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            page.goto(node[0] + "/station")
        page.locator("body").press_sequentially("thisisunsafe")
        expect(page.locator("#station-says")).to_have_text("READY WHILE OPEN")
        expect(page.locator("[data-because=no-worker]")).to_contain_text("install sheet")
