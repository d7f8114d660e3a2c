"""Backups of a log: one age file (C2SP age v1) of every entry as it was sealed, and its head.

Inside the age file is one zlib stream (RFC 1950) of frames, each a length (32 bit, big endian)
and as many bytes. The first frame is the header, each later one a msgpack array: the fields of
one entry in the order of `Entry`. Beside it lies a checkpoint of the log, signed by its node, whose
extension lines bind it to the file:

    backup sha256 <of the age file, hex>
    backup made <ISO 8601>
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from struct import Struct as Packing
from typing import TYPE_CHECKING, Any

import msgspec
import pyrage
from msgspec import Struct

from wardlight.log.chain import BEGINNING, Head, verify
from wardlight.log.contract import LogBroken, LogError
from wardlight.log.tree import Growing, leaf_hash, root_at
from wardlight.record.entry import Entry
from wardlight.record.problems import Problem

if TYPE_CHECKING:
    from wardlight.log.contract import LogReader

FORM = "wardlight.backup.1"
ENTRIES_A_READ = 256  # few enough that feeds are answered between two
FRAME_BYTES_MAX = 2**30  # a body has at most half of that
COMPRESSION = 1  # HL7 shrinks to a fifth at the quickest level already

Told = Callable[[int, int], None]
"""Hears of (entries done, entries in all)."""

_LENGTH = Packing(">I")


class BackupError(Exception):
    """The backup is not to be trusted or cannot be opened; the sentence says why."""


class Header(Struct, frozen=True):
    """What a backup says before its first entry."""

    form: str
    node: str
    entries: int
    settings: str = ""  # the node's `wardlight.toml`, for a machine that has none


class Sealed(Struct, frozen=True):
    """What was written: the head it holds, and the digest of the file."""

    size: int
    root: bytes
    sha256: str
    octets: int


class _Source:
    """The bytes of a backup, made as age asks for them; every seal is verified on the way."""

    def __init__(self, log: LogReader, header: Header, told: Told | None) -> None:
        self.tree = Growing()
        self.failed: Exception | None = None
        self._log = log
        self._header = header
        self._told = told
        self._parts = self._compressed()
        self._left = b""

    def read(self, limit: int = -1) -> bytes:
        """Return the next bytes; empty at the end."""
        try:
            while not self._left:
                self._left = next(self._parts)
        except StopIteration:
            return b""
        except (LogError, BackupError) as error:
            self.failed = error  # age passes on only the words of it
            raise
        limit = len(self._left) if limit < 0 else limit
        part, self._left = self._left[:limit], self._left[limit:]
        return part

    def _compressed(self) -> Iterator[bytes]:
        packer = zlib.compressobj(COMPRESSION)
        yield packer.compress(_frame(msgspec.msgpack.encode(self._header)))
        previous, last = BEGINNING, self._header.entries
        while previous.position < last:
            limit = min(ENTRIES_A_READ, last - previous.position)
            entries = self._log.read(previous.position, limit)
            _require_sound(entries, previous, self._log.node)
            self.tree.extend(leaf_hash(entry.chain) for entry in entries)
            previous = Head(entries[-1].position, entries[-1].chain)
            yield packer.compress(b"".join(_frame(_packed(entry)) for entry in entries))
            if self._told:
                self._told(previous.position, last)
        yield packer.flush()


class _Target:
    """Where age puts what it opens: frames are handed on as they become whole."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take = take
        self._unpacker = zlib.decompressobj()
        self._held = bytearray()

    def write(self, part: bytes) -> int:
        """Take the next bytes."""
        try:
            self._held += self._unpacker.decompress(part)
        except zlib.error as error:
            raise BackupError("what the backup holds is no backup of Wardlight") from error
        start = 0
        while (end := self._frame_end(start)) <= len(self._held):
            self._take(bytes(self._held[start + _LENGTH.size : end]))
            start = end
        del self._held[:start]
        return len(part)

    def flush(self) -> None:
        """Nothing is held back here."""

    def whole(self) -> bool:
        """Return whether the stream ended where a frame ends."""
        return self._unpacker.eof and not self._held and not self._unpacker.unused_data

    def _frame_end(self, start: int) -> int:
        if len(self._held) - start < _LENGTH.size:
            return len(self._held) + 1
        (length,) = _LENGTH.unpack_from(self._held, start)
        if length > FRAME_BYTES_MAX:
            raise BackupError("what the backup holds is no backup of Wardlight")
        return start + _LENGTH.size + int(length)


