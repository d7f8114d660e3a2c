"""E-mail addresses of patients, as far as a message may be sent to one."""

from __future__ import annotations

import re

LETTERS_MAX = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets of a path
_PLAIN = re.compile(
    r"[A-Za-z0-9_][A-Za-z0-9._%+'-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)


def mail_address(stated: str) -> str:
    """Return a stated address without blanks around it; "" for what no message is sent to.

    Plain addresses only: one that could be two, hide a header or begin a spreadsheet's formula is
    none. Quoted and internationalised ones (RFC 6531) are left out and not guessed at.
    """
    text = stated.strip().removeprefix("mailto:")
    fits = len(text) <= LETTERS_MAX and _PLAIN.fullmatch(text) is not None
    return text if fits and ".." not in text else ""
