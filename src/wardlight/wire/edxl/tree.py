"""XML as a tree of plain values: written escaped, read without entities, checked by its shape.

Documents from outside are read by expat with everything switched off that has ever been used to
attack a reader: no DOCTYPE, no entities, no processing of references (OWASP XXE, CWE-776, CWE-611).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from wardlight.record.problems import Problem

BYTES_MAX = 4 * 1024 * 1024
DEPTH_MAX = 40
ELEMENTS_MAX = 200_000
TEXT_MAX = 20_000  # of one element
NOT_READ = "xml.not-read"
_MARKUP = re.compile("[<>&]")
_NO_CHARACTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Tag(Struct, frozen=True, gc=False):
    """One element. Written: `prefix:name`. Read: the name and its namespace apart."""

    name: str
    text: str = ""
    children: tuple[Tag, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    namespace: str = ""

    def child(self, name: str) -> Tag | None:
        """Return the first child of this name."""
        return next((one for one in self.children if one.name == name), None)

    def all(self, name: str) -> Iterator[Tag]:
        """Give the children of this name."""
        return (one for one in self.children if one.name == name)

    def words(self, *path: str) -> str:
        """Return the text at the end of a path, blanks folded; "" where there is none."""
        at: Tag | None = self
        for name in path:
            at = at.child(name) if at is not None else None
        return " ".join(at.text.split()) if at is not None else ""


def tag(name: str, *inside: str | Tag | None, **attributes: str) -> Tag:
    """Return an element with text or children; None among them is left out."""
    text, children = "", []
    for one in inside:
        if isinstance(one, Tag):
            children.append(one)
        elif one is not None:
            text += one
    return Tag(name, text, tuple(children), tuple(attributes.items()))


def maybe(name: str, text: str | None) -> Tag | None:
    """Return an element with text; None where there is nothing to say."""
    return tag(name, text) if text else None


def plain(text: str) -> str:
    """Return text as XML 1.0 can hold it: a sign it cannot hold becomes the replacement sign."""
    return _NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text)


def written(root: Tag, namespaces: Mapping[str, str]) -> bytes:
    """Return a document in UTF-8; `namespaces` by prefix, "" for the default one."""
    named = [(f"xmlns:{prefix}" if prefix else "xmlns", at) for prefix, at in namespaces.items()]
    top = Tag(root.name, root.text, root.children, (*named, *root.attributes))
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _write(top, parts, "")
    return "".join(parts).encode()


def _write(one: Tag, parts: list[str], indent: str) -> None:
    name = said = one.name
    for key, value in one.attributes:
        said += f" {key}={quoteattr(plain(value))}"
    if one.children:
        parts.append(f"{indent}<{said}>\n")
        deeper = f"{indent} "
        for child in one.children:
            _write(child, parts, deeper)
        parts.append(f"{indent}</{name}>\n")
    else:
        parts.append(f"{indent}<{said}>{_escaped(one.text)}</{name}>\n")


def _escaped(text: str) -> str:
    """Return text as it may stand in an element; most of it needs nothing done."""
    if text.isascii() and text.isprintable() and not _MARKUP.search(text):
        return text
    return escape(plain(text))


def read(body: bytes) -> Tag | Problem:
    """Return the tree of a document from outside, or why it is not read."""
    if len(body) > BYTES_MAX:
        return Problem(NOT_READ, "size", f"larger than {BYTES_MAX // 1024**2} MB")
    reading = _Reading()
    try:
        reading.parser.Parse(body, True)  # noqa: FBT003 -- expat's own signature
    except expat.ExpatError as error:
        return Problem(NOT_READ, f"line {error.lineno}", expat.ErrorString(error.code))
    except (LookupError, ValueError):
        return Problem(NOT_READ, "encoding", "its encoding is not known here: send UTF-8")
    except _RefusedError as error:
        return Problem(NOT_READ, f"line {reading.parser.CurrentLineNumber}", str(error))
    return reading.root


class _RefusedError(Exception):
    """Something no document of ours needs."""


class _Open(Struct):
    name: str
    namespace: str
    attributes: tuple[tuple[str, str], ...]
    children: list[Tag]
    text: list[str]
    length: int = 0


class _Reading:
    """One document while it is read."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator="\n")
        self.parser.StartDoctypeDeclHandler = _refuse
        self.parser.EntityDeclHandler = _refuse
        self.parser.ExternalEntityRefHandler = _refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._said
        self.root = Tag("")
        self._open: list[_Open] = []
        self._count = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= DEPTH_MAX or self._count > ELEMENTS_MAX:
            raise _RefusedError("nested too deeply, or too many elements")
        namespace, local = _split(name)
        named = tuple((_split(one)[1], value) for one, value in attributes.items())
        self._open.append(_Open(local, namespace, named, [], []))

    def _end(self, _: str) -> None:
        done = self._open.pop()
        text = "" if done.children else "".join(done.text)
        made = Tag(done.name, text, tuple(done.children), done.attributes, done.namespace)
        if self._open:
            self._open[-1].children.append(made)
        else:
            self.root = made

    def _said(self, text: str) -> None:
        top = self._open[-1]
        top.length += len(text)
        if top.length > TEXT_MAX:
            raise _RefusedError("a text is longer than any that is meant for people")
        top.text.append(text)


def _refuse(*_: object) -> int:
    raise _RefusedError("a DOCTYPE or an entity: not taken from outside")


def _split(name: str) -> tuple[str, str]:
    namespace, _, local = name.rpartition("\n")
    return namespace, local


class Part(Struct, frozen=True):
    """One place in the order of an element's children."""

    name: str
    needed: bool = False
    many: bool = False
    pattern: str = ""  # of the text; "" for any
    filled: bool = False  # the text is not empty


Shape = Mapping[str, tuple[Part, ...]]
"""By element: which children it has, in this order."""


def wrong_in(root: Tag, shape: Shape) -> tuple[str, ...]:
    """Return what does not fit the shape of a format, in words; () for what fits."""
    return tuple(_wrong(root, shape))


def _wrong(root: Tag, shape: Shape) -> Iterator[str]:
    left = [root]
    while left:
        one = left.pop()
        if one.name in shape:
            yield from _wrong_order(one, shape[one.name])
        left += [child for child in one.children if child.children]


def _wrong_order(one: Tag, parts: Iterable[Part]) -> Iterator[str]:
    at, children = 0, one.children
    for part in parts:
        first = at
        while at < len(children) and children[at].name == part.name and (part.many or at == first):
            if part.filled or part.pattern:
                yield from _wrong_text(children[at], part)
            at += 1
        if part.needed and at == first:
            yield f"{one.name} has no {part.name}"
    if at < len(children):
        yield f"{children[at].name} stands in the wrong place in {one.name}"


def _wrong_text(one: Tag, part: Part) -> Iterator[str]:
    if part.filled and not one.text.strip():
        yield f"{one.name} is empty"
    if part.pattern and not re.fullmatch(part.pattern, one.text):
        yield f"{one.name} does not say what its format allows"