class _Digesting:
    """A file that is written, with the SHA-256 of what went into it."""

    def __init__(self, file: Any) -> None:
        self.digest = sha256()
        self.octets = 0
        self._file = file

    def write(self, part: bytes) -> int:
        """Write the next bytes."""
        self.digest.update(part)
        self.octets += len(part)
        self._file.write(part)
        return len(part)

    def flush(self) -> None:
        """Hand on what is held back."""
        self._file.flush()


def recipients_of(identity: str, others: Sequence[str] = ()) -> list[Any]:
    """Return who can open a backup: the node itself and the recipients of its settings.

    Raises BackupError that names one which is no age recipient.
    """
    found = [pyrage.x25519.Identity.from_str(identity).to_public()]
    for other in others:
        try:
            found.append(pyrage.x25519.Recipient.from_str(other))
        except pyrage.RecipientError as error:
            raise BackupError(f"{other} is no age recipient (age1…)") from error
    return found


def write_backup(
    log: LogReader, file: Any, recipients: Sequence[Any], *, settings: str, told: Told | None
) -> Sealed:
    """Write every entry the log has now into `file`, encrypted.

    Raises LogError for a log that cannot be read or is not what was sealed, OSError for the file.
    """
    size = log.head().position
    source = _Source(log, Header(FORM, log.node, size, settings), told)
    target = _Digesting(file)
    try:
        pyrage.encrypt_io(source, target, recipients)
    except pyrage.EncryptError as error:
        raise source.failed or error from error
    root = root_at(size, log.subtree)
    if source.tree.root() != root:
        because = "the stored tree is not that of the entries"
        raise LogBroken(Problem("log.chain-broken", log.node, because))
    return Sealed(size, root, target.digest.hexdigest(), target.octets)


def read_header(file: Any, identity: str) -> Header:
    """Return the header of a backup. Raises BackupError."""
    found: list[Header] = []

    def take(frame: bytes) -> None:
        found.append(_header(frame))
        raise _EnoughError

    try:
        _open(file, identity, _Target(take))
    except _EnoughError:
        return found[0]
    raise BackupError("the backup holds nothing")


def read_backup(file: Any, identity: str, take: Callable[[Entry], None]) -> None:
    """Hand on each entry of a backup in order. Raises BackupError, and whatever `take` raises."""
    ahead = [True]

    def sort(frame: bytes) -> None:
        if ahead:
            _header(frame)
            ahead.clear()
        else:
            take(_unpacked(frame))

    target = _Target(sort)
    _open(file, identity, target)
    if not target.whole():
        raise BackupError("the backup ends in the middle of an entry")


class _EnoughError(Exception):
    """The header has been read."""


def _open(file: Any, identity: str, target: _Target) -> None:
    try:
        pyrage.decrypt_io(file, target, [pyrage.x25519.Identity.from_str(identity)])
    except (pyrage.DecryptError, OSError) as error:
        because = "it is damaged, or encrypted to another node's key"
        raise BackupError(f"the backup cannot be opened: {because}") from error


def _header(frame: bytes) -> Header:
    try:
        header = msgspec.msgpack.decode(frame, type=Header)
    except msgspec.DecodeError as error:
        raise BackupError("what the backup holds is no backup of Wardlight") from error
    if header.form != FORM:
        raise BackupError("the backup was made by a later release of Wardlight")
    return header


def _require_sound(entries: list[Entry], previous: Head, node: str) -> None:
    fault = verify(entries, previous)
    if fault is None and not entries:
        because = f"entries end at {previous.position:,} before the log does"
        raise LogBroken(Problem("log.entry-missing", node, because))
    if fault is not None:
        because = f"position {fault.position} {fault.because}"
        raise LogBroken(Problem("log.chain-broken", node, because))


def _frame(body: bytes) -> bytes:
    return _LENGTH.pack(len(body)) + body


def _packed(entry: Entry) -> bytes:
    return msgspec.msgpack.encode(msgspec.structs.astuple(entry))


def _unpacked(frame: bytes) -> Entry:
    try:
        fields = msgspec.msgpack.decode(frame)
        return msgspec.convert(dict(zip(Entry.__struct_fields__, fields, strict=True)), Entry)
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError, TypeError) as error:
        raise BackupError("an entry of the backup cannot be read") from error
