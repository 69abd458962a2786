"""A time zone's offsets over a span, for a reader that has no tz database of its own: a page opened years later."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from camtool.core.model import Span

MS_PER_DAY = 86_400_000
# Zones change their offset a few times a year at most; a span is looked through day by day, up to so many days.
MOST_DAYS = 40_000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# datetime's own calendar, with a margin: the years 2 to 9998.
_FIRST_MS, _LAST_MS = -62_100_000_000_000, 253_370_000_000_000


def offsets_ms(span: Span, zone: ZoneInfo) -> list[tuple[int, int]]:
    """Return (from, offset from UTC) in ms over a span of µs UTC: the first pair holds from the span's start on."""
    start_ms = _inside(span.start_us // 1000)
    end_ms = min(_inside(-(-span.end_us // 1000)), start_ms + MOST_DAYS * MS_PER_DAY)
    return list(_changes(start_ms, end_ms, zone))


def _inside(ms: int) -> int:
    return min(max(ms, _FIRST_MS), _LAST_MS)


def _changes(start_ms: int, end_ms: int, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    before = _offset_ms(start_ms, zone)
    yield start_ms, before
    low = start_ms
    while low < end_ms:
        high = min(low + MS_PER_DAY, end_ms)
        after = _offset_ms(high, zone)
        if after != before:
            yield _changed_at(low, high, after, zone), after
            before = after
        low = high


def _changed_at(low: int, high: int, after: int, zone: ZoneInfo) -> int:
    """Return the first ms of the new offset, by halving: low still has the old one."""
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_ms(middle, zone) == after:
            high = middle
        else:
            low = middle
    return high


def _offset_ms(ms: int, zone: ZoneInfo) -> int:
    offset = (_EPOCH + dt.timedelta(milliseconds=ms)).astimezone(zone).utcoffset() or dt.timedelta()
    return offset // dt.timedelta(milliseconds=1)
