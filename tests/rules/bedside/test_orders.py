"""Orders while the EHR is off: what is written, what is asked back, what is never cut off."""

from __future__ import annotations

from typing import Any

import pytest
from tests.rules.laboratory.loop_ward import NURSE, Ward

from wardlight.record import catalogue
from wardlight.record.codes import OrderKind, OrderState
from wardlight.record.events.ordering import OrderEnded, OrderWritten
from wardlight.record.instants import HOUR, Instant
from wardlight.rules.asking import Accepted, Asked, Author, Fields, Refusal
from wardlight.rules.bedside.orders import OTHER_KINDS
from wardlight.rules.judging import judged
from wardlight.views.facts import OrderFact

PATIENT = "MMH|704118"
PHARMACIST = Author(account="yilmaz", name="PharmD E. Yilmaz", role="pharmacist")
PHYSICIAN = Author(account="ruiz", name="Dr L. Ruiz", role="physician")
MEDICINE = {
    "order_kind": "medication",
    "drug": "hydralazine",
    "amount": "25",
    "unit": "mg",
    "form": "tablet",
    "route": "oral",
    "pattern": "every 8 hours",
    "prescriber": "Dr L. Ruiz",
    "contact": "5512",
    "read_back_by": "RN A. Mensah",
}
OTHER = {"order_kind": "laboratory", "text": "Potassium now", "prescriber": "Dr L. Ruiz"}
OTHER |= {"read_back_by": "RN A. Mensah"}
HOSTILE = "<script>alert('x')</script> \N{RIGHT-TO-LEFT OVERRIDE}\0 ${7*7} '; DROP TABLE"


class Orders(Ward):
    """A ward on which one patient lies, at 02:31 by a clock in UTC."""

    def __init__(self) -> None:
        super().__init__()
        self.admit("704118", "O'BRIEN", "Siobhán")

    def judge(
        self, kind: str, fields: dict[str, str], author: Author = NURSE, corrects: str = ""
    ) -> Accepted | Refusal:
        asked = Asked(
            id="f" * 32,
            kind=kind,
            site="MMH",
            author=author,
            fields=Fields(fields.items()),
            patient=next(iter(self.views.people.numbers())),
            corrects=corrects,
        )
        return judged(asked, self.ground())

    def write(self, **changed: str) -> str:
        fields = {**MEDICINE, **changed}
        reasons = {f"override-{code}": "Emergency" for code in ("drug-unknown",)}
        return self.say(catalogue.ORDER_WRITTEN, [*(fields | reasons).items()], patient=PATIENT)

    def order(self) -> OrderFact:
        return self.views.chart(next(iter(self.views.people.numbers()))).orders[0]


def wrong(found: Accepted | Refusal) -> dict[str, str]:
    assert isinstance(found, Refusal), found
    return found.fields


def said(found: Accepted | Refusal) -> Any:
    assert isinstance(found, Accepted), found
    return found.said


def write(**changed: str) -> Accepted | Refusal:
    return Orders().judge(catalogue.ORDER_WRITTEN, {**MEDICINE, **changed})


def test_an_order_keeps_every_field_as_it_was_typed() -> None:
    found: OrderWritten = said(write(indication="blood pressure", text="Hold below 100"))
    assert found.detail is not None
    assert (found.detail.drug.text, found.detail.dose, found.detail.unit) == (
        "hydralazine",
        "25",
        "mg",
    )
    assert (found.detail.form, found.detail.route, found.timing.pattern) == (
        "tablet",
        "oral",
        "every 8 hours",
    )
    assert (found.prescriber, found.contact, found.read_back_by) == (
        "Dr L. Ruiz",
        "5512",
        "RN A. Mensah",
    )
    assert (found.detail.indication, found.detail.instructions) == (
        "blood pressure",
        "Hold below 100",
    )


