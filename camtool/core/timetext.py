"""Instants and lengths of time as text: RFC 3339 for machines, day first for people. Exact integers throughout.

Two things `datetime` does not do are done here. An instant outside the years 1 to 9999 (a damaged container can state
one) is written through an equal year: the Gregorian calendar repeats every 400 years. A local time that the zone's
clocks show twice carries its offset, so that what is printed always names one instant, and `core.phrase` reads it back.
"""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from camtool.core.model import US_PER_S

US_PER_DAY = 86_400 * US_PER_S
# 400 Gregorian years are 146 097 days, a whole number of weeks: the calendar and every rule-based DST repeat with them.
_CYCLE_YEARS = 400
_CYCLE_US = 146_097 * US_PER_DAY

_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - the model's zero, counted in UTC by itself
_US = dt.timedelta(microseconds=1)
_MINUTE = dt.timedelta(minutes=1)
# A day's margin, because the local time may lie on the other side of the calendar's end.
_FIRST_US = (dt.date.min.toordinal() + 1 - _EPOCH.toordinal()) * US_PER_DAY
_LAST_US = (dt.date.max.toordinal() - _EPOCH.toordinal()) * US_PER_DAY

# RFC 3339 section 5.6, with ISO 8601's signed year for what lies outside 0000 to 9999.
_RFC3339 = re.compile(
    r"([+-][0-9]{5,12}|[0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:([Zz])|([+-])([0-9]{2}):([0-9]{2}))"
)


def _moved(us: int) -> tuple[int, int]:
    """Bring us into datetime's range; return it with the number of 400-year cycles it was moved back by."""
    if _FIRST_US <= us <= _LAST_US:
        return us, 0
    edge_us = _FIRST_US if us < _FIRST_US else _LAST_US - _CYCLE_US
    cycles = (us - edge_us) // _CYCLE_US
    return us - cycles * _CYCLE_US, cycles


def _local(us: int, zone: ZoneInfo) -> tuple[dt.datetime, int]:
    """Return what a clock in the zone shows (aware), and the years to add to it."""
    inside_us, cycles = _moved(us)
    utc = (_EPOCH + inside_us * _US).replace(tzinfo=dt.UTC)
    return utc.astimezone(zone), cycles * _CYCLE_YEARS


def _offset(local: dt.datetime) -> dt.timedelta:
    return local.utcoffset() or dt.timedelta()


def _year_text(year: int) -> str:
    return f"{year:04d}" if 0 <= year <= 9999 else f"{year:+06d}"


def _fraction_text(us: int) -> str:
    """Return nothing, milliseconds or microseconds of the second that us lies in."""
    rest_us = us % US_PER_S
    if rest_us == 0:
        return ""
    return f".{rest_us // 1000:03d}" if rest_us % 1000 == 0 else f".{rest_us:06d}"


def _offset_suffix(offset: dt.timedelta) -> str:
    sign = "-" if offset < dt.timedelta() else "+"
    minutes, seconds = divmod(abs(offset) // dt.timedelta(seconds=1), 60)
    text = f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


def rfc3339(us: int, zone: ZoneInfo) -> str:
    """Write an instant (UTC µs) as RFC 3339 in the zone, always with its offset.

    The fraction is left out when zero, else milliseconds or, where those lose something, microseconds. Offsets of the
    time before standard time have seconds, which RFC 3339 has no room for: they are cut to the minute and the clock
    is written to match, so the instant stays exact.
    """
    local, more_years = _local(us, zone)
    offset = _offset(local) // _MINUTE * _MINUTE
    shown = local.replace(tzinfo=None) - _offset(local) + offset
    date = f"{_year_text(shown.year + more_years)}-{shown.month:02d}-{shown.day:02d}"
    clock = f"{shown.hour:02d}:{shown.minute:02d}:{shown.second:02d}{_fraction_text(us)}"
    return f"{date}T{clock}{_offset_suffix(offset)}"


def from_rfc3339(text: str) -> int:
    """Read what `rfc3339` writes, or any RFC 3339 text, as UTC µs.

    Raises ValueError for anything else, for a second 60 (no recorder counts leap seconds) and for digits below a µs.
    """
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise ValueError(f"not an RFC 3339 time: {text!r}")
    year_text, month, day, hour, minute, second, fraction, zulu, sign, off_hour, off_minute = match.groups()
    digits = (fraction or "").rstrip("0")
    if len(digits) > 6:
        raise ValueError(f"finer than a microsecond: {text!r}")
    cycles, year = divmod(int(year_text) - 2000, _CYCLE_YEARS)
    local = dt.datetime(2000 + year, int(month), int(day), int(hour), int(minute), int(second))  # noqa: DTZ001
    us = (local - _EPOCH) // _US + cycles * _CYCLE_US + int(digits.ljust(6, "0"))
    if zulu:
        return us
    if int(off_hour) > 23 or int(off_minute) > 59:
        raise ValueError(f"not an offset from UTC: {text!r}")
    offset_us = (int(off_hour) * 60 + int(off_minute)) * 60 * US_PER_S
    return us + offset_us if sign == "-" else us - offset_us


def date_text(date: dt.date) -> str:
    """Write a day as people here do: 24/11/2026."""
    return f"{date.day:02d}/{date.month:02d}/{date.year:04d}"


def clock_only(us: int, zone: ZoneInfo) -> str:
    """Write the time of day of an instant (UTC µs): 18:30:05, with .250 when it is not a whole second.

    Where the zone's clocks show that time twice, its offset follows: 02:30:00 UTC+01:00.
    """
    local, _ = _local(us, zone)
    clock = f"{local.hour:02d}:{local.minute:02d}:{local.second:02d}{_fraction_text(us)}"
    if _offset(local.replace(fold=0)) > _offset(local.replace(fold=1)):  # PEP 495: a repeated hour
        return f"{clock} UTC{_offset_suffix(_offset(local))}"
    return clock


def for_people(us: int, zone: ZoneInfo) -> str:
    """Write an instant (UTC µs) day first: 24/11/2026 18:30:05; fraction and repeated hours as in `clock_only`."""
    local, more_years = _local(us, zone)
    return f"{local.day:02d}/{local.month:02d}/{_year_text(local.year + more_years)} {clock_only(us, zone)}"


def duration_text(us: int) -> str:
    """Write a length of time in µs as hours:minutes:seconds, without a word: 1:05:00, 0:00:12.5, 49:00:00, -0:00:12."""
    seconds, rest_us = divmod(abs(us), US_PER_S)
    fraction = f".{rest_us:06d}".rstrip("0") if rest_us else ""
    sign = "-" if us < 0 else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{fraction}"


def offset_text(us: int) -> str:
    """Write a clock's offset in µs, always with its sign: +0:05:00, -0:00:12."""
    return duration_text(us) if us < 0 else f"+{duration_text(us)}"
