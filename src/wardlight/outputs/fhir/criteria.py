"""Does a resource match what was asked: tokens `system|code`, dates with their prefixes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from wardlight.outputs.fhir.answers import invalid
from wardlight.outputs.fhir.dates import COMPARISONS, span_of, value_span
from wardlight.outputs.fhir.parameters import Parameter, ParameterKind
from wardlight.wire.fhir.types import Element

Criterion = Callable[[Element], bool]

_OR = re.compile(r"(?<!\\),")
_BAR = re.compile(r"(?<!\\)\|")
_ESCAPED = re.compile(r"\\([,|$\\])")
_PREFIXED = re.compile(r"([a-z]{2})(\d.*)")


def alternatives(text: str) -> list[str]:
    """Return the values of which one has to match; a comma that is escaped separates nothing."""
    return [part.strip() for part in _OR.split(text) if part.strip()]


def criterion(parameter: Parameter, text: str, zone: str) -> Criterion:
    """Return the test a resource has to pass. Raises Unanswerable when the value is no such."""
    values = alternatives(text)
    if not values:
        raise invalid(f"The search parameter {parameter.name} has no value.")
    one_of = _dates if parameter.kind is ParameterKind.DATE else _tokens
    return one_of(parameter, values, zone)


def _dates(parameter: Parameter, values: list[str], zone: str) -> Criterion:
    asked = [_date(parameter, value, zone) for value in values]

    def matches(resource: Element) -> bool:
        spans = [value_span(value, zone) for value in _found(parameter, resource)]
        return any(compare(span, wanted) for span in spans if span for compare, wanted in asked)

    return matches


def _date(parameter: Parameter, value: str, zone: str) -> tuple[Callable[..., bool], object]:
    prefixed = _PREFIXED.fullmatch(value)
    prefix, date = (prefixed[1], prefixed[2]) if prefixed else ("eq", value)
    span = span_of(date.replace(" ", "+"), zone)
    if prefix not in COMPARISONS or span is None:
        raise invalid(
            f"The search parameter {parameter.name} needs a date such as 2026-11-22 or"
            " 2026-11-22T02:31:00Z, with eq, ne, lt, le, gt or ge before it or nothing."
        )
    return COMPARISONS[prefix], span


def _tokens(parameter: Parameter, values: list[str], zone: str) -> Criterion:  # noqa: ARG001 - one shape for both kinds
    asked = [wanted_token(value) for value in values]

    def matches(resource: Element) -> bool:
        held = [pair for value in _found(parameter, resource) for pair in _pairs(value)]
        return any(same_token(pair, wanted) for pair in held for wanted in asked)

    return matches


def wanted_token(value: str) -> tuple[str | None, str]:
    """Return (system, code) of `system|code`, `|code`, `system|` or `code` (any system: None)."""
    system, *rest = (_ESCAPED.sub(r"\1", part) for part in _BAR.split(value, maxsplit=1))
    return (system, rest[0]) if rest else (None, system)


def same_token(held: tuple[str | None, str], asked: tuple[str | None, str]) -> bool:
    """Return whether a code is the one asked for; `held` has no system where R4 implies one."""
    same_system = held[0] is None or asked[0] is None or held[0] == asked[0]
    return same_system and (held[1] == asked[1] or (not asked[1] and bool(asked[0])))


def _pairs(value: Any) -> Iterator[tuple[str | None, str]]:
    if isinstance(value, bool):
        yield None, "true" if value else "false"
    elif isinstance(value, str):
        yield None, value
    elif "coding" in value:
        for coding in value["coding"]:
            yield from _pairs(coding)
    else:
        yield value.get("system", ""), value.get("code") or value.get("value", "")


def _found(parameter: Parameter, resource: Element) -> Iterator[Any]:
    for path in parameter.paths:
        yield from _at([resource], path.split("."))


def _at(values: list[Any], steps: list[str]) -> Iterator[Any]:
    for step in steps:
        values = [
            inner
            for value in values
            if isinstance(value, dict) and step in value
            for inner in (value[step] if isinstance(value[step], list) else [value[step]])
        ]
    yield from values
