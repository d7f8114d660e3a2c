"""What sheets are drawn with: the templates of the package, its font, and a site's own fonts."""

from __future__ import annotations

from pathlib import Path

import fontpkg_noto_sans
import typst

from wardlight import paper
from wardlight.paper.fonts import Coverage
from wardlight.paper.typeset import Press

FONT_ENDINGS = frozenset({".ttf", ".otf"})


def load_press(site_fonts: Path | None = None) -> Press:
    """Return the press; a site's folder of fonts adds scripts that ours cannot draw.

    Raises OSError when the folder cannot be read.
    """
    templates = Path(paper.__file__).parent / "templates"
    folders = [Path(fontpkg_noto_sans.__file__).parent / "files"]
    folders += [site_fonts] if site_fonts is not None else []
    files = [path for folder in folders for path in _fonts(folder)]
    drawn_with = [str(folder) for folder in folders]
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=drawn_with
    )
    families = sorted(fonts.families(), key=lambda name: name != "Noto Sans")
    return Press(
        templates={path.name: path.read_bytes() for path in sorted(templates.glob("*.typ"))},
        fonts=fonts,
        families=tuple(families),
        coverage=Coverage(path.read_bytes() for path in files),
    )


def _fonts(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in FONT_ENDINGS)
    return [path for path in found if "Italic" not in path.name]
