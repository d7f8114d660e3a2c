from __future__ import annotations

import asyncio
import json
from secrets import token_hex

import pytest
from tests.paper.forms.forms import NAMES, library
from tests.web.paperwork.sheet_back import DAY, SheetBack
from tests.web.screens import HANDLES, one_patient, whole_ward, words
from tests.web.ward_of_28 import NOW

from wardlight.record.events.entered import unpacked
from wardlight.record.events.scans import Outcome, PageScanned
from wardlight.rules.paperwork import paper_rows
from wardlight.rules.paperwork.scans import ENTERED_BEFORE
from wardlight.views.paperwork.scans import ScannedPage
from wardlight.views.paperwork.sheets import SheetState
from wardlight.web.paperwork.form_rows import fields_of_row, rows_of
from wardlight.web.paperwork.proposing import HERE


@pytest.fixture
def back() -> SheetBack:
    return SheetBack(one_patient(), ticked=("Air / O2: yes",))


def check_boxes(back: SheetBack, *ticked: str) -> None:
    page = back.copy.views.scans.page(back.image)
    assert page is not None
    names = [one.name for one in page.said.boxes]
    answers = [(f"box-{one}", "ticked" if one in ticked else "empty") for one in names]
    fields = [("image", back.image), ("decision", "check"), *answers]
    assert back.screens.enter("page.settled", "", fields).status_code == 200


def state(back: SheetBack) -> SheetState:
    sheet = back.copy.views.paperwork.sheet(back.serial)
    assert sheet is not None
    return sheet.state


def test_a_row_becomes_an_entry_that_says_from_which_sheet_it_was_typed(back: SheetBack) -> None:
    assert back.vitals("0.0").status_code == 200
    paper = unpacked(back.copy.entries()[-1].body).paper
    assert paper is not None
    assert (paper.image, paper.serial, paper.page) == (back.image, back.serial.code(), 1)
    assert (paper.row, paper.of) == ("0.0", 16)
    page = words(back.screens.get(f"/patient/{back.handle}/observations").text)
    assert f"Visitor, from paper sheet {back.serial.text()}" in page


def test_the_same_row_entered_again_is_refused_and_says_who_entered_it(back: SheetBack) -> None:
    assert back.vitals("0.0").status_code == 200
    before = len(back.copy.entries())
    again = back.vitals("0.0", pulse="89")
    assert again.status_code == 422
    assert again.json()["because"] == "This row was entered by Visitor, 03:59. It counts once."
    assert len(back.copy.entries()) == before
    assert back.vitals("0.1").status_code == 200


def test_two_people_entering_one_row_at_the_same_moment_write_it_once(back: SheetBack) -> None:
    def offer() -> bytes:
        fields = [["paper_image", back.image], ["paper_row", "0.3"], ["on", DAY], ["at", "0210"]]
        told = {"id": token_hex(16), "kind": "vitals.charted", "patient": back.handle}
        return json.dumps(told | {"site": "MMH", "fields": [*fields, ["pulse", "88"]]}).encode()

    async def both() -> list[int]:
        asked = (back.screens.hand_in("/entries", offer()) for _ in range(2))
        return [one.status_code for one in await asyncio.gather(*asked)]

    assert sorted(asyncio.run(both())) == [200, 422]


def test_a_time_or_day_that_is_not_typed_is_never_taken_for_now(back: SheetBack) -> None:
    answer = back.enter("vitals.charted", "0.0", ("pulse", "88"))
    assert answer.json()["fields"] == {"at": paper_rows.WRITE_TIME, "on": paper_rows.WRITE_DAY}


def test_nothing_of_a_page_is_entered_for_anybody_else() -> None:
    back = SheetBack(whole_ward())
    row = back.copy.views.census.beds("MMH", "4E")
    other = next(one.patient for bed in row for one in bed.stays if one.patient != back.patient)
    fields = (("on", DAY), ("at", "0210"), ("pulse", "88"))
    answer = back.enter("vitals.charted", "0.0", *fields, handle=HANDLES.of(other))
    assert answer.status_code == 422
    assert answer.json()["because"] == paper_rows.OTHER_PATIENT
    assert (
        back.screens.get(f"/patient/{HANDLES.of(other)}/scans/{back.image}/enter").status_code
        == 404
    )


@pytest.mark.parametrize("row", ["0.16", "1.0", "", "x"])
def test_a_row_that_is_not_on_the_page_is_refused(back: SheetBack, row: str) -> None:
    assert back.vitals(row).json()["because"] == paper_rows.NO_ROW


def test_a_row_becomes_only_what_its_form_says(back: SheetBack) -> None:
    fields = (("on", DAY), ("at", "0210"), ("note_kind", "nursing note"), ("part_0", "x"))
    assert back.enter("note.written", "0.0", *fields).json()["because"] == paper_rows.NO_ROW


