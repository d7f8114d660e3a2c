"""Any value of the record's and the views' classes, hostile text included."""

from __future__ import annotations

import types
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin

import msgspec
from hypothesis import strategies as st

from wardlight.record.instants import Instant, Moment, PartialDate
from wardlight.record.reading import Stamp

_ODD = ("", "5.40", "<0.5", "1e5", "-.5", "007", "12:30", "2-4", "W", "LN", "%", "  ", "a  b ")
_HOSTILE = (
    "<script>alert(1)</script>",
    "A&B|C^D",
    "\x00\x1f",
    "a\u2028b\u00a0c",
    "\ud800",
    "\u0663",
)
TEXTS = st.sampled_from([*_ODD, *_HOSTILE]) | st.text(max_size=6)
INSTANTS = st.integers(-3_000_000_000_000, 4_000_000_000_000).map(Instant)
MOMENTS = st.builds(Moment, INSTANTS, st.sampled_from([4, 6, 8, 10, 12, 14]))
STAMPS = st.builds(Stamp, INSTANTS, INSTANTS, TEXTS, st.integers(1, 10**9), TEXTS)
DATES = st.builds(PartialDate, st.integers(1850, 2100), st.just(3), st.integers(0, 28))
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    int: st.integers(-5, 2_000),
    Moment: MOMENTS,
    Stamp: STAMPS,
    PartialDate: DATES,
    type(None): st.none(),
}


@cache
def any_of(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for a type as it is written in a struct's fields."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    if getattr(kind, "__supertype__", None) is not None:
        return any_of(kind.__supertype__)
    if get_origin(kind) is tuple:
        return st.lists(any_of(get_args(kind)[0]), max_size=2).map(tuple)
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of(*(any_of(part) for part in get_args(kind)))
    if issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    fields = {field.name: any_of(field.type) for field in msgspec.structs.fields(kind)}
    return st.builds(kind, **fields)
