"""Any size and any change: proofs hold for the tree they are of, and for nothing else."""

from __future__ import annotations

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from wardlight.log.tree import (
    Growing,
    consistency,
    inclusion,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [leaf_hash(bytes([number])) for number in range(75)]
sizes = st.integers(1, len(LEAVES))


@cache
def subtree(level: int, index: int) -> bytes:
    return root_of(LEAVES[index << level : (index + 1) << level])


@cache
def root(size: int) -> bytes:
    return root_of(LEAVES[:size])


def flipped(hashes: list[bytes], bit: int) -> list[bytes]:
    """Return the hashes with one bit of one of them changed."""
    which, bit = divmod(bit % (256 * len(hashes)), 256)
    changed = int.from_bytes(hashes[which], "big") ^ (1 << bit)
    return [*hashes[:which], changed.to_bytes(32, "big"), *hashes[which + 1 :]]


@given(st.lists(st.integers(0, 20), max_size=8))
def test_leaves_give_the_same_tree_in_whatever_batches_they_come(batches: list[int]) -> None:
    tree, single = Growing(), Growing()
    for batch in batches:
        leaves = [leaf_hash(bytes([number])) for number in range(batch)]
        tree.extend(leaves)
        for leaf in leaves:
            single.append(leaf)
    assert (tree.size, tree.subtrees) == (single.size, single.subtrees)


@given(sizes, st.data())
def test_a_flipped_bit_breaks_a_proof_of_inclusion(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion(index, size, subtree)
    bit = data.draw(st.integers(0, 256 * (2 + len(proof)) - 1))
    leaf, top, *path = flipped([LEAVES[index], root(size), *proof], bit)
    assert not verify_inclusion(leaf, index, size, path, top)


@given(sizes, st.data())
def test_a_flipped_bit_breaks_a_proof_of_consistency(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, new))
    proof = consistency(old, new, subtree)
    # From no entry any log may follow: there the new root is not bound by the old one.
    bound = [root(old), *([root(new)] if old else []), *proof]
    first, *rest = flipped(bound, data.draw(st.integers(0, 256 * len(bound) - 1)))
    top, *path = rest if old else [root(new)]
    assert not verify_consistency(old, new, first, top, path)


@given(sizes, st.data())
def test_a_proof_of_inclusion_holds_at_no_other_place(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    elsewhere = data.draw(st.integers(0, size - 1).filter(lambda place: place != index)
                          if size > 1 else st.just(size))  # fmt: skip
    proof = inclusion(index, size, subtree)
    assert not verify_inclusion(LEAVES[index], elsewhere, size, proof, root(size))


@given(sizes, st.data())
def test_a_proof_with_a_hash_more_or_less_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion(index, size, subtree)
    at = data.draw(st.integers(0, len(proof)))
    longer = [*proof[:at], LEAVES[0], *proof[at:]]
    assert not verify_inclusion(LEAVES[index], index, size, longer, root(size))
    if proof:
        assert not verify_inclusion(LEAVES[index], index, size, proof[1:], root(size))
        assert not verify_inclusion(LEAVES[index], index, size, proof[:-1], root(size))


@given(st.integers(1, len(LEAVES) - 1), st.data())
def test_a_log_with_another_past_has_no_proof(old: int, data: st.DataObject) -> None:
    new = data.draw(st.integers(old + 1, len(LEAVES)))
    changed = data.draw(st.integers(0, old - 1))
    forked = [*LEAVES[:changed], leaf_hash(b"changed"), *LEAVES[changed + 1 :]]

    def hash_of(level: int, index: int) -> bytes:
        return root_of(forked[index << level : (index + 1) << level])

    proof = consistency(old, new, hash_of)
    assert not verify_consistency(old, new, root(old), root_of(forked[:new]), proof)