def test_the_rule_of_the_entry_still_judges_and_warns(back: SheetBack) -> None:
    fields = (("on", DAY), ("at", "0210"))
    wrong = back.enter("vitals.charted", "0.0", *fields, ("pulse", "9999"))
    assert wrong.json()["fields"] == {"pulse": "Pulse is between 0 and 350."}
    odd = back.enter("vitals.charted", "0.0", *fields, ("pulse", "300"))
    assert odd.json()["warnings"] == ["Pulse 300 is rare: measure or type it again"]


def test_a_sheet_is_entered_when_every_row_was_entered_or_closed(back: SheetBack) -> None:
    first, *rest = back.rows()
    assert back.vitals(first).status_code == 200
    assert back.close(*rest[1:]).status_code == 200
    assert state(back) is SheetState.SCANNED
    assert back.close(rest[0], how="in the record").status_code == 200
    assert state(back) is SheetState.ENTERED
    assert back.copy.views.paperwork.tally("MMH").entered == 1


def test_an_entry_that_is_taken_back_opens_its_row_again(back: SheetBack) -> None:
    first, *rest = back.rows()
    entry = back.vitals(first).json()["id"]
    back.close(*rest)
    fields = [("entry", entry), ("reason", "read wrongly")]
    assert back.screens.enter("entry.voided", back.handle, fields).status_code == 200
    assert state(back) is SheetState.SCANNED
    assert back.vitals(first).status_code == 200
    assert state(back) is SheetState.ENTERED


def test_an_entry_that_is_corrected_keeps_its_row_entered(back: SheetBack) -> None:
    first, *rest = back.rows()
    entry = back.vitals(first).json()["id"]
    back.close(*rest)
    fields = [("on", DAY), ("at", "0210"), ("pulse", "89")]
    mended = back.screens.enter("vitals.charted", back.handle, fields, corrects=entry)
    assert mended.status_code == 200
    assert state(back) is SheetState.ENTERED
    assert back.vitals(first).status_code == 422
    fields = [("entry", mended.json()["id"]), ("reason", "another patient's")]
    assert back.screens.enter("entry.voided", back.handle, fields).status_code == 200
    assert state(back) is SheetState.SCANNED
    assert back.vitals(first).status_code == 200


def test_what_cannot_be_entered_is_closed_with_a_reason(back: SheetBack) -> None:
    assert "reason" in back.close("0.2", how="cannot be entered").json()["fields"]
    assert "how" in back.close("0.2", how="because").json()["fields"]
    assert back.close("0.2", how="cannot be entered", reason="no time on it").status_code == 200
    assert "Closed: cannot be entered by Visitor, 03:59: no time on it" in words(back.page())


def test_a_closed_row_is_neither_closed_nor_entered_again(back: SheetBack) -> None:
    back.close("0.2")
    assert back.close("0.2").status_code == 422
    assert back.vitals("0.2").status_code == 422


def test_ticks_are_filled_in_only_after_a_person_compared_them(back: SheetBack) -> None:
    assert "checked" not in back.page()
    check_boxes(back, "Air / O2: yes")
    assert back.page().count("checked") == 1
    assert 'name="on oxygen" value="yes" checked' in back.page()


def test_a_box_to_be_compared_says_its_row_and_the_word_that_stands_beside_it(
    back: SheetBack,
) -> None:
    page = words(back.screens.get(f"/scans/MMH/page/{back.image}").text)
    assert "Row 1, Air / O2: O2" in page
    assert "Row 16, Air / O2: air" in page
    assert "Air / O2: yes" not in page


def test_two_ticks_where_one_is_meant_choose_nothing_and_say_so(back: SheetBack) -> None:
    check_boxes(back, "Air / O2: yes", "Air / O2: no")
    assert "checked" not in back.page()
    assert "Ticked: no, yes. Which is meant?" in words(back.page())


def test_each_field_stands_beside_its_part_of_the_picture(back: SheetBack) -> None:
    page = back.page()
    assert page.count('aria-label="Picture of Observations, row 1"') == 2  # and where it is closed
    assert page.count('aria-label="Picture: Pulse /min"') == 16


def test_a_page_that_waits_is_on_the_list_of_its_unit_until_all_is_done(back: SheetBack) -> None:
    listed = words(back.screens.get("/scans/MMH/to-enter?unit=4E").text)
    assert "16 of 16" in listed
    assert "No page waits on this unit" in words(
        back.screens.get("/scans/MMH/to-enter?unit=ICU").text
    )
    back.close(*back.rows())
    assert "No page waits" in words(back.screens.get("/scans/MMH/to-enter").text)


def test_a_page_filed_on_another_patient_names_the_entries_made_from_it() -> None:
    back = SheetBack(whole_ward())
    back.vitals("0.0")
    fields = [("image", back.image), ("decision", "set aside"), ("reason", "copied")]
    answer = back.screens.enter("page.settled", "", fields)
    assert answer.status_code == 200
    assert unpacked(back.copy.entries()[-1].body).warnings[0].code == ENTERED_BEFORE


def test_a_sheet_that_was_printed_blank_says_so_beside_the_patients_name() -> None:
    back = SheetBack(one_patient(), blank=True)
    page = words(back.page())
    assert "Printed blank. No name was printed on this sheet" in page
    assert "Born 09-Mar-1958" in page
    assert "Printed blank" not in words(SheetBack(one_patient()).page())


