from __future__ import annotations

from hashlib import sha256

import pytest

from wardlight.log.tree import (
    EMPTY_ROOT,
    Growing,
    consistency,
    inclusion,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The leaves of Certificate Transparency's own tests.
CT_LEAVES = [
    leaf_hash(bytes.fromhex(data))
    for data in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
LEAVES = [leaf_hash(bytes([number])) for number in range(70)]

# The tree of RFC 6962 §2.1.3, its nodes named as there.
A, B, C, D, E, F, J = LEAVES[:7]
G, H, I = node_hash(A, B), node_hash(C, D), node_hash(E, F)  # noqa: E741 -- the RFC's letter
K, L = node_hash(G, H), node_hash(I, J)
SEVEN = {(level, index): node for level, row in enumerate([[A, B, C, D, E, F, J], [G, H, I], [K]])
         for index, node in enumerate(row)}  # fmt: skip


def seven(level: int, index: int) -> bytes:
    return SEVEN[level, index]


def naive(leaves: list[bytes]) -> bytes:
    """Return the root just as RFC 6962 §2.1 says it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive(leaves[:k]) + naive(leaves[k:])).digest()


def subtree(level: int, index: int) -> bytes:
    return naive(LEAVES[index << level : (index + 1) << level])


def grown(size: int) -> Growing:
    tree = Growing()
    tree.extend(LEAVES[:size])
    return tree


def test_a_tree_of_no_leaf_has_the_root_of_nothing() -> None:
    expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Growing().root().hex() == expected
    assert root_of([]) == EMPTY_ROOT == bytes.fromhex(expected)


def test_the_hash_of_an_empty_leaf_is_the_published_one() -> None:
    expected = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"").hex() == expected


def test_the_root_of_the_eight_published_leaves_is_the_published_one() -> None:
    expected = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert root_of(CT_LEAVES).hex() == expected


@pytest.mark.parametrize("size", range(9))
def test_every_root_on_the_way_to_eight_leaves_is_the_naive_one(size: int) -> None:
    assert root_of(CT_LEAVES[:size]) == naive(CT_LEAVES[:size])


def test_appending_one_by_one_gives_every_naive_root() -> None:
    tree = Growing()
    for size, leaf in enumerate(LEAVES, 1):
        tree.append(leaf)
        assert (tree.size, tree.root()) == (size, naive(LEAVES[:size]))


def test_the_subtrees_stand_with_the_largest_first() -> None:
    assert grown(7).subtrees == (K, I, J)


def test_a_copy_grows_apart() -> None:
    tree = grown(7)
    copy = tree.copy()
    copy.append(LEAVES[7])
    assert (tree.size, tree.root()) == (7, node_hash(K, L))
    assert (copy.size, copy.root()) == (8, naive(LEAVES[:8]))


def test_a_tree_from_its_parts_goes_on_as_before() -> None:
    tree = Growing.from_parts(7, grown(7).subtrees)
    tree.extend(LEAVES[7:])
    assert (tree.size, tree.root()) == (70, naive(LEAVES))


def test_parts_that_do_not_fit_the_size_are_refused() -> None:
    with pytest.raises(AssertionError, match="each set bit"):
        Growing.from_parts(8, grown(7).subtrees)


def test_something_other_than_a_hash_is_no_leaf() -> None:
    with pytest.raises(AssertionError, match="SHA-256"):
        Growing().extend([A, b"short"])
    with pytest.raises(AssertionError, match="SHA-256"):
        Growing().append(b"short")


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 768, 1_000])
def test_a_tree_is_restored_from_its_subtrees_of_256_leaves(size: int) -> None:
    leaves = [leaf_hash(number.to_bytes(2, "big")) for number in range(size)]
    whole = size >> 8
    level8 = [naive(leaves[row << 8 : (row + 1) << 8]) for row in range(whole)]
    tree = Growing.restored(level8, leaves[whole << 8 :])
    assert (tree.size, tree.root()) == (size, naive(leaves))


def test_a_full_row_of_leaves_behind_the_stored_ones_is_refused() -> None:
    with pytest.raises(AssertionError, match="belongs to the stored"):
        Growing.restored([], [A] * 256)


@pytest.mark.parametrize(
    ("index", "expected"),
    [(0, [B, H, L]), (3, [C, G, L]), (4, [F, J, K]), (6, [I, K])],
)
def test_inclusion_is_proved_as_in_the_example_of_the_rfc(
    index: int, expected: list[bytes]
) -> None:
    assert inclusion(index, 7, seven) == expected


@pytest.mark.parametrize(("old", "expected"), [(3, [C, D, G, L]), (4, [L]), (6, [I, J, K])])
def test_consistency_is_proved_as_in_the_example_of_the_rfc(
    old: int, expected: list[bytes]
) -> None:
    assert consistency(old, 7, seven) == expected


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 7), (7, 7)])
def test_from_nothing_and_between_equals_the_proof_is_empty(old: int, new: int) -> None:
    assert consistency(old, new, seven) == []
    assert verify_consistency(old, new, naive(LEAVES[:old]), naive(LEAVES[:new]), [])


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 7), (7, 7)])
def test_from_nothing_and_between_equals_another_proof_is_refused(old: int, new: int) -> None:
    assert not verify_consistency(old, new, naive(LEAVES[:old]), naive(LEAVES[:new]), [A])


def test_equal_sizes_with_other_roots_are_a_fork() -> None:
    assert not verify_consistency(7, 7, root_of(LEAVES[:7]), root_of(LEAVES[1:8]), [])


def test_only_the_empty_root_is_of_no_entry() -> None:
    assert not verify_consistency(0, 0, A, A, [])
    assert not verify_consistency(0, 7, A, naive(LEAVES[:7]), [])


def test_a_log_that_shrank_is_not_consistent() -> None:
    assert not verify_consistency(7, 4, node_hash(K, L), K, [L])


def test_a_longer_log_needs_a_proof() -> None:
    assert not verify_consistency(4, 7, K, K, [])
    assert not verify_consistency(3, 7, K, K, [])


@pytest.mark.parametrize("index", [-1, 7, 8])
def test_a_leaf_outside_the_tree_is_not_included(index: int) -> None:
    assert not verify_inclusion(A, index, 7, [B, H, L], node_hash(K, L))


def test_a_tree_of_one_leaf_includes_it_without_a_proof() -> None:
    assert inclusion(0, 1, seven) == []
    assert verify_inclusion(A, 0, 1, [], A)
    assert not verify_inclusion(A, 0, 1, [B], A)


def test_a_proof_of_hashes_cut_elsewhere_is_refused() -> None:
    assert not verify_inclusion(A + B[:1], 0, 7, [B[1:], H, L], node_hash(K, L))
    assert not verify_consistency(4, 7, K, node_hash(K, L[:31]), [L[:31]])


def test_a_proof_of_a_larger_tree_than_the_size_says_is_refused() -> None:
    assert not verify_inclusion(B, 0, 1, [A], G)
    old, new = node_hash(G, C), node_hash(K, L)
    above_old, above_new = node_hash(A, old), node_hash(A, new)
    assert not verify_consistency(3, 7, above_old, above_new, [C, D, G, L, A])


def test_a_proof_of_a_smaller_tree_than_the_size_says_is_refused() -> None:
    assert not verify_inclusion(A, 0, 7, [B, H], K)
    assert not verify_consistency(3, 7, node_hash(G, C), K, [C, D, G])


def test_every_leaf_of_every_size_is_proved_to_be_included() -> None:
    for size in range(1, len(LEAVES) + 1):
        root = naive(LEAVES[:size])
        for index in range(size):
            proof = inclusion(index, size, subtree)
            assert verify_inclusion(LEAVES[index], index, size, proof, root), (index, size)


def test_every_size_is_proved_to_be_the_beginning_of_every_longer_one() -> None:
    roots = [naive(LEAVES[:size]) for size in range(len(LEAVES) + 1)]
    for new in range(len(LEAVES) + 1):
        for old in range(new + 1):
            proof = consistency(old, new, subtree)
            assert verify_consistency(old, new, roots[old], roots[new], proof), (old, new)


def test_a_proof_in_a_large_log_reads_few_hashes_of_complete_subtrees() -> None:
    size = 1_000_003
    read = []

    def hash_of(level: int, index: int) -> bytes:
        read.append((index + 1) << level)
        return LEAVES[level]

    inclusion(777_777, size, hash_of)
    consistency(777_777, size, hash_of)
    assert len(read) <= 80
    assert max(read) <= size
