from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import zxingcpp
from PIL.Image import Image
from tests.paper.forms.forms import NAMES, form, job, library, on_paper
from tests.paper.printed import SEAL

import wardlight.rules
from wardlight.paper.forms.form_layout import (
    BODY_END,
    BODY_TOP,
    LEFT,
    PAPER,
    TICK,
    TOP,
    WIDTH,
    Box,
    Use,
    layout_of,
)
from wardlight.paper.typeset import Press
from wardlight.rules.bedside.observations import CHOICES, SIGNS
from wardlight.rules.paperwork.form_fields import READS
from wardlight.rules.registry import RULES

DOTS = 300 / 25.4  # a millimetre, as a good scan has it


def constants(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@cache
def words_of_rules(but: str = "") -> set[str]:
    """Return every word a rule may ask a form for, times and their days too."""
    folder = Path(wardlight.rules.__file__).parent
    trees = [
        ast.parse(path.read_text("utf-8")) for path in folder.rglob("*.py") if path.name != but
    ]
    words = {word for tree in trees for word in constants(tree)}
    return words | {f"{word}_{end}" for word in words for end in ("at", "on")}


@pytest.mark.parametrize("name", NAMES)
def test_every_box_goes_back_to_an_entry_and_a_field_that_a_rule_reads(name: str) -> None:
    known = words_of_rules() | {"part_0", "part_1", "part_2", "part_3", "part_4"}
    for part in form(name).part:
        assert part.kind in RULES or part.kind == ""
        assert {field.to for field in part.field} - {""} <= known
        assert set(part.fixed) <= known


def test_what_a_sites_own_form_may_send_back_is_what_a_rule_reads() -> None:
    signs = {*CHOICES, *SIGNS}
    assert {word for words in READS.values() for word in words} - signs <= words_of_rules(
        but="form_fields.py"
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("paper", list(PAPER))
def test_no_box_lies_on_another_or_outside_the_body(name: str, paper: str) -> None:
    layout = layout_of(form(name), paper)
    boxes = [one for one in layout.boxes if one.use is not Use.LABEL]
    assert boxes
    for at, one in enumerate(boxes):
        assert one.x >= 0
        assert one.x + one.w <= WIDTH + 0.01
        assert one.y >= BODY_TOP
        assert one.y + one.h <= BODY_END + 0.01
        assert not [other for other in boxes[at + 1 :] if overlap(one, other)]


def overlap(one: Box, other: Box) -> bool:
    across = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    down = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return one.page == other.page and across > 0.01 and down > 0.01


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_by_hand_has_room_and_what_is_ticked_is_a_square(name: str) -> None:
    for box in layout_of(form(name), "letter").boxes:
        if box.use is Use.TICK:
            assert (box.w, box.h) == (TICK, TICK)
            assert box.value
        elif box.use is Use.WRITE:
            assert box.h >= 8
            assert box.w >= 8


def test_the_same_boxes_stand_on_both_papers() -> None:
    for name in NAMES:
        letter, a4 = (layout_of(form(name), paper) for paper in PAPER)
        assert letter.boxes == a4.boxes


@pytest.mark.slow
@pytest.mark.parametrize("paper", list(PAPER))
def test_every_box_is_on_paper_exactly_where_the_layout_says(paper: str, press: Press) -> None:
    pages, made = on_paper(job(*NAMES, paper=paper), press)
    first = 0
    for run in made.runs:
        layout = layout_of(library().forms[run.form], paper)
        for box in layout.boxes:
            picture = gray(pages.document, first + box.page - 1)
            if box.use is not Use.LABEL:
                assert all(edges_of(picture, box)), (run.form, box)
        first += layout.pages


_PICTURES: dict[tuple[int, int], Image] = {}


def gray(document: object, page: int) -> Image:
    key = (id(document), page)
    if key not in _PICTURES:
        _PICTURES.clear()
        picture = document[page].render(scale=DOTS * 25.4 / 72, grayscale=True).to_pil()  # type: ignore[index]
        _PICTURES[key] = picture
    return _PICTURES[key]


def edges_of(picture: Image, box: Box) -> list[bool]:
    """Return for each edge whether a dark line stands within 0.2 mm of it, over its length."""
    left, top = LEFT + box.x, TOP + box.y
    right, below = left + box.w, top + box.h
    found = []
    for share in (0.25, 0.75):
        x, y = left + share * box.w, top + share * box.h
        found += [dark(picture, (x, at), down=True) for at in (top, below)]
        found += [dark(picture, (at, y), down=False) for at in (left, right)]
    return found


def dark(picture: Image, at: tuple[float, float], *, down: bool) -> bool:
    x, y = (round(length * DOTS) for length in at)
    near = range(-2, 3)
    points = [(x, y + step) if down else (x + step, y) for step in near]
    return min(picture.getpixel(point) for point in points) < 100  # type: ignore[type-var,operator]


@pytest.mark.parametrize("paper", list(PAPER))
def test_the_codes_stand_exactly_where_the_layout_says(paper: str, press: Press) -> None:
    pages, _ = on_paper(job("OBSA", paper=paper), press)
    picture = gray(pages.document, 0)
    codes = layout_of(form("OBSA"), paper).codes
    for found in zxingcpp.read_barcodes(picture):
        code = SEAL.read(found.text)
        assert code is not None
        x, y, side = codes["ABCD".index(code.corner)]
        middle = [
            sum(getattr(getattr(found.position, corner), axis) for corner in CORNERS) / 4 / DOTS
            for axis in ("x", "y")
        ]
        assert middle[0] == pytest.approx(LEFT + x + side / 2, abs=0.3)
        assert middle[1] == pytest.approx(TOP + y + side / 2, abs=0.3)


CORNERS = ("top_left", "top_right", "bottom_left", "bottom_right")


def test_a_box_to_tick_knows_which_entry_and_word_it_stands_for() -> None:
    layout = layout_of(form("FLUA"), "a4")
    assert layout.codes == ((0, 0, 16), (170, 0, 16), (0, 261, 16), (170, 261, 16))
    ticks = [box for box in layout.boxes if box.use is Use.TICK and box.row == 0]
    assert [(box.kind, box.to, box.value) for box in ticks] == [
        ("fluid.charted", "flow", "in"),
        ("fluid.charted", "flow", "out"),
    ]
