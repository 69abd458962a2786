"""The grammar itself: a plainly spelled phrase, cut into a day, a part of the day, a time of day and an offset.

Each piece is known by its own shape, so the pieces may stand in any order, each at most once, and nothing may be left
over. What the pieces mean is `core.phrase`'s business; here only shapes are judged.
"""

import re
from dataclasses import dataclass

from camtool.core.phrase_reason import Asked, Why
from camtool.core.phrase_words import MONTHS
from camtool.errors import UnreadableTime

# Every shape is matched against `phrase_words.plain`'s spelling: lower case, ASCII words, single spaces.
_ENDS = r"(?=[ ,]|$)"
_MONTH_NAMES = "|".join(MONTHS)


def _shape(*pieces: str) -> re.Pattern[str]:
    return re.compile("".join(pieces), re.ASCII)


_ISO_DATE = _shape(
    r"(?:vao )?(?:ngay |on )?(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:(?P<iso_t>t)(?=\d)|(?P<iso>)", _ENDS, ")"
)
_NUMBERS_DATE = _shape(
    r"(?:vao )?(?:ngay ?|on )?(?P<day>\d{1,2}) ?(?P<mark>[/.-]) ?(?P<month>\d{1,2})(?: ?(?P=mark) ?(?P<year>\d+))?",
    _ENDS,
)
_THANG_DATE = _shape(
    r"(?:vao )?(?:ngay ?)?(?P<day>\d{1,2}) ?thang ?(?P<month>\d{1,2})(?:,? ?nam ?(?P<year>\d+))?", _ENDS
)
_NAMED_DATE = _shape(r"(?:on )?(?P<day>\d{1,2}) ?(?P<name>", _MONTH_NAMES, r")(?: (?P<year>\d{4}))?", _ENDS)
_DAY_WORD = _shape(r"(?:vao )?(?:(?:ngay )?hom (?P<back>nay|qua|kia)|(?P<english>today|yesterday))", _ENDS)
_PART = _shape(r"(?:vao )?(?P<part>sang|trua|chieu|toi|dem)(?: (?P<back>nay|qua))?", _ENDS)
_OFFSET = _shape(r"utc ?(?P<offset>[+-]\d{2}:\d{2})", _ENDS)
_COLON_CLOCK = _shape(
    r"(?:vao )?(?:luc ?|at )?(?P<hour>\d{1,2}) ?: ?(?P<minute>\d{2})",
    r"(?: ?: ?(?P<second>\d{2})(?:\.(?P<fraction>\d+))?)?",
    r"(?:(?P<offset>z|[+-]\d{2}:\d{2})| ?(?P<half>am|pm))?",
    _ENDS,
)
_HOUR_CLOCK = _shape(
    r"(?:vao )?(?:luc ?)?(?P<hour>\d{1,2}) ?(?:gio|g|h)(?: ?(?P<half_hour>ruoi)",
    r"| ?(?P<minute>\d{2}|\d(?= ?(?:phut|m)))",
    rf"(?! ?[/.:-]| ?thang| ?(?:{_MONTH_NAMES}))",  # these digits belong to a date behind the hour
    r"(?: ?(?:phut|m)(?: ?(?P<second>\d{1,2}) ?(?:giay|s))?)?)?",
    _ENDS,
)
_HALF_CLOCK = _shape(r"(?:at )?(?P<hour>\d{1,2}) ?(?P<half>am|pm)", _ENDS)

# Most telling first.
_SHAPES = (
    ("date", _ISO_DATE),
    ("date", _NUMBERS_DATE),
    ("date", _THANG_DATE),
    ("date", _NAMED_DATE),
    ("date", _DAY_WORD),
    ("part", _PART),
    ("offset", _OFFSET),
    ("clock", _COLON_CLOCK),
    ("clock", _HOUR_CLOCK),
    ("clock", _HALF_CLOCK),
)
_AGO = _shape(
    r"(?P<minus>- ?)?",
    r"(?:(?P<days>\d{1,9}) ?(?:days?|ngay|d) ?)?",
    r"(?:(?P<hours>\d{1,9}) ?(?:hours?|gio|tieng|h|g) ?)?",
    r"(?:(?P<minutes>\d{1,9}) ?(?:minutes?|min|phut|m) ?)?",
    r"(?:(?P<seconds>\d{1,9}) ?(?:seconds?|sec|giay|s) ?)?",
    r"(?P<ago>truoc|ago)?",
)
_NUMBER = _shape(r"(?P<day_word>ngay ?)?(?:luc |vao |at |on )*(?P<number>\d+)", _ENDS)
_YEAR_FIRST = _shape(r"(?!\d{4}-\d{2}-\d{2}(?!\d))\d{4} ?[/.-] ?\d")
_BACK = {"nay": 0, "today": 0, "qua": 1, "yesterday": 1, "kia": 2}


@dataclass(frozen=True, slots=True)
class DateWritten:
    """A date as written: numbers not yet checked, year None where there was none."""

    day: int
    month: int
    year: int | None
    year_first: bool


@dataclass(frozen=True, slots=True)
class ClockWritten:
    """A time of day as written; half is am, pm or None, numbers are not yet checked."""

    hour: int
    minute: int
    second: int
    us: int
    half: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """What a phrase is made of; days_back counts from today. offset is `z` or like `+07:00`."""

    date: DateWritten | None
    days_back: int | None
    part: str | None
    clock: ClockWritten | None
    offset: str | None


