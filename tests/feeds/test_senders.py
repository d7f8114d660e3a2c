"""Which feed a message belongs to."""

from __future__ import annotations

from wardlight.feeds.senders import SENDERS_MAX, Senders
from wardlight.record.sources import Source

PORT = Source(name="port", site="MMH")


def header(app: str, facility: str) -> bytes:
    return f"MSH|^~\\&|{app}|{facility}|WL|WL|2026||ADT^A01|1|P|2.5\rPID|1".encode()


def test_a_sender_is_named_by_application_and_facility() -> None:
    assert Senders(PORT).of(header("EHR^oid^ISO", "NORTH")).name == "EHR@NORTH"


def test_a_facility_that_is_one_of_our_sites_gives_the_site() -> None:
    senders = Senders(PORT, sites=["MMH", "RGH"])
    assert senders.of(header("EHR", "RGH")).site == "RGH"
    assert senders.of(header("EHR", "ELSE")).site == "MMH"


def test_a_sender_that_is_set_up_keeps_its_agreement() -> None:
    pharmacy = Source(name="pharmacy", site="MMH", allergies_complete=True)
    assert Senders(PORT, known={"RX|MMH": pharmacy}).of(header("RX", "MMH")) is pharmacy


def test_a_header_that_says_nothing_belongs_to_the_port() -> None:
    senders = Senders(PORT)
    assert senders.of(header("", "")) is PORT
    assert senders.of(b"") is PORT
    assert senders.of(b"GET / HTTP/1.1\r\n") is PORT


def test_names_hold_no_control_or_markup_characters() -> None:
    assert Senders(PORT).of(header("<b>\x01E'HR", "M/H")).name == "bEHR@MH"


def test_senders_that_appear_by_themselves_are_bounded() -> None:
    senders = Senders(PORT)
    names = {senders.of(header(f"APP{number}", "X")).name for number in range(SENDERS_MAX * 3)}
    assert len(names) <= SENDERS_MAX + 1
