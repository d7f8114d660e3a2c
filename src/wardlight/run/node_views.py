"""The views of a node's folder for commands that only read, whether the node runs or not."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from wardlight.log.contract import LogError
from wardlight.run.commands.say import (
    EXIT_FAILED,
    EXIT_NOT_ALLOWED,
    EXIT_NOT_FOUND,
    fail,
    progress,
    progress_done,
)
from wardlight.run.keeping.kept_copy import Snapshot, open_views, senders_of
from wardlight.run.keeping.key_file import KeyFileError
from wardlight.run.keeping.node_log import LOG_FOLDER, NodeLog, node_log
from wardlight.run.settings import Settings, SettingsError, read_settings
from wardlight.views.fold import Views


@contextlib.contextmanager
def node_views(data: Path) -> Iterator[tuple[Views, Settings]]:
    """Open the views of a node's folder for reading; ends with a sentence when it cannot be."""
    try:
        where = node_log_of(data)
        log = where.read()
    except KeyFileError as error:
        fail(str(error), EXIT_NOT_ALLOWED)
    except SettingsError as error:
        fail(str(error))
    except LogError as error:
        fail(f"{error.problem.where}: {error.problem.because}", EXIT_FAILED)
    with contextlib.closing(log):
        snapshot = Snapshot(data, where.keys.files())
        views = open_views(snapshot, log, senders_of(where.settings), _tell)
        progress_done()
        yield views, where.settings


def node_log_of(data: Path) -> NodeLog:
    """Return how to open the log of a folder that a node has run in; ends when none has."""
    if not (data / LOG_FOLDER).is_dir():
        fail(f"{data}: no node has run here yet (wardlight up --data {data})", EXIT_NOT_FOUND)
    return node_log(data, read_settings(data))


def _tell(done: int, last: int) -> None:
    progress(f"reading the log: {done:,} of {last:,} entries")
