from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wardlight.log import heads as module
from wardlight.log.chain import Head
from wardlight.log.checkpoint import read
from wardlight.log.heads import HEADS, TAIL, Heads, origin_of, witness
from wardlight.log.keys import Keys

KEYS = Keys(bytes(32))
ROOT = bytes(range(32))
LOOSE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Return a folder whose files tell of 30 entries."""
    heads = Heads(tmp_path, "gen-1", KEYS)
    for size in (10, 20, 30):
        heads.mark(Head(size, bytes([size]) * 32))
        heads.sign(size, bytes([size]) * 32)
    heads.close()
    return tmp_path


def test_the_files_remember_the_last_entry_and_every_head(written: Path) -> None:
    seen = witness(written, "gen-1", KEYS)
    assert seen.tail == Head(30, bytes([30]) * 32)
    assert [(head.size, head.root[0]) for head in seen.heads] == [(10, 10), (20, 20), (30, 30)]
    assert (seen.size(), seen.doubts) == (30, ())


def test_a_folder_without_the_files_has_seen_nothing(tmp_path: Path) -> None:
    seen = witness(tmp_path / "none", "gen-1", KEYS)
    assert (seen.tail, seen.heads, seen.doubts, seen.size()) == (None, (), (), 0)


def test_only_this_account_can_read_them(written: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in written.iterdir()} == {0o600}


@LOOSE
@given(data=st.data())
def test_any_changed_bit_of_the_tail_is_doubted_and_never_believed(
    written: Path, data: st.DataObject
) -> None:
    path = written / TAIL
    whole = path.read_bytes()
    changed = bytearray(whole)
    changed[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(changed)
    seen = witness(written, "gen-1", KEYS)
    path.write_bytes(whole)
    assert seen.tail is None
    assert seen.doubts


@LOOSE
@given(data=st.data())
def test_any_changed_bit_of_the_heads_is_doubted_and_never_believed(
    written: Path, data: st.DataObject
) -> None:
    path = written / HEADS
    whole = path.read_bytes()
    true = set(witness(written, "gen-1", KEYS).heads)
    changed = bytearray(whole)
    changed[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(changed)
    seen = witness(written, "gen-1", KEYS)
    path.write_bytes(whole)
    assert set(seen.heads) < true
    assert seen.doubts


def test_heads_of_another_node_or_key_are_not_believed(written: Path) -> None:
    for node, keys in (("gen-2", KEYS), ("gen-1", Keys(bytes([1]) * 32))):
        seen = witness(written, node, keys)
        assert seen.heads == ()
        assert seen.doubts


def test_when_the_file_grows_the_older_half_goes_and_the_first_head_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HEADS_BYTES_MAX", 3_000)
    heads = Heads(tmp_path, "gen-1", KEYS)
    for size in range(1, 60):
        heads.sign(size, ROOT)
        assert (tmp_path / HEADS).stat().st_size < 3_500
    heads.close()
    seen = witness(tmp_path, "gen-1", KEYS)
    sizes = [head.size for head in seen.heads]
    assert (sizes[0], sizes[-1], seen.doubts) == (1, 59, ())
    assert sizes == sorted(sizes)


def test_a_witness_that_cannot_write_is_named_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = Heads(tmp_path, "gen-1", KEYS)
    heads.sign(1, ROOT)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        patch.setattr(os, "pwrite", full)
        heads.mark(Head(2, ROOT))
        note = heads.sign(2, ROOT)
        assert "No space left" in heads.failing
    assert read(note, {origin_of("gen-1"): KEYS.verifying()}).size == 2
    heads.sign(3, ROOT)
    assert heads.failing == ""
    heads.close()
    assert [head.size for head in witness(tmp_path, "gen-1", KEYS).heads] == [1, 3]


def test_a_head_half_written_when_the_disk_filled_up_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = Heads(tmp_path, "gen-1", KEYS)
    real = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda handle, text: real(handle, text[:40]))
        heads.sign(1, ROOT)
    heads.sign(2, ROOT)
    heads.close()
    seen = witness(tmp_path, "gen-1", KEYS)
    assert ([head.size for head in seen.heads], seen.doubts) == ([2], ())


def test_an_accepted_loss_puts_the_old_heads_aside(written: Path) -> None:
    heads = Heads(written, "gen-1", KEYS)
    heads.begin_anew(Head(7, ROOT))
    heads.sign(7, ROOT)
    heads.close()
    seen = witness(written, "gen-1", KEYS)
    assert (seen.tail, [head.size for head in seen.heads]) == (Head(7, ROOT), [7])
    assert (written / "heads.before-7").exists()