@pytest.mark.parametrize("field", ["drug", "amount", "unit", "route", "pattern", "order_kind"])
def test_what_is_missing_of_a_medicine_is_said_at_its_field(field: str) -> None:
    assert list(wrong(write(**{field: ""}))) == (["unit"] if field == "unit" else [field])


@pytest.mark.parametrize("amount", ["five", "2,5", "1.000", "-5", "25 or so", HOSTILE])
def test_a_dose_that_cannot_be_read_in_one_way_is_asked_for_again(amount: str) -> None:
    assert wrong(write(amount=amount))["amount"].startswith("Write a plain number")


@pytest.mark.parametrize("amount", ["25", "0.5", "1,000", "2-4", "2 to 4"])
def test_a_dose_or_a_range_of_doses_is_taken_as_typed(amount: str) -> None:
    assert said(write(amount=amount)).detail.dose == amount


def test_a_rate_needs_its_unit_and_no_dose() -> None:
    assert wrong(write(amount="", unit="", rate="10")) == {"rate_unit": "Write the unit in full."}
    assert said(write(amount="", unit="", rate="10", rate_unit="mL per hour")).detail.rate == "10"


def test_what_is_given_when_needed_says_what_for() -> None:
    assert list(wrong(write(as_needed="yes"))) == ["indication"]
    assert said(write(as_needed="yes", indication="nausea")).timing.as_needed is True


def test_a_first_dose_to_come_keeps_its_time() -> None:
    ward = Orders()
    found = said(ward.judge(catalogue.ORDER_WRITTEN, {**MEDICINE, "first_at": "06:00"}))
    assert found.timing.starts.at == Instant(ward.now - ward.now % HOUR + 4 * HOUR)


def test_a_clock_time_of_the_night_before_last_means_tomorrow() -> None:
    ward = Orders()
    ward.minutes(20 * 60)  # 22:31
    found = said(ward.judge(catalogue.ORDER_WRITTEN, {**MEDICINE, "first_at": "0600"}))
    assert found.timing.starts.at == Instant(ward.now - ward.now % HOUR + 8 * HOUR)


