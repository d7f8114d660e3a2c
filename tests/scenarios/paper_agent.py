"""The sixth agent of S8 has no computer: a stack of call sheets each morning, scanned each evening.

The sheets are really printed, crossed with a pen, read by the reader of scans, and entered from the
page that shows them; what the agent wrote by hand is typed by whoever enters it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tests.rules.clinics.clinic_day import SAID
from tests.scenarios.clinic_ten_days import TenDays
from tests.web.clinics.call_sheet_room import CallSheetRoom, Gray, chosen, drawn, ticked
from tests.web.screens import HANDLES, SITES

from wardlight.record.events.contact import Outcome
from wardlight.record.instants import local
from wardlight.views.clinics.call_sheets import CallSheet

STACK, DAYS = 8, 9  # sheets a day; on the last day those who asked for it are rung again
OUTCOME, SPEAKER = "Outcome of the last try: ", "Who was on the phone: patient"
AGENT = "paper"


class PaperAgent:
    """Whoever rings from paper, and the printer and scanner beside them."""

    def __init__(self, days: TenDays, folder: Path) -> None:
        self.days, self.room = days, CallSheetRoom(folder, day=days)
        self.stack: list[tuple[CallSheet, Gray]] = []
        self.entered = 0

    def morning(self) -> None:
        """Print the next patients; from now on they are nobody else's."""
        before = len(self.days.views.contacts.sheets("MMH"))
        pages = drawn(self.room.print(STACK))
        sheets = self.days.views.contacts.sheets("MMH")[before:]
        self.stack = list(zip(sheets, pages, strict=True))
        for sheet, _ in self.stack:
            number = _number(sheet)
            assert number not in self.days.ringing
            self.days.ringing[number] = AGENT

    def evening(self) -> None:
        """Ring all but two, hand the sheets in, and have them entered; one is lost, one unrung."""
        lost, unrung, *rung = self.stack
        for sheet, _ in self.stack:
            del self.days.ringing[_number(sheet)]
        outcomes = [self.days.luck(_number(sheet)) for sheet, _ in rung]
        pages = (page for _, page in rung)
        self.room.scan(*map(_crossed, pages, outcomes))
        ended = f"{local(self.days.now, SITES['MMH'].zone):%H:%M}"
        self.days.wait(2)
        for (sheet, _), said in zip(rung, outcomes, strict=True):
            self._enter(sheet, said, ended)
        mark = (("mark", "missing"), ("serials", lost[0].serial.text()))
        back = (("release", "yes"), ("sheet", unrung[0].serial.code()))
        for kind, fields in (("sheets.marked", mark), ("contact.leased", back)):
            answer = self.room.site.enter(kind, "", fields).json()
            assert answer["ok"], answer
        self.stack = []

    def _enter(self, sheet: CallSheet, said: Outcome, ended: str) -> None:
        """Enter one sheet from its page: what was ticked stands in the form already."""
        number = _number(sheet)
        fields = chosen(self.room.site.get(f"/calls/MMH/sheet/{sheet.serial.text()}").text)
        assert ("outcome", str(said)) in fields
        fields += [("at", ended), *self._by_hand(number, said)]
        answer = self.room.site.enter("contact.attempted", HANDLES.of(sheet.patient), fields).json()
        assert answer["ok"], answer
        if said is Outcome.TOLD:
            self.days.told[number] = sheet.lines.visits[0].plan
        self.days.calls[said] += 1
        self.entered += 1

    def _by_hand(self, number: int, said: Outcome) -> Iterable[tuple[str, str]]:
        if said is Outcome.CALL_BACK:
            yield "call_back_at", "16:00"
        if said is Outcome.TOLD:
            yield from SAID
            if number in self.days.ill and number not in self.days.told:
                yield "symptoms", "short of breath"


def _number(sheet: CallSheet) -> int:
    return int(re.sub(r"\D", "", sheet.patient))


def _crossed(page: Gray, said: Outcome) -> Gray:
    names = [OUTCOME + said, "Number rung: 1"]
    return ticked(page, *names, *((SPEAKER, "Told: told") if said is Outcome.TOLD else ()))
