"""`wardlight restore`: a log from a backup, taken into use only once everything is verified."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from wardlight.log.backups import BackupError, Header, Told, read_backup, read_header
from wardlight.log.contract import LogError
from wardlight.log.heads import Witness, witness
from wardlight.log.keys import Keys
from wardlight.log.sqlite import SqliteLog, open_log
from wardlight.log.sqlite_reader import open_reader
from wardlight.log.verifying import Remembered, verify_log
from wardlight.record.entry import Entry
from wardlight.record.events.numbers import KIND as NUMBERS_RESERVED
from wardlight.record.instants import Instant
from wardlight.run.clock import system_clock
from wardlight.run.commands.say import (
    EXIT_CONFLICT,
    EXIT_FAILED,
    EXIT_NOT_FOUND,
    document,
    fail,
    line,
    progress,
    progress_done,
)
from wardlight.run.keeping.backup_files import (
    BackupInUseError,
    Generation,
    generation,
    head_path,
    is_whole,
    only_writer,
    sync_folder,
)
from wardlight.run.keeping.key_file import KeyFileError, key_path, read_keys
from wardlight.run.keeping.node_log import LOG_FOLDER, NodeLog, trusted
from wardlight.run.keeping.scan_backup import bring_back, list_of, pictures_in, store_of
from wardlight.run.keeping.verify import AgainstError, against_head
from wardlight.run.number_blocks import jump
from wardlight.run.settings import FILE, SettingsError, read_settings
from wardlight.views.patients.numbers import Numbers

PARTIAL_FOLDER = "restoring"
BATCH_ENTRIES = 2_048
BATCH_BYTES = 16 * 2**20
TOLD_EVERY = 25_600


class OlderError(BackupError):
    """A later head of this log was seen: with this backup acknowledged entries would be lost."""


class Wanted(Struct, frozen=True):
    """What is to be restored, and what is known of the log from elsewhere."""

    backup: Generation
    header: Header
    where: NodeLog
    seen: Witness
    against: tuple[Remembered, ...]
    lacking: tuple[str, ...] = ()  # scans that are missing from the backup, or altered in it


def run_restore(file: Path, *, data: Path, against: str, older: bool, as_json: bool) -> None:
    """Restore a backup onto a folder without a log and say what was restored."""
    if (data / LOG_FOLDER).exists():
        fail(f"{data}: there is a log already; restore into another folder", EXIT_CONFLICT)
    if not file.is_file():
        fail(f"{file}: there is no such file", EXIT_NOT_FOUND)
    with _naming_trouble(data):
        keys = read_keys(key_path(data, read_settings(data)))
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with only_writer(data):
            wanted = restored(file, data, keys, against=against, older=older)
    progress_done()
    _say(wanted, data, as_json=as_json)
    if wanted.lacking:
        raise SystemExit(EXIT_FAILED)


@contextmanager
def _naming_trouble(data: Path) -> Iterator[None]:
    """End with one line and the right exit code."""
    try:
        yield
    except (SettingsError, AgainstError) as error:
        fail(str(error))
    except KeyFileError as error:
        fail(str(error), EXIT_NOT_FOUND)
    except (OlderError, BackupInUseError) as error:
        fail(str(error), EXIT_CONFLICT)
    except BackupError as error:
        fail(f"{error}. Nothing was restored; take another backup", EXIT_FAILED)
    except LogError as error:
        fail(f"{error.problem.where}: {error.problem.because}", EXIT_FAILED)
    except OSError as error:
        fail(f"{data}: cannot be written: {error.strerror}", EXIT_FAILED)


def restored(file: Path, data: Path, keys: Keys, *, against: str, older: bool) -> Wanted:
    """Restore a backup: beside the place first, verified, then moved there.

    Raises BackupError, LogError, SettingsError, AgainstError or OSError; the folder then has no
    log, as before.
    """
    partial = data / PARTIAL_FOLDER
    shutil.rmtree(partial, ignore_errors=True)  # of a restore that a power cut ended
    partial.mkdir(mode=0o700)
    try:
        wanted = _wanted(file, data, keys, against)
        if not older:
            _refuse_older(wanted)
        scans = list_of(wanted.backup, keys)
        filled = _fill(wanted, partial / LOG_FOLDER, keys)
        _verify(wanted, partial / LOG_FOLDER)
        store = store_of(file.parent, wanted.header.node)
        progress("bringing scans back")
        lacking = bring_back(scans, filled.pictures, store, data, keys)
        jump(data, filled.numbers.highest())  # first: a number on a wristband is in no backup
        if not (data / FILE).exists() and (partial / FILE).exists():
            (partial / FILE).replace(data / FILE)
        (partial / LOG_FOLDER).replace(data / LOG_FOLDER)
        sync_folder(data)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    _take_up(wanted.where, system_clock(), older=older)
    return replace(wanted, lacking=lacking)


def _wanted(file: Path, data: Path, keys: Keys, against: str) -> Wanted:
    """Check signature and digest, open the header, and gather what was seen of this log."""
    try:
        origin = head_path(file).read_text("utf-8").partition("\n")[0]
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"{head_path(file)}: the signed head cannot be read") from error
    backup = generation(file, {origin: keys.verifying()})
    progress(f"checking {file.name}")
    if not is_whole(backup):
        raise BackupError(f"{file}: the file is not the one that was signed: changed or cut")
    with file.open("rb") as opened:
        header = read_header(opened, keys.age_identity())
    where = NodeLog(data, read_settings(_settings_folder(data, header)), keys)
    if where.name != header.node:
        because = f"the backup is of node {header.node}, the settings name {where.name}"
        raise BackupError(f"{data / FILE}: {because}")
    seen, heads = _seen_elsewhere(against, where)
    return Wanted(backup, header, where, seen, tuple(heads))


def _settings_folder(data: Path, header: Header) -> Path:
    """Return the folder whose settings hold: a machine that has none takes the backup's."""
    if (data / FILE).exists() or not header.settings:
        return data
    (data / PARTIAL_FOLDER / FILE).write_text(header.settings, "utf-8")
    return data / PARTIAL_FOLDER


