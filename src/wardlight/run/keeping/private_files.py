"""Files of a node that only its own account may read, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def write_private(path: Path, body: bytes) -> None:
    """Put `body` at `path` with mode 0600; a power cut leaves the old file or the new one."""
    partial = path.with_name(path.name + ".partial")
    handle = os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
    except OSError:  # what is there of it would only take the last room
        partial.unlink(missing_ok=True)
        raise
    partial.replace(path)
