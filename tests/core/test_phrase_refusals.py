import pickle

import pytest

from camtool.core.phrase_reason import Reason, Why
from camtool.errors import EXIT_USAGE, UnreadableTime
from tests.core.test_phrase import read

COMMON = "23/11/2026 18:30, 18h30 hôm qua, tối qua 22h, 18:30, -2h"

# What is typed, why it is not read, the facts of the reason, and what is offered instead (None: the common forms).
REFUSED: list[tuple[str, Why, dict[str, str | int], str | None]] = [
    ("", Why.EMPTY, {}, None),
    (" \t ", Why.EMPTY, {}, None),
    # words
    ("hello", Why.UNKNOWN_WORD, {"word": "hello"}, None),
    ("thứ hai 18h", Why.UNKNOWN_WORD, {"word": "thứ"}, None),
    ("ngày mai 7h", Why.UNKNOWN_WORD, {"word": "mai"}, None),
    ("hôm kìa 7h", Why.UNKNOWN_WORD, {"word": "kìa"}, None),
    ("hôm quá 7h", Why.UNKNOWN_WORD, {"word": "quá"}, None),
    ("7 giờ kém 15", Why.UNKNOWN_WORD, {"word": "kém"}, None),
    ("last night 10pm", Why.UNKNOWN_WORD, {"word": "last"}, None),
    # lone numbers
    ("18", Why.BARE_NUMBER, {"number": "18"}, "18:00, 18h"),
    ("lúc 18", Why.BARE_NUMBER, {"number": "18"}, "18:00, 18h"),
    ("2026", Why.BARE_NUMBER, {"number": "2026"}, None),
    ("hôm qua 18", Why.BARE_NUMBER, {"number": "18"}, None),
    ("18 giờ 5", Why.BARE_NUMBER, {"number": "5"}, None),
    ("18h30 15", Why.BARE_NUMBER, {"number": "15"}, None),
    ("24 Nov 26", Why.BARE_NUMBER, {"number": "26"}, None),
    ("24 tháng 11 2026", Why.BARE_NUMBER, {"number": "2026"}, None),
    ("ngày 24", Why.NO_MONTH, {"day": "24"}, "24/11/2026"),
    ("18h30 ngày 31", Why.NO_MONTH, {"day": "31"}, None),
    ("18.30", Why.DAY_OR_CLOCK, {"text": "18.30"}, "18:30"),
    ("5-11", Why.DAY_OR_CLOCK, {"text": "5-11"}, "5/11/2026, 5:11"),
    ("18.30 24/11/2026", Why.DAY_OR_CLOCK, {"text": "18.30"}, "18:30"),
    ("24/11/2026 18.30", Why.DAY_OR_CLOCK, {"text": "18.30"}, "18:30"),
    # dates
    ("11/24/2026", Why.DAYS_FIRST, {"month": 24}, "24/11/2026"),
    ("11/24", Why.DAYS_FIRST, {"month": 24}, "24/11/2026"),
    ("02/30/2026 18:30", Why.DAYS_FIRST, {"month": 30}, None),
    ("30/02/2026", Why.NO_SUCH_DAY, {"date": "30/02/2026"}, "28/02/2026"),
    ("29/02/2025 7h", Why.NO_SUCH_DAY, {"date": "29/02/2025"}, "28/02/2025"),
    ("31/04", Why.NO_SUCH_DAY, {"date": "31/04"}, "30/04/2026"),
    ("0/11/2026", Why.NO_SUCH_DAY, {"date": "00/11/2026"}, "30/11/2026"),
    ("24/13/2026", Why.NO_SUCH_DAY, {"date": "24/13/2026"}, None),
    ("24/11/0000", Why.NO_SUCH_DAY, {"date": "24/11/0000"}, None),
    ("2026-24-11", Why.NO_SUCH_DAY, {"date": "2026-24-11"}, None),
    ("2026-02-30T18:30Z", Why.NO_SUCH_DAY, {"date": "2026-02-30"}, "28/02/2026"),
    ("31/12/9999 24:00", Why.NO_SUCH_DAY, {"date": "31/12/9999 24:00"}, None),
    ("24/11/26", Why.SHORT_YEAR, {"year": "26"}, "24/11/2026"),
    ("24/11/20266", Why.SHORT_YEAR, {"year": "20266"}, None),
    ("24 tháng 11 năm 26", Why.SHORT_YEAR, {"year": "26"}, "24/11/2026"),
    ("2026/11/24", Why.YEAR_FIRST, {}, "2026-11-24"),
    ("2026-1-5", Why.YEAR_FIRST, {}, "2026-11-24"),
    ("24 Nov 1830", Why.TOO_EARLY, {}, None),
    ("31/12/1969 23:59", Why.TOO_EARLY, {}, None),
    ("-999999h", Why.TOO_EARLY, {}, None),
    # times of day
    ("25:00", Why.NO_SUCH_CLOCK, {"clock": "25:00"}, None),
    ("24:01", Why.NO_SUCH_CLOCK, {"clock": "24:01"}, "24/11/2026 24:00"),
    ("24:00:00.000001", Why.NO_SUCH_CLOCK, {"clock": "24:00"}, "24/11/2026 24:00"),
    ("18:60", Why.NO_SUCH_CLOCK, {"clock": "18:60"}, None),
    ("18:30:60", Why.NO_SUCH_CLOCK, {"clock": "18:30:60"}, None),
    ("24h rưỡi", Why.NO_SUCH_CLOCK, {"clock": "24:30"}, "24/11/2026 24:00"),
    ("18:30 pm", Why.NO_SUCH_CLOCK, {"clock": "18:30 pm"}, None),
    ("0:30am", Why.NO_SUCH_CLOCK, {"clock": "0:30 am"}, None),
    ("18:30:05.1234567", Why.TOO_FINE, {}, None),
    ("12pm", Why.TWELVE, {}, "24/11/2026 00:00, 24/11/2026 12:00"),
    ("yesterday 12:30am", Why.TWELVE, {}, "23/11/2026 00:30, 23/11/2026 12:30"),
    # parts of the day
    ("tối qua", Why.NO_HOUR, {"part": "tối"}, "23/11/2026 18:00, 23/11/2026 23:00"),
    ("sang 20/11/2026", Why.NO_HOUR, {"part": "sáng"}, "20/11/2026 00:00, 20/11/2026 11:00"),
    (
        "sáng qua 22h",
        Why.HOUR_NOT_IN_PART,
        {"clock": "22:00", "part": "sáng"},
        "23/11/2026 10:00, 23/11/2026 22:00",
    ),
    ("12h sáng nay", Why.HOUR_NOT_IN_PART, {"clock": "12:00", "part": "sáng"}, "24/11/2026 00:00, 24/11/2026 12:00"),
    ("chiều nay 8h", Why.HOUR_NOT_IN_PART, {"clock": "8:00", "part": "chiều"}, "24/11/2026 08:00, 24/11/2026 20:00"),
    ("0h trưa nay", Why.HOUR_NOT_IN_PART, {"clock": "0:00", "part": "trưa"}, "24/11/2026 00:00, 24/11/2026 12:00"),
    ("tối qua 24h30", Why.TWO_DATES, {"clock": "00:30", "first": "23/11/2026", "second": "24/11/2026"}, None),
    ("đêm qua 2h", Why.TWO_DATES, {"clock": "02:00", "first": "23/11/2026", "second": "24/11/2026"}, None),
    ("12 giờ đêm qua", Why.TWO_DATES, {"clock": "00:00", "first": "23/11/2026", "second": "24/11/2026"}, None),
    ("1h30 đêm 20/11/2026", Why.TWO_DATES, {"clock": "01:30", "first": "20/11/2026", "second": "21/11/2026"}, None),
    # too much of one thing
    ("hôm qua 24/11/2026", Why.TWO_DAYS, {}, None),
    ("tối qua hôm qua 22h", Why.TWO_DAYS, {}, None),
    ("24/11/2026 25/11/2026", Why.TWO_DAYS, {}, None),
    ("18:30 19:00", Why.TWO_CLOCKS, {}, None),
    ("3pm chiều nay", Why.TWO_CLOCKS, {}, None),
    ("3 giờ sáng đêm qua", Why.TWO_CLOCKS, {}, None),
    # from now
    ("2 ngày trước", Why.DAYS_AGO, {}, "-2d"),
    ("1 day ago", Why.DAYS_AGO, {}, "-1d, hôm qua"),
    ("12345 days ago", Why.DAYS_AGO, {}, None),
    ("-2 hours ago", Why.NO_FORM, {"rest": "-2 hours ago"}, None),
    ("+2h", Why.NO_FORM, {"rest": "+2h"}, None),
    ("-30m1h", Why.NO_FORM, {"rest": "-30m1h"}, None),
    ("-", Why.NO_FORM, {"rest": "-"}, None),
    ("trước", Why.NO_FORM, {"rest": "trước"}, None),
    ("2h30 trước", Why.NO_FORM, {"rest": "trước"}, None),
    # offsets
    ("18:30-19:00", Why.NO_FORM, {"rest": "-19:00"}, None),
    ("24/11/2026 06:30-07:00", Why.NO_FORM, {"rest": "-07:00"}, None),
    ("2026-11-24 06:30-07:00", Why.NO_FORM, {"rest": "-07:00"}, None),
    ("18:30Z", Why.NO_FORM, {"rest": "z"}, None),
    ("2026-11-24T18:30+19:00", Why.NO_SUCH_OFFSET, {"offset": "+19:00"}, None),
    ("2026-11-24T18:30+07:60", Why.NO_SUCH_OFFSET, {"offset": "+07:60"}, None),
    ("18:30 UTC+07:00", Why.OFFSET_ALONE, {}, None),
    ("24/11 18:30 UTC+07:00", Why.OFFSET_ALONE, {}, None),
    ("24/11/2026 UTC+07:00", Why.OFFSET_ALONE, {}, None),
    # nothing known
    (",", Why.NO_FORM, {"rest": ","}, None),
    ("?", Why.NO_FORM, {"rest": "?"}, None),
    ("7:5", Why.NO_FORM, {"rest": "7:5"}, None),
    ("18h3015s", Why.NO_FORM, {"rest": "18h3015s"}, None),
    ("18h-19h", Why.NO_FORM, {"rest": "18h-19h"}, None),
    ("24/11/2026T18:30", Why.NO_FORM, {"rest": "24/11/2026T18:30"}, None),
    ("20261124T183000", Why.NO_FORM, {"rest": "20261124T183000"}, None),
    ("2026-11-24-18:30", Why.NO_FORM, {"rest": "2026-11-24-18:30"}, None),
    ("24/11/2026 18:30 (máy 3)", Why.UNKNOWN_WORD, {"word": "máy"}, None),
    ("hôm qua lúc", Why.NO_FORM, {"rest": "lúc"}, None),
    ("Nov 24 2026", Why.NO_FORM, {"rest": "Nov 24 2026"}, None),
    ("١٨:٣٠", Why.NO_FORM, {"rest": "١٨:٣٠"}, None),
]


