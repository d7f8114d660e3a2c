"""What a court, an insurer or another hospital can check without us: entries with their proofs.

A bundle is a folder of plain text. Everything in it hangs on one signed checkpoint: the entries
by RFC 9162 inclusion proofs, earlier heads by consistency proofs, the files by their sums.
"""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from wardlight.log import evidence_verifier
from wardlight.log.chain import BEGINNING
from wardlight.log.checkpoint import Checkpoint, signed, verifier_line
from wardlight.log.contract import FETCH_MAX
from wardlight.log.heads import origin_of
from wardlight.log.tree import consistency, inclusion, root_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from wardlight.log.contract import LogReader
    from wardlight.log.keys import Keys
    from wardlight.record.entry import Entry

HEADS_MAX = 200  # earlier heads of one bundle: the first, and the newest
README = """Evidence from the log of {name}
{line}

{chosen} of {size} entries, as they were recorded, each with the proof that it is in the log that
the checkpoint signs. {heads} earlier heads with the proof that nothing before them was changed.

To verify, with Python 3.8 or later and no network:   python3 verify.py --key '{key}'
Ask the hospital for that key by telephone or read it from a document it has signed: a bundle that
brings its own key only proves that one key signed all of it.

entries.jsonl  one entry a line: envelope, body (base64), seal (chain), the seal before (previous)
heads.jsonl    earlier signed heads
checkpoint     the newest head, signed; its last line is the sum of SHA256SUMS
key            the verifier line of the node's key (C2SP signed-note)

The bodies hold patients' data. Handle this folder as you would the charts.
"""


def entry_lines(log: LogReader, positions: Sequence[int], size: int) -> Iterator[str]:
    """Give a line for each entry: what it says, its seal, and its proof under the first `size`."""
    for start in range(0, len(positions), FETCH_MAX // 2):
        wanted = positions[start : start + FETCH_MAX // 2]
        entries = log.fetch(wanted)
        before = {entry.position: entry.chain for entry in entries}
        missing = [one - 1 for one in wanted if one > 1 and one - 1 not in before]
        before |= {entry.position: entry.chain for entry in log.fetch(missing)}
        before[0] = BEGINNING.chain
        for entry in entries:
            proof = inclusion(entry.position - 1, size, log.subtree)
            yield _json(_entry(entry) | {"previous": before[entry.position - 1], "proof": proof})


def head_lines(log: LogReader, notes: Iterable[tuple[int, str]], size: int) -> Iterator[str]:
    """Give a line for each earlier head, with the proof that it begins the first `size`."""
    for old, note in notes:
        yield _json({"note": note, "proof": consistency(old, size, log.subtree)})


def kept_heads(notes: Sequence[tuple[int, str]], size: int) -> list[tuple[int, str]]:
    """Return the first head and the newest ones that are not after `size` entries."""
    fitting = [note for note in notes if 0 < note[0] <= size]
    return fitting if len(fitting) <= HEADS_MAX else [fitting[0], *fitting[1 - HEADS_MAX :]]


def checkpoint_text(log: LogReader, keys: Keys, size: int, sums: bytes) -> str:
    """Return the signed checkpoint of a bundle, bound to the sums of its files."""
    name = origin_of(log.node)
    extension = evidence_verifier.SUMS_LINE + sha256(sums).hexdigest()
    head = Checkpoint(name, size, root_at(size, log.subtree), (extension,))
    return signed(head, name, keys.signing())


def readme(log: LogReader, keys: Keys, *, chosen: int, size: int, heads: int) -> str:
    """Return what a stranger reads first."""
    title = f"Evidence from the log of {log.node}"
    return README.format(
        name=log.node,
        line="=" * len(title),
        chosen=f"{chosen:,}",
        size=f"{size:,}",
        heads=heads,
        key=key_line(log, keys),
    )


def key_line(log: LogReader, keys: Keys) -> str:
    """Return the verifier line of the node's key."""
    return verifier_line(origin_of(log.node), keys.verifying())


def sums_of(files: Mapping[str, str]) -> bytes:
    """Return SHA256SUMS for files by name, each with the digest of its content in hexadecimal."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(files.items())).encode()


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "position": entry.position,
        "node": entry.node,
        "site": entry.site,
        "source": entry.source,
        "author": entry.author,
        "subject": entry.subject,
        "kind": entry.kind,
        "version": entry.version,
        "occurred": entry.occurred,
        "recorded": entry.recorded,
        "chain": entry.chain,
    } | (
        {"body_sha256": entry.body_hash, "meaning": b64encode(entry.meaning).decode()}
        if entry.body_hash
        else {"body": b64encode(entry.body).decode()}
    )


def _json(said: dict[str, object]) -> str:
    return json.dumps(said, default=_hex, ensure_ascii=False, separators=(",", ":")) + "\n"


def _hex(value: object) -> str:
    assert isinstance(value, bytes), "a hash"
    return value.hex()
