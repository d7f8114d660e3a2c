"""What went wrong, as a value: a code to act on, where, why, and whether trying again helps."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Retry(StrEnum):
    """Whether sending the same thing again can help."""

    LATER = "later"  # nothing was done: safe to repeat
    NEVER = "never"  # the content is at fault: a person must look
    UNKNOWN = "unknown"  # it may have been done: repeat only if idempotent


class Problem(Struct, frozen=True, gc=False):
    """A message that could not be read, a link that is down: shown to a person, never dropped.

    `because` is a sentence without patient data; `where` names a segment and field
    (`PID-3`), a setting or a file.
    """

    code: str
    where: str
    because: str
    retry: Retry = Retry.NEVER
