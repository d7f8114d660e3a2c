"""One invented entry of every kind that people make, each field filled with something plain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import msgspec
from msgspec import inspect

from wardlight.record.events.access import AccessEvent
from wardlight.record.events.access import kind_of as access_kind
from wardlight.record.events.entered import Entered, Said, kind_of
from wardlight.record.events.numbers import KIND, NumbersReserved
from wardlight.record.events.printing import PrintSaid
from wardlight.record.identity import PatientKey
from wardlight.record.instants import Instant

AT = Instant(1_795_305_600_000)  # 2026-11-22T00:00Z


def samples() -> Iterator[tuple[str, bytes]]:
    """Give the kind and the body of each."""
    for number, said in enumerate(get_args(Said)):
        entered = Entered(
            id=f"{number:032x}",
            by="RN A. Sample",
            said=filled(said),
            patient=PatientKey("GEN|SAMPLE"),
            role="nurse",
            station="4E-1",
            made=AT,
            skew=0,
            content=f"{number:032x}",
        )
        yield kind_of(entered.said), entered.packed()
    for one in get_args(AccessEvent):
        event = filled(one)
        yield access_kind(event), msgspec.json.encode(event)
    for printing in get_args(PrintSaid):
        event = filled(printing)
        yield str(printing.__struct_config__.tag), msgspec.json.encode(event)
    reserved = NumbersReserved(site="GEN", site_index=7, block=1, station="4E-1", drill=False)
    yield KIND, msgspec.json.encode(reserved)


def filled(kind: Any) -> Any:
    """Return an event with every field filled, as plainly as its type allows."""
    shape = inspect.type_info(kind)
    assert isinstance(shape, inspect.StructType), "an event is a struct"
    values = {field.name: _value(field.type, field.name) for field in shape.fields}
    return msgspec.convert(values | {shape.tag_field: shape.tag} if shape.tag else values, kind)


def _value(shape: Any, name: str) -> Any:  # noqa: C901, PLR0911, PLR0912 -- one answer for each kind of type
    match shape:
        case inspect.StrType():
            return f"sample {name}"
        case inspect.IntType():
            return int(AT) if name in ("at", "until", "made") else 1
        case inspect.BoolType():
            return False
        case inspect.EnumType():
            return next(iter(shape.cls)).value
        case inspect.StructType():
            inner = {one.name: _value(one.type, one.name) for one in shape.fields}
            return {**inner, shape.tag_field: shape.tag} if shape.tag else inner
        case inspect.VarTupleType():
            return [_value(shape.item_type, name)]
        case inspect.TupleType():
            return [_value(one, name) for one in shape.item_types]
        case inspect.UnionType():
            return _value(shape.types[0], name)
        case inspect.NoneType():
            return None
        case inspect.DictType():
            return {}
        case _:
            return 1