def test_a_first_dose_that_has_just_been_due_is_not_moved_to_tomorrow() -> None:
    ward = Orders()
    found = said(ward.judge(catalogue.ORDER_WRITTEN, {**MEDICINE, "first_at": "02:00"}))
    assert found.timing.starts.at == Instant(ward.now - ward.now % HOUR)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"first_at": "25:00"}, "first_at"),
        ({"first_at": "06:00", "first_on": "2027-13-01"}, "first_at"),
        ({"first_at": "06:00", "first_on": "2029-01-01"}, "first_at"),
        ({"first_at": "", "first_on": "2026-11-23"}, "first_at"),
        ({"time": "06:00 at noon"}, "time"),
        ({"at": "23:00"}, "at"),
        ({"at": "6 o'clock"}, "at"),
        ({"order_kind": "<b>"}, "order_kind"),
        ({"replaces": "X|404"}, "replaces"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(changed: dict[str, str], field: str) -> None:
    assert list(wrong(write(**changed))) == [field]


def test_times_of_day_are_read_however_they_are_parted() -> None:
    found = said(write(time="22:00, 0600;14.00"))
    assert found.timing.times == ("06:00", "14:00", "22:00")


def test_a_spoken_order_is_read_back_and_a_signed_one_is_not() -> None:
    assert list(wrong(write(read_back_by=""))) == ["read_back_by"]
    assert said(write(read_back_by="", spoken="no")).read_back_by == ""


def test_a_nurse_says_who_ordered_and_a_physician_need_not() -> None:
    assert list(wrong(write(prescriber=""))) == ["prescriber"]
    fields = {**MEDICINE, "prescriber": "", "read_back_by": ""}
    assert said(Orders().judge(catalogue.ORDER_WRITTEN, fields, PHYSICIAN)).prescriber == ""


def test_nothing_is_cut_off_a_long_order() -> None:
    assert list(wrong(write(text="x" * 2_001))) == ["text"]
    assert list(wrong(write(drug="x" * 201))) == ["drug"]


def test_hostile_words_are_kept_as_they_were_said() -> None:
    fields = ("drug", "form", "route", "pattern", "text", "prescriber", "contact", "read_back_by")
    found: OrderWritten = said(write(**dict.fromkeys(fields, HOSTILE)))
    assert found.detail is not None
    assert found.what.text == found.detail.route == found.contact == HOSTILE.strip()


@pytest.mark.parametrize("kind", [*OTHER_KINDS])
def test_activity_and_consults_say_so_in_their_words(kind: str) -> None:
    found = said(Orders().judge(catalogue.ORDER_WRITTEN, {**OTHER, "order_kind": kind}))
    assert found.kind is OrderKind.OTHER
    assert found.what.text == f"{OTHER_KINDS[kind]}: Potassium now"


def test_an_order_that_is_no_medicine_needs_its_words_alone() -> None:
    ward = Orders()
    assert list(wrong(ward.judge(catalogue.ORDER_WRITTEN, {**OTHER, "text": ""}))) == ["text"]
    assert said(ward.judge(catalogue.ORDER_WRITTEN, OTHER)).detail is None


def test_the_order_that_is_replaced_ends() -> None:
    ward = Orders()
    ward.write()
    number = ward.order().number
    ward.write(amount="50", replaces=number)
    doses = {
        one.detail.dose: one.state for one in ward.views.chart(_key(ward)).orders if one.detail
    }
    assert doses == {"25": OrderState.REPLACED, "50": OrderState.ACTIVE}


def test_a_corrected_order_keeps_its_number_and_the_original_is_taken_back() -> None:
    ward = Orders()
    ward.write(amount="250")
    wrong_one = ward.order()
    ward.say(
        catalogue.ORDER_WRITTEN, [*MEDICINE.items()], patient=PATIENT, corrects=wrong_one.entry
    )
    chart = ward.views.chart(_key(ward))
    doses = [(one.number, one.detail.dose) for one in chart.orders if one.detail]
    assert doses == [(wrong_one.number, "25")]
    assert len(chart.taken_back) == 1


def test_what_a_pharmacist_said_of_the_wrong_dose_is_not_said_of_the_corrected_one() -> None:
    ward = Orders()
    ward.write(amount="250", at="02:20")
    first = ward.order()
    check = [("order", first.number), ("check", "noted")]
    ward.say(catalogue.ORDER_CHECKED, check, patient=PATIENT)
    assert len(ward.order().checks) == 1
    ward.minutes(5)
    mended = {**MEDICINE, "at": "02:20"}
    ward.say(catalogue.ORDER_WRITTEN, [*mended.items()], patient=PATIENT, corrects=first.entry)
    assert ward.order().checks == ()


@pytest.mark.parametrize(
    ("ending", "state"), [("stopped", OrderState.STOPPED), ("held", OrderState.HELD)]
)
def test_an_order_is_ended_with_its_reason_and_keeps_who_ordered_it(
    ending: str, state: OrderState
) -> None:
    ward = Orders()
    ward.write()
    _end(ward, ending=ending, prescriber="Dr Other", read_back_by="RN B")
    order = ward.order()
    assert (order.state, order.prescriber) == (state, "Dr L. Ruiz")
    assert order.reason == "systolic 84 · for Dr Other · read back by RN B"


def test_a_held_order_runs_again_when_it_is_resumed() -> None:
    ward = Orders()
    ward.write()
    _end(ward, ending="held")
    _end(ward, ending="resumed", prescriber="Dr L. Ruiz", read_back_by="RN B")
    assert ward.order().state is OrderState.ACTIVE


def test_a_nurse_holds_by_herself_and_stops_on_somebodys_word() -> None:
    ward = Orders()
    ward.write()
    base = {"order": ward.order().number, "reason": "systolic 84"}
    held: OrderEnded = said(ward.judge(catalogue.ORDER_ENDED, {**base, "ending": "held"}))
    assert held.prescriber == ""
    stopped = ward.judge(catalogue.ORDER_ENDED, {**base, "ending": "stopped"})
    assert list(wrong(stopped)) == ["prescriber", "read_back_by"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ending": "held", "reason": ""}, "reason"),
        ({"ending": "paused", "reason": "x", "spoken": "no", "prescriber": "Dr"}, "ending"),
        ({"ending": "resumed", "spoken": "no", "prescriber": "Dr"}, "ending"),
        ({"ending": "held", "reason": "x", "at": "23:59"}, "at"),
        ({"ending": "held", "reason": "x" * 2_001}, "reason"),
    ],
)
def test_an_ending_that_cannot_be_is_said_at_its_field(fields: dict[str, str], field: str) -> None:
    ward = Orders()
    ward.write()
    found = ward.judge(catalogue.ORDER_ENDED, {"order": ward.order().number, **fields})
    assert list(wrong(found)) == [field]


