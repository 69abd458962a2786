import unicodedata
from zoneinfo import ZoneInfo

import pytest

from camtool.core.phrase import Reading, read_time, read_window
from camtool.core.timetext import from_rfc3339, rfc3339
from camtool.errors import BackwardsWindow, UnreadableTime

HCM = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
NOW = from_rfc3339("2026-11-24T10:00:00+07:00")

# What is typed, and the local time in Ho Chi Minh City that it means on 24 November 2026 at 10:00.
READ = [
    # numbers, day first
    ("24/11/2026 18:30", "2026-11-24T18:30:00"),
    ("24/11/2026 18:30:05", "2026-11-24T18:30:05"),
    ("24/11/2026 18:30:05.250", "2026-11-24T18:30:05.250"),
    ("24/11/2026 18:30:05.000001", "2026-11-24T18:30:05.000001"),
    ("24/11/2026 18:30:05.5", "2026-11-24T18:30:05.500"),
    ("24-11-2026 18:30", "2026-11-24T18:30:00"),
    ("24.11.2026 18:30", "2026-11-24T18:30:00"),
    ("24 / 11 / 2026   18 : 30", "2026-11-24T18:30:00"),
    ("18:30 24/11/2026", "2026-11-24T18:30:00"),
    ("18:30, 24/11/2026", "2026-11-24T18:30:00"),
    ("5/1/2026 7:05", "2026-01-05T07:05:00"),
    ("24/11/2026", "2026-11-24T00:00:00"),
    ("24/11/2026 24:00", "2026-11-25T00:00:00"),
    ("31/12/2026 24h", "2027-01-01T00:00:00"),
    ("29/02/2024 0h", "2024-02-29T00:00:00"),
    ("24/11/2026 18:30 UTC+09:00", "2026-11-24T16:30:00"),
    # Vietnamese hours and dates
    ("18h30 ngày 24/11/2026", "2026-11-24T18:30:00"),
    ("18g30 ngày 24/11/2026", "2026-11-24T18:30:00"),
    ("18h 24/11/2026", "2026-11-24T18:00:00"),
    ("18 giờ 30 ngày 24/11/2026", "2026-11-24T18:30:00"),
    ("18 giờ 30 24/11/2026", "2026-11-24T18:30:00"),
    ("18 giờ 24/11/2026", "2026-11-24T18:00:00"),
    ("18 giờ 24 tháng 11 năm 2026", "2026-11-24T18:00:00"),
    ("18h 24 Nov 2026", "2026-11-24T18:00:00"),
    ("18 giờ 30 phút 15 giây ngày 24 tháng 11 năm 2026", "2026-11-24T18:30:15"),
    ("18 giờ 5 phút ngày 24 tháng 11, năm 2026", "2026-11-24T18:05:00"),
    ("18 giờ rưỡi", "2026-11-24T18:30:00"),
    ("18h rưỡi hôm qua", "2026-11-23T18:30:00"),
    ("3 giờ rưỡi chiều hôm qua", "2026-11-23T15:30:00"),
    ("ngày 24/11/2026 lúc 18h30", "2026-11-24T18:30:00"),
    ("vào lúc 18h30m15s ngày 24/11/2026", "2026-11-24T18:30:15"),
    ("lúc 7h sáng ngày 5/11/2026", "2026-11-05T07:00:00"),
    # days of this week
    ("hôm nay 7h", "2026-11-24T07:00:00"),
    ("hôm nay", "2026-11-24T00:00:00"),
    ("hôm qua 18h30", "2026-11-23T18:30:00"),
    ("18h30 hôm qua", "2026-11-23T18:30:00"),
    ("hôm qua lúc 18 giờ 30 phút", "2026-11-23T18:30:00"),
    ("hôm qua", "2026-11-23T00:00:00"),
    ("ngày hôm qua 24h", "2026-11-24T00:00:00"),
    ("hôm kia", "2026-11-22T00:00:00"),
    ("hôm kia 6h15", "2026-11-22T06:15:00"),
    # parts of the day
    ("sáng nay 7h30", "2026-11-24T07:30:00"),
    ("sáng qua 7h30", "2026-11-23T07:30:00"),
    ("1 giờ sáng nay", "2026-11-24T01:00:00"),
    ("trưa nay 12h", "2026-11-24T12:00:00"),
    ("1 giờ trưa hôm qua", "2026-11-23T13:00:00"),
    ("chiều qua 3h", "2026-11-23T15:00:00"),
    ("chiều hôm qua 3h", "2026-11-23T15:00:00"),
    ("chiều qua 15h", "2026-11-23T15:00:00"),
    ("chiều hôm kia 6h", "2026-11-22T18:00:00"),
    ("3 giờ chiều hôm qua", "2026-11-23T15:00:00"),
    ("tối qua 22h", "2026-11-23T22:00:00"),
    ("tối qua 6h30", "2026-11-23T18:30:00"),
    ("tối hôm qua 10h", "2026-11-23T22:00:00"),
    ("tối 23/11/2026 10h", "2026-11-23T22:00:00"),
    ("đêm qua 23h", "2026-11-23T23:00:00"),
    ("11 giờ đêm qua", "2026-11-23T23:00:00"),
    # a time of day alone is today's
    ("18:30", "2026-11-24T18:30:00"),
    ("18h30", "2026-11-24T18:30:00"),
    ("6h", "2026-11-24T06:00:00"),
    # English
    ("yesterday 18:30", "2026-11-23T18:30:00"),
    ("yesterday at 18:30", "2026-11-23T18:30:00"),
    ("today 7:00", "2026-11-24T07:00:00"),
    ("yesterday 6:30pm", "2026-11-23T18:30:00"),
    ("6pm yesterday", "2026-11-23T18:00:00"),
    ("6 am", "2026-11-24T06:00:00"),
    ("24 Nov 2026 18:30", "2026-11-24T18:30:00"),
    ("on 24 november 2026 at 6 pm", "2026-11-24T18:00:00"),
    ("1 May 2026", "2026-05-01T00:00:00"),
    # from now
    ("now", "2026-11-24T10:00:00"),
    ("bây giờ", "2026-11-24T10:00:00"),
    ("-2h", "2026-11-24T08:00:00"),
    ("- 2 h", "2026-11-24T08:00:00"),
    ("-90m", "2026-11-24T08:30:00"),
    ("-1d", "2026-11-23T10:00:00"),
    ("-1h30m", "2026-11-24T08:30:00"),
    ("-45s", "2026-11-24T09:59:15"),
    ("2 giờ trước", "2026-11-24T08:00:00"),
    ("2 tiếng trước", "2026-11-24T08:00:00"),
    ("30 phút trước", "2026-11-24T09:30:00"),
    ("1 giờ 30 phút trước", "2026-11-24T08:30:00"),
    ("2 hours ago", "2026-11-24T08:00:00"),
    ("1 hour 15 minutes ago", "2026-11-24T08:45:00"),
    # ISO 8601
    ("2026-11-24T18:30", "2026-11-24T18:30:00"),
    ("2026-11-24 18:30:05", "2026-11-24T18:30:05"),
    ("2026-11-24T18:30+07:00", "2026-11-24T18:30:00"),
    ("2026-11-24T18:30:05.250-05:00", "2026-11-25T06:30:05.250"),
    ("2026-11-24T18:30Z", "2026-11-25T01:30:00"),
    ("2026-11-24 18:30:00+00:00", "2026-11-25T01:30:00"),
    ("2026-11-24T24:00+07:00", "2026-11-25T00:00:00"),
    ("2026-11-24", "2026-11-24T00:00:00"),
]

