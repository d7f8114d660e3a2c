from __future__ import annotations

import pytest
from tests.contracts.log_contract import numbered

from wardlight.log.chain import Head
from wardlight.log.contract import LogBroken
from wardlight.log.heads import Witness
from wardlight.log.memory import MemoryLog
from wardlight.log.mirroring import SLICE, agreement, assert_beginning, copy_rest, copy_slice


def log_of(count: int) -> MemoryLog:
    log = MemoryLog("gen-1")
    for first in range(0, count, SLICE):
        log.append(numbered(count)[first : first + SLICE])
    return log


def test_entries_are_copied_in_slices_with_their_seals() -> None:
    source, copy = log_of(SLICE + 5), MemoryLog("gen-1")
    assert [copy_slice(source, copy) for _ in range(3)] == [SLICE, 5, 0]
    assert copy.head() == source.head()


def test_what_does_not_follow_the_copy_is_not_copied() -> None:
    copy = MemoryLog("gen-1")
    copy.append(numbered(10)[::-1])
    with pytest.raises(LogBroken, match="entry 11 of the source is changed"):
        copy_rest(log_of(20), copy)
    assert copy.head().position == 10


def test_a_copy_with_more_entries_than_its_log_is_not_its_beginning() -> None:
    with pytest.raises(LogBroken, match="the mirror has 20 entries and the log 10"):
        assert_beginning(log_of(10), log_of(20))


def test_a_shorter_log_agrees_with_a_witness_as_far_as_it_goes() -> None:
    assert agreement(log_of(10), Witness(log_of(20).head(), ())).ok


def test_a_log_with_another_entry_does_not_agree() -> None:
    findings = agreement(log_of(20), Witness(Head(20, bytes(32)), ())).findings
    assert [one.because for one in findings] == ["entry 20 is not the one that was acknowledged"]
