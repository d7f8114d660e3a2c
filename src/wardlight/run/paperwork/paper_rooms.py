"""Where paper leaves a node and comes back: its print centre and its room of scans."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wardlight.outputs.print_queue import PrintQueue
from wardlight.paper.forms.form_library import Library
from wardlight.paper.scans.forms import boxes_of
from wardlight.run.paperwork.print_centre import Parts as PrintParts
from wardlight.run.paperwork.print_centre import PrintCentre
from wardlight.run.paperwork.scan_answers import Layouts
from wardlight.run.paperwork.scan_files import ScanFiles
from wardlight.run.paperwork.scan_room import Parts as ScanParts
from wardlight.run.paperwork.scan_room import ScanRoom

if TYPE_CHECKING:
    from wardlight.log.keys import Keys
    from wardlight.run.node import Node


def print_centre(node: Node, keys: Keys) -> PrintCentre:
    """Return a node's print centre, with what the last run left in its queue."""
    queue = PrintQueue(node.settings.printers, node.folder, key=keys.files(), clock=node.clock)
    queue.open()
    parts = PrintParts(
        sites=node.sites,
        press=node.press,
        numbers=node.numbers,
        views=node.views,
        clock=node.clock,
        write=node.write,
    )
    return PrintCentre(parts, node.packs, queue)


def scan_room(node: Node, keys: Keys) -> ScanRoom:
    """Return a node's room of scans, with what the last run had not read to its end."""
    files = ScanFiles(node.folder, keys.files())
    files.open()
    parts = ScanParts(
        sites=node.sites,
        views=node.views,
        clock=node.clock,
        write=node.write,
        seal=node.sheet_numbers.seal,
        past=node.printed_past,
        layouts=_Boxes(node.forms),
    )
    return ScanRoom(parts, files, node.settings.scans, node.folder)


class _Boxes:
    """The boxes of the forms as they are now, worked out once for each version of the library."""

    def __init__(self, forms: Callable[[], Library]) -> None:
        self._forms = forms
        self._of: Library | None = None
        self._known: dict[str, Layouts] = {}

    def __call__(self, paper: str) -> Layouts:
        """Return the boxes of all forms on a kind of paper."""
        library = self._forms()
        if library is not self._of:
            self._of, self._known = library, {}
        if paper not in self._known:
            self._known[paper] = Layouts(paper, boxes_of(library.forms.values(), paper))
        return self._known[paper]
