"""HICS 259 and the packet's certificate: what a name or a year does not tell is not made up."""

from __future__ import annotations

import pytest
from tests.rules.laboratory.loop_ward import START, Ward
from tests.rules.transfers.transfer_desk import TransferDesk

from wardlight.paper.packs.patient_sheets import page_frame
from wardlight.paper.transfers.cover import certificate
from wardlight.paper.transfers.going import going_of
from wardlight.paper.transfers.hics import Asked, bed_kind, hics_259
from wardlight.record.sources import Site

MMH = Site(code="MMH", name="Marble City Memorial", zone="UTC")
NAMES = {"GEN": "General of Examples", "LEB": "Lebanon of Examples"}


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("MICU", "critical care"),
        ("NICU 2", "neonatal intensive care"),
        ("2 FLOOR", "other (2 FLOOR)"),
        ("", "other (unit not stated)"),
    ],
)
def test_a_bed_type_is_read_from_whole_words_of_a_unit(unit: str, kind: str) -> None:
    assert bed_kind(unit) == kind


def test_who_may_be_seventeen_or_eighteen_is_counted_as_of_unknown_age() -> None:
    ward = Ward()
    for at, birth in enumerate(("2008-11-22", "2008-11-23", "2008", "2007", "2009-01", "")):
        ward.admit(f"704118{at}", f"Testage{at}", "A", birth=birth, bed=f"4E-1{at}")
    asked = Asked(views=ward.views, site=MMH, since=START, now=ward.now, sees=lambda _: True)
    registered = hics_259(asked).rows[0]
    assert registered == ("registered", "2", "2", "2", "6")


def printed(desk: TransferDesk, number: str) -> dict[str, object]:
    views, now = desk.ward.views, desk.ward.now
    going = going_of(
        views, MMH, desk.case(number), now=now, name_of=lambda one: NAMES.get(one, one)
    )
    assert going is not None
    return certificate(going, page_frame(views, MMH, "4E", now=now))


def test_a_certificate_of_another_hospital_is_told_by_its_name() -> None:
    desk = TransferDesk(Ward())
    number = desk.request(desk.ward.admit("7041182", "Testpatient", "Vega"))
    desk.to_the_door(number)
    desk.say("accepted", number, hospital="gen")
    assert printed(desk, number)["hospital_differs"] is False, "case is no other hospital"
    desk.say("accepted", number, hospital="LEB")
    told = printed(desk, number)
    assert (told["hospital_differs"], told["hospital"]) == (True, "General of Examples")
