"""Where every box of a form stands on paper, in mm, for who prints it and for who reads it back.

There is one layout: the press draws what is written here, and the reader of scans looks where it is
written here. Lengths are measured from the outer corner of code A, at the top left, to the right
and down; the other codes tell how the scan lies.
"""

from __future__ import annotations

from enum import StrEnum
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from wardlight.paper.forms.form_file import BoxKind, Field, Form, Part, Whose

CODE = 16.0  # side of a corner code
LEFT, TOP = 12.0, 10.0  # from the paper's edge to code A
PAPER = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
WIDTH, BODY_TOP, BODY_END = 186.0, 43.0, 240.0  # what both papers have room for
LABEL = (86.0, 6.5, 62.0, 34.0)  # where a patient's label of 57 x 32 mm is stuck, from the codes
TICK = 4.5
GAP, LABEL_LINE, TITLE, NOTE_LINE = 2.0, 3.6, 5.0, 3.6
HEADER, HEADER_LINE = 4.2, 3.0
LETTER = 1.55  # a letter of a label, about
INSET = 1.2  # between the edge of a cell and the first box to tick in it
TICK_LINE = TICK + 1.5
ALIGNED_FROM = 6  # options of one field: so many stand in columns
NOTE_LETTERS = 125  # of a line as wide as the body


class Use(StrEnum):
    """What a box is for."""

    WRITE = "write"
    TICK = "tick"
    LABEL = "label"  # a patient's label, with its code, on a sheet that was printed blank


class Box(Struct, frozen=True, kw_only=True):
    """One box: where it is, and which field of which entry it becomes."""

    page: int
    x: float
    y: float
    w: float
    h: float
    use: Use
    part: int = 0  # of the form
    row: int = 0  # of the part: each row is an entry of its own
    kind: str = ""  # of the entry; "" is kept as a picture
    to: str = ""
    value: str = ""  # what a ticked box says
    label: str = ""


class Words(Struct, frozen=True, kw_only=True):
    """Words that are printed: `fit` shrinks them into their height rather than cut any."""

    page: int
    x: float
    y: float
    w: float
    h: float
    text: str
    size: float = 7.5
    bold: bool = False
    fit: bool = False
    prefill: str = ""  # instead of `text`: this fact of the patient
    row: int = -1  # of the list that fills a table
    part: int = 0


class Cell(Struct, frozen=True):
    """The thin outline around boxes to tick that stand in a table."""

    page: int
    x: float
    y: float
    w: float
    h: float


class Layout(Struct, frozen=True, kw_only=True):
    """A form on one kind of paper."""

    form: str  # code and version
    paper: str
    pages: int
    codes: tuple[tuple[float, float, float], ...]  # x, y, side of A, B, C, D
    boxes: tuple[Box, ...]
    words: tuple[Words, ...] = ()
    cells: tuple[Cell, ...] = ()


def layout_of(form: Form, paper: str) -> Layout:
    """Return where everything of a form stands."""
    hand = _Hand()
    for number, part in enumerate(form.part):
        _table(hand, part, number) if part.rows else _block(hand, part, number)
    if form.whose is Whose.PATIENT:
        hand.boxes += [_label(page) for page in range(1, hand.page + 1)]
    return Layout(
        form=form.name(),
        paper=paper,
        pages=hand.page,
        codes=codes_of(paper),
        boxes=tuple(hand.boxes),
        words=tuple(hand.words),
        cells=tuple(hand.cells),
    )


def _label(page: int) -> Box:
    x, y, w, h = LABEL
    return Box(page=page, x=x, y=y, w=w, h=h, use=Use.LABEL, label="patient label", part=-1)


def codes_of(paper: str) -> tuple[tuple[float, float, float], ...]:
    """Return where the four codes stand, from the outer corner of A."""
    width, height = PAPER[paper]
    right, below = width - 2 * LEFT - CODE, height - 2 * TOP - CODE
    return ((0.0, 0.0, CODE), (right, 0.0, CODE), (0.0, below, CODE), (right, below, CODE))


class _Hand:
    """The hand that lays out: how far down the page it has come, and what it has drawn."""

    def __init__(self) -> None:
        self.page, self.y = 1, BODY_TOP
        self.boxes: list[Box] = []
        self.words: list[Words] = []
        self.cells: list[Cell] = []

    def room(self, height: float) -> None:
        """Go to a new page where so much does not fit any more."""
        if self.y + height > BODY_END and self.y > BODY_TOP:
            self.page, self.y = self.page + 1, BODY_TOP

    def say(self, words: Words) -> None:
        self.words.append(replace(words, page=self.page, y=self.y))


def _words(text: str, *, size: float, h: float, x: float = 0, w: float = WIDTH) -> Words:
    """Return words not yet in their place; titles are bold."""
    return Words(page=0, x=x, y=0, w=w, h=h, text=text, size=size, bold=size > _BOLD_FROM)


_BOLD_FROM = 9  # points


def _label_words(field: Field, *, size: float, h: float, at: tuple[float, float]) -> Words:
    """Return the label of a field at x, with a width; that of the dose is bold."""
    return replace(_words(field.label, size=size, h=h, x=at[0], w=at[1]), bold=field.bold)


def _begin(hand: _Hand, part: Part, needed: float) -> None:
    """Say title and note of a part, together with what comes first in it."""
    note = ceil(len(part.note) / NOTE_LETTERS) * NOTE_LINE
    hand.room((TITLE if part.title else 0) + note + needed)
    if part.title:
        hand.say(_words(part.title, h=TITLE, size=9.5))
        hand.y += TITLE
    if part.note:
        hand.say(_words(part.note, h=note, size=7.5))
        hand.y += note


