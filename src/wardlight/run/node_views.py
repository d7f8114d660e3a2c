"""The views of a node's folder for commands that only read, whether the node runs or not."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from wardlight.log.contract import LogError
from wardlight.log.sqlite_reader import open_reader
from wardlight.run.kept_copy import open_views, senders_of
from wardlight.run.say import EXIT_FAILED, EXIT_NOT_FOUND, fail, progress, progress_done
from wardlight.run.settings import Settings, SettingsError, read_settings
from wardlight.views.fold import Views

LOG_FOLDER = "log"


@contextlib.contextmanager
def node_views(data: Path) -> Iterator[tuple[Views, Settings]]:
    """Open the views of a node's folder for reading; ends with a sentence when it cannot be."""
    folder = data / LOG_FOLDER
    if not folder.is_dir():
        fail(f"{data}: no node has run here yet (wardlight up --data {data})", EXIT_NOT_FOUND)
    try:
        settings = read_settings(data)
        log = open_reader(folder)
    except SettingsError as error:
        fail(str(error))
    except LogError as error:
        fail(f"{error.problem.where}: {error.problem.because}", EXIT_FAILED)
    with contextlib.closing(log):
        views = open_views(data, log, senders_of(settings), _tell)
        progress_done()
        yield views, settings


def _tell(done: int, last: int) -> None:
    progress(f"reading the log: {done:,} of {last:,} entries")
