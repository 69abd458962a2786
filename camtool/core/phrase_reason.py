"""Why a time phrase was not read, as data: sentences that can be translated, and the facts that fill them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from camtool.core.timetext import date_text
from camtool.errors import UnreadableTime, mark


class Why(StrEnum):
    """Every reason there is. The value is the English message id; it completes `cannot read "…" as a time: …`."""

    EMPTY = mark("nothing is written there")
    UNKNOWN_WORD = mark('the word "{word}" is not one it knows')
    NO_FORM = mark('it fits no known form from "{rest}" on')
    BARE_NUMBER = mark('the number "{number}" alone could be an hour, a day or a year')
    NO_MONTH = mark("the day {day} needs its month")
    DAY_OR_CLOCK = mark('"{text}" could be a day or a time of day')
    DAYS_FIRST = mark("days come first, and there is no month {month}")
    YEAR_FIRST = mark("a date that begins with its year is written with hyphens and two digits for month and day")
    SHORT_YEAR = mark('a year is written with four digits, not "{year}"')
    NO_SUCH_DAY = mark("the day {date} does not exist")
    TOO_EARLY = mark("that is before 1970, before any recorder's clock")
    NO_SUCH_CLOCK = mark("the time of day {clock} does not exist")
    TOO_FINE = mark("a second is divided no finer than six digits")
    TWELVE = mark("12 am and 12 pm are each understood both ways")
    NO_HOUR = mark('"{part}" names no hour')
    HOUR_NOT_IN_PART = mark('{clock} does not lie in "{part}"')
    TWO_DATES = mark("a night has two dates, and this could be {clock} on {first} or on {second}")
    TWO_DAYS = mark("it names two days")
    TWO_CLOCKS = mark("it names two times of day")
    DAYS_AGO = mark("it could be that whole day, or this time of day then")
    SKIPPED = mark("the clocks were put forward: {local} does not exist in {zone}")
    NO_SUCH_OFFSET = mark("no place on earth is {offset} from UTC")
    OFFSET_ALONE = mark("an offset from UTC needs a date with its year, and a time of day")


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason with its facts. To translate: look template up in the catalog, then fill it with facts."""

    template: Why
    facts: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.facts)


@dataclass(frozen=True, slots=True)
class Asked:
    """A phrase as it was typed (NFC, single spaces), and where and when: today is the local date of now_us (UTC µs)."""

    phrase: str
    now_us: int
    today: dt.date
    zone: ZoneInfo

    def days_back(self, days: int) -> dt.date:
        """Return the date so many days before today."""
        return self.today - dt.timedelta(days=days)

    def refusal(self, why: Why, *examples: str, **facts: str | int) -> UnreadableTime:
        """Make the error for this phrase; without examples it shows the common forms.

        Its facts are phrase, examples (phrases that can be read, joined by commas; the same in every language) and
        reason, a `Reason`.
        """
        shown = examples or (f"{date_text(self.days_back(1))} 18:30", "18h30 hôm qua", "tối qua 22h", "18:30", "-2h")
        return UnreadableTime(phrase=self.phrase, reason=Reason(why, facts), examples=", ".join(shown))
