from __future__ import annotations

import struct
from hashlib import sha256

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contracts.log_contract import draft, numbered

from wardlight.log.chain import BEGINNING, Fault, Head, seal, sealed, verify
from wardlight.record.entry import Entry


def nine() -> list[Entry]:
    return sealed(numbered(9), node="gen-1", after=BEGINNING)


def test_the_form_of_a_seal_is_frozen() -> None:
    written = (
        b"wardlight.entry.1\n"
        + bytes(32)
        + (1).to_bytes(8, "big")
        + (1).to_bytes(8, "big")
        + (1_795_305_600_000).to_bytes(8, "big")
        + (1_795_305_600_040).to_bytes(8, "big")
        + b"\0\0\0\5\0\0\0\3\0\0\0\3\0\0\0\4\0\0\0\x08\0\0\0\x0d"
        + b"gen-1GENadtEPICGEN:0001hl7v2.message"
        + sha256(b"A01").digest()
    )
    assert seal(bytes(32), draft(b"A01"), node="gen-1", position=1) == sha256(written).digest()


@pytest.mark.parametrize(
    "changed",
    [
        {"node": "gen-2"},
        {"site": "CLI"},
        {"source": "adtE", "author": "PIC"},
        {"author": "EPIB"},
        {"subject": "GEN:0002"},
        {"kind": "hl7v2.messagf"},
        {"version": 2},
        {"occurred": 0},
        {"recorded": 0},
        {"body": b""},
        {"chain": bytes(32)},
    ],
)
def test_a_change_of_any_part_is_named_by_its_position(changed: dict[str, object]) -> None:
    entries = nine()
    entries[4] = msgspec.structs.replace(entries[4], **changed)
    fault = verify(entries)
    assert fault is not None
    assert (fault.position, fault.because.split(":")[0]) == (5, "changed")


def test_a_removed_entry_is_named_by_its_position() -> None:
    entries = nine()
    del entries[2]
    assert verify(entries) == Fault(3, "missing: position 4 comes in its place")


def test_swapped_entries_are_named_by_the_first_position() -> None:
    entries = nine()
    entries[2], entries[3] = entries[3], entries[2]
    assert verify(entries) == Fault(3, "missing: position 4 comes in its place")


def test_an_entry_sealed_anew_breaks_the_next_one() -> None:
    entries = nine()
    forged = sealed([draft(b"forged")], node="gen-1", after=Head(4, entries[3].chain))
    entries[4:5] = forged
    fault = verify(entries)
    assert fault is not None
    assert fault.position == 6


def test_a_number_beyond_64_bit_cannot_be_sealed() -> None:
    with pytest.raises(struct.error):
        seal(bytes(32), msgspec.structs.replace(draft(), version=2**63), node="gen", position=1)


@given(
    st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5), st.binary(max_size=9)), max_size=6)
)
def test_what_is_sealed_verifies(said: list[tuple[str, str, bytes]]) -> None:
    drafts = [draft(body, source=source, author=author) for source, author, body in said]
    assert verify(sealed(drafts, node="gen-1", after=BEGINNING)) is None
