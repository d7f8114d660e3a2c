"""The views of a node's log: restored from the last snapshot where it fits, then read on.

A snapshot only saves time. One that does not belong to this log, is of another version or is
damaged is put aside and everything is folded again from the first entry.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable
from pathlib import Path

from msgspec import DecodeError, ValidationError

from wardlight.feeds.senders import Senders
from wardlight.log.contract import LogReader, stream
from wardlight.record.entry import Entry
from wardlight.record.reading import ReadChart, ReadHeadline
from wardlight.run.private_files import write_private
from wardlight.run.settings import Settings, default_source, known_senders
from wardlight.views.fold import Views
from wardlight.wire.hl7v2.reading import reader

SNAPSHOT_FILE = "views.snapshot"
SEEN_EVERY = 20_000  # entries between two words on progress
COLLECT_AFTER = (50_000, 50, 1_000)
"""Views only grow; looking through all of them for garbage would hold up a sender for nothing."""
_MAGIC = b"WLSNAP1\n"

Progress = Callable[[int, int], None]
"""Hears of (entries folded, entries in the log)."""


def senders_of(settings: Settings) -> Senders:
    """Return the feeds of a node as its settings name them."""
    sites = [site.code for site in settings.sites]
    return Senders(default_source(settings), known=known_senders(settings), sites=sites)


def open_views(
    folder: Path, log: LogReader, senders: Senders, told: Progress | None = None
) -> Views:
    """Return the views of this log as they stand now."""
    headline, chart = reader(senders)
    views = _restored(folder, log, headline, chart) or Views(headline, chart, log.fetch)
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


def save_snapshot(folder: Path, log: LogReader, views: Views) -> None:
    """Write the views to disk, whole or not at all."""
    write_private(folder / SNAPSHOT_FILE, snapshot_bytes(log, views))


def snapshot_bytes(log: LogReader, views: Views) -> bytes:
    """Return a snapshot: digest, the chain of the entry it ends with, and the views."""
    payload = _chain_at(log, views.position) + views.snapshot()
    return _MAGIC + hashlib.sha256(payload).digest() + payload


def _restored(
    folder: Path, log: LogReader, headline: ReadHeadline, chart: ReadChart
) -> Views | None:
    try:
        body = (folder / SNAPSHOT_FILE).read_bytes()
    except FileNotFoundError:
        return None
    digest, payload = body[len(_MAGIC) : len(_MAGIC) + 32], body[len(_MAGIC) + 32 :]
    if not body.startswith(_MAGIC) or hashlib.sha256(payload).digest() != digest:
        return None
    try:
        views = Views.restored(payload[32:], headline, chart, log.fetch)
    except (DecodeError, ValidationError):  # of another version: fold again
        return None
    belongs = views.position <= log.head().position
    return views if belongs and _chain_at(log, views.position) == payload[:32] else None


def _chain_at(log: LogReader, position: int) -> bytes:
    entries: list[Entry] = log.fetch([position]) if position else []
    return entries[0].chain if entries else bytes(32)
