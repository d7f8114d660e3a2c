"""Verify a Wardlight evidence bundle. Needs Python 3.8 or later and nothing else.

    python3 verify.py [FOLDER] [--key VERIFIER]

Prints one line for each check, and ends with 0 when everything holds, with 1 when anything does
not. FOLDER is this file's own folder unless it is said. VERIFIER is the line `wardlight keys check`
prints at the hospital: give it, and the bundle must be signed by that key; without it the
signatures only show that one key signed everything here.

What is checked, and by which standard: SHA-256 sums (FIPS 180-4) of every file; Ed25519
signatures (RFC 8032 section 5.1.7) of the checkpoint and of every head; the seal of every entry
(its own envelope and body, chained to the entry before); that every entry is under the signed
root (RFC 9162 section 2.1.3); that every head is a beginning of the signed log (section 2.1.4).
"""

# ruff: noqa: T201 -- a program of its own: what it prints is its result

from __future__ import annotations

import base64
import hashlib
import json
import struct
import sys
from pathlib import Path

KEY, CHECKPOINT, SUMS = "key", "checkpoint", "SHA256SUMS"
ENTRIES, HEADS = "entries.jsonl", "heads.jsonl"
SEAL_FORM = b"wardlight.entry.1\n"
NUMBERS, LENGTHS = struct.Struct(">4q"), struct.Struct(">6I")
SUMS_LINE = "sha256sums "

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


class Wrong(Exception):  # noqa: N818 -- what it says is that something is wrong
    """Something in the bundle does not hold; the sentence says what."""