def _block(hand: _Hand, part: Part, number: int) -> None:
    lines = _lines_of(part)
    _begin(hand, part, _height(lines[0]))
    for line in lines:
        hand.room(_height(line))
        x = 0.0
        stretch = (WIDTH - GAP * (len(line) - 1)) / sum(field.width for field in line)
        for field in line:
            width = field.width * min(stretch, _STRETCH_MAX)
            _field(hand, part, field, _At(x, width, number))
            x += width + GAP
        hand.y += _height(line) + GAP / 2
    hand.y += GAP


_STRETCH_MAX = 1.25  # a line that is nearly full is filled; a short one stays short


class _At(Struct, frozen=True):
    """Where in its line a field stands, and of which part and row it is."""

    x: float
    w: float
    part: int
    row: int = 0


def _lines_of(part: Part) -> list[list[Field]]:
    """Return the fields of a block line by line."""
    lines: list[list[Field]] = [[]]
    used = 0.0
    for field in part.field:
        if lines[-1] and (field.new_line or used + field.width > WIDTH + 0.01):
            lines.append([])
            used = 0.0
        lines[-1].append(field)
        used += field.width + GAP
    return lines


def _height(line: list[Field]) -> float:
    return LABEL_LINE + max(_box_height(field, field.width) for field in line)


def _box_height(field: Field, width: float) -> float:
    if field.box is not BoxKind.TICK:
        return field.height
    return TICK_LINE * len(_tick_lines(field, width))


def _field(hand: _Hand, part: Part, field: Field, at: _At) -> None:
    hand.say(_label_words(field, h=LABEL_LINE, size=7.5, at=(at.x, at.w)))
    y = hand.y + LABEL_LINE
    _draw(hand, part, field, at, y)


def _draw(hand: _Hand, part: Part, field: Field, at: _At, y: float) -> None:
    height = part.row_height if part.rows else field.height
    if field.box is BoxKind.TICK:
        if part.rows:
            hand.cells.append(Cell(hand.page, at.x, y, at.w, height))
            y += (height - TICK_LINE * len(_tick_lines(field, at.w))) / 2
        _ticks(hand, part, field, at, y)
        return
    box = _box(hand, part, field, at)
    hand.boxes.append(replace(box, x=at.x, y=y, w=at.w, h=height))
    if field.prefill:
        hand.words.append(
            Words(
                page=hand.page,
                x=at.x + 1,
                y=y + 0.6,
                w=at.w - 2,
                h=height - 1.2,
                text="",
                size=9,
                bold=field.bold,
                fit=True,
                prefill=field.prefill,
                row=at.row if part.prefill else -1,
                part=at.part,
            )
        )


def _box(hand: _Hand, part: Part, field: Field, at: _At) -> Box:
    """Return the box of a field, not yet in its place."""
    return Box(
        page=hand.page,
        x=0,
        y=0,
        w=TICK,
        h=TICK,
        use=Use.WRITE,
        part=at.part,
        row=at.row,
        kind=part.kind if field.to else "",
        to=field.to,
        label=field.label,
    )


def _ticks(hand: _Hand, part: Part, field: Field, at: _At, y: float) -> None:
    values = iter(field.values_of())
    box = _box(hand, part, field, at)
    for line in _tick_lines(field, at.w):
        x = at.x + INSET
        for option in line:
            here = replace(box, x=x, y=y + 0.75, use=Use.TICK, value=next(values))
            hand.boxes.append(here)
            wide = _option_width(option, field)
            words = _words(option, h=TICK, size=7.5, x=x + TICK + 0.8, w=wide - TICK - 0.8)
            hand.words.append(replace(words, page=hand.page, y=y + 1.5))
            x += wide
        y += TICK_LINE


def _option_width(option: str, field: Field) -> float:
    letters = len(option)
    if len(field.options) >= ALIGNED_FROM:
        letters = max(map(len, field.options))
    return TICK + 2.4 + LETTER * letters


def _tick_lines(field: Field, width: float) -> list[list[str]]:
    """Return the options line by line, as many as stand in the width."""
    lines: list[list[str]] = [[]]
    used = INSET
    for option in field.options:
        if lines[-1] and used + _option_width(option, field) > width + 1:
            lines.append([])
            used = INSET
        lines[-1].append(option)
        used += _option_width(option, field)
    return lines


def _table(hand: _Hand, part: Part, number: int) -> None:
    scale = WIDTH / sum(field.width for field in part.field)
    widths = [field.width * scale for field in part.field]
    lines = max(
        ceil(len(field.label) * LETTER / (width - 1))
        for field, width in zip(part.field, widths, strict=True)
    )
    header = HEADER + HEADER_LINE * (lines - 1)
    _begin(hand, part, header + 2 * part.row_height)
    _header(hand, part, widths, header)
    for row in range(part.rows):
        if hand.y + part.row_height > BODY_END:
            hand.room(part.row_height)
            _header(hand, part, widths, header)
        x = 0.0
        for field, width in zip(part.field, widths, strict=True):
            _draw(hand, part, field, _At(x, width, number, row), hand.y)
            x += width
        hand.y += part.row_height
    hand.y += GAP


def _header(hand: _Hand, part: Part, widths: list[float], height: float) -> None:
    x = 0.0
    for field, width in zip(part.field, widths, strict=True):
        hand.say(_label_words(field, h=height, size=7.2, at=(x + 0.6, width - 1)))
        x += width
    hand.y += height
