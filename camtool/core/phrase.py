"""Time phrases: what an officer types, read for sure or not at all.

The grammar is docs/time.md. Vietnamese and English, day first always. Nothing is guessed: where a phrase has two
meanings, or none, the error says why and shows spellings that have one. A phrase without a year says which year it
took, and a local time that the clocks showed twice is returned as the two instants it can be.
"""

import datetime as dt
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from camtool.core.model import US_PER_S, Span
from camtool.core.phrase_grammar import ClockWritten, DateWritten, Written, ago_s, written
from camtool.core.phrase_reason import Asked, Why
from camtool.core.phrase_words import plain, tidied, unknown_word
from camtool.core.timetext import US_PER_DAY, date_text, for_people
from camtool.errors import BackwardsWindow

_US = dt.timedelta(microseconds=1)
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()
_DAY_S = 86_400

# Each part of the day: its word, and its first and last hour. An hour counts as it stands or, up to 12, in the
# afternoon, whichever lies in the part. Within the bounds of Unicode CLDR's day periods for Vietnamese (sáng to 12,
# chiều 12-18, tối 18-21, đêm from 21), widened by what Vietnamese textbooks teach (1-3 giờ sáng, 11-14 trưa, 18 giờ
# chiều, to 23 giờ tối). Hours on which those differ about noon or midnight are left out, and so refused.
_PARTS = {
    "sang": ("sáng", 0, 11),
    "trua": ("trưa", 11, 14),
    "chieu": ("chiều", 13, 18),
    "toi": ("tối", 18, 23),
    "dem": ("đêm", 21, 23),
}
# The hours of a night that belong to the next date, by the calendar, but to the same night, by most people.
_SMALL_HOURS = (0, 1, 2, 3, 4, 12, 24)

