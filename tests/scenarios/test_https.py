"""A node other machines reach: over https only, trusted by its own authority, by its names."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from json import loads
from pathlib import Path

import httpx
import pytest
from tests.scenarios.node import COMMAND

NAMES = '[http]\nnames = ["wardlight.mmh.example", "192.0.2.7"]\n'


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 -- our own command
        [*COMMAND, *words], capture_output=True, text=True, timeout=60, check=False
    )


@contextmanager
def on_the_network(folder: Path) -> Iterator[str]:
    """Give the port of a node that listens on every address of this machine."""
    (folder / "wardlight.toml").write_text(NAMES)
    words = ["up", "--data", str(folder), "--site", "TEST", "--http", "0.0.0.0:0"]
    process = subprocess.Popen(  # noqa: S603 -- our own command
        [*COMMAND, *words, "--mllp", "127.0.0.1:0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        ready = loads(process.stdout.readline())
        port = ready["http"].rpartition(":")[2]
        assert ready["screens"] == f"https://wardlight.mmh.example:{port}/"
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Give the address and the folder of a node on the network."""
    folder = tmp_path_factory.mktemp("node")
    with on_the_network(folder) as port:
        yield f"localhost:{port}", folder


def trusting(folder: Path) -> httpx.Client:
    context = ssl.create_default_context(cafile=str(folder / "authority.crt"))
    return httpx.Client(verify=context, trust_env=False)


def test_a_device_that_trusts_the_authority_is_answered(node: tuple[str, Path]) -> None:
    address, folder = node
    with trusting(folder) as client:
        answer = client.get(f"https://{address}/sign-in")
    assert answer.status_code == 200
    assert "Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" not in answer.headers


def test_a_device_that_does_not_trust_it_is_not(node: tuple[str, Path]) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"https://{node[0]}/sign-in", trust_env=False)


def test_plain_http_is_not_answered(node: tuple[str, Path]) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"http://{node[0]}/sign-in", trust_env=False)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_tls_older_than_1_2_is_not_answered(node: tuple[str, Path]) -> None:
    address, folder = node
    context = ssl.create_default_context(cafile=str(folder / "authority.crt"))
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with httpx.Client(verify=context, trust_env=False) as client, pytest.raises(httpx.ConnectError):
        client.get(f"https://{address}/sign-in")


@pytest.mark.parametrize(
    ("host", "status"),
    [("wardlight.mmh.example", 200), ("192.0.2.7:443", 200), ("evil.test", 421), ("", 421)],
)
def test_only_the_names_of_the_settings_are_answered(
    node: tuple[str, Path], host: str, status: int
) -> None:
    address, folder = node
    with trusting(folder) as client:
        answer = client.get(f"https://{address}/sign-in", headers={"host": host})
    assert answer.status_code == status


def test_the_certificate_is_handed_out_and_is_the_one_the_sheet_names(
    node: tuple[str, Path],
) -> None:
    address, folder = node
    with trusting(folder) as client:
        der = client.get(f"https://{address}/ca.crt")
        pem = client.get(f"https://{address}/ca.crt?form=pem").text
        sheet = client.get(f"https://{address}/install").text
    assert der.headers["content-type"] == "application/x-x509-ca-cert"
    assert ssl.DER_cert_to_PEM_cert(der.content).strip() == pem.strip()
    assert "PRIVATE KEY" not in pem
    assert "wardlight.mmh.example" in sheet
    digest = loads(run("ca", "show", "--data", str(folder), "--json").stdout)["sha256"].upper()
    assert all(f"<span>{digest[at : at + 4]}</span>" in sheet for at in range(0, 64, 4))


def test_the_certificate_is_exported_once(node: tuple[str, Path], tmp_path: Path) -> None:
    file = tmp_path / "ca.crt"
    assert run("ca", "export", str(file), "--data", str(node[1])).returncode == 0
    assert file.read_text() == (node[1] / "authority.crt").read_text()
    assert run("ca", "export", str(file), "--data", str(node[1])).returncode == 5


def test_without_names_a_node_is_not_put_on_the_network(tmp_path: Path) -> None:
    done = run("up", "--data", str(tmp_path), "--site", "TEST", "--http", "0.0.0.0:0")
    assert done.returncode == 2
    assert "[http] names" in done.stderr
