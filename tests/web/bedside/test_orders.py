from __future__ import annotations

import pytest
from tests.web.bedside.builders import HANDLE, HOSTILE, INERT, check_order, order_medicine
from tests.web.screens import screens, whole_ward, words

PAGE = f"/patient/{HANDLE}/orders"
QUEUE = "/orders/MMH"


def test_an_order_stands_on_the_sheet_with_who_ordered_wrote_and_read_it_back() -> None:
    ward = screens(whole_ward())
    order_medicine(ward, ("first_at", "06:00"))
    page = words(ward.get(PAGE).text)
    assert "hydrALAZINE — DOSE 25 mg — oral — every 8 hours first dose 22-Nov-2026 06:00" in page
    assert (
        "Dr Ruiz-Sample · contact 5512 · written down by Visitor · read back by RN Mensah-Sample"
        in page
    )


def test_what_was_ordered_since_the_ehr_went_off_stands_apart() -> None:
    ward = screens(whole_ward())
    order_medicine(ward)
    page = words(ward.get(PAGE).text)
    since, before = page.index("Since the EHR went off"), page.index("Known before")
    assert "hydrALAZINE" in page[since:before]
    assert "enoxaparin" not in page[since:before]


def test_a_new_order_waits_to_be_verified_and_noted() -> None:
    ward = screens(whole_ward())
    number = order_medicine(ward)
    assert "NOT VERIFIED NOT NOTED" in words(ward.get(PAGE).text)
    check_order(ward, number, "verified")
    check_order(ward, number, "noted")
    page = words(ward.get(PAGE).text)
    assert "NOT VERIFIED" not in page
    assert "verified 03:59, Visitor noted 03:59, Visitor" in page


def test_an_order_that_is_asked_about_says_so_until_it_is_verified() -> None:
    ward = screens(whole_ward())
    number = order_medicine(ward)
    check_order(ward, number, "clarify", "systolic 84, still give?")
    assert "TO CLARIFY" in words(ward.get(PAGE).text)
    check_order(ward, number, "verified")
    assert "TO CLARIFY" not in words(ward.get(PAGE).text)


def test_a_held_order_says_who_held_it_and_why() -> None:
    ward = screens(whole_ward())
    number = order_medicine(ward)
    fields = (("order", number), ("ending", "held"), ("reason", "systolic 84"))
    assert ward.enter("order.ended", HANDLE, fields).status_code == 200
    assert "held since 22-Nov-2026 03:59, Visitor: systolic 84" in words(ward.get(PAGE).text)


def test_a_warning_that_was_gone_against_stays_on_the_sheet_with_its_reason() -> None:
    ward = screens(whole_ward())
    reasons = (
        ("override-allergy-ingredient", "Prescriber told"),
        ("override-allergy-class", "Prescriber told"),
    )
    order_medicine(ward, ("drug", "sulfamethoxazole"), ("amount", "800"), *reasons)
    assert "Reason for going on: Prescriber told." in words(ward.get(PAGE).text)


@pytest.mark.parametrize("kind", ["laboratory", "imaging", "diet", "activity", "consult", "other"])
def test_any_other_order_stands_under_its_kind(kind: str) -> None:
    ward = screens(whole_ward())
    fields = (("order_kind", kind), ("text", "Sample order"), ("prescriber", "Dr R"))
    read_back = ("read_back_by", "RN M")
    assert ward.enter("order.written", HANDLE, (*fields, read_back)).status_code == 200
    page = words(ward.get(PAGE).text)
    assert "Sample order" in page
    assert "first dose" not in page


def test_a_corrected_order_shows_the_new_dose_and_keeps_the_old_one_to_be_read() -> None:
    ward = screens(whole_ward())
    order_medicine(ward, ("amount", "250"), ("override-dose-outside", "x"), id="a" * 32)
    order_medicine(ward, id="b" * 32)
    fields = (("entry", "a" * 32), ("reason", "ten times too much"))
    ward.enter("entry.voided", HANDLE, fields)
    page = words(ward.get(PAGE).text)
    assert "hydralazine 250 mg oral: active" in page
    assert "taken back by Visitor, 03:59: ten times too much" in page


