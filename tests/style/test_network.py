"""The guard in conftest.py is itself tested: a guard that does nothing is worse than none."""

from __future__ import annotations

import socket

import pytest


def test_a_test_of_the_pure_half_cannot_connect_even_to_this_machine() -> None:
    with socket.socket() as sock, pytest.raises(AssertionError, match="connect to nothing"):
        sock.connect(("127.0.0.1", 9))
