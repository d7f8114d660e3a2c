"""When an order is to be carried out: TQ1, or the older TQ of RXE-1, ORC-7 and OBR-27.

HL7 v2.5.1 §4.5.4 TQ1, §2.A.81 TQ. Several patterns of one order are joined by ` + `: nobody
should plan doses by the first of them alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from wardlight.record.events.charting import Timing
from wardlight.record.instants import Moment
from wardlight.wire.hl7v2 import types
from wardlight.wire.hl7v2.charting.fields import each_words, repetitions, words
from wardlight.wire.hl7v2.charting.groups import Group, Row
from wardlight.wire.hl7v2.message import components
from wardlight.wire.hl7v2.received import Received
from wardlight.wire.hl7v2.text import plain

_AS_NEEDED = re.compile(r"\bPRN\b|\bAS NEEDED\b|\bAS REQUIRED\b|\bWHEN NEEDED\b")
_CLOCK = re.compile(r"([01]\d|2[0-4]):?([0-5]\d)(?::?[0-5]\d)?(?:\.\d+)?(?:[+-]\d{4})?", re.ASCII)
_BETWEEN_TIMES = re.compile(r"[,;\s]+")
_REPEAT_PARTS = 6  # RPT: code, alignment, phase begin, phase end, period, its units


def timing_of(group: Group, got: Received) -> Timing:
    """Return a group's timing; TQ1 first, what it leaves open from RXE-1, ORC-7, OBR-27."""
    newer = [_of_tq1(row, got) for row in group.all("TQ1")]
    found = [_joined(newer)] if newer else []
    for name, n in (("RXE", 1), ("ORC", 7), ("OBR", 27)):
        values = repetitions(group.row(name)[n], got.message.encoding)
        if values:
            found.append(_joined([_of_tq(value, got) for value in values]))
    return _filled(found) if found else Timing()


def _of_tq1(row: Row, got: Received) -> Timing:
    encoding = got.message.encoding
    patterns = [_pattern(value, got) for value in repetitions(row[3], encoding)]
    times = [plain(value, encoding) for value in repetitions(row[4], encoding)]
    text = (words(row[10], encoding), words(row[11], encoding))
    return _timing(
        pattern=_distinct(patterns, " + "),
        times=times,
        starts=got.moment(plain(row[7], encoding)),
        ends=got.moment(plain(row[8], encoding)),
        urgency=(
            _distinct([components(one, encoding, 1)[0] for one in repetitions(row[9], encoding)])
            or "; ".join(each_words(row[9], encoding)),
            _distinct(text, "; "),
        ),
    )


def _of_tq(value: str, got: Received) -> Timing:
    read = types.tq(value, got.message.encoding)
    return _timing(
        pattern=read.pattern,
        times=_BETWEEN_TIMES.split(read.times),
        starts=got.moment(read.start),
        ends=got.moment(read.end),
        urgency=(read.priority, _distinct((read.condition, read.text), "; ")),
    )


def _timing(
    *,
    pattern: str,
    times: Iterable[str],
    starts: Moment | None,
    ends: Moment | None,
    urgency: tuple[str, str],
) -> Timing:
    priority, text = urgency
    return Timing(
        pattern=pattern,
        times=tuple(dict.fromkeys(_clock(time) for time in times if time)),
        starts=starts,
        ends=ends,
        priority=priority,
        text=text,
        as_needed="PRN" in pattern.upper()
        or "PRN" in priority.upper()
        or bool(_AS_NEEDED.search(text.upper())),
    )


def _pattern(value: str, got: Received) -> str:
    """Return the code of a repeat pattern, or `Q6H` where only the period is given (RPT)."""
    parts = components(value, got.message.encoding, _REPEAT_PARTS)
    code, period, unit = parts[0], parts[4], parts[5]
    if code or not (period and unit):
        return code
    return f"Q{period}{unit.upper()}"


def _clock(time: str) -> str:
    """Return a time of day as HH:MM, 24:00 as midnight; what is none stays as sent."""
    found = _CLOCK.fullmatch(time)
    if found is None:
        return time
    return f"{'00' if found[1] == '24' else found[1]}:{found[2]}"


def _joined(parts: list[Timing]) -> Timing:
    """Return several timings of one order as one."""
    if len(parts) == 1:
        return parts[0]
    starts = [one.starts for one in parts if one.starts]
    ends = [one.ends for one in parts if one.ends]
    return Timing(
        pattern=_distinct([one.pattern for one in parts], " + "),
        times=tuple(dict.fromkeys(time for one in parts for time in one.times)),
        starts=min(starts, key=_instant, default=None),
        ends=max(ends, key=_instant) if len(ends) == len(parts) else None,
        priority=_distinct([one.priority for one in parts]),
        text=_distinct([one.text for one in parts], "; "),
        as_needed=any(one.as_needed for one in parts),
    )


def _filled(found: list[Timing]) -> Timing:
    """Return the first timing with its gaps filled by those after it."""
    planned = next((one for one in found if one.pattern or one.times), found[0])
    return Timing(
        pattern=planned.pattern,
        times=planned.times,
        starts=next((one.starts for one in found if one.starts), None),
        ends=next((one.ends for one in found if one.ends), None),
        priority=next((one.priority for one in found if one.priority), ""),
        text=next((one.text for one in found if one.text), ""),
        as_needed=any(one.as_needed for one in found),
    )


def _distinct(parts: Iterable[str], between: str = " ") -> str:
    return between.join(dict.fromkeys(part for part in parts if part))


def _instant(moment: Moment) -> int:
    return moment.at
