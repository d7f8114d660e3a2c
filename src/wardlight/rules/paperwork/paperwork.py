"""What became of sheets: said by whoever holds them or looked for them. Nobody is stopped.

A serial is typed with its check character or scanned. One the register does not know (printed by
another node, or from a disk) is kept and counts as soon as its print job is known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from wardlight.record import catalogue
from wardlight.record.entry import Draft
from wardlight.record.events.entered import Entered, Warned
from wardlight.record.events.paperwork import SheetMark, SheetSaid, SheetsIssued, SheetsMarked
from wardlight.record.instants import Instant
from wardlight.record.problems import Problem
from wardlight.record.sheet_serial import SheetSerial, serial_on_paper
from wardlight.record.staff_entry import staff_draft
from wardlight.rules.asking import Accepted, Asked, Author, Ground, Refusal
from wardlight.views.paperwork.sheets import BACK, IssuedSheet, SheetState

SHEETS_MAX = 2_000  # of one entry: four pads of 500
REASON_MAX = 500
UNKNOWN, IS_BACK, WAS_DESTROYED = "sheet-unknown", "sheet-is-back", "sheet-was-destroyed"
NOT_ENTERED = "sheet-not-entered"
BY_HAND = (SheetMark.RETURNED, SheetMark.MISSING, SheetMark.DESTROYED)
_TO = ".."  # between the first and the last serial of a range


def mark(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Say that sheets were returned, are missing or were destroyed."""
    said, wrong = asked.fields.one("mark"), {}
    if said not in BY_HAND:
        wrong["mark"] = "Choose returned, missing or destroyed."
    reason = asked.fields.one("reason")[:REASON_MAX]
    if said == SheetMark.DESTROYED and not reason:
        wrong["reason"] = "Say why: never used, spoilt, shredded after sign-off …"
    serials = _serials(asked.fields.many("serials"))
    if isinstance(serials, str):
        wrong["serials"] = serials
    if wrong or isinstance(serials, str):
        return Refusal("Nothing was changed yet.", wrong)
    marked = SheetsMarked(
        mark=SheetMark(said),
        sheets=tuple(SheetSaid(one.code()) for one in serials),
        where=asked.fields.one("where")[:REASON_MAX],
        reason=reason,
    )
    warnings = tuple(_warned(marked.mark, serials, ground))
    return Accepted(said=marked, occurred=ground.now, warnings=warnings)


def serials_named(asked: Asked) -> list[SheetSerial]:
    """Return the sheets that an entry says something of by their serials; none of a wrong form.

    A person who looked at a scan names one; who counts paper names as many as they hold.
    """
    if asked.kind == catalogue.PAGE_SETTLED:
        one = serial_on_paper(asked.fields.one("serial"))
        return [one] if isinstance(one, SheetSerial) else []
    if asked.kind != catalogue.SHEETS_MARKED:
        return []
    found = _serials(asked.fields.many("serials"))
    return [] if isinstance(found, str) else found


def issue_draft(
    said: SheetsIssued, author: Author, *, site: str, now: Instant, drill: bool = False
) -> Draft:
    """Return a print job as the log keeps it. The same job written twice is one."""
    first = ",".join(run.first for run in said.runs)
    told = f"{first}|{now if said.again else ''}".encode()
    entered = Entered(
        id=sha256(told).hexdigest()[:32],
        by=author.name,
        said=said,
        role=author.role,
        station=author.station,
        drill=drill,
    )
    return staff_draft(
        catalogue.SHEETS_ISSUED,
        entered.packed(),
        site=site,
        author=author.account,
        recorded=now,
    )


def _serials(typed: tuple[str, ...]) -> list[SheetSerial] | str:
    """Return the serials of all lines, or in words what is wrong with the first bad one."""
    found: list[SheetSerial] = []
    for line in " ".join(typed).replace(",", " ").replace(";", " ").split():
        several = _several(line)
        if isinstance(several, Problem):
            return f"“{line[:40]}”: {several.because}"
        found += several
    if not found:
        return "Scan a code of the sheet, or type the serial at its foot."
    if len(found) > SHEETS_MAX:
        return f"At most {SHEETS_MAX:,} sheets at once."
    return list(dict.fromkeys(found))


def _several(text: str) -> list[SheetSerial] | Problem:
    """Return one serial, or those of a range `first..last`."""
    first_text, is_range, last_text = text.partition(_TO)
    first = serial_on_paper(first_text)
    if isinstance(first, Problem) or not is_range:
        return first if isinstance(first, Problem) else [first]
    last = serial_on_paper(last_text)
    if isinstance(last, Problem):
        return last
    if last.lane != first.lane or not 0 <= last.number - first.number < SHEETS_MAX:
        because = "the last serial does not follow the first within one pad."
        return Problem("serial.range", "sheet serial", because)
    return [first.after(at) for at in range(last.number - first.number + 1)]


def _warned(said: SheetMark, serials: list[SheetSerial], ground: Ground) -> Iterator[Warned]:
    sheets = [(one, ground.sheet(one)) for one in serials]
    unknown = [one.text() for one, sheet in sheets if sheet is None]
    if unknown:
        words = f"Not in the register of this node: {_named(unknown)}. Kept until it is."
        yield Warned(UNKNOWN, words, asks=False)
    known = [sheet for _, sheet in sheets if sheet is not None]
    back = _texts(known, BACK)
    if said is SheetMark.MISSING and back:
        yield Warned(IS_BACK, f"The register has these as returned: {_named(back)}")
    waits = _texts([one for one in known if ground.rows.get(one.form)], (SheetState.SCANNED,))
    if said is SheetMark.DESTROYED and waits:
        words = f"Scanned, and not all of it is in the record yet: {_named(waits)}"
        yield Warned(NOT_ENTERED, words)
    gone = _texts(known, (SheetState.DESTROYED,))
    if said is SheetMark.RETURNED and gone:
        yield Warned(WAS_DESTROYED, f"These were said to be destroyed: {_named(gone)}")


def _texts(sheets: list[IssuedSheet], states: tuple[SheetState, ...]) -> list[str]:
    return [one.serial.text() for one in sheets if one.state in states]


def _named(texts: list[str]) -> str:
    shown = ", ".join(texts[:3])
    return shown if len(texts) <= 3 else f"{shown} and {len(texts) - 3} more"  # noqa: PLR2004 -- as above
