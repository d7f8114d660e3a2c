"""`wardlight keys`: the key of a node in shares for custodians, brought back, and checked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pyrage

from wardlight.log.checkpoint import verifier_line
from wardlight.log.contract import LogError
from wardlight.log.heads import origin_of
from wardlight.log.keys import Keys
from wardlight.log.shares import NEEDED, WORDS, ShareError, Typed, joined, read_share, typed_shares
from wardlight.log.shares import split as split_in_shares
from wardlight.paper.share import Share, share_page, share_text
from wardlight.paper.typeset import Press
from wardlight.run.clock import system_clock
from wardlight.run.commands.say import (
    EXIT_CONFLICT,
    EXIT_FAILED,
    EXIT_NOT_FOUND,
    document,
    fail,
    line,
    progress,
    warn,
)
from wardlight.run.keeping.key_file import KeyFileError, key_path, read_keys, write_keys
from wardlight.run.keeping.node_log import LOG_FOLDER, NodeLog
from wardlight.run.keeping.private_files import write_private
from wardlight.run.paperwork.press import load_press
from wardlight.run.settings import Settings, SettingsError, read_settings

TYPE = (
    "type the {} words of each share, one share after the other; the numbers may be left out. "
    "End with Ctrl-D"
)


def run_split(data: Path, *, out: Path, as_json: bool) -> None:
    """Write a new set of shares, each as a text and as a page."""
    where = _where(data)
    made = datetime.fromtimestamp(system_clock() / 1_000, UTC).date().isoformat()
    shares = split_in_shares(where.keys, where.name, made)
    taken = [path for share in shares for path in _paths(out, share) if path.exists()]
    if taken:
        fail(f"{taken[0]}: there are shares already; take another folder", EXIT_CONFLICT)
    try:
        files = _written(shares, out, load_press(), paper=where.settings.first_site().paper)
    except OSError as error:
        fail(f"{out}: cannot be written: {error.strerror}", EXIT_FAILED)
    warn("print each page, hand it over, and delete the files: three of them are the whole key")
    if as_json:
        told = {"node": where.name, "key_check": where.keys.check(), "needed": NEEDED}
        document("wardlight.shares.1", {**told, "set": shares[0].set_number, "files": files})
    else:
        line(f"key check {where.keys.check()}, set {shares[0].set_number}: {NEEDED} are needed")
        for file in files:
            line(file)


def run_recover(data: Path, *, files: Sequence[Path], as_json: bool) -> None:
    """Bring the key file back from shares; another key is never overwritten."""
    settings = _settings(data)
    path = key_path(data, settings)
    try:
        keys = joined(_read_files(files) if files else _read_typed())
    except ShareError as error:
        fail(str(error), EXIT_FAILED)
    there = _key_there(path)
    if there is not None and there.secret != keys.secret:
        because = f"another key lies there already ({there.check()})"
        fail(f"{path}: {because}; the shares are of {keys.check()}", EXIT_CONFLICT)
    opens = _opens_log(NodeLog(data, settings, keys))
    if opens is False:
        because = f"the log of {data} was not written with the key of these shares"
        fail(f"{because} ({keys.check()}); nothing was changed", EXIT_CONFLICT)
    if there is None:
        try:
            if path.exists():  # damaged, and perhaps not beyond somebody else's help
                path.replace(path.with_name(path.name + ".damaged"))
            write_keys(path, keys)
        except OSError as error:
            fail(f"{path}: cannot be written: {error.strerror}", EXIT_FAILED)
    if as_json:
        told = {"file": str(path), "key_check": keys.check(), "opens_log": opens}
        document("wardlight.recovered_key.1", told)
    else:
        line(f"{path}: key {keys.check()} is there; {_opens_words(opens)}")


def run_check(data: Path, *, as_json: bool) -> None:
    """Say whether the key opens the log, and the public line by which others know this node."""
    where = _where(data)
    opens = _opens_log(where)
    verifier = verifier_line(origin_of(where.name), where.keys.verifying())
    recipient = str(pyrage.x25519.Identity.from_str(where.keys.age_identity()).to_public())
    if as_json:
        told = {"node": where.name, "key_check": where.keys.check(), "opens_log": opens}
        public = {"verifier": verifier, "recipient": recipient}
        document("wardlight.key_check.1", {**told, **public})
    else:
        line(f"key check  {where.keys.check()}; {_opens_words(opens)}")
        line(f"verifier   {verifier}")
        line(f"recipient  {recipient}")
    if opens is False:
        fail(f"{data}: the key does not open the log", EXIT_FAILED)


def _where(data: Path) -> NodeLog:
    settings = _settings(data)
    path = key_path(data, settings)
    try:
        return NodeLog(data, settings, read_keys(path))
    except KeyFileError as error:
        fail(str(error), EXIT_FAILED if path.exists() else EXIT_NOT_FOUND)


def _settings(data: Path) -> Settings:
    try:
        return read_settings(data)
    except SettingsError as error:
        fail(str(error))


def _paths(out: Path, share: Share) -> tuple[Path, Path]:
    name = f"share-{share.number}-of-{share.total}"
    return out / f"{name}.txt", out / f"{name}.pdf"


def _written(shares: Sequence[Share], out: Path, press: Press, *, paper: str) -> list[str]:
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    files: list[str] = []
    for share in shares:
        text, page = _paths(out, share)
        write_private(text, share_text(share).encode())
        write_private(page, share_page(share, press, paper=paper).body)
        files += [str(text), str(page)]
    return files


def _read_files(files: Sequence[Path]) -> list[Typed]:
    shares = []
    for file in files:
        try:
            shares.append(read_share(file.read_text("utf-8"), str(file)))
        except FileNotFoundError:
            fail(f"{file}: there is no such file", EXIT_NOT_FOUND)
        except (OSError, UnicodeDecodeError):
            fail(f"{file}: cannot be read; take the share's text file", EXIT_FAILED)
    return shares


def _read_typed() -> list[Typed]:
    """Read shares from a person, until there are enough, or from a pipe to its end."""
    if not sys.stdin.isatty():
        return typed_shares(sys.stdin.read())
    progress(TYPE.format(WORDS) + "\n")
    typed = ""
    for said in sys.stdin:
        typed += said
        shares = typed_shares(typed)
        if len(shares) >= NEEDED and len(shares[-1].words) == WORDS:
            break
    return typed_shares(typed)


def _key_there(path: Path) -> Keys | None:
    """Return the key that lies there; a damaged one is what the shares are for."""
    try:
        return read_keys(path)
    except KeyFileError:
        return None


def _opens_log(where: NodeLog) -> bool | None:
    """Return whether the key opens the log; None when there is no log yet."""
    if not (where.folder / LOG_FOLDER).is_dir():
        return None
    try:
        with closing(where.read()) as log:
            log.head()
    except LogError:
        return False
    return True


def _opens_words(opens: bool | None) -> str:  # noqa: FBT001 -- the answer itself, not a switch
    if opens is None:
        return "there is no log here yet"
    return "it opens the log" if opens else "it does not open the log"
