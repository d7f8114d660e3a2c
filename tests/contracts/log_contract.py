"""What every log must do. A test module names its backend by a `bench` fixture."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Protocol

import msgspec
import pytest

from wardlight.log.chain import BEGINNING, Fault, Head, seal, verify
from wardlight.log.contract import (
    APPEND_MAX,
    READ_BYTES_MAX,
    READ_MAX,
    Log,
    LogBroken,
    stream,
)
from wardlight.log.tree import leaf_hash, root_at, root_of
from wardlight.record.catalogue import HL7V2_MESSAGE
from wardlight.record.entry import Draft
from wardlight.record.instants import Instant

AT = Instant(1_795_305_600_000)  # 2026-11-22T00:00Z


class Bench(Protocol):
    """One kept store; each `open` after a close is a restart on it."""

    def open(self) -> Log: ...


def draft(body: bytes = b"MSH|^~\\&|EPIC|GEN", **said: str) -> Draft:
    texts: dict[str, Any] = {
        "site": "GEN",
        "source": "adt",
        "author": "EPIC",
        "subject": "GEN:0001",
    } | said
    return Draft(
        kind=HL7V2_MESSAGE, version=1, occurred=AT, recorded=Instant(AT + 40), body=body, **texts
    )


def numbered(count: int) -> list[Draft]:
    return [draft(b"message %d" % number) for number in range(1, count + 1)]


class LogContract:
    def test_positions_follow_the_order_of_appending_without_gaps(self, bench: Bench) -> None:
        log = bench.open()
        entries = [entry for _ in range(3) for entry in log.append(numbered(5))]
        assert [entry.position for entry in entries] == list(range(1, 16))
        assert [entry.body for entry in entries] == [d.body for d in numbered(5)] * 3
        assert list(stream(log)) == entries

    def test_an_entry_says_all_that_its_draft_said(self, bench: Bench) -> None:
        log = bench.open()
        said = draft(b"A01", site="CLIN", source="lab", author="Dr Test", subject="CLIN:7")
        log.append([said])
        entry = msgspec.structs.asdict(log.fetch([1])[0])
        assert entry.items() >= msgspec.structs.asdict(said).items()
        assert entry["node"] == log.node

    def test_the_tree_over_the_seals_is_the_standards(self, bench: Bench) -> None:
        log = bench.open()
        seals = [entry.chain for _ in range(3) for entry in log.append(numbered(201))]
        for size in (1, 255, 256, 257, 512, 603):
            naive = root_of(leaf_hash(seal) for seal in seals[:size])
            assert root_at(size, log.subtree) == naive
        with pytest.raises(LookupError):
            log.subtree(0, 603)

    def test_the_tree_is_the_same_after_a_restart(self, bench: Bench) -> None:
        log = bench.open()
        log.append(numbered(300))
        before = root_at(300, log.subtree)
        log.close()
        log = bench.open()
        log.append(numbered(300))
        assert root_at(300, log.subtree) == before
        assert log.subtree(8, 1) == root_of(leaf_hash(e.chain) for e in log.read(256, 256))

    def test_the_first_seal_is_chained_to_the_beginning(self, bench: Bench) -> None:
        log = bench.open()
        (entry,) = log.append([draft()])
        assert entry.chain == seal(BEGINNING.chain, draft(), node=log.node, position=1)

    def test_nothing_appended_changes_nothing(self, bench: Bench) -> None:
        log = bench.open()
        assert log.append([]) == []
        assert log.head() == Head(0, bytes(32))

    def test_a_draft_that_cannot_be_sealed_leaves_nothing_of_its_batch(self, bench: Bench) -> None:
        log = bench.open()
        log.append(numbered(2))
        with pytest.raises(UnicodeEncodeError):
            log.append([draft(), draft(author="half a pair \ud83c")])
        assert log.head().position == 2
        assert log.append([draft()])[0].position == 3
        assert verify(stream(log)) is None

    def test_what_was_appended_is_there_after_reopening(self, bench: Bench) -> None:
        log = bench.open()
        entries = log.append(numbered(400))
        log.close()
        reopened = bench.open()
        assert list(stream(reopened)) == entries
        assert reopened.head() == Head(400, entries[-1].chain)

    def test_the_chain_goes_on_after_reopening(self, bench: Bench) -> None:
        log = bench.open()
        log.append(numbered(3))
        log.close()
        reopened = bench.open()
        assert reopened.append([draft()])[0].position == 4
        assert verify(stream(reopened)) is None

    def test_the_chain_can_be_verified_from_any_entry_on(self, bench: Bench) -> None:
        log = bench.open()
        entries = log.append(numbered(9))
        assert verify(stream(log, after=4), Head(4, entries[3].chain)) is None

    @pytest.mark.parametrize("position", [1, 5, 9])
    def test_one_changed_byte_is_named_by_its_position(self, bench: Bench, position: int) -> None:
        log = bench.open()
        entries = log.append(numbered(9))
        true = entries[position - 1]
        entries[position - 1] = msgspec.structs.replace(true, body=b"N" + true.body[1:])
        fault = verify(entries)
        assert isinstance(fault, Fault)
        assert fault.position == position

    @pytest.mark.parametrize("body", [b"", b"\0", bytes(range(256)), b"\xff\xfe MSH"])
    def test_any_bytes_come_back_as_they_were(self, bench: Bench, body: bytes) -> None:
        log = bench.open()
        log.append([draft(body)])
        assert log.read(0, 1)[0].body == body

    @pytest.mark.slow
    def test_a_report_of_60_megabytes_comes_back_as_it_was(self, bench: Bench) -> None:
        log = bench.open()
        body = b"OBX|1|ED|" + b"JVBERi0x" * 7_500_000
        log.append([draft(), draft(body), draft()])
        assert log.fetch([2])[0].body == body
        assert verify(stream(log)) is None

    @pytest.mark.parametrize("name", ["", "Ünïcødé", "病院", "🏥", "nul\0inside", "o'Test; --"])
    def test_any_name_of_a_source_comes_back_as_it_was(self, bench: Bench, name: str) -> None:
        log = bench.open()
        log.append([draft(source=name)])
        log.close()
        assert bench.open().read(0, 1)[0].source == name

    def test_reading_goes_on_from_the_position_given(self, bench: Bench) -> None:
        log = bench.open()
        log.append(numbered(10))
        assert [entry.position for entry in log.read(0, 4)] == [1, 2, 3, 4]
        assert [entry.position for entry in log.read(8, 4)] == [9, 10]
        assert log.read(10, 4) == []
        assert log.read(99, 4) == []

    @pytest.mark.slow
    def test_one_read_gives_no_more_bytes_than_its_limit_allows(self, bench: Bench) -> None:
        log = bench.open()
        log.append([draft(bytes(READ_BYTES_MAX // 2))] * 3)
        assert [entry.position for entry in log.read(0, 3)] == [1, 2]
        assert [entry.position for entry in stream(log)] == [1, 2, 3]

    def test_entries_are_fetched_in_the_order_asked(self, bench: Bench) -> None:
        log = bench.open()
        log.append(numbered(50))
        assert [entry.position for entry in log.fetch([40, 2, 17, 2])] == [40, 2, 17, 2]
        assert log.fetch([]) == []

    @pytest.mark.parametrize("position", [-1, 0, 6])
    def test_a_position_not_reached_cannot_be_fetched(self, bench: Bench, position: int) -> None:
        log = bench.open()
        log.append(numbered(5))
        with pytest.raises(LookupError):
            log.fetch([1, position])

    def test_the_head_moves_with_each_append(self, bench: Bench) -> None:
        log = bench.open()
        heads = [log.head()]
        for _ in range(3):
            entry = log.append(numbered(2))[-1]
            heads.append(log.head())
            assert heads[-1] == Head(entry.position, entry.chain)
        assert all(later.position - head.position == 2 for head, later in pairwise(heads))

    def test_a_closed_log_refuses_everything(self, bench: Bench) -> None:
        log = bench.open()
        log.append([draft()])
        log.close()
        log.close()
        for ask in (
            lambda: log.append([draft()]),
            lambda: log.read(0, 1),
            lambda: log.fetch([1]),
            log.head,
        ):
            with pytest.raises(LogBroken) as refused:
                ask()
            assert refused.value.problem.code == "log.closed"

    def test_a_caller_beyond_a_named_limit_is_stopped(self, bench: Bench) -> None:
        log = bench.open()
        with pytest.raises(AssertionError):
            log.append([draft()] * (APPEND_MAX + 1))
        with pytest.raises(AssertionError):
            log.read(0, READ_MAX + 1)
        assert log.head().position == 0