def refusal(phrase: str) -> UnreadableTime:
    with pytest.raises(UnreadableTime) as caught:
        read(phrase)
    return caught.value


@pytest.mark.parametrize(("phrase", "why", "facts", "examples"), REFUSED)
def test_what_is_not_sure_is_refused(phrase, why, facts, examples):
    error = refusal(phrase)
    if why is Why.TWO_DATES:
        examples = f"{facts['first']} {facts['clock']}, {facts['second']} {facts['clock']}"
    assert error.facts == {
        "phrase": " ".join(phrase.split()),
        "reason": Reason(why, facts),
        "examples": examples or COMMON,
    }


@pytest.mark.parametrize("phrase", [phrase for phrase, *_ in REFUSED])
def test_what_is_offered_instead_can_be_read(phrase):
    for example in str(refusal(phrase).facts["examples"]).split(", "):
        read(example)


def test_every_reason_is_given_by_some_phrase():
    # SKIPPED needs a zone that changes its clocks: test_phrase.py.
    assert {why for _, why, *_ in REFUSED} == set(Why) - {Why.SKIPPED}


def test_the_error_in_english():
    error = refusal("đêm qua  2h")
    assert str(error) == (
        'cannot read "đêm qua 2h" as a time: '
        "a night has two dates, and this could be 02:00 on 23/11/2026 or on 24/11/2026"
    )
    assert error.hint.format(**error.facts) == "write it like one of these: 23/11/2026 02:00, 24/11/2026 02:00"
    assert error.exit_code == EXIT_USAGE


def test_the_reason_can_be_translated():
    reason = refusal("24/11/26").facts["reason"]
    assert isinstance(reason, Reason)
    catalog = {'a year is written with four digits, not "{year}"': 'năm phải viết đủ bốn chữ số, không phải "{year}"'}
    assert catalog[reason.template].format(**reason.facts) == 'năm phải viết đủ bốn chữ số, không phải "26"'


def test_the_error_crosses_processes():
    error = refusal("ngày 24")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.facts) == (UnreadableTime, error.facts)
