"""One scanned page: its codes, where they stand, and what its boxes say (screens.md §6.2).

Any one readable code says which page it is; boxes are read only where all four corners were read,
because two corners do not say how a page lies. Measured on simulated scans of 150 dpi.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from wardlight.paper.forms.form_layout import CODE
from wardlight.paper.scans.boxes import read_boxes
from wardlight.paper.scans.layout import BoxAt, code_corners
from wardlight.paper.scans.marks import BoxRead, CodeRead
from wardlight.paper.sheet_codes import CORNERS, looks_like_ours

Gray = NDArray[np.uint8]

SIDE_MIN = 200  # pixels; anything smaller is no page
CORNER_SHARE = 0.24  # of the longer side: where the codes stand unless the page lies askew
QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
LABELS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.DataMatrix])
WHITE_SHARE = 0.8  # of the paper's grey: what is lighter is paper
MISFIT_MM_MAX = 1.5  # codes that stand further from where they should are no page of ours


def codes_on(gray: Gray) -> tuple[CodeRead, ...]:
    """Return the sheet codes on a page: its corners first, all of it where those are not enough."""
    if min(gray.shape) < SIDE_MIN:
        return ()
    found: dict[str, CodeRead] = {}
    side = int(max(gray.shape) * CORNER_SHARE)
    high, wide = gray.shape
    for top in (0, max(high - side, 0)):
        for left in (0, max(wide - side, 0)):
            part = gray[top : top + side, left : left + side]
            found |= {one.text: one for one in _codes(part, left, top)}
    if len(found) < len(CORNERS):
        found |= {one.text: one for one in _codes(gray, 0, 0)}
    if len(found) < len(CORNERS):  # bad toner and bad faxes: holes are closed first
        found |= {one.text: one for one in _codes(_smoothed(gray), 0, 0)}
    return tuple(found[text] for text in sorted(found))


def labels_on(gray: Gray) -> tuple[str, ...]:
    """Return what patients' labels on a page hold, whoever its sheet was printed for."""
    read = zxingcpp.read_barcodes(
        _cleaned(gray), formats=LABELS, try_downscale=False, try_invert=False
    )
    return tuple(sorted({one.text for one in read if one.valid}))


def _cleaned(gray: Gray) -> Gray:
    """Return a page whose paper is plain white: a scanner's noise on it looks like edges."""
    paper = np.median(gray[::8, ::8])
    white = np.multiply(gray > WHITE_SHARE * paper, 255, dtype=np.uint8)
    cleaned: Gray = gray | white
    return cleaned


def _smoothed(gray: Gray) -> Gray:
    """Return a page whose every point is the mean of its neighbourhood, so that specks go."""
    deep = np.pad(gray, 1, mode="edge").astype(np.uint16)
    rows = deep[:-2] + deep[1:-1] + deep[2:]
    smooth: Gray = ((rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) // 9).astype(np.uint8)
    return smooth


def _codes(part: Gray, left: int, top: int) -> list[CodeRead]:
    """Return the codes of our shape in a part of a page, in pixels of the page."""
    whole = np.ascontiguousarray(part)
    found = []
    for read in zxingcpp.read_barcodes(whole, formats=QR, try_invert=False):
        if not looks_like_ours(read.text):
            continue
        at = read.position
        points = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
        outline = tuple((float(one.x + left), float(one.y + top)) for one in points)
        found.append(CodeRead(read.text, outline))
    return found


def boxes_on(
    gray: Gray, codes: tuple[CodeRead, ...], layout: tuple[BoxAt, ...], paper: str
) -> tuple[BoxRead, ...]:
    """Return what the boxes of a layout say; nothing unless all four corners agree."""
    mapping = lies(codes, paper)
    return read_boxes(gray, layout, mapping) if mapping is not None and layout else ()


def lies(codes: tuple[CodeRead, ...], paper: str) -> NDArray[Any] | None:
    """Return how millimetres of a page become pixels; None unless four corners agree."""
    by_corner = {one.text[-1]: one for one in codes}
    if set(by_corner) != set(CORNERS) or len(codes) != len(CORNERS):
        return None
    millimetres, pixels = [], []
    for corner, one in by_corner.items():
        millimetres += code_corners(corner, paper)
        pixels += list(one.outline)
    mapping = homography(np.array(millimetres), np.array(pixels))
    if mapping is None:
        return None
    misfit = np.abs(mapped(mapping, np.array(millimetres)) - np.array(pixels)).max()
    scale = np.hypot(*np.subtract(by_corner["A"].outline[1], by_corner["A"].outline[0])) / CODE
    return mapping if misfit <= MISFIT_MM_MAX * scale else None


def homography(here: NDArray[Any], there: NDArray[Any]) -> NDArray[Any] | None:
    """Return the projective map between two sets of points (direct linear transform, scaled).

    Source: Hartley and Zisserman, Multiple View Geometry, 2nd ed., algorithm 4.2.
    """
    here_scaled, from_here = _scaled(here)
    there_scaled, from_there = _scaled(there)
    rows = []
    for (x, y), (u, v) in zip(here_scaled, there_scaled, strict=True):
        rows.append([-x, -y, -1, 0, 0, 0, u * x, u * y, u])
        rows.append([0, 0, 0, -x, -y, -1, v * x, v * y, v])
    try:
        _, _, right = np.linalg.svd(np.array(rows))
        found = np.linalg.inv(from_there) @ right[-1].reshape(3, 3) @ from_here
    except np.linalg.LinAlgError:
        return None
    return found / found[2, 2] if found[2, 2] else None


def _scaled(points: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    middle = points.mean(axis=0)
    spread = max(float(np.sqrt(((points - middle) ** 2).sum(axis=1)).mean()), 1e-9)
    size = np.sqrt(2) / spread
    change = np.array([[size, 0, -size * middle[0]], [0, size, -size * middle[1]], [0, 0, 1]])
    return (points - middle) * size, change


def mapped(mapping: NDArray[Any], points: NDArray[Any]) -> NDArray[Any]:
    """Return where points lie under a projective map."""
    flat = points.reshape(-1, 2)
    whole = np.column_stack([flat, np.ones(len(flat))]) @ mapping.T
    flat = whole[:, :2] / whole[:, 2:]
    there: NDArray[Any] = flat.reshape(points.shape)
    return there


def quarter_turns(codes: tuple[CodeRead, ...]) -> int:
    """Return how many quarter turns clockwise bring a page upright, by its codes' own top edge."""
    if not codes:
        return 0
    (x0, y0), (x1, y1) = codes[0].outline[:2]
    angle = np.degrees(np.arctan2(y1 - y0, x1 - x0))
    return round(float(-angle / 90)) % 4
