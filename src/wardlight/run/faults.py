"""What is told of a fault that nobody expected: its kind and its place, never what it was about.

The text of an exception, the arguments of a call and a dump of memory may all hold a patient.
"""

from __future__ import annotations

import ctypes
import logging
import resource
import sys
import traceback
from pathlib import Path

_SET_DUMPABLE = 4  # PR_SET_DUMPABLE, prctl(2)


def keep_memory_private() -> None:
    """Leave no core dump when the process dies, and let no other process read its memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def sentence(error: BaseException) -> str:
    """Return a fault in one line."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"internal error {type(error).__name__}{place}; please report it"


def quiet_logging() -> None:
    """Have the libraries log what went wrong without its details."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Quiet())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in ("asyncio", "uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()  # what a library has set up for itself would tell everything
        logger.propagate = True


class _Quiet(logging.Formatter):
    """Writes the fixed words of a record; what was filled into them stays out."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line."""
        words = str(record.msg).split("\n", 1)[0] if record.args or not record.exc_info else ""
        fault = record.exc_info[1] if record.exc_info else None
        said = [words, sentence(fault) if fault else ""]
        return f"wardlight: {record.name}: {' '.join(part for part in said if part)}"
