"""The packet of one patient never holds a fact of another, whatever was entered for whom."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.examples import examples
from tests.rules.laboratory.loop_ward import Ward
from tests.rules.transfers.transfer_desk import TransferDesk
from tests.wire.cda.reading import Document

from wardlight.outputs.transfer_documents import TransferDocuments
from wardlight.paper.packs.patient_sheets import page_frame
from wardlight.paper.transfers.going import going_of
from wardlight.paper.transfers.packet import WrongPatientError, packet
from wardlight.record.identity import PatientKey
from wardlight.record.sources import Site
from wardlight.run.paperwork.press import load_press
from wardlight.web.handles import Handles

PEOPLE = 4
MMH = Site(code="MMH", name="Marble City Memorial", zone="UTC")
PRESS = load_press()
HANDLES = Handles(b"a key of the tests, 32 bytes....")

Write = Callable[[Ward, PatientKey, str], None]


def _allergy(ward: Ward, who: PatientKey, mark: str) -> None:
    fields = [("allergy_answer", "listed"), ("agent", mark), ("reaction", f"{mark}r")]
    ward.say("allergies.asked", fields, patient=who)


def _specimen(ward: Ward, who: PatientKey, mark: str) -> None:
    number = who.rpartition("|")[2]
    person = ward.views.people.person(who)
    assert person is not None
    label = [("label_number", number), ("label_name", person.name.family)]
    asked = [("test", mark), ("priority", "STAT"), ("callback", mark), ("specimen", "blood")]
    ward.say("specimen.requested", [*label, *asked], patient=who)


KINDS: tuple[Write, ...] = (_allergy, _specimen)


@given(
    facts=st.lists(
        st.tuples(st.integers(0, PEOPLE - 1), st.sampled_from(KINDS)), min_size=1, max_size=12
    ),
    goes=st.integers(0, PEOPLE - 1),
)
@settings(max_examples=examples(25), deadline=None)
def test_the_packet_of_one_patient_holds_no_fact_of_another(
    facts: list[tuple[int, Write]], goes: int
) -> None:
    ward = Ward()
    people = [
        ward.admit(f"70411{at}00{at}", f"Testfamily{at}x", f"Given{at}x", bed=f"4E-1{at}")
        for at in range(PEOPLE)
    ]
    marks: list[set[str]] = [{f"Testfamily{at}x", f"70411{at}00{at}"} for at in range(PEOPLE)]
    for at, (whose, write) in enumerate(facts):
        mark = f"MARK{at:02d}Q{whose}"
        write(ward, people[whose], mark)
        marks[whose].add(mark)
        ward.minutes(1)
    texts = _texts(ward, people[goes])
    others = {mark.casefold() for at, held in enumerate(marks) if at != goes for mark in held}
    for text in texts:
        assert not [mark for mark in others if mark in text.casefold()]
    mine = {mark for mark in marks[goes] if mark.startswith("MARK")}
    for text in (texts[0], texts[2]):  # paper and C-CDA: allergies, and what is still out
        assert all(mark.casefold() in text.casefold() for mark in mine)


def _texts(ward: Ward, patient: PatientKey) -> list[str]:
    """Return everything the packet says: PDF, FHIR and C-CDA."""
    desk = TransferDesk(ward)
    number = desk.request(patient)
    desk.to_the_door(number)
    case = desk.case(number)
    going = going_of(ward.views, MMH, case, now=ward.now)
    assert going is not None
    frame = page_frame(ward.views, MMH, "4E", now=ward.now)
    document = pypdfium2.PdfDocument(BytesIO(packet(going, frame, PRESS).body))
    pages = [page.get_textpage().get_text_bounded() for page in document]
    made = TransferDocuments(
        views=ward.views, sites={"MMH": MMH}, clock=lambda: ward.now, handle_of=HANDLES.of
    )
    return [
        "".join("".join(pages).split()),
        made.fhir(patient).decode(),
        Document(made.cda(case, "GEN")).everything(),
    ]


def test_facts_of_two_patients_make_no_packet() -> None:
    ward = Ward()
    one = ward.admit("7041101", "Testone", "Ada")
    other = ward.admit("7041102", "Testother", "Bea", bed="4E-14")
    desk = TransferDesk(ward)
    number = desk.request(one)
    mine = going_of(ward.views, MMH, desk.case(number), now=ward.now)
    assert mine is not None
    theirs = replace(mine.sheets, chart=ward.views.chart(other))
    frame = page_frame(ward.views, MMH, "4E", now=ward.now)
    with pytest.raises(WrongPatientError):
        packet(replace(mine, sheets=theirs), frame, PRESS)
