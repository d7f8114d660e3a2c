"""Code status and other alerts by a site's rules; diets."""

from __future__ import annotations

from tests.wire.hl7v2.charting.told import HEADER, events, only, told

from wardlight.record.codes import OrderKind
from wardlight.record.events.charting import AlertReported, DietReported, OrderChanged
from wardlight.record.sources import AlertRule, Source
from wardlight.wire.hl7v2.charting import has_chart
from wardlight.wire.hl7v2.message import Message

CODE_STATUS = "PV2" + "|" * 45 + "DNR^Do not resuscitate"


def with_rule(rule: AlertRule) -> Source:
    return Source(name="HIS@GEN", site="GEN", alerts=(rule,))


def test_pv2_45_is_code_status_without_any_rule() -> None:
    said = only(AlertReported, "ADT^A08", CODE_STATUS)
    assert said == AlertReported(alert="code status", text="Do not resuscitate")


def test_pd1_15_is_code_status_and_dn_is_spelt_out() -> None:
    said = only(AlertReported, "ADT^A08", "PD1" + "|" * 15 + "DN")
    assert said.text == "Do not resuscitate (DN)"


def test_two_quotes_take_the_code_status_back() -> None:
    said = only(AlertReported, "ADT^A08", "PV2" + "|" * 45 + '""')
    assert said == AlertReported(alert="code status", text="", on=False)


def test_a_site_names_a_field_of_its_own() -> None:
    feed = with_rule(AlertRule("ZIS-2", "C", "isolation", "Contact isolation"))
    said = only(AlertReported, "ADT^A08", "ZIS|1|C", source=feed)
    assert said == AlertReported(alert="isolation", text="Contact isolation")


def test_a_field_that_says_something_else_takes_its_alert_back() -> None:
    feed = with_rule(AlertRule("ZIS-2", "C", "isolation", "Contact isolation"))
    said = only(AlertReported, "ADT^A08", "ZIS|1|N", source=feed)
    assert said == AlertReported(alert="isolation", text="Contact isolation", on=False)


def test_an_observation_gives_an_alert_its_value() -> None:
    feed = with_rule(AlertRule("OBX", "FALLS", "falls"))
    said = only(AlertReported, "ADT^A08", "OBX|1|ST|FALLS^Fall risk||High risk", source=feed)
    assert said == AlertReported(alert="falls", text="High risk")


def test_a_cancelled_order_takes_its_alert_back() -> None:
    feed = with_rule(AlertRule("OBR-4", "DNR", "code status", "DNR"))
    said = only(AlertReported, "ORM^O01", "ORC|CA|1", "OBR|1|1||DNR^No CPR", source=feed)
    assert said == AlertReported(alert="code status", text="DNR", on=False)


def test_nothing_is_an_alert_that_no_rule_names() -> None:
    assert told(AlertReported, "ADT^A08", "PV1|1|I" + "|" * 13 + "B6", "ZIS|1|C") == []


def test_a_diet_is_told_in_words_and_as_an_order() -> None:
    segments = ("ORC|NW|7^OE", "ODS|D||LS^Low sodium", "ODS|S||^Shake|twice a day")
    order = only(OrderChanged, "OMD^O03", *segments)
    assert order.kind is OrderKind.DIET
    said = only(DietReported, "OMD^O03", *segments)
    assert said == DietReported(number="OE|7", text="Low sodium; supplement: Shake, twice a day")


def test_a_discontinued_diet_is_taken_back_though_it_is_not_repeated() -> None:
    assert only(DietReported, "OMD^O03", "ORC|DC|7^OE") == DietReported(
        number="OE|7", text="", on=False
    )


def test_a_plain_move_has_nothing_for_the_chart() -> None:
    plain = HEADER.format(kind="ADT^A02") + "PID|1\rPD1|||X\rPV1|1|I|4N\rPV2||x\r"
    message = Message.parse(plain.encode())
    assert isinstance(message, Message)
    assert not has_chart(message)
    assert has_chart(message, (AlertRule("PV1-16", "V", "visitors"),))
    assert events("ADT^A02", "PID|1", "PV1|1|I|4N") == []
