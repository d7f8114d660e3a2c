"""Addresses as people write them: HOST:PORT."""

from __future__ import annotations

import re
from ipaddress import ip_address

PORT_MAX = 65_535
NAME_MAX = 253
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")  # RFC 1123 §2.1, in small letters


def address(text: str) -> tuple[str, int]:
    """Return host and port of `HOST:PORT`; raises ValueError with what to write instead."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > PORT_MAX:
        raise ValueError(f"{text} is not an address; write HOST:PORT, such as 127.0.0.1:2575")
    return host.strip("[]"), int(port)


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_address(name: str) -> bool:
    """Return whether a name is an address of the network rather than a name of DNS."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def is_name(name: str) -> bool:
    """Return whether devices can open this: a name in small letters, or an address."""
    return is_address(name) or (len(name) <= NAME_MAX and _NAME.fullmatch(name) is not None)
