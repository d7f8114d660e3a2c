"""The views of a node's log: restored from the last snapshot where it fits, then read on.

A snapshot only saves time. One that does not belong to this log, is of another version or is
damaged is put aside and everything is folded again from the first entry.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

from msgspec import DecodeError, ValidationError

from wardlight.feeds.senders import Senders
from wardlight.log.contract import LogReader, stream
from wardlight.log.sealed import SealError, seal, unseal
from wardlight.record.entry import Entry
from wardlight.record.reading import ReadChart, ReadHeadline
from wardlight.run.keeping.private_files import write_private
from wardlight.run.settings import Settings, default_source, known_senders
from wardlight.views.fold import Views
from wardlight.wire.reading import reader

SNAPSHOT_FILE = "views.snapshot"
SEEN_EVERY = 20_000  # entries between two words on progress
COLLECT_AFTER = (50_000, 50, 1_000)
"""Views only grow; looking through all of them for garbage would hold up a sender for nothing."""
PURPOSE = "views.snapshot"
SEAL_BYTES = 32

Progress = Callable[[int, int], None]
"""Hears of (entries folded, entries in the log)."""


def senders_of(settings: Settings) -> Senders:
    """Return the feeds of a node as its settings name them."""
    sites = [site.code for site in settings.sites]
    zones = {site.code: site.zone for site in settings.sites}
    return Senders(
        default_source(settings), known=known_senders(settings), sites=sites, zones=zones
    )


def open_views(
    snapshot: Snapshot, log: LogReader, senders: Senders, told: Progress | None = None
) -> Views:
    """Return the views of this log as they stand now."""
    headline, chart = reader(senders)
    views = snapshot.restored(log, headline, chart) or Views(headline, chart, log.fetch)
    last = log.head().position
    gc.disable()  # nothing that is folded here becomes garbage; collecting would only look
    try:
        for entry in stream(log, views.position):
            views.apply(entry)
            if told and entry.position % SEEN_EVERY == 0:
                told(entry.position, last)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)
    return views


class Snapshot:
    """The file that keeps the views over a restart: sealed, and bound to its log by a seal."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._path = folder / SNAPSHOT_FILE
        self._key = key

    def save(self, log: LogReader, views: Views) -> None:
        """Write the views to disk, whole or not at all."""
        payload = _chain_at(log, views.position) + views.snapshot()
        write_private(self._path, seal(payload, PURPOSE, self._key))

    def restored(self, log: LogReader, headline: ReadHeadline, chart: ReadChart) -> Views | None:
        """Return the views as they were kept; None when there is no file that fits this log."""
        try:
            payload = unseal(self._path.read_bytes(), PURPOSE, self._key)
            views = Views.restored(payload[SEAL_BYTES:], headline, chart, log.fetch)
        except (FileNotFoundError, SealError):
            return None
        except (DecodeError, ValidationError):  # of another version: fold again
            return None
        belongs = views.position <= log.head().position
        return views if belongs and _chain_at(log, views.position) == payload[:SEAL_BYTES] else None


def _chain_at(log: LogReader, position: int) -> bytes:
    entries: list[Entry] = log.fetch([position]) if position else []
    return entries[0].chain if entries else bytes(32)
