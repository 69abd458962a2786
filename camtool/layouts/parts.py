"""The parts of recorders' names that mean the same everywhere: dates, times of day, epoch numbers, names of cameras.

Not a layout. Digits come as text out of a compiled pattern; `strptime` takes six times as long as this.
"""

import datetime as dt
import unicodedata

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_DAY = dt.timedelta(days=1)


def wall(year: str, month: str, day: str, hour: str, minute: str, second: str) -> dt.datetime | None:
    """Return the naive time that a clock showed, or None for one that no calendar or clock has (30 February, 25 h)."""
    try:
        return dt.datetime(int(year), int(month), int(day), int(hour), int(minute), int(second))  # noqa: DTZ001
    except ValueError:
        return None


def wall14(digits: str) -> dt.datetime | None:
    """Return the naive time of fourteen digits, YYYYMMDDhhmmss, or None where there is no such time."""
    return wall(digits[:4], digits[4:6], digits[6:8], digits[8:10], digits[10:12], digits[12:])


def clock_end(start: dt.datetime, hour: str, minute: str, second: str) -> dt.datetime | None:
    """Return the next time after start that a clock shows this time of day: a recording over midnight ends tomorrow.

    The same time of day is the same instant, not a day later (Dahua names a file so while it is being written). None
    for no time of day, or past the last day of the calendar.
    """
    try:
        end = start.replace(hour=int(hour), minute=int(minute), second=int(second), microsecond=0)
        return end if end >= start.replace(microsecond=0) else end + _DAY
    except (ValueError, OverflowError):
        return None


def epoch(digits: str, per_second: int = 1) -> dt.datetime:
    """Return the UTC time of an epoch number of at most thirteen digits, counted per_second (1, or 1000 for ms)."""
    return _EPOCH + dt.timedelta(microseconds=int(digits) * (1_000_000 // per_second))


def channel_text(name: str) -> str:
    """Return a camera's name in NFC: a copy by way of a Mac splits Vietnamese letters from their marks (NFD)."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)
