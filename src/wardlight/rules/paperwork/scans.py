"""Whose is a scanned page? Only a code of this node's own says so, or a person who looked.

A page is never placed by a name that was read, and never by a code that does not open: altered,
another node's, or beside one of another sheet. Whatever is in doubt waits for a person with its
picture (domain.md §8.5, screens.md §6.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from wardlight.record import catalogue
from wardlight.record.downtime_number import DowntimeNumber
from wardlight.record.entry import Draft
from wardlight.record.events.entered import Entered, Said, Warned
from wardlight.record.events.paperwork import SheetMark, SheetSaid, SheetsMarked
from wardlight.record.events.scans import Decision, Outcome, PageScanned, PageSettled
from wardlight.record.gsrn import read_band
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant
from wardlight.record.problems import Problem
from wardlight.record.sheet_serial import SheetSerial, serial_in, serial_on_paper
from wardlight.record.staff_entry import staff_draft
from wardlight.rules.asking import Accepted, Asked, Author, Ground, Refusal
from wardlight.rules.paperwork.wristband import numbers_of, plain
from wardlight.rules.times import time_words
from wardlight.views.fold import Views
from wardlight.views.paperwork.scans import ScannedPage
from wardlight.views.paperwork.sheets import IssuedSheet
from wardlight.views.patients.find import birth_digits

REASON_MAX = 300
NOBODY = PatientKey("")
NO_CODE = "No code could be read. Look for the serial at the foot of the sheet."
STRANGE = "A code on it is not this node's: altered, misread, or printed by another node."
TWO_SHEETS = "Codes of two different sheets are on it: scan them one by one."
NOT_ISSUED = "No sheet with this serial was ever printed here, as far as this log knows."
OF_DRILL = (
    "A sheet of a drill that is over. If it was written on for a patient, place it by the wristband"
    " or label; else set it aside."
)
OTHER_FORM = "Its code names another form or page than the sheet that was printed."
NO_LABEL = "A blank sheet without a patient's label: look whose it is."
TWO_LABELS = "Labels of different patients are on it: look whose it is."
STRANGE_LABEL = "Its label's number is of nobody here."
SHARED_LABEL = "Several patients here have its label's number: look at name and birth date on it."
TYPE_BORN = "Several patients here have this number: type the birth date of the label too."
NO_SUCH_PAGE = "This sheet has {}: read the page at its foot again."
OTHER_LABEL = "It was printed for one patient and wears another's label: look whose it is."


ENTERED_BEFORE, SETTLED_SINCE = "rows-entered", "settled-since"
ROWS_ENTERED = (
    "From this page {} entries were typed for the patient it was filed on before: take them back"
    " in that chart, and enter them anew here."
)


class CodeFound(Struct, frozen=True):
    """A code that opened: it is this node's own."""

    serial: SheetSerial
    form: str
    page: int
    corner: str
    drill: bool


class Seen(Struct, frozen=True, kw_only=True):
    """What was read on one page, after the seals of its codes were looked at."""

    codes: Sequence[CodeFound]
    strange: int  # codes of our shape that did not open
    labels: Sequence[str]


class Placed(Struct, frozen=True):
    """Where a page belongs: whose it is, or why nobody knows."""

    code: CodeFound | None = None
    patient: PatientKey = NOBODY
    because: str = ""


class Numbering(Struct, frozen=True):
    """How a site's wristbands are numbered."""

    prefix: str = ""
    site_index: int = 0


def placed(seen: Seen, views: Views, numbering: Numbering) -> Placed:
    """Return whose a page is."""
    sheets = {(one.serial, one.form, one.page, one.drill) for one in seen.codes}
    code = seen.codes[0] if len(sheets) == 1 else None
    if seen.strange:
        return Placed(None, because=STRANGE)
    if code is None:
        return Placed(None, because=TWO_SHEETS if sheets else NO_CODE)
    sheet = views.paperwork.sheet(code.serial)
    if sheet is None and code.drill:  # no real entry, and a drill's own is on nobody's list now
        return Placed(None, because=OF_DRILL)
    if sheet is None:
        return Placed(code, because=NOT_ISSUED)
    if sheet.form != code.form or code.page > sheet.pages:
        return Placed(code, because=OTHER_FORM)
    return _whose(code, sheet.patient, seen.labels, views, numbering)