# The same, where the phrase has no year and takes the latest that is not after today.
READ_WITHOUT_YEAR = [
    ("24/11 18h30", "2026-11-24T18:30:00"),
    ("23/11 18h30", "2026-11-23T18:30:00"),
    ("25/11 18h30", "2025-11-25T18:30:00"),
    ("05/11", "2026-11-05T00:00:00"),
    ("31/12 7:00", "2025-12-31T07:00:00"),
    ("29/02 7h", "2024-02-29T07:00:00"),
    ("ngày 24 tháng 11 lúc 7h", "2026-11-24T07:00:00"),
    ("24 Dec 18:30", "2025-12-24T18:30:00"),
    ("tối 23/11 10h", "2026-11-23T22:00:00"),
]


def read(text: str, zone: ZoneInfo = HCM, now_us: int = NOW) -> Reading:
    return read_time(text, now_us=now_us, zone=zone)


def without_marks(text: str) -> str:
    kept = (letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return "".join(kept).replace("đ", "d").replace("Đ", "D")


# These name no day; `sáng nay 7h30` does.
DAYLESS = {"18:30", "18h30", "6h", "6 am", "18 giờ rưỡi"}


@pytest.mark.parametrize(("phrase", "expected"), READ)
def test_phrases_mean_exactly_this(phrase, expected):
    us = from_rfc3339(f"{expected}+07:00")
    dayless = phrase in DAYLESS
    assert read(phrase) == Reading(us, us, " ".join(phrase.split()), None, repeated=False, dayless=dayless)


@pytest.mark.parametrize(("phrase", "expected"), READ_WITHOUT_YEAR)
def test_a_phrase_without_year_says_which_it_took(phrase, expected):
    us = from_rfc3339(f"{expected}+07:00")
    assert read(phrase) == Reading(us, us, phrase, int(expected[:4]), repeated=False)


@pytest.mark.parametrize("phrase", [phrase for phrase, _ in READ + READ_WITHOUT_YEAR])
@pytest.mark.parametrize(
    "typed",
    [
        str.upper,
        without_marks,
        lambda phrase: unicodedata.normalize("NFD", phrase),
        lambda phrase: without_marks(phrase).upper(),
        lambda phrase: f"  {phrase.replace(' ', '   ')}\t\n",
        lambda phrase: phrase.replace(" ", "\N{NO-BREAK SPACE}"),
    ],
    ids=["upper", "bare", "nfd", "bare-upper", "spaces", "nbsp"],
)
def test_the_way_of_typing_changes_nothing(phrase, typed):
    expected, found = read(phrase), read(typed(phrase))
    assert (found.start_us, found.end_us, found.year_taken) == (expected.start_us, expected.end_us, expected.year_taken)


def test_today_is_the_sites_own_date():
    # 20:00 UTC on the 24th is the 25th in Vietnam and still the 24th in New York.
    now_us = from_rfc3339("2026-11-24T20:00:00Z")
    assert rfc3339(read("hôm nay", now_us=now_us).start_us, HCM) == "2026-11-25T00:00:00+07:00"
    assert rfc3339(read("today", NEW_YORK, now_us).start_us, NEW_YORK) == "2026-11-24T00:00:00-05:00"
    assert read("25/11", now_us=now_us).year_taken == 2026
    assert read("25/11", NEW_YORK, now_us).year_taken == 2025


@pytest.mark.parametrize(
    ("phrase", "zone", "earlier", "later"),
    [
        ("25/10/2026 02:30", BERLIN, "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"),
        ("25/10/2026 02:00", BERLIN, "2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00"),
        ("2026-10-25T02:59:59.999", BERLIN, "2026-10-25T02:59:59.999+02:00", "2026-10-25T02:59:59.999+01:00"),
        ("25/10 2h30 sáng", BERLIN, "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"),
        ("01/11/2026 1:30am", NEW_YORK, "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00"),
        # Havana puts its clocks back from 01:00 to 00:00: a date alone begins twice.
        ("01/11/2026", ZoneInfo("America/Havana"), "2026-11-01T00:00:00-04:00", "2026-11-01T00:00:00-05:00"),
        ("31/10/2026 24:00", ZoneInfo("America/Havana"), "2026-11-01T00:00:00-04:00", "2026-11-01T00:00:00-05:00"),
    ],
)
def test_a_repeated_hour_is_both(phrase, zone, earlier, later):
    reading = read(phrase, zone)
    assert (rfc3339(reading.start_us, zone), rfc3339(reading.end_us, zone)) == (earlier, later)
    assert reading.repeated


@pytest.mark.parametrize(
    ("phrase", "zone", "expected"),
    [
        ("25/10/2026 01:59:59.999999", BERLIN, "2026-10-25T01:59:59.999999+02:00"),
        ("25/10/2026 03:00", BERLIN, "2026-10-25T03:00:00+01:00"),
        ("29/03/2026 01:59:59", BERLIN, "2026-03-29T01:59:59+01:00"),
        ("29/03/2026 03:00", BERLIN, "2026-03-29T03:00:00+02:00"),
        ("2026-10-25T02:30+01:00", BERLIN, "2026-10-25T02:30:00+01:00"),
        ("25/10/2026 02:30:00 UTC+02:00", BERLIN, "2026-10-25T02:30:00+02:00"),
        ("08/03/2026 03:00", NEW_YORK, "2026-03-08T03:00:00-04:00"),
    ],
)
def test_beside_a_clock_change_there_is_one_instant(phrase, zone, expected):
    reading = read(phrase, zone)
    assert rfc3339(reading.start_us, zone) == expected
    assert reading.start_us == reading.end_us
    assert not reading.repeated


@pytest.mark.parametrize(
    ("phrase", "zone", "reason", "examples"),
    [
        (
            "29/03/2026 02:30",
            BERLIN,
            "the clocks were put forward: 29/03/2026 02:30:00 does not exist in Europe/Berlin",
            "29/03/2026 01:30, 29/03/2026 03:30",
        ),
        (
            "8/3/2026 2am",
            NEW_YORK,
            "the clocks were put forward: 08/03/2026 02:00:00 does not exist in America/New_York",
            "08/03/2026 01:00, 08/03/2026 03:00",
        ),
        # Cairo puts its clocks forward at midnight: that date has no 00:00.
        (
            "24/04/2026",
            ZoneInfo("Africa/Cairo"),
            "the clocks were put forward: 24/04/2026 00:00:00 does not exist in Africa/Cairo",
            "23/04/2026 23:00, 24/04/2026 01:00",
        ),
        # Samoa crossed the date line: the whole day is missing.
        (
            "30/12/2011 12:00",
            ZoneInfo("Pacific/Apia"),
            "the clocks were put forward: 30/12/2011 12:00:00 does not exist in Pacific/Apia",
            "29/12/2011 12:00, 31/12/2011 12:00",
        ),
    ],
)
def test_a_skipped_time_is_refused(phrase, zone, reason, examples):
    with pytest.raises(UnreadableTime) as caught:
        read(phrase, zone)
    assert str(caught.value.facts["reason"]) == reason
    assert caught.value.facts["examples"] == examples


def test_a_window_is_half_open():
    window = read_window("hôm qua 12h", "hôm qua 17h", now_us=NOW, zone=HCM)
    assert window.span.start_us == from_rfc3339("2026-11-23T12:00:00+07:00")
    assert window.span.end_us == from_rfc3339("2026-11-23T17:00:00+07:00")
    assert (window.start.phrase, window.end.phrase) == ("hôm qua 12h", "hôm qua 17h")


def test_a_window_searches_both_of_a_repeated_hour():
    window = read_window("25/10/2026 02:15", "25/10/2026 02:30", now_us=NOW, zone=BERLIN)
    assert rfc3339(window.span.start_us, BERLIN) == "2026-10-25T02:15:00+02:00"
    assert rfc3339(window.span.end_us, BERLIN) == "2026-10-25T02:30:00+01:00"
    assert window.start.repeated
    assert window.end.repeated


@pytest.mark.parametrize("end", ["24/11/2026", "23/11/2026 23:59"])
def test_a_window_that_ends_before_it_starts(end):
    with pytest.raises(BackwardsWindow) as caught:
        read_window("24/11/2026", end, now_us=NOW, zone=HCM)
    shown = "24/11/2026 00:00:00" if end == "24/11/2026" else "23/11/2026 23:59:00"
    assert str(caught.value) == f"the window ends ({shown}) at or before its start (24/11/2026 00:00:00)"


def test_a_window_names_the_phrase_it_cannot_read():
    with pytest.raises(UnreadableTime, match='cannot read "18" as a time'):
        read_window("hôm qua 12h", "18", now_us=NOW, zone=HCM)
