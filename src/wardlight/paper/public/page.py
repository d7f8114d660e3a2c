"""The public status page: HTML that needs no server, no script and no network.

It is copied by USB to any web host: two files beside each other, a page and its style. Every
address in it is relative. WCAG 2.2 AA; large type; nothing by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from wardlight.record.instants import iso
from wardlight.views.services.public_status import PublicLine, PublicNotice

PAGE_BYTES_MAX = 30_000  # on a phone with one bar
STYLE_NAME, SIGN_NAME = "status.css", "status.svg"
STYLE = """\
html{font:1.25rem/1.5 system-ui,sans-serif;color:#111;background:#fff}
body{margin:0 auto;max-width:52rem;padding:1rem}
header{border-bottom:.3rem solid #111;margin-bottom:1rem}
header img{float:inline-end;width:3rem;height:3rem;margin-inline-start:1rem}
h1{font-size:2rem;line-height:1.2;margin:.3rem 0}
h2{font-size:1.45rem;line-height:1.2;margin:1.6rem 0 .4rem}
p{margin:.5rem 0}
nav ul{display:flex;flex-wrap:wrap;gap:.4rem 1.2rem;list-style:none;margin:.5rem 0;padding:0}
a{color:#003a8c;display:inline-block;min-height:2.75rem;line-height:2.75rem}
.network{font-weight:700;margin:0}
.alarm{border:.2rem solid #111;border-inline-start-width:.8rem;padding:.5rem .8rem;font-weight:700}
ul.lines{list-style:none;margin:0;padding:0}
ul.lines li{border-top:1px solid #555;padding:.5rem 0 .5rem 2.2rem;position:relative}
[dir=rtl] ul.lines li{padding:.5rem 2.2rem .5rem 0}
.mark{position:absolute;inset-inline-start:0;font-weight:700;font-size:1.5rem;line-height:1.3}
.where{font-weight:700}
.says{display:block}
.call{font-size:1.5rem;font-weight:700}
footer{border-top:.3rem solid #111;margin-top:1.6rem}
@media print{html{font-size:12pt}nav{display:none}}
"""
SIGN = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" role="img"><title>H</title>\
<rect x="2" y="2" width="44" height="44" rx="6" fill="#fff" stroke="#111" stroke-width="4"/>\
<path d="M15 12v24M33 12v24M15 24h18" stroke="#111" stroke-width="6" fill="none"/></svg>
"""


def page_name(notices: Sequence[PublicNotice], language: str) -> str:
    """Return the file of a language; the first one is the page people land on."""
    first = notices[0].language
    return "index.html" if language == first else f"index.{language}.html"


def public_page(notice: PublicNotice, notices: Sequence[PublicNotice], *, old: bool = False) -> str:
    """Return the page of one language; an `old` one says at its head that it must not be used."""
    up = "../../" if old else ""
    return (
        f'<!doctype html>\n<html lang="{escape(notice.language)}" dir="{escape(notice.direction)}">'
        f'\n{_source(notice)}\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(notice.network)}: {escape(notice.title)}</title>\n"
        f'<link rel="icon" href="{up}{SIGN_NAME}" type="image/svg+xml">\n'
        f'<link rel="stylesheet" href="{up}{STYLE_NAME}">\n</head>\n<body>\n<header>\n'
        f'<img src="{up}{SIGN_NAME}" alt="" width="48" height="48">\n'
        f'<p class="network">{escape(notice.network)}</p>\n<h1>{escape(notice.title)}</h1>\n'
        f"<p>{escape(notice.updated)}</p>\n{_languages(notice, notices)}</header>\n<main>\n"
        f"{_alarm(notice.old) if old else ''}{_body(notice)}</main>\n{_foot(notice)}"
        "</body>\n</html>\n"
    )


def _source(notice: PublicNotice) -> str:
    """Return who approved the words and when: in the source, where an editor finds it."""
    at = iso(notice.approved_at)
    said = f"Approved by {notice.approved_by} at {at}, decision {notice.approval}"
    plain = "".join(sign for sign in said if sign not in "<>").replace("--", "- -")
    return f"<!-- {plain} -->"


def _languages(notice: PublicNotice, notices: Sequence[PublicNotice]) -> str:
    others = [one for one in notices if one.language != notice.language]
    if not others:
        return ""
    links = "".join(
        f'<li><a href="{page_name(notices, one.language)}" lang="{escape(one.language)}" '
        f'hreflang="{escape(one.language)}">{escape(one.language_name)}</a></li>'
        for one in others
    )
    return f'<nav aria-label="Languages"><ul>{links}</ul></nav>\n'


def _alarm(words: str) -> str:
    return f'<p class="alarm">{escape(words)}</p>\n'


def _body(notice: PublicNotice) -> str:
    first, *more = notice.paragraphs
    return (
        f"<p>{escape(first)}</p>\n"
        f"{_alarm(more[0])}"
        f"{''.join(f'<p>{escape(one)}</p>' for one in more[1:])}\n"
        f"{_lines(notice.emergency_heading, notice.emergency)}"
        f"{_lines(notice.visits_heading, notice.visits)}"
        f"<h2>{escape(notice.hotline)}</h2>\n"
        f"{_paragraphs((notice.wait, notice.medicines, notice.card))}"
    )


def _lines(heading: str, lines: Iterable[PublicLine]) -> str:
    items = "".join(_item(one) for one in lines)
    if not items:
        return ""
    return f'<h2>{escape(heading)}</h2>\n<ul class="lines">\n{items}</ul>\n'


def _item(one: PublicLine) -> str:
    return (
        f'<li><span class="mark" aria-hidden="true">{one.mark}</span>'
        f'<span class="where">{escape(one.where)}</span>: {escape(one.what)}'
        f'<span class="says">{escape(one.says)}</span></li>\n'
    )


def _paragraphs(words: Iterable[str]) -> str:
    return "".join(f"<p>{escape(one)}</p>\n" for one in words if one)


def _foot(notice: PublicNotice) -> str:
    return f"<footer>\n{_paragraphs((notice.next,))}</footer>\n" if notice.next else ""
