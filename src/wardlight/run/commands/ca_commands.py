"""`wardlight ca …`: the certificate devices have to trust, from the command line."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from wardlight.run.addresses import address, is_loopback
from wardlight.run.clock import system_clock
from wardlight.run.commands.say import EXIT_CONFLICT, EXIT_FAILED, document, fail, line, warn
from wardlight.run.doors.authority import authority_of, days_left, fingerprint, new_authority
from wardlight.run.doors.https import served_names
from wardlight.run.keeping.key_file import KeyFileError
from wardlight.run.keeping.node_log import NodeLog, node_log
from wardlight.run.settings import SettingsError, read_settings


def show(data: Path, *, as_json: bool) -> None:
    """Print what a device has to trust, and the fingerprint to compare."""
    where, names = _node(data)
    authority = _authority(where, names)
    left = days_left(authority, system_clock())
    if as_json:
        told = {"names": list(names), "sha256": fingerprint(authority).replace(" ", "").lower()}
        document("wardlight.ca.1", {**told, "days_left": left})
        return
    line(f"authority    {authority.subject.rfc4514_string()}")
    line(f"signs for    {', '.join(names)} and nothing else")
    line(f"ends in      {left} days")
    line(f"fingerprint  {fingerprint(authority)}")


def export(data: Path, file: Path) -> None:
    """Write the certificate to a file: DER for `.der` and `.cer`, PEM for any other."""
    where, names = _node(data)
    der = file.suffix.lower() in (".der", ".cer")
    body = _authority(where, names).public_bytes(Encoding.DER if der else Encoding.PEM)
    try:
        with file.open("xb") as out:
            out.write(body)
    except FileExistsError:
        fail(f"{file}: is there already; take another name", EXIT_CONFLICT)
    except OSError as error:
        fail(f"{file}: cannot be written: {error.strerror}", EXIT_FAILED)
    line(f"{file}: the certificate devices have to trust; it holds no secret")


def renew(data: Path) -> None:
    """Make the authority anew, for the names the settings say now."""
    where, names = _node(data)
    try:
        made = new_authority(
            where.folder, where.keys, node=where.name, names=names, now=system_clock()
        )
    except OSError as error:
        fail(f"{where.folder}: cannot be written: {error.strerror}", EXIT_FAILED)
    line(f"fingerprint  {fingerprint(made)}")
    warn("start the node anew, and install the new certificate on every device")


def _node(data: Path) -> tuple[NodeLog, tuple[str, ...]]:
    try:
        settings = read_settings(data)
        if settings.http.certificate:
            fail("this node uses the hospital's own certificate (http.certificate)", EXIT_CONFLICT)
        here = is_loopback(address(settings.http.listen)[0])
        names = settings.http.names if here else served_names(data, settings.http)
        if not names:
            fail('say by which names devices open the screens: [http] names = ["…"]')
        return node_log(data, settings), tuple(name.lower() for name in names)
    except (SettingsError, ValueError, KeyFileError) as error:
        fail(str(error))


def _authority(where: NodeLog, names: tuple[str, ...]) -> x509.Certificate:
    try:
        return authority_of(
            where.folder, where.keys, node=where.name, names=names, now=system_clock()
        )
    except OSError as error:
        fail(f"{where.folder}: cannot be written: {error.strerror}", EXIT_FAILED)
