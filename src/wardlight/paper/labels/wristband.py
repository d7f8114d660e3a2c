"""A wristband of 25 x 279 mm: who this is, in words for eyes and in a code for scanners."""

from __future__ import annotations

import msgspec
import typst

from wardlight.paper.labels.symbols import matrix
from wardlight.paper.labels.wearer import CannotPrintError, Wearer, drawable, facts
from wardlight.paper.packs.sheets import Pdf
from wardlight.paper.typeset import Press, typeset_alone


def wristband(wearer: Wearer, press: Press) -> Pdf:
    """Return the band as one page of PDF; raises CannotPrintError."""
    said = drawable(facts(wearer), press.coverage)
    content = {**said, "code": matrix(wearer.code), "fonts": press.families}
    files = {
        "wristband.json": msgspec.json.encode(content),
        "label.typ": press.templates["label.typ"],
    }
    return Pdf(set_in_place("wristband.typ", files, press), 1)


def set_in_place(template: str, files: dict[str, bytes], press: Press) -> bytes:
    """Return bands or labels as PDF; raises CannotPrintError when the words do not fit."""
    try:
        return typeset_alone(template, files, press)
    except typst.TypstError as error:
        if "does not fit" not in str(error):
            raise
        raise CannotPrintError("The words do not fit on it: write by hand.") from error
