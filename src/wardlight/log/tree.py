"""The Merkle tree over the log: short proofs that an entry is in it and that it only grew.

A leaf is one entry's seal. Hashes and proofs are those of RFC 9162 §2.1 (the same as RFC 6962
§2): SHA-256, 0x00 before a leaf, 0x01 before two children. A *subtree* here is a complete one:
at `level` it covers 2**level leaves and `index` counts such subtrees from the first leaf.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    HashOf = Callable[[int, int], bytes]

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
STORED_LEVEL = 8  # subtrees of 256 leaves, as C2SP tlog-tiles keeps them


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one leaf (RFC 9162 §2.1.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node over two children (RFC 9162 §2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


class Growing:
    """A tree that leaves are added to; it keeps only the roots of its largest subtrees."""

    __slots__ = ("_size", "_subtrees")

    def __init__(self) -> None:
        """Begin with no leaf."""
        self._size = 0
        self._subtrees: list[bytes] = []

    @classmethod
    def from_parts(cls, size: int, subtree_roots: Sequence[bytes]) -> Self:
        """Return the tree that `size` and `subtrees` of an earlier one describe."""
        assert size >= 0, "a tree has no negative size"
        assert len(subtree_roots) == size.bit_count(), "one subtree for each set bit of the size"
        assert _all_hashes(subtree_roots), "a subtree's root is a SHA-256"
        tree = cls()
        tree._size = size
        tree._subtrees = list(subtree_roots)
        return tree

    @classmethod
    def restored(cls, level8: Sequence[bytes], rest: Sequence[bytes]) -> Self:
        """Return the tree of the stored 256-leaf subtrees and the leaf hashes behind them."""
        assert len(rest) < 1 << STORED_LEVEL, "a full subtree belongs to the stored ones"
        above = cls()
        above.extend(level8)
        tree = cls.from_parts(len(level8) << STORED_LEVEL, above.subtrees)
        tree.extend(rest)
        return tree

    @property
    def size(self) -> int:
        """Leaves in the tree."""
        return self._size

    @property
    def subtrees(self) -> tuple[bytes, ...]:
        """Roots of the complete subtrees the tree is made of, the largest (leftmost) first."""
        return tuple(self._subtrees)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        assert len(leaf) == HASH_BYTES, "a leaf hash is a SHA-256"
        covered = self._size
        while covered & 1:
            leaf = node_hash(self._subtrees.pop(), leaf)
            covered >>= 1
        self._subtrees.append(leaf)
        self._size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order: whole levels at a time, about one SHA-256 per leaf."""
        row = list(leaves)
        assert _all_hashes(row), "a leaf hash is a SHA-256"
        covered = self._size
        self._size += len(row)
        unpaired = []
        while row:
            if covered & 1:
                row.insert(0, self._subtrees.pop())
            if len(row) & 1:
                unpaired.append(row.pop())
            row = _row_above(row)
            covered >>= 1
        self._subtrees.extend(reversed(unpaired))

    def root(self) -> bytes:
        """Return the root of the leaves so far (RFC 9162 §2.1.1)."""
        return _joined(self._subtrees)

    def copy(self) -> Self:
        """Return a tree that grows apart from this one."""
        return self.from_parts(self._size, self._subtrees)


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the root of a tree of these leaf hashes."""
    tree = Growing()
    tree.extend(leaf_hashes)
    return tree.root()


def root_at(size: int, hash_of: HashOf) -> bytes:
    """Return the root over the first `size` leaves; `hash_of` as for `inclusion`."""
    return _root_between(0, size, hash_of)


def inclusion(index: int, size: int, hash_of: HashOf) -> list[bytes]:
    """Return the proof that leaf `index` is in the tree of `size` (RFC 9162 §2.1.3.1).

    `hash_of(level, index)` gives the root of a complete subtree; level 0 is a leaf hash.
    """
    assert 0 <= index < size, "only a leaf of the tree has a proof"
    first, end = 0, size
    proof = []
    while end - first > 1:
        middle = _middle(first, end)
        if index < middle:
            proof.append(_root_between(middle, end, hash_of))
            end = middle
        else:
            proof.append(_root_between(first, middle, hash_of))
            first = middle
    return proof[::-1]


def consistency(old: int, new: int, hash_of: HashOf) -> list[bytes]:
    """Return the proof that the tree of `old` leaves is the beginning of that of `new`.

    RFC 9162 §2.1.4.1. Empty when `old` is 0 or equals `new` (C2SP tlog-witness).
    """
    assert 0 <= old <= new, "a log only grows"
    if old == 0:
        return []
    first, end = 0, new
    proof = []
    while old != end:
        middle = _middle(first, end)
        if old <= middle:
            proof.append(_root_between(middle, end, hash_of))
            end = middle
        else:
            proof.append(_root_between(first, middle, hash_of))
            first = middle
    if first:
        proof.append(_root_between(first, end, hash_of))
    return proof[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the proof shows this leaf hash at `index` under `root` (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size or not _all_hashes((leaf, root, *proof)):
        return False
    node, last = index, size - 1
    found = leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            node, last = _risen(node, last)
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the new tree begins with the old one (RFC 9162 §2.1.4.2).

    From size 0, or between equal sizes, only the empty proof holds (C2SP tlog-witness); the
    root of size 0 is that of no leaf, and equal sizes have equal roots.
    """
    if not 0 <= old_size <= new_size or not _all_hashes((old_root, new_root, *proof)):
        return False
    if old_size == new_size:
        empty = old_size > 0 or old_root == EMPTY_ROOT
        return not proof and old_root == new_root and empty
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    return (old_root, new_root) == _both_roots(old_size, new_size, old_root, proof)


def _both_roots(
    old_size: int, new_size: int, old_root: bytes, proof: Sequence[bytes]
) -> tuple[bytes, bytes] | None:
    """Return the old and new roots the proof leads to; None when it has the wrong length."""
    path = [old_root, *proof] if old_size.bit_count() == 1 else list(proof)
    if not proof:
        return None
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            node, last = _risen(node, last)
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return (old, new) if last == 0 else None


def _risen(node: int, last: int) -> tuple[int, int]:
    """Go up from the right edge to where the node is a right child, or the first of its level."""
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def _row_above(row: list[bytes]) -> list[bytes]:
    pairs = iter(row)
    # Written out rather than by node_hash: this loop is the cost of a group commit.
    return [
        sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)
    ]


def _joined(subtrees: Sequence[bytes]) -> bytes:
    """Return the root over complete subtrees that stand side by side, the largest first."""
    if not subtrees:
        return EMPTY_ROOT
    *left, root = subtrees
    for subtree in reversed(left):
        root = node_hash(subtree, root)
    return root


def _middle(first: int, end: int) -> int:
    """Return where a tree over [first, end) divides: its left part is complete."""
    return first + (1 << (end - first - 1).bit_length() - 1)


def _root_between(first: int, end: int, hash_of: HashOf) -> bytes:
    """Return the root over leaves [first, end), as RFC 9162 divides a tree."""
    subtrees = []
    while first < end:
        level = (end - first).bit_length() - 1
        subtrees.append(hash_of(level, first >> level))
        first += 1 << level
    return _joined(subtrees)


def _all_hashes(hashes: Sequence[bytes]) -> bool:
    return set(map(len, hashes)) <= {HASH_BYTES}
