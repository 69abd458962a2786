import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.core import timetext

HCM = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
NOON = timetext.from_rfc3339("2026-11-24T12:00:00+07:00")

zones = st.sampled_from(
    [HCM, BERLIN, NEW_YORK, ZoneInfo("UTC"), ZoneInfo("Africa/Monrovia"), ZoneInfo("Asia/Kathmandu")]
)
int64 = st.integers(min_value=-(2**63), max_value=2**63 - 1)
in_datetime = st.integers(min_value=-62_000_000_000_000_000, max_value=253_000_000_000_000_000)


@pytest.mark.parametrize(
    ("us", "zone", "expected"),
    [
        (0, HCM, "1970-01-01T08:00:00+08:00"),  # the tz database: Saigon kept +08:00 until 1975
        (NOON, HCM, "2026-11-24T12:00:00+07:00"),
        (NOON + 250_000, HCM, "2026-11-24T12:00:00.250+07:00"),
        (NOON + 250_001, HCM, "2026-11-24T12:00:00.250001+07:00"),
        (NOON - 1, HCM, "2026-11-24T11:59:59.999999+07:00"),
        (NOON, NEW_YORK, "2026-11-24T00:00:00-05:00"),
        (NOON, ZoneInfo("UTC"), "2026-11-24T05:00:00+00:00"),
        (NOON, ZoneInfo("Asia/Kathmandu"), "2026-11-24T10:45:00+05:45"),
        # Monrovia kept -0:44:30 until 1972: the offset is cut to the minute, the clock written to match.
        (0, ZoneInfo("Africa/Monrovia"), "1969-12-31T23:15:00-00:45"),
        (-62_135_596_800_000_000, HCM, "0001-01-01T07:06:00+07:06"),
        (-62_135_596_800_000_000, NEW_YORK, "0000-12-31T19:03:00-04:57"),
        (253_402_300_799_000_000, HCM, "+10000-01-01T06:59:59+07:00"),
        (2**63 - 1, HCM, "+294247-01-10T11:00:54.775807+07:00"),
        (-(2**63), ZoneInfo("UTC"), "-290308-12-21T19:59:05.224192+00:00"),
    ],
)
def test_rfc3339_is_exact(us, zone, expected):
    assert timetext.rfc3339(us, zone) == expected
    assert timetext.from_rfc3339(expected) == us


@given(int64, zones)
def test_rfc3339_of_any_instant_reads_back(us, zone):
    assert timetext.from_rfc3339(timetext.rfc3339(us, zone)) == us


@given(in_datetime, zones)
def test_rfc3339_agrees_with_datetime(us, zone):
    read = dt.datetime.fromisoformat(timetext.rfc3339(us, zone))
    assert read - dt.datetime(1970, 1, 1, tzinfo=dt.UTC) == dt.timedelta(microseconds=us)


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01t00:00:00z", 0),
        ("1970-01-01 01:00:00+01:00", 0),
        ("1970-01-01T00:00:00.5Z", 500_000),
        ("1970-01-01T00:00:00.1234560Z", 123_456),
        ("1969-12-31T18:30:00-05:30", 0),
    ],
)
def test_from_rfc3339_reads_other_writers(text, us):
    assert timetext.from_rfc3339(text) == us


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-24",
        "2026-11-24T12:00:00",
        "2026-11-24T12:00Z",
        "2026-02-30T12:00:00Z",
        "2026-11-24T24:00:00Z",
        "2026-11-24T12:00:60Z",
        "2026-11-24T12:00:00.1234567Z",
        "2026-11-24T12:00:00+07:60",
        "2026-11-24T12:00:00+24:00",
        "26-11-24T12:00:00Z",
        "2026-11-24T12:00:00Z\n",
    ],
)
def test_from_rfc3339_refuses(text):
    with pytest.raises(ValueError, match=r".+"):
        timetext.from_rfc3339(text)


@pytest.mark.parametrize(
    ("us", "zone", "expected"),
    [
        (NOON, HCM, "24/11/2026 12:00:00"),
        (NOON + 250_000, HCM, "24/11/2026 12:00:00.250"),
        (NOON + 1, HCM, "24/11/2026 12:00:00.000001"),
        (timetext.from_rfc3339("2026-10-25T02:30:00+02:00"), BERLIN, "25/10/2026 02:30:00 UTC+02:00"),
        (timetext.from_rfc3339("2026-10-25T02:30:00+01:00"), BERLIN, "25/10/2026 02:30:00 UTC+01:00"),
        (timetext.from_rfc3339("2026-10-25T03:00:00+01:00"), BERLIN, "25/10/2026 03:00:00"),
        (timetext.from_rfc3339("2026-11-01T01:59:59.999-04:00"), NEW_YORK, "01/11/2026 01:59:59.999 UTC-04:00"),
        (timetext.from_rfc3339("2026-03-29T03:00:00+02:00"), BERLIN, "29/03/2026 03:00:00"),
        (2**63 - 1, HCM, "10/01/+294247 11:00:54.775807"),
    ],
)
def test_for_people_names_one_instant(us, zone, expected):
    assert timetext.for_people(us, zone) == expected
    assert timetext.clock_only(us, zone) == expected.split(" ", 1)[1]


@given(int64, zones)
def test_for_people_never_fails(us, zone):
    assert timetext.for_people(us, zone).endswith(timetext.clock_only(us, zone))


@pytest.mark.parametrize(
    ("us", "duration", "offset"),
    [
        (0, "0:00:00", "+0:00:00"),
        (12_500_000, "0:00:12.5", "+0:00:12.5"),
        (3_900_000_000, "1:05:00", "+1:05:00"),
        (-12_000_000, "-0:00:12", "-0:00:12"),
        (300_000_000, "0:05:00", "+0:05:00"),
        (176_400_000_000, "49:00:00", "+49:00:00"),
        (1, "0:00:00.000001", "+0:00:00.000001"),
        (-1, "-0:00:00.000001", "-0:00:00.000001"),
        (59_999_999, "0:00:59.999999", "+0:00:59.999999"),
    ],
)
def test_lengths_of_time(us, duration, offset):
    assert timetext.duration_text(us) == duration
    assert timetext.offset_text(us) == offset


@given(int64)
def test_duration_loses_nothing(us):
    text = timetext.duration_text(us)
    hours, minutes, seconds = text.removeprefix("-").split(":")
    whole, _, fraction = seconds.partition(".")
    read = ((int(hours) * 60 + int(minutes)) * 60 + int(whole)) * 1_000_000 + int(fraction.ljust(6, "0"))
    assert (-read if text.startswith("-") else read) == us


def test_date_text():
    assert timetext.date_text(dt.date(2026, 11, 5)) == "05/11/2026"
