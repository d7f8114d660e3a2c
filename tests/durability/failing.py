"""A disk on which one call fails, the n-th of its kind, or all from then on."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

import apsw

if TYPE_CHECKING:
    from typing import Self


class Fault(StrEnum):
    """What goes wrong, and in which call."""

    WRITE = "a write fails (EIO)"
    FULL = "a write finds no room (ENOSPC)"
    SHORT = "a write stops halfway (EIO)"
    SHORT_FULL = "a write stops halfway for want of room"
    SYNC = "a sync fails (EIO)"
    TRUNCATE = "a truncation fails (EIO)"
    READ = "a read fails (EIO)"
    OPEN = "a file cannot be opened"
    DELETE = "a file cannot be deleted (EIO)"


FULL_FAULTS = (Fault.FULL, Fault.SHORT_FULL)
SHORT_FAULTS = (Fault.SHORT, Fault.SHORT_FULL)
WRITE_FAULTS = (Fault.WRITE, *FULL_FAULTS, Fault.SHORT)


class FailingDisk(apsw.VFS):
    """SQLite's disk. The n-th call that `fault` names fails, and no other if not `lasting`."""

    def __init__(self) -> None:
        super().__init__("failing", base="unix")
        self.name = "multipleciphers-failing"  # what encrypts is above, as on a true disk
        self.begin(Fault.WRITE, None)

    def begin(self, fault: Fault, nth: int | None, *, lasting: bool = False) -> Self:
        """Count anew; `nth` None lets every call work."""
        self.fault = fault
        self.lasting = lasting
        self.calls = 0
        self.failed = False
        self._nth = nth
        return self

    def falls_on(self, *faults: Fault) -> bool:
        """Return whether this call is the one to fail."""
        if self.fault not in faults:
            return False
        self.calls += 1
        if self._nth is None:
            return False
        failing = self.calls >= self._nth if self.lasting else self.calls == self._nth
        self.failed |= failing
        return failing

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 -- SQLite's name
        if self.falls_on(Fault.OPEN):
            raise apsw.CantOpenError
        return _File(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001, N802 -- SQLite's name
        if self.falls_on(Fault.DELETE):
            raise apsw.IOError
        super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    def __init__(
        self, disk: FailingDisk, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> None:
        super().__init__("unix", name, flags)
        self._disk = disk

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 -- SQLite's name
        if not self._disk.falls_on(*WRITE_FAULTS):
            super().xWrite(data, offset)
            return
        if self._disk.fault in SHORT_FAULTS:
            super().xWrite(bytes(data)[: len(data) // 2], offset)
        if self._disk.fault in FULL_FAULTS:
            raise apsw.FullError
        raise apsw.IOError

    def xSync(self, flags: int) -> None:  # noqa: N802 -- SQLite's name
        if self._disk.falls_on(Fault.SYNC):
            raise apsw.IOError
        super().xSync(flags)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802 -- SQLite's name
        if self._disk.falls_on(Fault.TRUNCATE):
            raise apsw.IOError
        super().xTruncate(newsize)

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802 -- SQLite's name
        if self._disk.falls_on(Fault.READ):
            raise apsw.IOError
        return super().xRead(amount, offset)


@cache
def failing_disk() -> FailingDisk:
    """Return this process's failing disk: what encrypts above it is never unregistered."""
    return FailingDisk()
