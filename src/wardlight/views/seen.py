"""Which messages came before: the same one twice has one effect.

A message is the same when its sender, its id and its content are the same; MSH-7 does not
count, because resending engines renew it. The same id with other content is another message:
ids start anew at midnight or after a restart (interop I1). Without an id the time of sending
has to tell: an order resumed for the second time reads exactly like the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from wardlight.record.reading import Headline

REMEMBERED_MAX = 500_000  # messages; an older one that comes again is folded again, to no effect


class Sight(StrEnum):
    """Whether a message was met before."""

    NEW = "new"
    AGAIN = "again"
    OTHER_CONTENT = "same id, other content"


class Seen:
    """The messages met last."""

    def __init__(self) -> None:
        self._content: dict[bytes, bytes] = {}

    def look(self, headline: Headline) -> Sight:
        """Say whether this message was met before, and remember it."""
        key = headline.identity or _unnumbered(headline)
        known = self._content.get(key)
        if known == headline.content:
            return Sight.AGAIN
        self._content[key] = headline.content
        if len(self._content) > REMEMBERED_MAX:
            self._forget(REMEMBERED_MAX // 20)
        return Sight.NEW if known is None else Sight.OTHER_CONTENT

    def snapshot(self) -> dict[str, Any]:
        """Return what is to be kept over a restart."""
        return {"content": b"".join(self._pairs()), "sizes": self._sizes()}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over what was kept."""
        joined: bytes = kept["content"]
        identity, content = kept["sizes"]
        step = identity + content
        self._content = {
            joined[at : at + identity]: joined[at + identity : at + step]
            for at in range(0, len(joined), step or 1)
        }

    def _sizes(self) -> tuple[int, int]:
        for key, content in self._content.items():
            return len(key), len(content)
        return 0, 0

    def _pairs(self) -> Iterator[bytes]:
        for key, content in self._content.items():
            yield key
            yield content

    def _forget(self, count: int) -> None:
        for key in [key for key, _ in zip(self._content, range(count), strict=False)]:
            del self._content[key]


def _unnumbered(headline: Headline) -> bytes:
    """Return what a message without MSH-10 is known by: its content and when it was sent."""
    at = headline.sent if headline.sent is not None else headline.occurred
    return headline.content[:8] + at.to_bytes(8, "big", signed=True)