def test_a_picture_that_is_gone_is_no_empty_row(back: SheetBack) -> None:
    assert "nothing is written there" in words(back.page())
    back.pictures.gone = True
    page = back.page()
    assert "The picture of this page is gone or was altered." in words(page)
    assert "<svg" not in page
    assert "nothing is written there" not in words(page)


def test_a_row_for_a_screen_of_its_own_leads_there_and_takes_no_entry_here() -> None:
    back = SheetBack(one_patient(), "DISA")
    page = back.page()
    assert 'data-kind="patient.left"' not in page
    assert "This is entered with its own checks on the patient's page" in words(page)


def test_a_dose_from_paper_is_counted_under_the_order_somebody_chose() -> None:
    back = SheetBack(whole_ward(), "PRNA")
    [given] = [one for one in back.rows() if one == "1.0"]
    order = next(one for one in back.copy.views.chart(back.patient).orders if one.detail)
    assert f'value="{order.number}"' in back.page()
    fields = (("on", DAY), ("at", "0210"), ("state", "given"), ("amount", "1"), ("unit", "mg"))
    assert back.enter("dose.charted", given, *fields, ("order", order.number)).status_code == 200
    dose = back.copy.views.chart(back.patient).doses[0]
    assert (dose.order, dose.stamp.paper) == (order.number, back.serial.text())


def test_a_mar_of_the_pack_waits_until_somebody_says_its_doses_are_in_the_record() -> None:
    back = SheetBack(one_patient(), "W3A")
    assert "1 of 1" in words(back.screens.get("/scans/MMH/to-enter?unit=4E").text)
    page = back.page()
    assert f'href="/patient/{back.handle}/medicines"' in page
    assert "each dose that is written in a box" in words(page)
    assert back.close("0.0", how="in the record").status_code == 200
    assert state(back) is SheetState.ENTERED
    assert "No page waits" in words(back.screens.get("/scans/MMH/to-enter").text)


def test_a_mar_of_two_pages_is_not_entered_with_its_first() -> None:
    back = SheetBack(one_patient(), "W3A", pages=2)
    assert back.close("0.0", how="in the record").status_code == 200
    assert state(back) is not SheetState.ENTERED
    assert back.screens.get(f"/patient/{back.handle}/paper").status_code == 200


def test_no_dose_is_charted_as_a_row_of_a_mar_of_the_pack() -> None:
    back = SheetBack(one_patient(), "W3A")
    answer = back.enter("dose.charted", "0.0", ("on", DAY), ("at", "0210"))
    assert answer.json()["because"] == paper_rows.NO_ROW


def test_two_people_at_one_page_the_second_is_told_before_it_is_decided_anew(
    back: SheetBack,
) -> None:
    home = f"/scans/MMH/page/{back.image}"
    assert back.screens.get(home).text.count('name="seen" value="0"') == 2
    fields = [("image", back.image), ("decision", "set aside"), ("reason", "copied"), ("seen", "0")]
    assert back.screens.enter("page.settled", "", fields).status_code == 200
    second = back.screens.enter("page.settled", "", fields).json()
    assert second["warnings"] == ["Visitor said what this page is, 03:59: look again"]
    assert f'name="seen" value="{NOW}"' in back.screens.get(home).text


def destroyed(back: SheetBack) -> dict[str, object]:
    told = [("mark", "destroyed"), ("serials", back.serial.text()), ("reason", "shredded")]
    answer: dict[str, object] = back.screens.enter("sheets.marked", "", told).json()
    return answer


@pytest.mark.parametrize("form", ["OBSA", "W3A"])
def test_destroying_a_sheet_with_rows_that_are_not_entered_asks_a_person(form: str) -> None:
    back = SheetBack(one_patient(), form)
    assert destroyed(back)["warnings"] == [
        f"Scanned, and not all of it is in the record yet: {back.serial.text()}"
    ]
    back.close(*[one.row for one in back.open_rows()], how="in the record")
    assert destroyed(back)["ok"]


def test_entering_again_after_a_restart_is_still_refused(back: SheetBack) -> None:
    back.vitals("0.0")
    views = back.copy.views
    kept = views.paperwork.snapshot()
    views.paperwork.restore(json.loads(json.dumps(kept)))
    assert back.vitals("0.0").status_code == 422


@pytest.mark.parametrize("name", NAMES)
def test_every_field_of_every_form_is_found_with_its_own_boxes(name: str) -> None:
    form = library().forms[name]
    for one in rows_of(form):
        read = PageScanned(image="", file="", number=1, outcome=Outcome.FILED, page=one.page)
        page = ScannedPage(site="MMH", at=NOW, by="", said=read)
        drawn = fields_of_row(form, page, one.row)
        assert {box.to for field in drawn for box in field.boxes} == {
            field.field.to for field in drawn
        }
        assert all(field.field.to in {box.to for box in field.boxes} for field in drawn)


def test_what_is_entered_here_is_what_the_rules_know() -> None:
    assert set(HERE) <= {one.kind for form in library().forms.values() for one in rows_of(form)}
