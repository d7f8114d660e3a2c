"""What a view keeps of each patient: a hundred thousand small files, opened when they are needed.

After a restart most patients are never asked for again, so their files stay the bytes they were
in the snapshot until somebody does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)

_ENCODER = msgspec.msgpack.Encoder()


class Shelf(Generic[T]):
    """Files of one kind by key. A file taken with `open` may be changed; `get` only reads."""

    def __init__(self, kind: type[T]) -> None:
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._opened: dict[str, T] = {}
        self._closed: dict[str, bytes] = {}
        self._changed: set[str] = set()

    def __len__(self) -> int:
        return len(self._opened) + sum(key not in self._opened for key in self._closed)

    def __contains__(self, key: str) -> bool:
        return key in self._opened or key in self._closed

    def __iter__(self) -> Iterator[str]:
        yield from self._opened
        yield from (key for key in self._closed if key not in self._opened)

    def get(self, key: str) -> T | None:
        """Return a file for reading; None when there is none."""
        found = self._opened.get(key)
        if found is None and key in self._closed:
            found = self._opened[key] = self._decoder.decode(self._closed[key])
        return found

    def peek(self, key: str) -> T | None:
        """Return a file for reading once, without keeping it at hand; None when there is none."""
        found = self._opened.get(key)
        if found is None and key in self._closed:
            found = self._decoder.decode(self._closed[key])
        return found

    def open(self, key: str) -> T | None:
        """Return a file that is about to be changed; None when there is none."""
        found = self.get(key)
        if found is not None:
            self._changed.add(key)
        return found

    def put(self, key: str, file: T) -> T:
        """Keep a new file."""
        self._opened[key] = file
        self._changed.add(key)
        return file

    def take(self, key: str) -> T | None:
        """Return a file and keep it no longer."""
        found = self.get(key)
        self._opened.pop(key, None)
        self._closed.pop(key, None)
        self._changed.discard(key)
        return found

    def snapshot(self) -> dict[str, bytes]:
        """Return every file as bytes; only those changed since the last time are encoded."""
        for key in self._changed:
            self._closed[key] = _ENCODER.encode(self._opened[key])
        self._changed.clear()
        return self._closed

    def restore(self, files: dict[str, bytes]) -> None:
        """Take over the files of a snapshot."""
        self._closed = files
        self._opened = {}
        self._changed = set()
