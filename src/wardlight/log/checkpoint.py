"""Signed heads as text: what a peer, a second file or a printed page remembers of a log.

A checkpoint is a C2SP tlog-checkpoint in a C2SP signed-note:

    origin LF size in decimal LF root in base64 LF (extension LF)* LF
    (— name base64(key id of 4 bytes, signature) LF)+

The log signs with Ed25519 (type 0x01); a witness that saw it grow consistently adds a
C2SP tlog-cosignature (type 0x04) with the time. Only one way to write each value is accepted.
"""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import a2b_base64
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

from wardlight.log.tree import EMPTY_ROOT, HASH_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NOTE_BYTES_MAX = 64 * 2**10
SIGNATURES_MAX = 64  # C2SP signed-note asks for at least 16
NUMBER_MAX = 2**63 - 1  # sizes and times

_SIGNS = 0x01
_COSIGNS = 0x04
_ID_BYTES = 4
_TIME_BYTES = 8
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_BODY_LINES_MIN = 3


class CheckpointError(Exception):
    """The text is not a checkpoint to be trusted; the sentence says why."""


class Checkpoint(Struct, frozen=True):
    """The head of a log: `size` entries whose Merkle root is `root` (RFC 9162 §2.1.1)."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


class _Signature(Struct, frozen=True):
    name: str
    key_id: bytes
    content: bytes


class _Note(Struct, frozen=True):
    body: str
    checkpoint: Checkpoint
    signatures: list[_Signature]


def signed(checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey) -> str:
    """Return the checkpoint as text, signed by the log.

    Raises CheckpointError for one that could not be read back.
    """
    body = _written(checkpoint)
    key_id = _key_id(name, _SIGNS, key.public_key())
    return f"{body}\n{_signature_line(name, key_id + key.sign(body.encode()))}"


def cosigned(text: str, name: str, key: Ed25519PrivateKey, at_seconds: int) -> str:
    """Return the text with a witness's cosignature, given at POSIX time `at_seconds`.

    The witness has itself read it with the log's key and verified that it continues the
    largest head known to it: that is what it signs here.
    """
    body = _note(text).body
    if not 0 <= at_seconds <= NUMBER_MAX:
        raise CheckpointError("The time of the cosignature is out of range.")
    key_id = _key_id(name, _COSIGNS, key.public_key())
    time = at_seconds.to_bytes(_TIME_BYTES, "big")
    signature = key.sign(_cosigned_message(body, at_seconds))
    longer = text + _signature_line(name, key_id + time + signature)
    _note(longer)
    return longer


def read(text: str, verifiers: Mapping[str, Ed25519PublicKey]) -> Checkpoint:
    """Return the checkpoint that at least one of the known logs' keys has signed.

    Raises CheckpointError when the text is malformed, when no known key signed it, or when the
    signature of a known key is wrong. Signatures of others are ignored.
    """
    note = _note(text)
    found = False
    for signature in note.signatures:
        public = _known(signature, verifiers, _SIGNS)
        if public is not None:
            _require(public, signature, signature.content, note.body.encode())
            found = True
    if not found:
        raise CheckpointError("The checkpoint is not signed by a known key.")
    return note.checkpoint


def cosignatures(text: str, witnesses: Mapping[str, Ed25519PublicKey]) -> dict[str, int]:
    """Return when (POSIX seconds, the latest) each known witness cosigned the text.

    It does not look at the log's own signature: use `read` for that. Raises CheckpointError
    when the text is malformed or the cosignature of a known witness is wrong.
    """
    note = _note(text)
    seen: dict[str, int] = {}
    for signature in note.signatures:
        public = _known(signature, witnesses, _COSIGNS)
        if public is not None:
            at = int.from_bytes(signature.content[:_TIME_BYTES], "big")
            if at > NUMBER_MAX:
                raise CheckpointError("The time of a cosignature is out of range.")
            message = _cosigned_message(note.body, at)
            _require(public, signature, signature.content[_TIME_BYTES:], message)
            seen[signature.name] = max(at, seen.get(signature.name, 0))
    return seen


def verifier_line(name: str, public: Ed25519PublicKey) -> str:
    """Return a log's name and public key as one line to hand over (signed-note vkey)."""
    key = b64encode(bytes([_SIGNS]) + public.public_bytes_raw()).decode()
    return f"{name}+{_key_id(name, _SIGNS, public).hex()}+{key}"


