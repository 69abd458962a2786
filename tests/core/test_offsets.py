"""A zone's offsets over a span, as a page without a tz database needs them."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from camtool.core.model import Span
from camtool.core.offsets import MOST_DAYS, offsets_ms

HOUR_MS = 3_600_000
DAY_US = 86_400_000_000
BERLIN = ZoneInfo("Europe/Berlin")


def us(year: int, month: int, day: int, hour: int = 0) -> int:
    return int(dt.datetime(year, month, day, hour, tzinfo=dt.UTC).timestamp()) * 1_000_000


def test_a_zone_that_never_changes_has_one():
    span = Span(us(2026, 11, 23), us(2026, 11, 24))
    assert offsets_ms(span, ZoneInfo("Asia/Ho_Chi_Minh")) == [(span.start_us // 1000, 7 * HOUR_MS)]


def test_changes_are_found_to_the_millisecond():
    span = Span(us(2026, 3, 1), us(2026, 12, 1))
    assert offsets_ms(span, BERLIN) == [
        (us(2026, 3, 1) // 1000, HOUR_MS),
        (us(2026, 3, 29, 1) // 1000, 2 * HOUR_MS),  # EU rule: last Sundays of March and October, 01:00 UTC
        (us(2026, 10, 25, 1) // 1000, HOUR_MS),
    ]


def test_times_beyond_the_calendar_are_brought_into_it():
    far = offsets_ms(Span(-(2**62), 2**62), ZoneInfo("UTC"))
    assert [offset for _, offset in far] == [0]


@given(st.integers(us(1990, 1, 1), us(2040, 1, 1)), st.integers(1, 400), st.floats(0, 1))
def test_any_instant_is_told_as_zoneinfo_tells_it(start_us, days, share):
    span = Span(start_us, start_us + days * DAY_US)
    at_ms = (start_us + int(share * days * DAY_US)) // 1000
    held = [offset for begins_ms, offset in offsets_ms(span, BERLIN) if begins_ms <= at_ms][-1]
    told = dt.datetime.fromtimestamp(at_ms / 1000, BERLIN).utcoffset()
    assert told is not None
    assert held == told // dt.timedelta(milliseconds=1)
    assert days < MOST_DAYS