def ago_s(asked: Asked, text: str) -> int | None:
    """Read `-1h30m` or `2 gio truoc` as that many seconds; None where the text is no such thing."""
    found = _AGO.fullmatch(text)
    if found is None or (found["minus"] is None) == (found["ago"] is None):
        return None
    counts = [found[unit] for unit in ("days", "hours", "minutes", "seconds")]
    if all(count is None for count in counts):
        return None
    if found["ago"] and found["days"]:
        days = int(found["days"])
        raise asked.refusal(
            Why.DAYS_AGO, *([f"-{days}d"] if days < 10_000 else []), *(["hôm qua"] if days == 1 else [])
        )
    seconds_each = (86_400, 3_600, 60, 1)
    return sum(int(count or 0) * each for count, each in zip(counts, seconds_each, strict=True))


def written(asked: Asked, text: str) -> Written:
    """Cut a plainly spelled phrase into its pieces; raise UnreadableTime where a piece is none or comes twice."""
    found: dict[str, re.Match[str]] = {}
    at = 0
    while at < len(text):
        if text[at] in " ,":
            at += 1
            continue
        kind, match = _piece(asked, text, at)
        if kind == "date":
            _refuse_lone_pair(asked, match.groupdict())
        if kind in found:
            raise asked.refusal(Why.TWO_DAYS if kind == "date" else Why.TWO_CLOCKS)
        found[kind] = match
        at = match.end()
    if not found:
        raise asked.refusal(Why.NO_FORM, rest=asked.phrase)
    return _put_together(asked, found)


def _piece(asked: Asked, text: str, at: int) -> tuple[str, re.Match[str]]:
    for kind, shape in _SHAPES:
        match = shape.match(text, at)
        if match is not None:
            return kind, match
    number = _NUMBER.match(text, at)
    if number is not None:
        raise _lone_number(asked, number)
    if _YEAR_FIRST.match(text, at):
        raise asked.refusal(Why.YEAR_FIRST, asked.today.isoformat())
    raise asked.refusal(Why.NO_FORM, rest=asked.phrase[at:])  # plain spelling keeps every letter's place


def _refuse_lone_pair(asked: Asked, group: dict[str, str | None]) -> None:
    """Refuse `18.30` and `24-11`: without its year only a date with a slash is surely a date."""
    mark = group.get("mark")
    if mark is None or mark == "/" or group["year"] is not None:
        return
    first, second = int(group["day"] or 0), int(group["month"] or 0)
    examples = []
    if 1 <= first <= 28 and 1 <= second <= 12:
        examples.append(f"{first}/{second}/{asked.today.year}")
    if first < 24 and second < 60:
        examples.append(f"{first}:{second:02d}")
    raise asked.refusal(Why.DAY_OR_CLOCK, *examples, text=f"{group['day']}{mark}{group['month']}")


def _lone_number(asked: Asked, match: re.Match[str]) -> UnreadableTime:
    digits = match["number"]
    value = int(digits) if len(digits) <= 2 else 99
    if match["day_word"]:
        example = f"{value}/{asked.today.month}/{asked.today.year}"
        return asked.refusal(Why.NO_MONTH, *([example] if 1 <= value <= 28 else []), day=digits)
    whole = value < 24 and match[0] == match.string
    return asked.refusal(Why.BARE_NUMBER, *([f"{value}:00", f"{value}h"] if whole else []), number=digits)


def _put_together(asked: Asked, found: dict[str, re.Match[str]]) -> Written:
    date_group = found["date"].groupdict() if "date" in found else {}
    part_group = found["part"].groupdict() if "part" in found else {}
    clock_group = found["clock"].groupdict() if "clock" in found else {}
    back = part_group.get("back")
    if back and date_group:
        raise asked.refusal(Why.TWO_DAYS)
    back = back or date_group.get("back") or date_group.get("english")
    if clock_group.get("half") and part_group:
        raise asked.refusal(Why.TWO_CLOCKS)
    return Written(
        date=_date(asked, date_group) if date_group.get("day") else None,
        days_back=_BACK[back] if back else None,
        part=part_group.get("part"),
        clock=_clock(asked, clock_group) if clock_group else None,
        offset=_offset(asked, found),
    )


def _date(asked: Asked, group: dict[str, str | None]) -> DateWritten:
    day, year, name = group["day"] or "", group["year"], group.get("name")
    month = str(MONTHS.index(name[:3]) + 1) if name else group["month"] or ""
    if year is not None and len(year) != 4:
        fits = len(year) == 2 and 1 <= int(day) <= 28 and 1 <= int(month) <= 12
        raise asked.refusal(Why.SHORT_YEAR, *([f"{day}/{month}/20{year}"] if fits else []), year=year)
    return DateWritten(int(day), int(month), int(year) if year else None, "iso" in group)


def _clock(asked: Asked, group: dict[str, str | None]) -> ClockWritten:
    fraction = group.get("fraction") or ""
    if len(fraction) > 6:
        raise asked.refusal(Why.TOO_FINE)
    return ClockWritten(
        hour=int(group["hour"] or 0),
        minute=30 if group.get("half_hour") else int(group.get("minute") or 0),
        second=int(group.get("second") or 0),
        us=int(fraction.ljust(6, "0")),
        half=group.get("half"),
    )


def _offset(asked: Asked, found: dict[str, re.Match[str]]) -> str | None:
    """Return the offset, if any. A bare one stands only behind an ISO date, and `-` only in the form with a T.

    Elsewhere `18:30-19:00` is more likely someone's way of writing a window.
    """
    spelled = found["offset"]["offset"] if "offset" in found else None
    attached = found["clock"].groupdict().get("offset") if "clock" in found else None
    if attached is None:
        return spelled
    date = found["date"].groupdict() if "date" in found else {}
    if spelled is not None or "iso" not in date or (attached[0] == "-" and not date["iso_t"]):
        raise asked.refusal(Why.NO_FORM, rest=attached)
    return attached
