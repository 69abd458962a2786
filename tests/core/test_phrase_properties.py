import datetime as dt
import itertools
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from camtool.core.phrase import read_time, read_window
from camtool.core.phrase_words import MONTHS
from camtool.core.timetext import for_people, from_rfc3339, rfc3339
from camtool.errors import BackwardsWindow, UnreadableTime

HCM = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = from_rfc3339("2026-11-24T10:00:00+07:00")
ZONES = [HCM, ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")]

zones = st.sampled_from(ZONES)
# 1971 to 2100, and as often the weeks around clock changes.
instants = st.one_of(
    st.integers(min_value=31_536_000_000_000, max_value=4_102_444_800_000_000),
    st.integers(min_value=-7_200_000_000, max_value=7_200_000_000).map(
        lambda us: from_rfc3339("2026-10-25T01:00:00Z") + us
    ),
    st.integers(min_value=-7_200_000_000, max_value=7_200_000_000).map(
        lambda us: from_rfc3339("2026-11-01T06:00:00Z") + us
    ),
)

_SOUP = (
    "hôm nay qua kia sáng trưa chiều tối đêm đem ngày ngay tháng năm lúc vào rưỡi giờ tiếng phút giây trước now today "
    "yesterday at on ago am pm utc t z d h g m s nov may bây 18 18:30 18h30 24/11 24/11/2026 24/11/26 2026-11-24 "
    "2026-11-24T18:30 5 30 12 24 24:00 2 02/30/2026 -2h -05:00 +07:00 - , : / . .5 9999 31/12/9999 0 00"
)
_WORDS = _SOUP.split()
soups = st.lists(st.sampled_from(_WORDS), max_size=7).map(" ".join)
tight_soups = st.lists(st.sampled_from(_WORDS), max_size=5).map("".join)
symbols = st.text(alphabet="0123456789:/.-+hgmstzdp ,ngàyhômquáTZ\u0301", max_size=24)


@given(st.one_of(st.text(), soups, tight_soups, symbols), zones)
@example("9" * 5000, HCM)
@example("-" + "9" * 9 + "d", HCM)
@example("31/12/9999 24:00", ZoneInfo("America/New_York"))
@example("31/12/9999 23:59:59.999999", ZoneInfo("America/New_York"))
@example("đêm 31/12/9999 12h", HCM)
@example("1970-01-01T00:00+14:00", HCM)
@example("\udcff 18:30", HCM)
def test_any_text_is_read_or_refused(text, zone):
    try:
        reading = read_time(text, now_us=NOW, zone=zone)
    except UnreadableTime as error:
        offers = str(error.facts["examples"]).split(", ")
        offered = [read_time(offer, now_us=NOW, zone=zone) for offer in offers]
        assert 1 <= len(offered) <= 5
    else:
        assert reading.start_us <= reading.end_us
        assert reading.repeated == (reading.start_us < reading.end_us)
        assert read_time(reading.phrase, now_us=NOW, zone=zone) == reading


@given(instants, zones)
def test_what_camtool_prints_it_reads(us, zone):
    for printed in (rfc3339(us, zone), for_people(us, zone)):
        reading = read_time(printed, now_us=NOW, zone=zone)
        assert (reading.start_us, reading.end_us) == (us, us)


def dates(day: dt.date) -> list[str]:
    number, month, year = day.day, day.month, day.year
    return [
        f"{number:02d}/{month:02d}/{year}",
        f"{number}/{month}/{year}",
        f"{number}-{month}-{year}",
        f"{number:02d}.{month:02d}.{year}",
        f"ngày {number}/{month}/{year}",
        f"{number} tháng {month} năm {year}",
        f"ngày {number:02d} tháng {month:02d}, năm {year}",
        f"{number} {MONTHS[month - 1]} {year}",
        f"{number} {MONTHS[month + 11].title()} {year}",
        f"{year}-{month:02d}-{number:02d}",
    ]


def clocks(time: dt.time) -> list[str]:
    hour, minute, second = time.hour, time.minute, time.second
    spelled = [
        f"{hour:02d}:{minute:02d}:{second:02d}.{time.microsecond:06d}",
        f"lúc {hour}:{minute:02d}:{second:02d}.{time.microsecond:06d}",
    ]
    if time.microsecond == 0:
        spelled += [f"{hour}:{minute:02d}:{second:02d}", f"{hour} giờ {minute} phút {second} giây"]
        spelled += [f"{hour}h{minute:02d}m{second:02d}s"]
    if time.microsecond == second == 0:
        spelled += [f"{hour:02d}:{minute:02d}", f"{hour}h{minute:02d}", f"lúc {hour} giờ {minute:02d}"]
        spelled += [f"{hour}g{minute:02d}"]
        if hour % 12:
            spelled.append(f"{hour % 12}:{minute:02d} {'pm' if hour > 12 else 'am'}")
        if minute == 0:
            spelled += [f"{hour}h", f"{hour} giờ"]
    return spelled


def rounded(us: int, grain: int) -> int:
    return us // grain * grain


@given(instants, st.sampled_from([1, 1_000_000, 60_000_000, 3_600_000_000]), zones)
def test_every_spelling_of_an_instant_reads_back(us, grain, zone):
    us = rounded(us, grain)
    local = (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=us)).astimezone(zone)
    times = {read_time(for_people_bare(local), now_us=NOW, zone=zone)}
    expected = {(reading.start_us, reading.end_us) for reading in times}
    assert us in next(iter(expected))
    for date, clock in itertools.product(dates(local.date()), clocks(local.time())):
        for phrase in (f"{date} {clock}", f"{clock} {date}", f"{clock}, {date}"):
            reading = read_time(phrase, now_us=NOW, zone=zone)
            assert {(reading.start_us, reading.end_us)} == expected, phrase


def for_people_bare(local: dt.datetime) -> str:
    return f"{local.day}/{local.month}/{local.year} {local.time().isoformat()}"


@given(st.integers(0, 4000), st.integers(0, 200), st.integers(0, 200))
def test_lengths_before_now(hours, minutes, seconds):
    us = NOW - ((hours * 60 + minutes) * 60 + seconds) * 1_000_000
    for phrase in (
        f"-{hours}h{minutes}m{seconds}s",
        f"{hours} giờ {minutes} phút {seconds} giây trước",
        f"{hours} hours {minutes} minutes {seconds} seconds ago",
    ):
        assert read_time(phrase, now_us=NOW, zone=HCM).start_us == us


@given(instants, st.dates(dt.date(2000, 3, 1), dt.date(2099, 12, 31)), zones)
def test_a_date_without_year_is_the_latest_not_after_today(now_us, day, zone):
    today = (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=now_us)).astimezone(zone).date()
    year = read_time(f"{day.day}/{day.month} 12:00", now_us=now_us, zone=zone).year_taken
    assert year is not None
    taken = day.replace(year=year)
    assert taken <= today
    if (day.month, day.day) != (2, 29):
        assert day.replace(year=year + 1) > today


@given(soups, soups, zones)
def test_any_two_phrases_make_a_window_or_an_error(from_text, to_text, zone):
    try:
        window = read_window(from_text, to_text, now_us=NOW, zone=zone)
    except (UnreadableTime, BackwardsWindow):
        return
    assert window.span.length_us > 0
    assert (window.span.start_us, window.span.end_us) == (window.start.start_us, window.end.end_us)
