"""A disk that counts its syncs and fails when told to, as a file system under SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


class FaultyDisk(apsw.VFS):
    """Registered under `name` as long as it is entered."""

    def __init__(self) -> None:
        self.name = f"faulty-{id(self)}"
        super().__init__(self.name, base="")
        self.syncs: list[str] = []
        self.sync_fails = False
        self.full: tuple[str, ...] = ()  # how the names of files end that cannot be written

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 -- SQLite's name
        return _File(self, name, flags)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        self.unregister()


class _File(apsw.VFSFile):
    def __init__(
        self, disk: FaultyDisk, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> None:
        super().__init__("", name, flags)
        self._disk = disk
        self._name = name.filename() if isinstance(name, apsw.URIFilename) else str(name)

    def xSync(self, flags: int) -> None:  # noqa: N802 -- SQLite's name
        self._disk.syncs.append(self._name.rpartition("/")[2])
        if self._disk.sync_fails:
            raise apsw.IOError
        super().xSync(flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 -- SQLite's name
        if self._name.endswith(self._disk.full):
            raise apsw.FullError
        super().xWrite(data, offset)
