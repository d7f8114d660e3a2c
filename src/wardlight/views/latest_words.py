"""Words of which the newest on a subject counts: counts, contacts, acknowledgements.

Older ones are kept, because the newest may be taken back; what comes late falls into its place.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from msgspec import Struct, convert, to_builtins

from wardlight.record.entry import Entry
from wardlight.record.events.entered import Entered
from wardlight.record.instants import Instant

S = TypeVar("S", bound=Struct)


class Word(Struct, Generic[S], frozen=True, kw_only=True):
    """One statement of staff about a subject."""

    id: str
    said: S
    at: Instant
    recorded: Instant
    by: str

    def rank(self) -> tuple[int, str]:
        """Return its place among words on the same subject: the last one counts."""
        return (self.at, self.id)


class LatestWords(Generic[S]):
    """All words of one kind, by subject."""

    def __init__(self, subject: Callable[[S], str], is_back: Callable[[str], bool]) -> None:
        """`subject` tells what a word is about; `is_back` whether an entry was taken back."""
        self._subject, self._is_back = subject, is_back
        self._held: dict[str, list[Word[S]]] = {}

    def take(self, entry: Entry, entered: Entered, said: S) -> None:
        """Keep one word."""
        self._keep(
            Word(
                id=entered.name(),
                said=said,
                at=entry.occurred,
                recorded=entry.recorded,
                by=entered.by,
            )
        )

    def subjects(self) -> Iterator[str]:
        """Give everything there is a word on that counts, sorted."""
        return (one for one in sorted(self._held) if self.newest(one) is not None)

    def newest(self, subject: str) -> Word[S] | None:
        """Return the word that counts; None when there is none."""
        held = self._held.get(subject, ())
        return next((one for one in reversed(held) if not self._is_back(one.id)), None)

    def every(self, subject: str) -> tuple[Word[S], ...]:
        """Return all words on a subject that were not taken back, oldest first."""
        return tuple(one for one in self._held.get(subject, ()) if not self._is_back(one.id))

    def snapshot(self) -> list[Any]:
        """Return what is to be kept over a restart."""
        kept: list[Any] = to_builtins([one for held in self._held.values() for one in held])
        return kept

    def restore(self, kept: list[Any], kind: type[S]) -> None:
        """Take over what was kept."""
        self._held = {}
        for one in kept:
            said = convert(one["said"], kind)
            self._keep(convert({**one, "said": said}, Word[kind]))  # type: ignore[valid-type]

    def _keep(self, word: Word[S]) -> None:
        held = self._held.setdefault(self._subject(word.said), [])
        insort(held, word, key=Word.rank)