def test_the_form_that_corrects_begins_with_what_was_ordered() -> None:
    ward = screens(whole_ward())
    order_medicine(ward, ("priority", "S"), ("spoken", "no"), ("read_back_by", ""))
    form = ward.get(PAGE).text.partition('name="corrects" value="' + "a" * 32)[2]
    chosen = ('value="25"', 'value="S" selected', 'name="spoken" value="no" checked')
    assert [one for one in chosen if one not in form] == []


def test_hostile_words_in_an_order_are_shown_inert() -> None:
    ward = screens(whole_ward())
    fields = ("drug", "form", "route", "pattern", "text", "prescriber", "contact", "read_back_by")
    number = order_medicine(ward, *((name, HOSTILE) for name in fields), ("indication", HOSTILE))
    check_order(ward, number, "clarify", HOSTILE)
    for address in (PAGE, QUEUE):
        page = ward.get(address).text
        assert "<img" not in page
        assert INERT in page


def test_a_node_that_only_reads_shows_no_form() -> None:
    page = screens(whole_ward(), reads_only=True).get(PAGE).text
    assert 'class="entry' not in page


def test_the_queue_has_what_waits_oldest_first_with_allergies_and_weight() -> None:
    ward = screens(whole_ward())
    order_medicine(ward, ("at", "03:50"), id="b" * 32)
    order_medicine(ward, ("drug", "ondansetron"), ("at", "03:20"), id="a" * 32)
    page = words(ward.get(QUEUE).text)
    listed = page[page.rindex("To verify 2") : page.index("To note on the ward")]
    assert listed.index("ondansetron") < listed.index("hydrALAZINE")
    assert "weight 53.5 kg on 20-Nov-2026 allergies: Latex — rash, Sulfamethoxazole — hives" in page
    assert "39 min" in listed


def test_an_allergy_that_is_told_after_the_order_is_said_to_the_pharmacist() -> None:
    ward = screens(whole_ward())
    order_medicine(ward, ("drug", "amoxicillin"), ("amount", "500"))
    assert "Since it was ordered" not in words(ward.get(QUEUE).text)
    told = (("allergy_answer", "listed"), ("agent", "Penicillin"), ("reaction", "anaphylaxis"))
    assert ward.enter("allergies.asked", HANDLE, told).status_code == 200
    listed = words(ward.get(QUEUE).text).partition("Patient Waits amoxicillin")[2]
    assert "Since it was ordered: Allergy to Penicillin" in listed.partition("O'BRIEN")[0]


def test_an_order_is_no_duplicate_of_itself_and_a_later_one_is() -> None:
    ward = screens(whole_ward())
    order_medicine(ward, ("at", "03:20"), id="a" * 32)
    assert "Since it was ordered" not in words(ward.get(QUEUE).text)
    order_medicine(ward, ("amount", "50"), ("override-duplicate", "Emergency"), id="b" * 32)
    assert "Since it was ordered: Also ordered: hydralazine" in words(ward.get(QUEUE).text)


def test_what_was_said_when_it_was_ordered_is_not_said_again_as_new() -> None:
    ward = screens(whole_ward())
    order_medicine(ward, ("drug", "sulfamethoxazole"), ("amount", "800"))
    page = words(ward.get(QUEUE).text)
    assert "Reason for going on: none given." in page
    assert "Since it was ordered" not in page


def test_what_is_verified_and_noted_leaves_the_queue() -> None:
    ward = screens(whole_ward())
    number = order_medicine(ward)
    assert "To clarify 0 To verify 1 To note 1" in words(ward.get(QUEUE).text)
    check_order(ward, number, "verified")
    check_order(ward, number, "noted")
    assert "To clarify 0 To verify 0 To note 0" in words(ward.get(QUEUE).text)


def test_the_queue_of_one_ward_leaves_the_others_out() -> None:
    ward = screens(whole_ward())
    order_medicine(ward)
    assert "To verify 1" in words(ward.get(QUEUE + "?unit=4E").text)
    assert "To verify 0" in words(ward.get(QUEUE + "?unit=9Z").text)


def test_orders_of_a_feed_do_not_fill_the_queue() -> None:
    assert "To verify 0 To note 0" in words(screens(whole_ward()).get(QUEUE).text)


def test_an_unknown_site_has_no_queue() -> None:
    assert screens(whole_ward()).get("/orders/XXX").status_code == 404
