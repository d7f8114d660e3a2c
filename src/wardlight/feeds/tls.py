"""How the HL7 port speaks TLS, and whether senders must show a certificate."""

from __future__ import annotations

import ssl
from pathlib import Path


def listener_context(certificate: Path, key: Path, client_authority: Path | None) -> ssl.SSLContext:
    """Return a context for a listening port; with an authority, senders must be signed by it.

    Raises OSError (ssl.SSLError among them) when a file is missing or is not what it should be.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    if client_authority is not None:
        context.load_verify_locations(client_authority)
        context.verify_mode = ssl.CERT_REQUIRED
    return context
