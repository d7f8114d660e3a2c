"""The tick boxes of every form there is, as the reader of scans looks for them."""

from __future__ import annotations

from collections.abc import Iterable

from wardlight.paper.forms.form_file import Form
from wardlight.paper.forms.form_layout import Box, Use, layout_of
from wardlight.paper.scans.layout import BoxAt


def boxes_of(forms: Iterable[Form], paper: str) -> dict[str, tuple[BoxAt, ...]]:
    """Return the boxes of each page of each form, by form and page as a code says them."""
    found: dict[str, tuple[BoxAt, ...]] = {}
    for form in forms:
        if form.pdf:  # a protocol of the site's own: nothing on it is ours to read
            continue
        ticks = [one for one in layout_of(form, paper).boxes if one.use is Use.TICK]
        for page in sorted({one.page for one in ticks}):
            on_page = [one for one in ticks if one.page == page]
            found[f"{form.name()}.{page:02d}"] = tuple(
                BoxAt(name, box.x, box.y, box.w) for name, box in names_of(on_page).items()
            )
    return found


def names_of(boxes: Iterable[Box]) -> dict[str, Box]:
    """Return the tick boxes of one page under names a person understands, each only once."""
    named: dict[str, Box] = {}
    for box in boxes:
        words = ": ".join(filter(None, (box.label or box.to, box.value)))
        name = words if words not in named else f"{words} (row {box.row + 1})"
        while name in named:
            name += "'"
        named[name] = box
    return named