def test_a_stopped_order_is_not_taken_up_again() -> None:
    ward = Orders()
    ward.write()
    _end(ward, ending="stopped", prescriber="Dr L. Ruiz", read_back_by="RN B")
    fields = {"order": ward.order().number, "ending": "held", "reason": "x"}
    found = ward.judge(catalogue.ORDER_ENDED, fields)
    assert wrong(found)["ending"] == (
        "This order is stopped already. Write a new one if it is needed."
    )


@pytest.mark.parametrize("kind", [catalogue.ORDER_ENDED, catalogue.ORDER_CHECKED])
@pytest.mark.parametrize("order", ["", "X|404", HOSTILE])
def test_an_order_that_is_not_on_the_chart_is_said(kind: str, order: str) -> None:
    found = Orders().judge(kind, {"order": order, "ending": "held", "check": "noted"})
    assert isinstance(found, Refusal)
    assert found.because == "This order is not on the chart of this patient."


def test_an_order_that_is_another_medicine_by_now_is_not_verified_unseen() -> None:
    ward = Orders()
    ward.write()
    fields = {"order": ward.order().number, "what": "hydroxyzine", "check": "verified"}
    found = ward.judge(catalogue.ORDER_CHECKED, fields, PHARMACIST)
    assert isinstance(found, Refusal)
    assert found.because.startswith("This order was changed since your page was drawn.")
    seen = {**fields, "what": ward.order().what.key()}
    assert said(ward.judge(catalogue.ORDER_CHECKED, seen, PHARMACIST)).check == "verified"


def test_a_pharmacist_verifies_and_a_nurse_does_not() -> None:
    ward = Orders()
    ward.write()
    fields = {"order": ward.order().number, "check": "verified"}
    assert said(ward.judge(catalogue.ORDER_CHECKED, fields, PHARMACIST)).check == "verified"
    assert list(wrong(ward.judge(catalogue.ORDER_CHECKED, fields, NURSE))) == ["check"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"check": "clarify"}, "note"),
        ({"check": "fine"}, "check"),
        ({"check": "noted", "at": "29:00"}, "at"),
        ({"check": "noted", "note": "x" * 2_001}, "note"),
    ],
)
def test_a_check_that_says_nothing_is_asked_for_again(fields: dict[str, str], field: str) -> None:
    ward = Orders()
    ward.write()
    found = ward.judge(catalogue.ORDER_CHECKED, {"order": ward.order().number, **fields})
    assert list(wrong(found)) == [field]


def _key(ward: Orders) -> Any:
    return next(iter(ward.views.people.numbers()))


def _end(ward: Orders, **fields: str) -> None:
    ward.minutes(5)
    given = {"order": ward.order().number, "reason": "systolic 84", **fields}
    ward.say(catalogue.ORDER_ENDED, [*given.items()], patient=PATIENT)
