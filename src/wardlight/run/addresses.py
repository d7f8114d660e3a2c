"""Addresses as people write them: HOST:PORT."""

from __future__ import annotations

from ipaddress import ip_address

PORT_MAX = 65_535


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