def _whose(
    code: CodeFound,
    printed: PatientKey | None,
    labels: Sequence[str],
    views: Views,
    numbering: Numbering,
) -> Placed:
    worn = {people_of_label(label, views, numbering) for label in labels}
    if printed is not None:
        mine = views.people.resolve(printed)
        others = any(whose and mine not in whose for whose in worn)
        return Placed(code, because=OTHER_LABEL) if others else Placed(code, mine)
    if not worn:
        return Placed(code, because=NO_LABEL)
    if len(worn) > 1:
        return Placed(code, because=TWO_LABELS)
    [whose] = worn
    if len(whose) > 1:
        return Placed(code, because=SHARED_LABEL)
    return Placed(code, *whose) if whose else Placed(code, because=STRANGE_LABEL)


def people_of_label(scanned: str, views: Views, numbering: Numbering) -> frozenset[PatientKey]:
    """Return whose number a label or wristband holds.

    Each hospital gives its own numbers, and two may give the same one: where there are several, no
    program says whose it is.
    """
    number = read_band(scanned, numbering.prefix, numbering.site_index)
    text = number.text() if isinstance(number, DowntimeNumber) else scanned.strip()
    wanted = plain(text)
    if not wanted:
        return frozenset()
    people = views.people
    return frozenset(
        people.resolve(key) for key in people.search(text) if wanted in numbers_of(people, key)
    )


def scanned(read: PageScanned, where: Placed) -> PageScanned:
    """Return the event of a page: what was read, and where it belongs."""
    said = replace(
        read,
        outcome=Outcome.UNMATCHED if where.because else Outcome.FILED,
        because=where.because,
    )
    if where.code is None:
        return replace(said, boxes=())
    return replace(
        said, serial=where.code.serial.code(), form=where.code.form, page=where.code.page
    )


def drafts_of(
    said: PageScanned, where: Placed, author: Author, *, site: str, now: Instant, intake: str
) -> tuple[Draft, ...]:
    """Return what the log keeps of a page: that it came, and that its sheet is back.

    A file that is read again after a crash, under the same `intake`, says the same once.
    """
    name = f"{intake}|{said.number}"
    drill = where.code.drill if where.code else False
    first = _draft(
        (catalogue.PAGE_SCANNED, said, name), where.patient, author, site, now, drill=drill
    )
    if where.because or where.code is None:
        return (first,)
    back = SheetsMarked(
        mark=SheetMark.SCANNED, sheets=(SheetSaid(said.serial, (said.page,)),), where="scanned"
    )
    kind = (catalogue.SHEETS_MARKED, back, f"{name}|back")
    return (first, _draft(kind, NOBODY, author, site, now, drill=drill))


def _draft(
    what: tuple[str, Said, str],
    patient: PatientKey,
    author: Author,
    site: str,
    now: Instant,
    *,
    drill: bool,
) -> Draft:
    kind, said, name = what
    entered = Entered(
        id=sha256(name.encode()).hexdigest()[:32],
        by=author.name,
        said=said,
        patient=patient,
        role=author.role,
        station=author.station,
        drill=drill,
    )
    return staff_draft(kind, entered.packed(), site=site, author=author.account, recorded=now)


def settle(asked: Asked, ground: Ground) -> Accepted | Refusal:
    """Say what a page is: a person looked at the picture."""
    page = ground.views.scans.page(asked.fields.one("image"))
    if page is None or page.site != asked.site:
        return Refusal("This page is not known here.")
    match asked.fields.one("decision"):
        case Decision.FILE:
            return _file(asked, ground, page)
        case Decision.CHECK:
            return _check(asked, ground, page)
        case Decision.SET_ASIDE:
            return _set_aside(asked, ground, page)
    return Refusal("Choose what is to become of this page.")


def _file(asked: Asked, ground: Ground, page: ScannedPage) -> Accepted | Refusal:
    """File a page on a sheet of the register, or on whose wristband or label was scanned."""
    known = serial_in(page.said.serial)  # of a blank sheet: its code was read, not whose it is
    sheet = _sheet_typed(asked, ground)
    if isinstance(sheet, Refusal):
        return sheet
    printed = ground.views.people.resolve(sheet.patient) if sheet and sheet.patient else NOBODY
    whose = _whose_typed(asked, ground, printed)
    if isinstance(whose, Refusal):
        return whose
    typed = _page_typed(asked)
    if sheet and typed > sheet.pages:
        words = NO_SUCH_PAGE.format("1 page" if sheet.pages == 1 else f"{sheet.pages} pages")
        return Refusal(words, {"page": words})
    serial = sheet.serial if sheet else known
    of_one_page = 1 if sheet and sheet.pages == 1 else 0
    said = PageSettled(
        image=page.said.image,
        decision=Decision.FILE,
        serial=serial.code() if serial else "",
        page=typed or page.said.page or of_one_page,
        reason=asked.fields.one("reason")[:REASON_MAX],
    )
    warnings = (*_settled_since(page, asked, ground), *_entered_before(page, whose, ground))
    return Accepted(said=said, occurred=ground.now, patient=whose, warnings=warnings)


