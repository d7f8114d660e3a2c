"""The text of a file somebody saved on a desktop: tables, rosters, schedules."""

from __future__ import annotations

import codecs


def file_text(body: bytes) -> str:
    """Return the text of a file: UTF-8, or what Windows makes: UTF-16 with a mark, else 1252."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")
