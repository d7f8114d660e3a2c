from __future__ import annotations

from tests.web.ward_of_28 import NOW

from wardlight.record.instants import DAY, Instant
from wardlight.web.times import Times

TIMES = Times(now=NOW, zone="America/New_York")


def test_the_days_before_today_are_offered_with_their_weekday() -> None:
    first = TIMES.past_days()[0]
    assert first == ("2026-11-21", "Sat 21-Nov-2026")


def test_today_is_never_among_the_days_before_it() -> None:
    for hour in range(24):
        t = Times(now=Instant(NOW + hour * DAY // 24), zone="America/New_York")
        boxes = [box for box, _ in t.past_days()]
        assert t.iso_day() not in boxes
        assert len(boxes) == len(set(boxes))
        assert boxes == sorted(boxes, reverse=True)
