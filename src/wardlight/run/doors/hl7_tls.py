"""How the HL7 port of a node speaks TLS, as its settings say."""

from __future__ import annotations

import ssl
from pathlib import Path

from wardlight.feeds.tls import listener_context
from wardlight.run.settings import Mllp, SettingsError


def tls_context(mllp: Mllp, folder: Path) -> ssl.SSLContext | None:
    """Return how the HL7 port speaks TLS, None when it has no certificate."""
    if not mllp.certificate:
        return None
    for setting in ("certificate", "key", "client_authority"):
        path = folder / getattr(mllp, setting)
        if path != folder and not path.is_file():
            raise SettingsError(f"{path}: there is no such file (mllp.{setting})")
    authority = folder / mllp.client_authority if mllp.client_authority else None
    certificate, key = folder / mllp.certificate, folder / (mllp.key or mllp.certificate)
    try:
        return listener_context(certificate, key, authority)
    except ssl.SSLError as error:
        files = " and ".join(str(path) for path in (certificate, key, authority) if path)
        raise SettingsError(f"{files} are not PEM files that belong together") from error
