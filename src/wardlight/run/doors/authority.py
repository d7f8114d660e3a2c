"""The node's own certificate authority, for wards whose hospital's is down or does not know it.

A tablet keeps pages for when the server is away only over https with a certificate it trusts
(W3C Service Workers §3.1). The authority's key is derived from the node's one secret, so that no
file holds it and three custodians bring it back; its certificate may sign nothing but the names
the node is opened by (RFC 5280 §4.2.1.10), so that no device has to trust it with more.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from wardlight.log.keys import Keys
from wardlight.record.instants import Instant
from wardlight.run.addresses import is_address
from wardlight.run.keeping.private_files import write_private

AUTHORITY_FILE = "authority.crt"
SERVER_FILE = "server.pem"  # certificate, authority and key, in one file: never halves of two
AUTHORITY_DAYS = 3650
SERVER_DAYS = 397  # the longest that browsers take (CA/Browser Forum BR §6.3.2)
RENEWED_DAYS = 30  # before the end
HERE = ("localhost", "127.0.0.1")  # a node may always be opened on its own machine
_BEFORE = timedelta(days=1)  # a tablet's clock may be behind
_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_SEED_BYTES = 48  # 128 bits more than the order: no number is likelier (FIPS 186-5 A.2.1)
_GROUP = 4


def authority_key(keys: Keys) -> ec.EllipticCurvePrivateKey:
    """Return the authority's key, which is nowhere but in the node's secret."""
    info = b"wardlight.authority.p256.1"
    seed = HKDF(SHA256(), length=_SEED_BYTES, salt=None, info=info).derive(keys.authority())
    return ec.derive_private_key(int.from_bytes(seed, "big") % (_ORDER - 1) + 1, _CURVE)


def authority_of(
    folder: Path, keys: Keys, *, node: str, names: tuple[str, ...], now: Instant
) -> x509.Certificate:
    """Return the authority's certificate; made the first time, for these names, and then kept.

    Raises OSError when it cannot be kept.
    """
    found = _read(folder / AUTHORITY_FILE)
    if found is not None and found.public_key() == authority_key(keys).public_key():
        return found
    return new_authority(folder, keys, node=node, names=names, now=now)


def new_authority(
    folder: Path, keys: Keys, *, node: str, names: tuple[str, ...], now: Instant
) -> x509.Certificate:
    """Make the authority's certificate anew; every device has to be given it again."""
    key = authority_key(keys)
    called = _called(f"Wardlight {node[:40]} {keys.check()[:8]}")
    began = _day(now)
    made = (
        _begun(called, called, key.public_key(), began, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(_constraints(names), critical=True)
        .sign(key, SHA256())
    )
    write_private(folder / AUTHORITY_FILE, made.public_bytes(Encoding.PEM))
    return made


def server_certificate(
    folder: Path, authority: x509.Certificate, keys: Keys, *, names: tuple[str, ...], now: Instant
) -> x509.Certificate:
    """Return the certificate screens are served with, made anew when its end is near.

    A new key each time. Raises OSError when it cannot be kept.
    """
    allowed = tuple(name for name in dict.fromkeys((*names, *HERE)) if covers(authority, name))
    found = _read(folder / SERVER_FILE)
    if found is not None and _still_good(found, authority, allowed, now):
        return found
    key = ec.generate_private_key(_CURVE)
    made = (
        _begun(_called(allowed[0]), authority.subject, key.public_key(), _day(now), SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(map(_general, allowed)), critical=False)
        .add_extension(_signed_by(keys), critical=False)
        .sign(authority_key(keys), SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain = made.public_bytes(Encoding.PEM) + authority.public_bytes(Encoding.PEM)
    write_private(folder / SERVER_FILE, chain + private)
    return made


def covers(authority: x509.Certificate, name: str) -> bool:
    """Return whether the authority may sign for a name."""
    allowed = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    for one in allowed.permitted_subtrees or ():
        if isinstance(one, x509.IPAddress) and is_address(name):
            if ip_address(name) in ip_network(str(one.value)):
                return True
        elif isinstance(one, x509.DNSName) and f".{name}".endswith(f".{one.value}"):
            return True
    return False


def names_in(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the names a certificate is for."""
    try:
        held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = tuple(str(one) for one in held.get_values_for_type(x509.IPAddress))
    return (*held.get_values_for_type(x509.DNSName), *addresses)


def days_left(certificate: x509.Certificate, now: Instant) -> int:
    """Return how many whole days a certificate is still good for; negative when it ended."""
    return (certificate.not_valid_after_utc - _moment(now)).days


def fingerprint(certificate: x509.Certificate) -> str:
    """Return what a person compares: SHA-256 in groups of four."""
    digits = certificate.fingerprint(SHA256()).hex().upper()
    return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def _still_good(
    found: x509.Certificate, authority: x509.Certificate, names: tuple[str, ...], now: Instant
) -> bool:
    try:
        found.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):  # what is wrong with it: another is made
        return False
    began = found.not_valid_before_utc <= _moment(now)
    return began and set(names_in(found)) == set(names) and days_left(found, now) >= RENEWED_DAYS


def _begun(  # the half of a certificate that all of them share
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime, days: int
) -> x509.CertificateBuilder:
    begins = at - _BEFORE
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(int.from_bytes(os.urandom(16), "big") >> 1 | 1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _signed_by(keys: Keys) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key(keys).public_key())


def _constraints(names: tuple[str, ...]) -> x509.NameConstraints:
    """Return what may be signed. Both kinds are named, because a kind not named is unlimited."""
    every = tuple(dict.fromkeys((*names, *HERE)))
    permitted = [
        x509.IPAddress(ip_network(name)) if is_address(name) else x509.DNSName(name)
        for name in every
    ]
    return x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general(name: str) -> x509.GeneralName:
    return x509.IPAddress(ip_address(name)) if is_address(name) else x509.DNSName(name)


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _moment(now: Instant) -> datetime:
    return datetime.fromtimestamp(now / 1000, UTC)


def _day(now: Instant) -> datetime:
    return _moment(now).replace(microsecond=0)


def _read(path: Path) -> x509.Certificate | None:
    """Return the first certificate of a file; None when there is none to be read."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0]
    except (OSError, ValueError):
        return None