def _settled_since(page: ScannedPage, asked: Asked, ground: Ground) -> Iterator[Warned]:
    """Say that somebody else said what a page is while this person looked at it."""
    seen = asked.fields.one("seen")
    if seen and seen != str(page.settled_at or 0):
        when = time_words(page.settled_at, ground) if page.settled_at else ""
        yield Warned(SETTLED_SINCE, f"{page.settled_by} said what this page is, {when}: look again")


def _entered_before(page: ScannedPage, whose: PatientKey, ground: Ground) -> Iterator[Warned]:
    """Say that entries were typed from a page while it was on another patient's sheet."""
    same = page.patient and ground.views.people.resolve(page.patient) == whose
    rows = ground.views.paperwork.rows(page.serial, page.page) if page.serial else {}
    made = sum(1 for one in rows.values() if not one.closed)
    if made and not same:
        yield Warned(ENTERED_BEFORE, ROWS_ENTERED.format(made), asks=False)


def _sheet_typed(asked: Asked, ground: Ground) -> IssuedSheet | Refusal | None:
    typed = asked.fields.one("serial")
    if not typed:
        return None
    found = serial_on_paper(typed)
    if isinstance(found, Problem):
        return Refusal(found.because, {"serial": found.because})
    return ground.sheet(found) or Refusal(NOT_ISSUED, {"serial": NOT_ISSUED})


def _whose_typed(asked: Asked, ground: Ground, printed: PatientKey) -> PatientKey | Refusal:
    number = asked.fields.one("number")
    if not number:
        words = "Scan a wristband or label, or a serial of a sheet that was printed for somebody."
        return printed or Refusal(words, {"number": words})
    found = people_of_label(number, ground.views, Numbering())
    if not found:
        return Refusal(STRANGE_LABEL, {"number": "Nobody here has this number: scan it again."})
    if printed:
        wrong = {"number": OTHER_LABEL, "serial": OTHER_LABEL}
        return printed if printed in found else Refusal(OTHER_LABEL, wrong)
    born = birth_digits(asked.fields.one("born").casefold())
    if len(found) > 1:
        found = frozenset(key for key in found if born and born == _birth_of(key, ground))
    return next(iter(found)) if len(found) == 1 else Refusal(TYPE_BORN, {"born": TYPE_BORN})


def _birth_of(patient: PatientKey, ground: Ground) -> str:
    person = ground.views.people.person(patient)
    return person.birth.iso().replace("-", "") if person and person.birth else ""


def _page_typed(asked: Asked) -> int:
    typed = asked.fields.one("page")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 2 else 0  # noqa: PLR2004 -- 99 pages


def _check(asked: Asked, ground: Ground, page: ScannedPage) -> Accepted | Refusal:
    """Confirm or correct what the boxes of a page say; every unsure one needs a word."""
    names = {one.name for one in page.said.boxes}
    if not names or page.unmatched():
        return Refusal("No box of this page was read. Enter what stands on it by hand.")
    answers = {name: asked.fields.one(f"box-{name}") for name in sorted(names)}
    open_ = {name: "Ticked or empty?" for name, one in answers.items() if one not in _ANSWERS}
    if open_:
        fields = {f"box-{name}": words for name, words in open_.items()}
        return Refusal(f"{len(open_)} boxes have no answer yet.", fields)
    ticked = tuple(name for name, one in answers.items() if one == "ticked")
    said = PageSettled(image=page.said.image, decision=Decision.CHECK, ticked=ticked)
    return Accepted(said=said, occurred=ground.now, patient=page.patient)


_ANSWERS = frozenset({"ticked", "empty"})


def _set_aside(asked: Asked, ground: Ground, page: ScannedPage) -> Accepted | Refusal:
    """Put a page aside that is nobody's; the picture is kept all the same."""
    reason = asked.fields.one("reason")[:REASON_MAX]
    if not reason:
        return Refusal("Say why it is nobody's.", {"reason": "A cover page, a test, rubbish …"})
    said = PageSettled(image=page.said.image, decision=Decision.SET_ASIDE, reason=reason)
    warnings = (*_settled_since(page, asked, ground), *_entered_before(page, NOBODY, ground))
    return Accepted(said=said, occurred=ground.now, warnings=warnings)