def read_verifier(line: str) -> tuple[str, Ed25519PublicKey]:
    """Return the name and public key of a `verifier_line`; CheckpointError when it is not one."""
    parts = line.split("+", 2)
    if len(parts) != 3:  # noqa: PLR2004 -- name, key id, key
        raise CheckpointError("The line of a verifier is not a name, a key id and a key.")
    name, _, encoded = parts
    key = _decoded(encoded)
    if len(key) != 1 + HASH_BYTES or key[0] != _SIGNS:
        raise CheckpointError("The key of the verifier is not an Ed25519 public key.")
    public = Ed25519PublicKey.from_public_bytes(key[1:])
    if verifier_line(name, public) != line:
        raise CheckpointError("The key id of the verifier does not fit its name and key.")
    return name, public


def _note(text: str) -> _Note:
    if _utf8_bytes(text) > NOTE_BYTES_MAX:
        raise CheckpointError("The checkpoint is too long.")
    if _CONTROL.search(text):
        raise CheckpointError("The checkpoint holds a control character.")
    body, blank, signatures = text.partition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise CheckpointError("The checkpoint does not end in signature lines.")
    lines = signatures[:-1].split("\n")
    if len(lines) > SIGNATURES_MAX:
        raise CheckpointError("The checkpoint has too many signatures.")
    body += "\n"
    return _Note(body, _checkpoint(body), [_signature(line) for line in lines])


def _checkpoint(body: str) -> Checkpoint:
    lines = body[:-1].split("\n")
    if len(lines) < _BODY_LINES_MIN or not all(lines):
        raise CheckpointError("The checkpoint lacks its origin, size or root, or has a blank line.")
    origin, size, root, *extensions = lines
    if not _NUMBER.fullmatch(size) or int(size) > NUMBER_MAX:
        raise CheckpointError("The size of the checkpoint is not a plain decimal number.")
    checkpoint = Checkpoint(origin, int(size), _decoded(root), tuple(extensions))
    if len(checkpoint.root) != HASH_BYTES:
        raise CheckpointError("The root of the checkpoint is not a SHA-256.")
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise CheckpointError("The checkpoint is of no entry, but its root is of some.")
    return checkpoint


def _written(checkpoint: Checkpoint) -> str:
    root = b64encode(checkpoint.root).decode()
    lines = (checkpoint.origin, str(checkpoint.size), root, *checkpoint.extensions)
    body = "".join(f"{line}\n" for line in lines)
    _utf8_bytes(body)
    if _CONTROL.search(body) or _checkpoint(body) != checkpoint:
        raise CheckpointError("The origin or an extension does not fit on a line of its own.")
    return body


def _signature(line: str) -> _Signature:
    dash, *words = line.split(" ")
    if dash != "\N{EM DASH}" or len(words) != 2 or not _is_name(words[0]):  # noqa: PLR2004 -- name, signature
        raise CheckpointError("A signature line is not a dash, a name and a signature.")
    content = _decoded(words[1])
    if len(content) <= _ID_BYTES:
        raise CheckpointError("A signature is too short.")
    return _Signature(words[0], content[:_ID_BYTES], content[_ID_BYTES:])


def _signature_line(name: str, content: bytes) -> str:
    return f"\N{EM DASH} {name} {b64encode(content).decode()}\n"


def _cosigned_message(body: str, at_seconds: int) -> bytes:
    return f"cosignature/v1\ntime {at_seconds}\n{body}".encode()


def _known(
    signature: _Signature, keys: Mapping[str, Ed25519PublicKey], kind: int
) -> Ed25519PublicKey | None:
    public = keys.get(signature.name)
    if public is None or _key_id(signature.name, kind, public) != signature.key_id:
        return None
    return public


def _require(
    public: Ed25519PublicKey, signature: _Signature, content: bytes, message: bytes
) -> None:
    try:
        public.verify(content, message)
    except InvalidSignature as wrong:
        raise CheckpointError(f"The signature of {signature.name} is wrong.") from wrong


def _key_id(name: str, kind: int, public: Ed25519PublicKey) -> bytes:
    if not _is_name(name):
        raise CheckpointError("The name of a key is empty, or holds a space or a plus sign.")
    named = name.encode() + b"\n" + bytes([kind])
    return sha256(named + public.public_bytes_raw()).digest()[:_ID_BYTES]


def _is_name(name: str) -> bool:
    _utf8_bytes(name)
    spaced = "+" in name or any(letter.isspace() for letter in name)
    return bool(name) and not spaced and not _CONTROL.search(name)


def _utf8_bytes(text: str) -> int:
    try:
        return len(text.encode())
    except UnicodeEncodeError as broken:
        raise CheckpointError("The text is not valid Unicode.") from broken


def _decoded(text: str) -> bytes:
    """Return the bytes of base64 (RFC 4648 §4) written in its one canonical way."""
    try:
        decoded = a2b_base64(text, strict_mode=True)
    except ValueError as broken:
        raise CheckpointError("A value is not base64.") from broken
    if b64encode(decoded).decode() != text:
        raise CheckpointError("A value is not canonical base64.")
    return decoded
