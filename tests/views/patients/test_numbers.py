from __future__ import annotations

from wardlight.log.memory import MemoryLog
from wardlight.record.downtime_number import DowntimeNumber
from wardlight.record.entry import Draft, Entry
from wardlight.record.events.entered import Entered
from wardlight.record.events.numbers import KIND, VERSION, NumbersReserved
from wardlight.record.events.registration import PatientRegistered
from wardlight.record.instants import Instant
from wardlight.views.patients.numbers import Numbers

NUMBER = DowntimeNumber.of(3, 5, 0)


def kept(body: bytes) -> Entry:
    draft = Draft(
        site="RVR",
        source="staff",
        author="ED-1",
        subject="",
        kind=KIND,
        version=VERSION,
        occurred=Instant(0),
        recorded=Instant(0),
        body=body,
    )
    return MemoryLog("RVR").append([draft])[0]


def reserved(block: int, station: str = "ED-1", *, index: int = 3, drill: bool = False) -> Entry:
    said = NumbersReserved(site="RVR", site_index=index, block=block, station=station, drill=drill)
    return kept(said.packed())


def registered(entry_id: str, corrects: str = "") -> Entered:
    said = PatientRegistered(number=NUMBER.text(), visit="V-1")
    return Entered(id=entry_id, by="RN A. Mensah", said=said, corrects=corrects)


def test_the_next_free_block_follows_the_highest_one_of_that_site() -> None:
    numbers = Numbers()
    for block in (0, 5, 2):
        numbers.take(reserved(block))
    assert (numbers.next_block(3), numbers.next_block(4), numbers.highest()) == (
        6,
        0,
        {(3, False): 5},
    )


def test_drills_count_their_blocks_alone() -> None:
    numbers = Numbers()
    numbers.take(reserved(9, drill=True))
    assert (numbers.next_block(3), numbers.next_block(3, drill=True)) == (0, 10)


def test_a_number_is_the_stations_its_block_was_given_to_first() -> None:
    numbers = Numbers()
    numbers.take(reserved(5, "ED-1"))
    numbers.take(reserved(5, "ED-2"))
    assert numbers.holder(NUMBER) == "ED-1"
    assert numbers.holder(DowntimeNumber.of(3, 6, 0)) is None


def test_a_reservation_that_cannot_be_read_or_names_no_block_reserves_nothing() -> None:
    numbers = Numbers()
    numbers.take(kept(b"{"))
    numbers.take(reserved(131_072))
    assert numbers.next_block(3) == 0


def test_a_registration_uses_its_number_however_often_it_is_sent_or_corrected() -> None:
    numbers = Numbers()
    for entered in (registered("a"), registered("a"), registered("b", "a"), registered("c", "b")):
        numbers.take_entered(entered)
    assert (numbers.used_by(NUMBER), numbers.used_twice()) == ("a", {})


def test_two_registrations_under_one_number_are_both_named() -> None:
    numbers = Numbers()
    numbers.take_entered(registered("a"))
    numbers.take_entered(registered("b"))
    assert numbers.used_twice() == {NUMBER.text(): ("a", "b")}


def test_a_number_nobody_was_registered_under_is_free() -> None:
    assert not Numbers().is_used(NUMBER)
    assert Numbers().used_by(NUMBER) == ""


def test_what_is_kept_over_a_restart_is_everything() -> None:
    numbers, after = Numbers(), Numbers()
    numbers.take(reserved(5))
    numbers.take_entered(registered("a"))
    numbers.take_entered(registered("b", "a"))
    after.restore(numbers.snapshot())
    after.take_entered(registered("c", "b"))
    assert (after.next_block(3), after.holder(NUMBER), after.used_twice()) == (6, "ED-1", {})
    assert after.is_used(NUMBER)