# The tz database's extremes since 1970: Kwajalein at -12:00 (to 1993) and Kiritimati at +14:00.
_OFFSETS_S = (-12 * 3_600, 14 * 3_600)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a phrase means: the earliest and latest instant it can be, in UTC µs.

    They differ only where repeated, that is where the clocks showed that local time twice. phrase is what was typed
    (NFC, single spaces). year_taken is the year that a phrase without one was given, to be shown. dayless: it named no
    day, such as `18:30`, and was taken as today.
    """

    start_us: int
    end_us: int
    phrase: str
    year_taken: int | None
    repeated: bool
    dayless: bool = False


@dataclass(frozen=True, slots=True)
class WindowReading:
    """A window and the two phrases it was read from. A repeated hour is searched whole: span has its outer instants."""

    span: Span
    start: Reading
    end: Reading


def read_time(text: str, *, now_us: int, zone: ZoneInfo) -> Reading:
    """Read a time phrase as people at the site mean it at now_us (UTC µs).

    Raises UnreadableTime, and nothing else, for what cannot be read for sure; its fact `reason` is a
    `phrase_reason.Reason`, to be translated by its template.
    """
    today = dt.date.fromordinal(_EPOCH_DAY + _local_us(now_us, zone) // US_PER_DAY)
    asked = Asked(tidied(text), now_us, today, zone)
    if not asked.phrase:
        raise asked.refusal(Why.EMPTY)
    unknown = unknown_word(asked.phrase)
    if unknown is not None:
        raise asked.refusal(Why.UNKNOWN_WORD, word=unknown)
    words = plain(asked.phrase)
    if words in ("now", "bay gio"):
        return Reading(now_us, now_us, asked.phrase, None, repeated=False)
    back_s = ago_s(asked, words)
    if back_s is not None:
        us = now_us - back_s * US_PER_S
        if us < 0:
            raise asked.refusal(Why.TOO_EARLY)
        return Reading(us, us, asked.phrase, None, repeated=False)
    return _meant(asked, written(asked, words))


def read_window(from_text: str, to_text: str, *, now_us: int, zone: ZoneInfo) -> WindowReading:
    """Read the window [from, to). Raises UnreadableTime, or BackwardsWindow where it ends at or before its start."""
    start = read_time(from_text, now_us=now_us, zone=zone)
    end = read_time(to_text, now_us=now_us, zone=zone)
    if end.end_us <= start.start_us:
        raise BackwardsWindow(start=for_people(start.start_us, zone), end=for_people(end.end_us, zone))
    return WindowReading(Span(start.start_us, end.end_us), start, end)


def _local_us(us: int, zone: ZoneInfo) -> int:
    utc = dt.datetime.fromtimestamp(us // US_PER_S, dt.UTC)
    return us + _offset_us(utc.astimezone(zone))


def _offset_us(local: dt.datetime) -> int:
    return (local.utcoffset() or dt.timedelta()) // _US


def _meant(asked: Asked, said: Written) -> Reading:
    date, year_taken = asked.days_back(said.days_back or 0), None
    if said.date is not None:
        date = _date(asked, said.date)
        year_taken = date.year if said.date.year is None else None
    if date.year < 1970:
        raise asked.refusal(Why.TOO_EARLY)
    second_of_day, us = _time_of_day(asked, said, date)
    if said.offset is not None:
        if said.date is None or said.clock is None or year_taken is not None:
            raise asked.refusal(Why.OFFSET_ALONE)
        exact_us = _naive_us(date, second_of_day) + us - _offset_s(asked, said.offset) * US_PER_S
        return Reading(exact_us, exact_us, asked.phrase, None, repeated=False)
    reading = _in_zone(asked, date, second_of_day, us, year_taken)
    return replace(reading, dayless=said.date is None and said.days_back is None)


def _date(asked: Asked, said: DateWritten) -> dt.date:
    if said.month > 12 and said.day <= 12 and not said.year_first:
        swapped = _day_or_none(said.year or asked.today.year, said.day, said.month)
        raise asked.refusal(Why.DAYS_FIRST, *([date_text(swapped)] if swapped else []), month=said.month)
    if said.year is not None:
        date = _day_or_none(said.year, said.month, said.day)
    else:
        # Eight years back are enough for any 29 February (1896 to 1904, 2096 to 2104).
        years = range(asked.today.year, asked.today.year - 9, -1)
        dates = (_day_or_none(year, said.month, said.day) for year in years)
        date = next((day for day in dates if day is not None and day <= asked.today), None)
    if date is None:
        year = "" if said.year is None else f"/{said.year:04d}"
        text = f"{said.day:02d}/{said.month:02d}{year}"
        if said.year_first:
            text = f"{said.year:04d}-{said.month:02d}-{said.day:02d}"
        last = _last_of_month(asked.today.year if said.year is None else said.year, said.month)
        raise asked.refusal(Why.NO_SUCH_DAY, *([date_text(last)] if last else []), date=text)
    return date


def _last_of_month(year: int, month: int) -> dt.date | None:
    days = (_day_or_none(year, month, day) for day in (31, 30, 29, 28))
    return next((day for day in days if day is not None and year >= 1970), None)


def _day_or_none(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _time_of_day(asked: Asked, said: Written, date: dt.date) -> tuple[int, int]:
    """Return the second of the day (86 400: its end) and the µs beyond it."""
    clock = said.clock
    if clock is None:
        if said.part is not None:
            word, first, last = _PARTS[said.part]
            raise asked.refusal(Why.NO_HOUR, _example(date, first), _example(date, last), part=word)
        return 0, 0
    if clock.minute > 59 or clock.second > 59 or clock.hour > 24:
        raise asked.refusal(Why.NO_SUCH_CLOCK, clock=_clock_text(clock))
    hour = clock.hour
    if clock.half is not None:
        hour = _hour_of_half(asked, clock, date)
    elif said.part is not None:
        hour = _hour_of_part(asked, said.part, clock, date)
    second_of_day = hour * 3_600 + clock.minute * 60 + clock.second
    if second_of_day * US_PER_S + clock.us > US_PER_DAY:
        raise asked.refusal(Why.NO_SUCH_CLOCK, f"{date_text(date)} 24:00", clock=_clock_text(clock))
    return second_of_day, clock.us


def _hour_of_half(asked: Asked, clock: ClockWritten, date: dt.date) -> int:
    # NIST's time and frequency FAQ: 12 a.m. and 12 p.m. are wrong and should not be used.
    if clock.hour == 12:
        raise asked.refusal(Why.TWELVE, _example(date, 0, clock.minute), _example(date, 12, clock.minute))
    if not 1 <= clock.hour <= 11:
        raise asked.refusal(Why.NO_SUCH_CLOCK, clock=f"{_clock_text(clock)} {clock.half}")
    return clock.hour + (12 if clock.half == "pm" else 0)


def _hour_of_part(asked: Asked, part: str, clock: ClockWritten, date: dt.date) -> int:
    word, first, last = _PARTS[part]
    for hour in (clock.hour, clock.hour + 12):
        if first <= hour <= last and (hour == clock.hour or clock.hour > 0):
            return hour
    if part in ("toi", "dem") and clock.hour in _SMALL_HOURS and date < dt.date.max:
        hour, nights = clock.hour % 12, (date, date + dt.timedelta(days=1))
        examples = [_example(night, hour, clock.minute) for night in nights]
        first_text, second_text = map(date_text, nights)
        clock_text = f"{hour:02d}:{clock.minute:02d}"
        raise asked.refusal(Why.TWO_DATES, *examples, clock=clock_text, first=first_text, second=second_text)
    hours = {clock.hour, (clock.hour + 12) % 24}
    examples = [_example(date, hour, clock.minute) for hour in sorted(hours) if hour < 24]
    raise asked.refusal(Why.HOUR_NOT_IN_PART, *examples, clock=_clock_text(clock), part=word)


def _clock_text(clock: ClockWritten) -> str:
    seconds = f":{clock.second:02d}" if clock.second else ""
    return f"{clock.hour}:{clock.minute:02d}{seconds}"


def _example(date: dt.date, hour: int, minute: int = 0) -> str:
    return f"{date_text(date)} {hour:02d}:{minute:02d}"


def _offset_s(asked: Asked, text: str) -> int:
    if text == "z":
        return 0
    hours, minutes = int(text[1:3]), int(text[4:6])
    seconds = (hours * 3_600 + minutes * 60) * (-1 if text[0] == "-" else 1)
    if minutes > 59 or not _OFFSETS_S[0] <= seconds <= _OFFSETS_S[1]:
        raise asked.refusal(Why.NO_SUCH_OFFSET, offset=text)
    return seconds


def _naive_us(date: dt.date, second_of_day: int) -> int:
    return ((date.toordinal() - _EPOCH_DAY) * _DAY_S + second_of_day) * US_PER_S


def _in_zone(asked: Asked, date: dt.date, second_of_day: int, us: int, year_taken: int | None) -> Reading:
    """Place a local time, by PEP 495: of a repeated time fold 0 is the earlier, of a skipped one fold 0 is off less."""
    if second_of_day == _DAY_S and date == dt.date.max:
        raise asked.refusal(Why.NO_SUCH_DAY, date=f"{date_text(date)} 24:00")
    days, seconds = divmod(second_of_day, _DAY_S)
    midnight = dt.datetime.combine(date + dt.timedelta(days=days), dt.time(), asked.zone)
    local = midnight + dt.timedelta(seconds=seconds)  # aware, but Python adds to the clock's face, as meant here
    naive_us = _naive_us(date, second_of_day) + us
    early_us, late_us = (_offset_us(local.replace(fold=fold)) for fold in (0, 1))
    if early_us < late_us:
        jump = dt.timedelta(microseconds=late_us - early_us)
        examples = (f"{date_text(near)} {near:%H:%M}" for near in (local - jump, local + jump))
        shown = f"{date_text(local)} {local:%H:%M:%S}"
        raise asked.refusal(Why.SKIPPED, *examples, local=shown, zone=str(asked.zone))
    return Reading(naive_us - early_us, naive_us - late_us, asked.phrase, year_taken, repeated=early_us != late_us)