def main(arguments: list[str]) -> int:
    """Check the bundle; return the exit code."""
    pinned = ""
    if "--key" in arguments:
        at = arguments.index("--key")
        pinned = "".join(arguments[at + 1 : at + 2])
        arguments = arguments[:at] + arguments[at + 2 :]
    folder = Path(arguments[0]) if arguments else Path(__file__).parent
    try:
        checks(folder, pinned)
    except Wrong as wrong:
        print("WRONG ", wrong)
    except (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        print("WRONG ", "a file is missing or cannot be read:", type(error).__name__)
    else:
        return 0
    return 1


def checks(folder: Path, pinned: str) -> None:
    """Raise Wrong at the first thing that does not hold."""
    key = exact(folder / KEY)
    name, public = verifier(key)
    if pinned and pinned.strip() != key.strip():
        raise Wrong("the bundle is signed by another key than the one you named")
    size, root, extensions = note(exact(folder / CHECKPOINT), name, public)
    said("signature", f"{name} signed a log of {size} entries, root {root.hex()[:16]}")
    files = sums(folder, extensions)
    said("files", f"{files} files are those that were signed")
    said("entries", f"{entries(folder, size, root)} entries have their seals, under that root")
    said("heads", f"{heads(folder, name, public, size, root)} earlier heads are its beginnings")


def exact(path: Path) -> str:
    """Return the text of a file with every byte as it is: no other line ending passes for LF."""
    return path.read_bytes().decode("utf-8")


def said(check: str, words: str) -> None:
    """Print that one check holds."""
    print(f"ok     {check}: {words}")


def verifier(line: str) -> tuple[str, bytes]:
    """Return name and public key of a verifier line: name+id+base64(type, key)."""
    name, identity, text = line.strip().split("+", 2)
    key = base64.b64decode(text, validate=True)
    if len(key) != 33 or key[:1] != b"\x01" or key_id(name, key[1:]).hex() != identity:  # noqa: PLR2004 -- type and key
        raise Wrong("the key file is no verifier line")
    return name, key[1:]


def key_id(name: str, public: bytes) -> bytes:
    """Return the first four bytes that a signature names its key by (C2SP signed-note)."""
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def note(text: str, name: str, public: bytes) -> tuple[int, bytes, list[str]]:
    """Return size, root and extensions of a signed checkpoint."""
    body, _, signatures = text.partition("\n\n")
    signed = (body + "\n").encode()
    good = False
    for line in signatures.split("\n")[:-1]:
        mark, signer, content = line.split(" ")
        raw = base64.b64decode(content, validate=True)
        if mark != "\u2014" or base64.b64encode(raw).decode() != content:
            raise Wrong("a signature line is malformed")
        if signer == name and raw[:4] == key_id(name, public):
            if not ed25519(public, signed, raw[4:]):
                raise Wrong("a signature is wrong")
            good = True
    if not good or not signatures.endswith("\n"):
        raise Wrong("a checkpoint is not signed by this key")
    origin, size, root, *extensions = body.split("\n")
    if origin != name or str(int(size)) != size:
        raise Wrong("a checkpoint is malformed")
    return int(size), base64.b64decode(root, validate=True), extensions


def sums(folder: Path, extensions: list[str]) -> int:
    """Compare every file with its sum, and the sums with what was signed."""
    text = (folder / SUMS).read_bytes()
    if extensions != [SUMS_LINE + hashlib.sha256(text).hexdigest()]:
        raise Wrong("the list of sums is not the one that was signed")
    listed = dict(line.split("  ", 1)[::-1] for line in text.decode("ascii").splitlines())
    there = {path.name for path in folder.iterdir()} - {SUMS, CHECKPOINT}
    if there != set(listed):
        raise Wrong("files were added or removed: " + ", ".join(sorted(there ^ set(listed))))
    for file, expected in listed.items():
        if hashlib.sha256((folder / file).read_bytes()).hexdigest() != expected:
            raise Wrong(f"{file} was changed")
    return len(listed)


def entries(folder: Path, size: int, root: bytes) -> int:
    """Check seal, chain and place of every entry; return how many there are."""
    count, last = 0, None
    with (folder / ENTRIES).open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            position, chain = entry["position"], bytes.fromhex(entry["chain"])
            previous = bytes.fromhex(entry["previous"])
            if seal(entry, previous) != chain:
                raise Wrong(f"entry {position} does not give its seal")
            if last is not None and last[0] + 1 == position and last[1] != previous:
                raise Wrong(f"entry {position} does not follow the one before it")
            leaf = hashlib.sha256(b"\x00" + chain).digest()
            proof = [bytes.fromhex(one) for one in entry["proof"]]
            if not included(leaf, position - 1, size, proof, root):
                raise Wrong(f"entry {position} is not under the signed root")
            count, last = count + 1, (position, chain)
    return count


def seal(entry: dict, previous: bytes) -> bytes:  # type: ignore[type-arg]  # also for Python 3.8
    """Return the seal of an entry: over the one before, its envelope and its body."""
    texts = [
        entry[name].encode() for name in ("node", "site", "source", "author", "subject", "kind")
    ]
    numbers = NUMBERS.pack(
        *(entry[name] for name in ("position", "version", "occurred", "recorded"))
    )
    body = entry.get("body_sha256")
    digest = bytes.fromhex(body) if body else None
    if "body" in entry:
        found = hashlib.sha256(base64.b64decode(entry["body"], validate=True)).digest()
        if digest not in (None, found):
            raise Wrong("a body is not the one its digest is of")
        digest = found
    parts = (SEAL_FORM, previous, numbers, LENGTHS.pack(*map(len, texts)), *texts, digest or b"")
    return hashlib.sha256(b"".join(parts)).digest()


def heads(folder: Path, name: str, public: bytes, size: int, root: bytes) -> int:
    """Check signature and consistency of every earlier head; return how many there are."""
    count = 0
    with (folder / HEADS).open(encoding="utf-8") as lines:
        for line in lines:
            head = json.loads(line)
            old_size, old_root, _ = note(head["note"], name, public)
            proof = [bytes.fromhex(one) for one in head["proof"]]
            if not consistent(old_size, size, old_root, root, proof):
                raise Wrong(f"the head of {old_size} entries is no beginning of the signed log")
            count += 1
    return count


def pair(left: bytes, right: bytes) -> bytes:
    """Return the hash over two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def included(leaf: bytes, index: int, size: int, proof: list, root: bytes) -> bool:  # type: ignore[type-arg]
    """Whether a leaf is at `index` under the root of `size` leaves (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = pair(sibling, found)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            found = pair(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: list) -> bool:  # type: ignore[type-arg]
    """Whether the tree of `old` leaves begins that of `new` (RFC 9162 section 2.1.4.2)."""
    if old in (0, new):
        return not proof and (old == 0 or old_root == new_root)
    if not 0 < old < new or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    found_old = found_new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            found_old, found_new = pair(sibling, found_old), pair(sibling, found_new)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            found_new = pair(found_new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and (found_old, found_new) == (old_root, new_root)


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature is right (RFC 8032 section 5.1.7)."""
    if len(public) != 32 or len(signature) != 64:  # noqa: PLR2004 -- the sizes of Ed25519
        return False
    key, first = point(public), point(signature[:32])
    second = int.from_bytes(signature[32:], "little")
    if key is None or first is None or second >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    left = times(second, BASE)
    right = add(first, times(challenge, key))
    return equal(left, right)


def point(text: bytes) -> tuple[int, int, int, int] | None:
    """Return the point that 32 bytes stand for (section 5.1.3), None when they stand for none."""
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def add(p: tuple[int, int, int, int], q: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Return the sum of two points in extended coordinates (section 5.1.4)."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar: int, p: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Return a point taken `scalar` times."""
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = add(total, p)
        p, scalar = add(p, p), scalar >> 1
    return total


def equal(p: tuple[int, int, int, int], q: tuple[int, int, int, int]) -> bool:
    """Whether two points are the same."""
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


_BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
BASE = _BASE if _BASE is not None else (0, 1, 1, 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
