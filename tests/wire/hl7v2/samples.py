"""Invented messages that the tests of the grammar share."""

from __future__ import annotations

from wardlight.wire.hl7v2.message import Message

HEAD = "MSH|^~\\&|HIS|GEN|WL|GEN|20261122023145||ADT^A01|M1|P|2.5.1\r"


def parsed(text: str | bytes, default_charset: str = "") -> Message:
    """Return the message, which must be one."""
    raw = text.encode() if isinstance(text, str) else text
    message = Message.parse(raw, default_charset)
    assert isinstance(message, Message)
    return message


def codes(message: Message) -> list[str]:
    """Return the anomalies of a message by code."""
    return [str(anomaly.code) for anomaly in message.anomalies]
