"""Sheets drawn as a printer would, and what scanners, fingers and coffee do to them.

Everything is made here from a seed: 96 boxes on a sheet of A4, a quarter of them ticked by hand.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from wardlight.paper.forms.form_layout import LEFT, TOP
from wardlight.paper.scans.layout import BoxAt, code_corners
from wardlight.paper.sheet_codes import CORNERS, Seal
from wardlight.record.sheet_serial import SheetSerial, serial_of

Gray = NDArray[np.uint8]
DPI, FINE = 150, 3
SEAL = Seal(b"a key of the tests")
SERIAL = serial_of(7, 70_000)
PAPER = "a4"
BOXES = tuple(
    BoxAt(f"b{row}{column:02d}", 8 + column * 14.5, 40 + row * 24.0)
    for row in range(8)
    for column in range(12)
)


def codes_of(serial: SheetSerial = SERIAL, seal: Seal = SEAL, form: str = "W3A") -> list[str]:
    """Return the texts of the four codes."""
    return [seal.code(form, 1, serial, corner, drill=False) for corner in CORNERS]


def sheet(
    ticked: frozenset[str] = frozenset(), *, codes: list[str] | None = None, seed: int = 1
) -> Gray:
    """Return a printed sheet of A4 with these boxes ticked, scanned without a fault."""
    px = DPI * FINE / 25.4
    image = Image.new("L", (round(210 * px), round(297 * px)), 255)
    draw = ImageDraw.Draw(image)
    for corner, text in zip(CORNERS, codes or codes_of(), strict=True):
        (left, top), _, (right, bottom), _ = code_corners(corner, PAPER)
        _code(
            image,
            text,
            [(v + o) * px for v, o in zip((left, top, right, bottom), _OUT, strict=True)],
        )
    chance = np.random.default_rng(seed)
    for box in BOXES:
        x, y = (box.x + LEFT) * px, (box.y + TOP) * px
        side = box.side * px
        draw.rectangle((x, y, x + side, y + side), outline=0, width=round(0.3 * px))
        if box.name in ticked:
            _tick(draw, x, y, side, chance)
        draw.text((x + side * 1.2, y), box.name, fill=0)
    for row in range(40):
        y = (36 + row * 5.9) * px
        draw.line((LEFT * px, y, 18 * px, y), fill=0, width=2)
    return np.array(image.resize((image.width // FINE, image.height // FINE), Image.Resampling.BOX))


_OUT = (LEFT, TOP, LEFT, TOP)


def _code(image: Image.Image, text: str, place: list[float]) -> None:
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    bits = np.array(made.to_image(scale=1, add_quiet_zones=False))
    left, top, right, bottom = (round(one) for one in place)
    code = Image.fromarray(bits).resize((right - left, bottom - top), Image.Resampling.NEAREST)
    image.paste(code, (left, top))


def _tick(
    draw: ImageDraw.ImageDraw, x: float, y: float, side: float, chance: np.random.Generator
) -> None:
    """Draw a cross or a tick with a pen of 0.4 mm, not quite in the middle."""
    away = chance.uniform(-0.08, 0.08, 8) * side
    pen = max(round(0.4 * DPI * FINE / 25.4), 1)
    shapes = (
        [((0.15, 0.15), (0.85, 0.85)), ((0.85, 0.15), (0.15, 0.85))],
        [((0.15, 0.5), (0.4, 0.85)), ((0.4, 0.85), (1.0, 0.1))],
    )
    for number, (start, end) in enumerate(shapes[int(chance.integers(2))]):
        at = away[number * 4 : number * 4 + 4]
        draw.line(
            (
                x + start[0] * side + at[0],
                y + start[1] * side + at[1],
                x + end[0] * side + at[2],
                y + end[1] * side + at[3],
            ),
            fill=40,
            width=pen,
        )


def _rotated(degrees: float) -> Callable[[Gray], Gray]:
    def turn(gray: Gray) -> Gray:
        image = Image.fromarray(gray)
        turned = image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
        return np.array(turned)

    return turn


def _upside_down(gray: Gray) -> Gray:
    return np.ascontiguousarray(gray[::-1, ::-1])


def _quarter(gray: Gray) -> Gray:
    return np.ascontiguousarray(np.rot90(gray))


def _blurred(gray: Gray) -> Gray:
    return np.array(Image.fromarray(gray).filter(ImageFilter.GaussianBlur(1.2)))


def _noisy(gray: Gray) -> Gray:
    noise = np.random.default_rng(2).normal(0, 25, gray.shape)
    return np.clip(gray + noise, 0, 255).astype(np.uint8)


def _jpeg(gray: Gray) -> Gray:
    body = io.BytesIO()
    Image.fromarray(gray).save(body, "JPEG", quality=30)
    return np.array(Image.open(body))


def _fax(gray: Gray) -> Gray:
    fax: Gray = np.where(gray > 128, 255, 0).astype(np.uint8)
    return fax


def _bad_toner(gray: Gray) -> Gray:
    chance = np.random.default_rng(3)
    faded = gray.astype(int)
    faded[chance.random(gray.shape) < 0.06] = 255
    faded[chance.random(gray.shape) < 0.002] = 0
    for column in (300, 620, 1000):
        faded[:, column : column + 3] = 255  # a worn drum leaves white stripes
    worn: Gray = np.clip(faded, 0, 255).astype(np.uint8)
    return worn


def _creased(gray: Gray) -> Gray:
    image = Image.fromarray(gray)
    draw = ImageDraw.Draw(image)
    draw.line((0, 880, image.width, 905), fill=90, width=2)
    draw.line((610, 0, 640, image.height), fill=120, width=2)
    chance = np.random.default_rng(4)
    for x, y in chance.uniform(0, 1, (60, 2)):
        draw.ellipse((x * 1240, y * 1754, x * 1240 + 3, y * 1754 + 3), fill=60)
    return np.array(image)


def _pale(gray: Gray) -> Gray:
    pale: Gray = (130 + gray * (90 / 255)).astype(np.uint8)
    return pale


def _skewed(gray: Gray) -> Gray:
    """Lay a page on the glass with one corner lifted: it is seen in perspective, and sheared."""
    high, wide = gray.shape
    coefficients = (1.012, 0.014, -14.0, -0.006, 1.008, -2.0, 6e-6, 4e-6)
    image = Image.fromarray(gray).transform(
        (wide, high),
        Image.Transform.PERSPECTIVE,
        coefficients,
        Image.Resampling.BICUBIC,
        fillcolor=255,
    )
    return np.array(image)


def _crumpled(gray: Gray) -> Gray:
    """Lay it with a corner bent up: no flat map fits, and everything between lies elsewhere."""
    high, wide = gray.shape
    corners = (18, 6, -10, high - 4, wide + 14, high + 12, wide - 12, -8)
    image = Image.fromarray(gray).transform(
        (wide, high), Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=255
    )
    return np.array(image)


def _clipped(gray: Gray) -> Gray:
    clipped = gray.copy()
    clipped[:200, -220:] = 255
    return clipped


def _coffee(gray: Gray) -> Gray:
    high, wide = gray.shape
    y, x = np.mgrid[0:high, 0:wide]
    away = np.hypot(x - 500, y - 700)
    stain = np.where(away < 260, 0.72, np.where(away < 275, 0.5, 1.0))
    stained: Gray = (gray * stain).astype(np.uint8)
    return stained


def _scribbled(gray: Gray) -> Gray:
    """Write with a pencil between the boxes, and over one code."""
    image = Image.fromarray(gray)
    draw = ImageDraw.Draw(image)
    chance = np.random.default_rng(5)
    for row in range(7):
        points = [
            (80 + 50 * at, 395 + row * 142 + float(chance.uniform(-25, 25))) for at in range(20)
        ]
        draw.line(points, fill=120, width=2)
    draw.line((75, 90, 160, 120), fill=130, width=2)
    return np.array(image)


SCANS: Mapping[str, Callable[[Gray], Gray]] = {
    "clean": lambda gray: gray,
    "turned by 2 degrees": _rotated(2),
    "upside down": _upside_down,
    "on its side": _quarter,
    "blurred": _blurred,
    "noisy": _noisy,
    "JPEG of low quality": _jpeg,
    "fax": _fax,
    "bad toner": _bad_toner,
    "creased and spotted": _creased,
    "pale": _pale,
    "skewed": _skewed,
    "bent": _crumpled,
    "coffee": _coffee,
    "pencil": _scribbled,
    "a corner cut off": _clipped,
}
