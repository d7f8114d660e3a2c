"""The key file of a node: what it needs to start unattended, and what a thief needs too.

By default it lies in the node's folder; `[keys] file` in the settings puts it on another medium.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from binascii import Error
from pathlib import Path

from wardlight.log.keys import SECRET_BYTES, Keys
from wardlight.run.keeping.private_files import write_private
from wardlight.run.settings import Settings

KEY_FILE = "node.key"
_HEAD = "wardlight-key-1"


class KeyFileError(Exception):
    """The node's key cannot be had; the sentence says why and what to do."""


def key_path(folder: Path, settings: Settings) -> Path:
    """Return where the key of this folder's node lies."""
    return folder / (settings.keys.file or KEY_FILE)


def read_keys(path: Path) -> Keys:
    """Read a key file. Raises KeyFileError."""
    try:
        head, secret, check = path.read_text("ascii").split()
        keys = Keys(b64decode(secret, validate=True))
    except FileNotFoundError as error:
        because = f"{path}: the key is not there; bring it back with `wardlight keys recover`"
        raise KeyFileError(because) from error
    except OSError as error:
        raise KeyFileError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, Error) as error:
        raise KeyFileError(f"{path}: this is no key file of Wardlight") from error
    if head != _HEAD or len(keys.secret) != SECRET_BYTES or check != keys.check():
        because = f"{path}: the key file is damaged; bring it back with `wardlight keys recover`"
        raise KeyFileError(because)
    return keys


def write_keys(path: Path, keys: Keys) -> None:
    """Write a key file that only this account can read."""
    line = f"{_HEAD} {b64encode(keys.secret).decode()} {keys.check()}\n"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(path, line.encode("ascii"))


def keys_of(folder: Path, settings: Settings, *, new: bool = False) -> Keys:
    """Return the keys of a node; with `new`, make them for a folder that has no log yet."""
    path = key_path(folder, settings)
    if new and not path.exists():
        write_keys(path, Keys(secrets.token_bytes(SECRET_BYTES)))
    return read_keys(path)
