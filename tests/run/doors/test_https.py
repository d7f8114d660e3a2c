"""Which names a node serves, with which certificate, and what it says of one that is no good."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509

from wardlight.log.keys import Keys
from wardlight.record.instants import DAY, Instant
from wardlight.run.doors.authority import SERVER_FILE, new_authority, server_certificate
from wardlight.run.doors.https import Https, Where, https_of, served_names
from wardlight.run.settings import Http, SettingsError

NOW = Instant(1_795_314_660_000)
KEYS = Keys(bytes(range(32)))
NAMES = ("wardlight.mmh.example", "10.1.2.3")


def where(folder: Path, **http: object) -> Where:
    return Where(folder=folder, http=Http(**http), keys=KEYS, node="MMH")  # type: ignore[arg-type]


def hospitals_own(folder: Path) -> str:
    """Put a certificate somebody else signed into a folder; return its name there."""
    other = Keys(bytes(32))
    authority = new_authority(folder, other, node="hospital", names=NAMES, now=NOW)
    server_certificate(folder, authority, other, names=NAMES, now=NOW)
    (folder / "authority.crt").unlink()
    (folder / SERVER_FILE).rename(folder / "own.pem")
    return "own.pem"


def serial(https: Https) -> int:
    return x509.load_pem_x509_certificate(https.origin().authority).serial_number


def test_on_this_machine_alone_a_node_speaks_plain_http(tmp_path: Path) -> None:
    assert https_of(where(tmp_path, listen="127.0.0.1:8080", names=NAMES), lambda: NOW) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("listen", "names", "served"),
    [
        ("127.0.0.1:8080", NAMES, ()),
        ("0.0.0.0:443", NAMES, NAMES),
        ("0.0.0.0:443", ("Wardlight.MMH.example",), ("wardlight.mmh.example",)),
        ("10.1.2.3:443", (), ("10.1.2.3",)),
        ("[2001:db8::1]:443", (), ("2001:db8::1",)),
    ],
)
def test_a_node_serves_the_names_it_was_told_or_its_own_address(
    tmp_path: Path, listen: str, names: tuple[str, ...], served: tuple[str, ...]
) -> None:
    assert served_names(tmp_path, Http(listen=listen, names=names)) == served


@pytest.mark.parametrize("listen", ["0.0.0.0:443", "[::]:443"])
def test_on_every_address_the_names_have_to_be_said(tmp_path: Path, listen: str) -> None:
    with pytest.raises(SettingsError, match=r"\[http\] names"):
        served_names(tmp_path, Http(listen=listen))


def test_a_running_node_renews_its_certificate_and_keeps_its_authority(tmp_path: Path) -> None:
    now = [NOW]
    https = Https(where(tmp_path, listen="0.0.0.0:443", names=NAMES), lambda: now[0])
    before, authority = (tmp_path / SERVER_FILE).read_bytes(), serial(https)
    https.renew()
    assert (tmp_path / SERVER_FILE).read_bytes() == before
    now[0] = Instant(NOW + 380 * DAY)
    https.renew()
    assert (tmp_path / SERVER_FILE).read_bytes() != before
    assert serial(https) == authority


def test_a_name_the_authority_may_not_sign_for_is_on_every_screen(tmp_path: Path) -> None:
    Https(where(tmp_path, listen="0.0.0.0:443", names=NAMES), lambda: NOW)
    later = Https(where(tmp_path, listen="0.0.0.0:443", names=("10.9.9.9",)), lambda: NOW)
    assert later.notices() == (
        "10.9.9.9 is not a name this node's authority may sign for: run `wardlight ca renew`",
    )


def test_with_the_hospitals_own_certificate_nothing_is_signed_and_nothing_to_install(
    tmp_path: Path,
) -> None:
    own = hospitals_own(tmp_path)
    https = Https(where(tmp_path, listen="0.0.0.0:443", certificate=own), lambda: NOW)
    assert set(https.names) == {*NAMES, "localhost", "127.0.0.1"}
    assert https.origin().authority == b""
    assert [path.name for path in tmp_path.iterdir()] == ["own.pem"]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (300, ()),
        (380, ("The certificate of the screens ends in 16 days",)),
        (400, ("The certificate of the screens has ended: devices refuse the screens",)),
    ],
)
def test_the_end_of_the_hospitals_own_certificate_is_said_before_it_comes(
    tmp_path: Path, days: int, said: tuple[str, ...]
) -> None:
    own = hospitals_own(tmp_path)
    later = Instant(NOW + days * DAY)
    https = Https(where(tmp_path, listen="0.0.0.0:443", certificate=own), lambda: later)
    assert https.notices() == said


def _missing(folder: Path) -> Http:
    return Http(listen="0.0.0.0:443", names=NAMES, certificate=str(folder / "none.pem"))


def _other_key(folder: Path) -> Http:
    own = hospitals_own(folder)
    (folder / "second").mkdir()
    second = hospitals_own(folder / "second")
    return Http(listen="0.0.0.0:443", certificate=own, key=f"second/{second}")


def _no_certificate(folder: Path) -> Http:
    (folder / "own.pem").write_text("not a certificate")
    return Http(listen="0.0.0.0:443", certificate="own.pem")


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (_missing, "there is no such file"),
        (_other_key, "do not belong together"),
        (_no_certificate, "no PEM certificate"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_said_at_the_start(
    tmp_path: Path, made: Callable[[Path], Http], said: str
) -> None:
    http = made(tmp_path)
    with pytest.raises(SettingsError, match=said):
        Https(Where(folder=tmp_path, http=http, keys=KEYS, node="MMH"), lambda: NOW)
