"""A night on which fourteen patients of one ward go to three hospitals."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
from tests.rules.transfers.transfer_desk import STEPS
from tests.web.kept_copy import KeptCopy
from tests.web.screens import HANDLES, SITES, Screens, shipped_press, shipped_tables, whole_ward
from tests.web.ward_of_28 import NOW, SITE

from wardlight.outputs.transfer_documents import TransferDocuments
from wardlight.record.identity import PatientKey
from wardlight.record.instants import MINUTE, Instant
from wardlight.views.transfers.transfer_board import Row, board
from wardlight.views.transfers.transfers import Case
from wardlight.web.app import create_app

HOSPITALS = ("GRV", "LEB", "STV")
GATES = (
    "accepted",
    "certified",
    "transport-arranged",
    "packet-made",
    "doses-stated",
    "pending-owned",
)


class Night:
    """The ward, its clock, and the forms its desk hands in."""

    def __init__(self) -> None:
        self.copy: KeptCopy = whole_ward()
        self.now = NOW
        app = create_app(
            views=self.copy.views,
            sites=SITES,
            clock=lambda: self.now,
            handles=HANDLES,
            write=self.copy.write,
            seal_at=self.copy.seal_at,
            tables=shipped_tables(),
            press=shipped_press,
            documents=TransferDocuments(
                views=self.copy.views,
                sites=SITES,
                clock=lambda: self.now,
                handle_of=HANDLES.of,
            ),
        )
        self.screens = Screens(app)
        self.patients: dict[str, PatientKey] = {}

    def minutes(self, count: float) -> None:
        """Let time pass."""
        self.now = Instant(self.now + round(count * MINUTE))

    def request(self, at: int, patient: PatientKey) -> str:
        """Ask for a transfer; return its number."""
        number = f"{at + 1:032x}"
        fields = STEPS["transfer.requested"]
        answer = self.screens.enter("transfer.requested", HANDLES.of(patient), fields, id=number)
        assert answer.status_code == 200, answer.text
        self.patients[number] = patient
        return number

    def try_to(self, kind: str, number: str, **other: str) -> int:
        """Hand a step in; return how it was answered."""
        plain = [pair for pair in STEPS[f"transfer.{kind}"] if pair[0] not in other]
        fields = [*plain, *other.items(), ("request", number)]
        answer = self.screens.enter(f"transfer.{kind}", "", fields)
        status: int = answer.status_code
        return status

    def say(self, kind: str, number: str, **other: str) -> None:
        """Hand a step in that has to be taken."""
        assert self.try_to(kind, number, **other) == 200, kind

    def leave(self, patient: PatientKey, how: str) -> None:
        """Write that somebody left in another way."""
        answer = self.screens.enter("patient.left", HANDLES.of(patient), [("how", how)])
        assert answer.status_code == 200, answer.text

    def row(self, number: str) -> Row:
        """Return one line of the board."""
        return next(row for row in self.rows() if row.case.request == number)

    def rows(self) -> tuple[Row, ...]:
        """Return the board."""
        return board(self.copy.views, SITE.code, self.now)

    def case(self, number: str) -> Case:
        """Return one transfer."""
        return self.row(number).case

    def document(self, number: str, ending: str) -> bytes:
        """Return the packet of a transfer."""
        answer = self.screens.get(f"/transfers/MMH/{number}/packet.{ending}")
        assert answer.status_code == 200, answer.text
        return answer.content

    def pdf_text(self, path: str) -> list[str]:
        """Return the words of each page of a PDF."""
        answer = self.screens.get(path)
        assert answer.status_code == 200, answer.text
        found = pypdfium2.PdfDocument(BytesIO(answer.content))
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in found]
