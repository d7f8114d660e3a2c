"""The public page as files: served here, and written to a folder that is copied to any web host.

Each file is whole at every moment (written beside and put in place), the style first and the page
people land on last. The newest versions are kept in `old/` with their time, and say they are old.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import structs

from wardlight.paper.public.page import (
    PAGE_BYTES_MAX,
    SIGN,
    SIGN_NAME,
    STYLE,
    STYLE_NAME,
    page_name,
    public_page,
)
from wardlight.paper.public.spoken import phone_text, short_text
from wardlight.record.instants import MINUTE, Clock, Instant, local
from wardlight.record.sources import Site
from wardlight.views.fold import Views
from wardlight.views.services.public_status import PublicNotice, public_notices

AGAIN_MS = 10 * MINUTE  # the page is written anew this often, so that its time is never far off
OLD_KEPT_MAX = 200  # versions of what is said; the same words written anew are none
OLD = "old"


class StatusPage:
    """The page of a node, from the real views: nothing of a drill is ever on it."""

    def __init__(
        self,
        views: Callable[[], Views],
        sites: Mapping[str, Site],
        clock: Clock,
        network: str,
        folder: Path | None = None,
    ) -> None:
        self._views, self._clock = views, clock
        self._names = {code: site.name for code, site in sites.items()}
        self._zone = next(iter(sites.values())).zone
        self._network = network
        self.folder = folder
        self.written: Instant | None = None
        self.trouble = ""
        self._last: tuple[PublicNotice, ...] = ()

    def notices(self) -> tuple[PublicNotice, ...]:
        """Return the page in each language; () while nothing was ever approved."""
        views, now = self._views(), self._clock()
        approval = views.public_words.newest()
        if approval is None:
            return ()
        boards = views.service_status.facilities(now, self._names)
        return public_notices(approval, boards, now, network=self._network, zone=self._zone)

    def files(self) -> dict[str, bytes]:
        """Return the files of the page by name; {} while nothing was ever approved."""
        return files_of(self.notices())

    def renew(self) -> None:
        """Write the page to its folder when it changed, or its time is a while ago."""
        if self.folder is None:
            return
        notices, now = self.notices(), self._clock()
        recent = self.written is not None and now - self.written < AGAIN_MS
        changed = not same(notices, self._last)
        if not notices or (recent and not changed):
            return
        try:
            write_page(self.folder, notices, now, dated=changed)
        except OSError as error:
            self.trouble = (
                "The public page was not written: "
                f"{error.strerror or type(error).__name__} ({self.folder})"
            )
            return
        self.trouble, self.written, self._last = "", now, notices

    def troubles(self) -> tuple[str, ...]:
        """Return what every screen has to say of the page."""
        said = [self.trouble] if self.trouble else []
        current = self._views().public_words.current()
        if current is not None and self._clock() >= current.said.next_update:
            said.append(
                "The public was promised an update that is late (see What the public reads)"
            )
        largest = max((len(body) for body in self.files().values()), default=0)
        if largest > PAGE_BYTES_MAX:
            said.append(f"The public page is {largest // 1_000} kB, too much for a weak signal")
        return tuple(said)


def files_of(notices: Sequence[PublicNotice]) -> dict[str, bytes]:
    """Return every file of the page: style, sign, a page and the spoken words a language."""
    if not notices:
        return {}
    files = {STYLE_NAME: STYLE.encode(), SIGN_NAME: SIGN.encode()}
    for one in reversed(notices):
        files[f"phone.{one.language}.txt"] = phone_text(one).encode()
        files[f"message.{one.language}.txt"] = f"{short_text(one)}\n".encode()
        files[page_name(notices, one.language)] = public_page(one, notices).encode()
    return files


def same(notices: Sequence[PublicNotice], others: Sequence[PublicNotice]) -> bool:
    """Return whether two pages say the same, whenever each was made."""
    return [structs.replace(one, updated="") for one in notices] == [
        structs.replace(one, updated="") for one in others
    ]


def write_page(
    folder: Path, notices: Sequence[PublicNotice], now: Instant, *, dated: bool = True
) -> Path:
    """Write the page and its dated copy; return the page people land on. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    if dated:
        _keep_copy(folder / OLD, notices, now)
    for name, body in files_of(notices).items():
        _put(folder / name, body)
    return folder / page_name(notices, notices[0].language)


def _keep_copy(old: Path, notices: Sequence[PublicNotice], now: Instant) -> None:
    copy = old / local(now, "UTC").strftime("%Y-%m-%dT%H%M%SZ")
    copy.mkdir(parents=True, exist_ok=True)
    for one in notices:
        page = public_page(one, notices, old=True)
        _put(copy / page_name(notices, one.language), page.encode())
    for older in sorted(old.iterdir())[:-OLD_KEPT_MAX]:
        shutil.rmtree(older, ignore_errors=True)


def _put(path: Path, body: bytes) -> None:
    """Write a file so that whoever reads it finds the old one or the new one, never a half."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
