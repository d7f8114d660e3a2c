"""Reports that come as HTML or RTF inside a field, shown as inert words.

Nothing is executed, fetched or kept of the markup; the message keeps the original.
"""

from __future__ import annotations

import html
import re

from wardlight.wire.hl7v2.encoding import Encoding
from wardlight.wire.hl7v2.text import prose

_TAGS = "html|body|head|p|br|div|span|table|tr|td|th|b|i|u|ul|ol|li|h[1-6]|pre|font|script|style"
_LOOKS_HTML = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|<!doctype", re.IGNORECASE)
_HIDDEN_START = re.compile(r"<(script|style|head|title)\b", re.IGNORECASE)
_LINE_TAG = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(
    rf"<!--|-->|<[!?][^<>]*>|</?(?:{_TAGS}|[a-z][a-z0-9:]*)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_SPACES = re.compile(r"[ \t\xa0]+")
_CONTROLS = {code: None for code in (*range(32), 127, *range(0x80, 0xA0)) if code not in (9, 10)}

_RTF = re.compile(
    r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,5}) ?\??|\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\([^a-zA-Z])"
    r"|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_SURROGATES = range(0xD800, 0xE000)
_RTF_HIDDEN = frozenset({"fonttbl", "colortbl", "stylesheet", "info", "pict", "generator"})
_RTF_BREAKS = {"par": "\n", "line": "\n", "row": "\n", "tab": "\t", "cell": "\t", "page": "\n"}


def display_text(value: str, encoding: Encoding) -> str:
    """Return a TX, FT, ST or NTE field as inert text with line breaks.

    A repetition separator ends a line (HL7 v2.5.1 §2.A.77 TX), but `~5 ml` stays "about 5 ml".
    """
    mark = encoding.repetition
    if mark and mark in value:
        value = re.sub(rf"{re.escape(mark)}(?=[^\d\s])", "\n", value)
    return inert(prose(value, encoding))


def inert(text: str) -> str:
    """Return `text` without HTML, RTF and control characters."""
    if text.startswith("{\\rtf"):
        text = _without_rtf(text)
    elif "<" in text and _LOOKS_HTML.search(text):
        text = _without_html(text)
    return text if text.isprintable() else text.translate(_CONTROLS)


def _without_html(text: str) -> str:
    """Return the words of an HTML fragment; scripts, styles and comments go whole."""
    text = _without_hidden(text).replace("\n", " ")
    text = _TAG.sub(" ", _LINE_TAG.sub("\n", text))
    lines = (_SPACES.sub(" ", line).strip() for line in html.unescape(text).split("\n"))
    return "\n".join(line for line in lines if line)


def _without_hidden(text: str) -> str:
    """Return HTML without the elements whose content is never shown, closed or not."""
    shown: list[str] = []
    at = 0
    while found := _HIDDEN_START.search(text, at):
        shown.append(text[at : found.start()])
        end = re.compile(f"</{found.group(1)}", re.IGNORECASE).search(text, found.end())
        if end is None:
            return "".join(shown)
        at = end.start()
    return "".join(shown) + text[at:]


def _without_rtf(text: str) -> str:
    """Return the words of an RTF document (RTF 1.9.1): groups, control words, escapes."""
    shown: list[str] = []
    hidden: list[bool] = [False]
    for token in _RTF.finditer(text):
        byte, unicode, word, _number, symbol, brace, words = token.groups()
        if brace:
            _enter_or_leave(hidden, opening=brace == "{")
        elif word in _RTF_HIDDEN or symbol == "*":
            hidden[-1] = True
        elif not hidden[-1]:
            shown.append(_rtf_words(byte, unicode, word, symbol, words))
    return "".join(shown).strip()


def _enter_or_leave(hidden: list[bool], *, opening: bool) -> None:
    if opening:
        hidden.append(hidden[-1])
    elif len(hidden) > 1:
        hidden.pop()


def _rtf_words(
    byte: str | None, unicode: str | None, word: str | None, symbol: str | None, words: str | None
) -> str:
    """Return what one RTF token shows."""
    if byte:
        return bytes.fromhex(byte).decode("cp1252", "replace")
    if unicode:
        code = int(unicode) % 0x10000
        return "\ufffd" if code in _SURROGATES else chr(code)
    if word:
        return _RTF_BREAKS.get(word, "")
    if symbol:
        return " " if symbol == "~" else symbol if symbol in "\\{}" else ""
    return words or ""
