from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from tests.paper.forms.forms import job
from tests.paper.scans.scanned import SCANS, Gray

from wardlight.paper.forms.form import printed_forms
from wardlight.paper.scans.forms import boxes_of
from wardlight.paper.scans.layout import BoxAt
from wardlight.paper.scans.marks import BoxRead, Tick
from wardlight.paper.scans.page import boxes_on, codes_on
from wardlight.paper.scans.pictures import pages_of
from wardlight.run.paperwork.form_library import load_forms
from wardlight.run.paperwork.press import load_press

pytestmark = pytest.mark.slow
FORMS = load_forms(Path("no folder of a site")).forms
SOME = ("OBSA", "TRIA", "LABA")


@cache
def pages(name: str) -> list[Gray]:
    return list(pages_of(printed_forms(job(name), load_press()).pdf.body))


def read(gray: Gray, paper: str) -> tuple[str, tuple[BoxRead, ...]]:
    codes = codes_on(gray)
    page = ".".join(codes[0].text.split(".")[1:3])
    return page, boxes_on(gray, codes, boxes_of(FORMS.values(), paper).get(page, ()), paper)


def ticked(gray: Gray, boxes: tuple[BoxAt, ...], names: set[str]) -> Gray:
    image = Image.fromarray(gray)
    draw, px = ImageDraw.Draw(image), 150 / 25.4
    for box in boxes:
        if box.name in names:
            x, y, side = (box.x + 12) * px, (box.y + 10) * px, box.side * px
            draw.line((x + 4, y + side / 2, x + side / 2, y + side - 4), fill=30, width=2)
            draw.line((x + side / 2, y + side - 4, x + side - 3, y + 3), fill=30, width=2)
    return np.array(image)


@pytest.mark.parametrize("name", sorted(FORMS))
def test_no_box_of_a_form_as_it_is_printed_is_read_as_ticked(name: str) -> None:
    for gray in pages(name):
        _, boxes = read(gray, job(name).frame.paper)
        assert [one.name for one in boxes if one.tick is not Tick.EMPTY] == []


@pytest.mark.parametrize("how", ["clean", "turned by 2 degrees", "blurred", "fax"])
@pytest.mark.parametrize("name", SOME)
def test_ticks_on_our_own_forms_are_read_as_they_were_made(name: str, how: str) -> None:
    paper = job(name).frame.paper
    for gray in pages(name):
        page, _ = read(gray, paper)
        boxes = boxes_of(FORMS.values(), paper).get(page, ())
        made = {box.name for box in boxes[::3]}
        _, found = read(SCANS[how](ticked(gray, boxes, made)), paper)
        sure = [one for one in found if one.tick is not Tick.UNSURE]
        assert [one.name for one in sure if (one.tick is Tick.TICKED) != (one.name in made)] == []
        assert len(found) - len(sure) <= len(found) * 0.02