def _seen_elsewhere(against: str, where: NodeLog) -> tuple[Witness, list[Remembered]]:
    """Return what the folder's own witness remembers, and what was given with --against."""
    seen = where.seen(newest=None)
    if not against:
        return seen, []
    if not Path(against).is_dir():
        return seen, [against_head(against, where)]
    other = witness(Path(against), where.name, where.keys)
    heads = [Remembered(head.size, head.root, against) for head in other.heads]
    tail = [Remembered(other.tail.position, b"", against)] if other.tail else []
    return seen, heads + tail


def _refuse_older(wanted: Wanted) -> None:
    size = wanted.backup.head.size
    latest = max([wanted.seen.size(), *(head.size for head in wanted.against)])
    if latest > size:
        because = f"the backup ends at entry {size:,}, but entry {latest:,} was seen"
        missing = f"{latest - size:,} acknowledged entries would be missing"
        advice = "take a newer backup, or --older to go on without them"
        raise OlderError(f"{because}: {missing}; {advice}")


def _fill(wanted: Wanted, folder: Path, keys: Keys) -> _Filling:
    """Append every entry; each must get the very seal it had. Return what they spoke of."""
    cipher = wanted.where.settings.log.cipher
    log = open_log(folder, wanted.header.node, key=keys.store(), cipher=cipher)
    with closing(log):
        filling = _Filling(log, wanted.header.entries, _tell("restoring"))
        with wanted.backup.path.open("rb") as file:
            read_backup(file, keys.age_identity(), filling.take)
        filling.flush()
    return filling


def _verify(wanted: Wanted, folder: Path) -> None:
    """Read the new log back: every seal, the signed root, and every head that was seen."""
    head, where = wanted.backup.head, wanted.where
    within = Witness(
        wanted.seen.tail if wanted.seen.tail and wanted.seen.tail.position <= head.size else None,
        tuple(one for one in wanted.seen.heads if one.size <= head.size),
    )
    known = [one for one in wanted.against if one.size <= head.size and one.root]
    own = Remembered(head.size, head.root, "the backup's head")
    reader = open_reader(folder, key=where.keys.store(), cipher=where.settings.log.cipher)
    with closing(reader) as log:
        found = verify_log(log, within, [own, *known], _tell("verifying"))
    if found.entries != head.size:
        because = f"the backup has {found.entries:,} entries, its head says {head.size:,}"
        raise BackupError(because)
    if not found.ok:
        raise BackupError(f"the backup is not what was signed: {found.findings[0].because}")


def _take_up(where: NodeLog, now: Instant, *, older: bool) -> None:
    """Open the log as a node will, sign its head, and note it when something was accepted."""
    opened = trusted(where, now, accept_loss=older)
    if opened.alarm is not None:
        raise LogError(opened.alarm)
    if opened.log is not None:
        opened.log.sign_head()
    opened.reader.close()


class _Filling:
    """Entries gathered into appends."""

    def __init__(self, log: SqliteLog, last: int, told: Told) -> None:
        self.numbers = Numbers()
        self.pictures: set[str] = set()  # of scans
        self._log = log
        self._last = last
        self._told = told
        self._entries: list[Entry] = []
        self._octets = 0

    def take(self, entry: Entry) -> None:
        """Take the next entry."""
        if entry.kind == NUMBERS_RESERVED:
            self.numbers.take(entry)
        self.pictures.update(pictures_in(entry))
        self._entries.append(entry)
        self._octets += len(entry.body)
        if len(self._entries) >= BATCH_ENTRIES or self._octets >= BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Append what is held."""
        appended = self._log.append([entry.as_said() for entry in self._entries])
        for was, now in zip(self._entries, appended, strict=True):
            if was != now:
                raise BackupError(f"entry {was.position:,} of the backup is not what was sealed")
        self._entries, self._octets = [], 0
        if appended:
            self._told(appended[-1].position, self._last)


def _tell(doing: str) -> Told:
    told = [0]

    def tell(done: int, last: int) -> None:
        if done - told[0] >= TOLD_EVERY or done == last:
            told[0] = done
            progress(f"{doing}: {done:,} of {last:,} entries")

    return tell


def _say(wanted: Wanted, data: Path, *, as_json: bool) -> None:
    head, made = wanted.backup.head, wanted.backup.made
    where = NodeLog(data, read_settings(data), wanted.where.keys)
    if as_json:
        told = {"node": where.name, "entries": head.size, "root": head.root.hex(), "made": made}
        more = {"folder": str(data), "lacking": list(wanted.lacking)}
        document("wardlight.restore.1", {**told, **more})
        return
    line(f"{data}: {head.size:,} entries of node {where.name} are back, as they were at {made}")
    for name in wanted.lacking:
        line(f"{name}: this scan is missing from the backup or was altered; look for the paper")
    if not key_path(data, where.settings).exists():
        line(f"{data / FILE} names another place for the key: put the key file there")
