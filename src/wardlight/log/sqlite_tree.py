"""The Merkle tree of a log in SQLite: its leaves are the entries' seals.

Of every 256 entries the root is stored beside them, in the same transaction. So a node with a
million entries knows its tree at once, and a proof reads a few hundred seals at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardlight.log.tree import EMPTY_ROOT, STORED_LEVEL, Growing, leaf_hash, node_hash, root_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import apsw

    from wardlight.record.entry import Entry

BLOCK = 1 << STORED_LEVEL
SEALS = "SELECT chain FROM entry WHERE position BETWEEN ? AND ? ORDER BY position"
KEEP = "INSERT INTO subtree (number, root) VALUES (?, ?)"
_STORED = "SELECT root FROM subtree ORDER BY number"
_ONE_STORED = "SELECT root FROM subtree WHERE number = ?"


class LogTree:
    """The tree as far as the log has come: the stored blocks, and the one being filled."""

    def __init__(self, blocks: Growing, filling: Growing) -> None:
        self._blocks = blocks
        self._filling = filling

    def grown(self, entries: Sequence[Entry]) -> tuple[LogTree, list[tuple[int, bytes]]]:
        """Return the tree with these entries behind it, and the blocks they have filled."""
        blocks, filling = self._blocks.copy(), self._filling.copy()
        leaves = [leaf_hash(entry.chain) for entry in entries]
        filled: list[tuple[int, bytes]] = []
        while leaves:
            room = BLOCK - filling.size
            filling.extend(leaves[:room])
            leaves = leaves[room:]
            if filling.size == BLOCK:
                filled.append((blocks.size, filling.root()))
                blocks.append(filling.root())
                filling = Growing()
        return LogTree(blocks, filling), filled

    @property
    def size(self) -> int:
        """Entries under the root."""
        return self._blocks.size * BLOCK + self._filling.size

    def root(self) -> bytes:
        """Return the root over every entry."""
        subtrees = (*self._blocks.subtrees, *self._filling.subtrees)
        return Growing.from_parts(self.size, subtrees).root()


def stored_tree(connection: apsw.Connection, size: int) -> LogTree:
    """Return the tree of the first `size` entries, from the stored blocks and the last seals."""
    blocks = Growing()
    blocks.extend([root for (root,) in connection.execute(_STORED)])
    filling = Growing()
    filling.extend(_leaves(connection, blocks.size * BLOCK, size))
    return LogTree(blocks, filling)


def subtree(connection: apsw.Connection, level: int, index: int) -> bytes:
    """Return the root of the complete subtree `index` of a level; level 0 is one entry.

    Raises LookupError when the log has not come so far.
    """
    if level > STORED_LEVEL:
        left, right = (subtree(connection, level - 1, 2 * index + side) for side in (0, 1))
        return node_hash(left, right)
    if level == STORED_LEVEL:
        stored = connection.execute(_ONE_STORED, (index,)).fetchone()
        if stored is None:
            raise LookupError(index)
        return bytes(stored[0])
    leaves = _leaves(connection, index << level, (index + 1) << level)
    if len(leaves) != 1 << level:
        raise LookupError(index)
    return root_of(leaves) if leaves else EMPTY_ROOT


def _leaves(connection: apsw.Connection, first: int, end: int) -> list[bytes]:
    """Return the leaf hashes of the entries at positions first + 1 to end."""
    return [leaf_hash(seal) for (seal,) in connection.execute(SEALS, (first + 1, end))]
