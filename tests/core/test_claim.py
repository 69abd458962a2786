"""Camera time out of claims: zones, repeated and skipped hours, contradictions, ends."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.core.claim import Claim, place
from camtool.core.problem import Problem, ProblemKind

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")  # 2026: skips 02:00-03:00 on 29 March, repeats 02:00-03:00 on 25 October
HAVANA = ZoneInfo("America/Havana")  # 2026: repeats 00:00-01:00 on 1 November
ZONES = st.sampled_from(
    ["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu"]
)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def us(text: str) -> int:
    return (at(text) - EPOCH) // dt.timedelta(microseconds=1)


def local(start: str, end: str | None = None, **more: object) -> Claim:
    claim = Claim("x", start_local=at(start), end_local=at(end) if end else None)
    return replace(claim, **more)  # type: ignore[arg-type]


def impossible(detail: str) -> Problem:
    return Problem(ProblemKind.CLAIM_IMPOSSIBLE, facts={"detail": detail})


def test_local_time_is_read_on_the_site_clock() -> None:
    placed = place(local("2026-11-23T00:05:00", "2026-11-23T00:10:00"), HANOI)
    assert placed.start_us == us("2026-11-22T17:05:00+00:00")
    assert placed.end_us == us("2026-11-22T17:10:00+00:00")
    assert placed.problems == ()


def test_utc_needs_no_zone() -> None:
    claim = Claim("x", start_utc=at("2024-01-24T14:58:17+00:00"), end_utc=at("2024-01-24T14:58:30.5+00:00"))
    assert place(claim, HANOI) == place(claim, BERLIN)
    assert place(claim, HANOI).start_us == 1_706_108_297_000_000
    assert place(claim, HANOI).end_us == 1_706_108_310_500_000


def test_offsets_before_standard_time_are_exact() -> None:
    # Local mean time of Hanoi was UTC+07:06:30 until 1906-07-01: half minutes come out whole.
    assert place(local("1900-01-01T07:06:30"), HANOI).start_us == us("1900-01-01T00:00:00+00:00")


def test_no_start_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="start_local=None"):
        place(Claim("x", end_local=at("2026-11-23T00:10:00")), HANOI)


# ---- the repeated hour ----------------------------------------------------------------------------------------

FIRST = us("2026-10-25T00:30:00+00:00")  # 02:30 summer time
SECOND = us("2026-10-25T01:30:00+00:00")  # 02:30 winter time


def test_repeated_hour_takes_the_first_and_says_so() -> None:
    placed = place(local("2026-10-25T02:30:00"), BERLIN)
    assert placed.start_us == FIRST
    assert placed.problems == (Problem(ProblemKind.REPEATED_HOUR),)


@pytest.mark.parametrize(("dst", "expected"), [(True, FIRST), (False, SECOND)])
def test_repeated_hour_heeds_the_name(dst: bool, expected: int) -> None:
    placed = place(local("2026-10-25T02:30:00", dst=dst), BERLIN)
    assert placed.start_us == expected
    assert placed.problems == ()


@pytest.mark.parametrize("expected", [FIRST, SECOND])
def test_repeated_hour_heeds_the_epoch_number(expected: int) -> None:
    stated = EPOCH + dt.timedelta(microseconds=expected)
    placed = place(local("2026-10-25T02:30:00", start_utc=stated), BERLIN)
    assert placed.start_us == expected
    assert placed.problems == ()


def test_epoch_number_far_off_does_not_choose_the_hour() -> None:
    placed = place(local("2026-10-25T02:30:00", start_utc=at("2026-10-25T09:00:00+00:00")), BERLIN)
    assert placed.start_us == FIRST
    assert [problem.kind for problem in placed.problems] == [ProblemKind.REPEATED_HOUR, ProblemKind.CLAIM_CONFLICT]
    assert placed.problems[1].facts["local"] == "2026-10-25T02:30:00+02:00"


def test_dst_says_nothing_outside_the_repeated_hour() -> None:
    for dst in (True, False, None):
        placed = place(local("2026-11-23T02:30:00", dst=dst), HANOI)
        assert placed.start_us == us("2026-11-22T19:30:00+00:00")
        assert placed.problems == ()


def test_recording_across_the_change_back_is_not_a_day_long() -> None:
    # 02:50 to 02:10, the end given as a time of day: twenty minutes, not a day and twenty.
    claim = local("2026-10-25T02:50:00", "2026-10-26T02:10:00", end_clock_only=True, dst=True)
    assert place(claim, BERLIN).start_us == us("2026-10-25T00:50:00+00:00")
    assert place(claim, BERLIN).end_us == us("2026-10-25T01:10:00+00:00")
    whole = replace(claim, end_clock_only=False)
    assert place(whole, BERLIN).end_us == us("2026-10-26T01:10:00+00:00")


def test_change_back_at_midnight() -> None:
    claim = local("2026-11-01T00:50:00", "2026-11-01T00:10:00", dst=True)  # both with their dates
    placed = place(claim, HAVANA)
    assert placed.start_us == us("2026-11-01T04:50:00+00:00")
    assert placed.end_us == us("2026-11-01T05:10:00+00:00")
    assert placed.problems == ()


def test_ordinary_midnight_stays_the_next_day() -> None:
    claim = local("2026-10-24T23:59:00", "2026-10-25T00:01:00", end_clock_only=True)
    assert place(claim, BERLIN).end_us == us("2026-10-24T22:01:00+00:00")


def test_end_in_the_repeated_hour_is_the_earliest_after_the_start() -> None:
    placed = place(local("2026-10-25T02:30:00", "2026-10-25T02:40:00", dst=False), BERLIN)
    assert placed.start_us == SECOND
    assert placed.end_us == SECOND + 600_000_000


# ---- the skipped hour, contradictions, ends that cannot be ------------------------------------------------------


def test_skipped_hour_goes_by_the_offset_before_the_jump() -> None:
    placed = place(local("2026-03-29T02:30:00"), BERLIN)
    assert placed.start_us == us("2026-03-29T01:30:00+00:00")  # 02:30 at +01:00
    assert placed.problems == (impossible("2026-03-29T02:30:00 Europe/Berlin"),)
    assert str(placed.problems[0]) == "the name's time does not exist: 2026-03-29T02:30:00 Europe/Berlin"


def test_end_in_the_skipped_hour() -> None:
    placed = place(local("2026-03-29T01:58:00", "2026-03-29T02:03:00"), BERLIN)
    assert placed.end_us == placed.start_us + 300_000_000
    assert placed.problems == (impossible("2026-03-29T02:03:00 Europe/Berlin"),)


def test_conflict_keeps_both_and_the_camera_clock_wins() -> None:
    claim = local("2021-07-23T08:42:03", start_utc=at("2021-07-23T14:42:03+00:00"))
    placed = place(claim, HANOI)
    assert placed.start_us == us("2021-07-23T01:42:03+00:00")
    facts = {"local": "2021-07-23T08:42:03+07:00", "utc": "2021-07-23T14:42:03+00:00"}
    assert placed.problems == (Problem(ProblemKind.CLAIM_CONFLICT, facts=facts),)
    assert str(placed.problems[0]) == (
        "the folder says 2021-07-23T08:42:03+07:00, the number in the name says 2021-07-23T14:42:03+00:00"
    )


@pytest.mark.parametrize(("apart_s", "problems"), [(0, 0), (1, 0), (-1, 0), (2, 1), (-2, 1)])
def test_one_second_apart_is_agreement(apart_s: int, problems: int) -> None:
    stated = at("2025-05-12T16:52:00+00:00") + dt.timedelta(seconds=apart_s)
    placed = place(local("2025-05-12T23:52:00", start_utc=stated), HANOI)
    assert placed.start_us == us("2025-05-12T16:52:00+00:00")
    assert len(placed.problems) == problems


def test_end_before_start_is_no_end() -> None:
    placed = place(local("2023-01-31T01:00:00", "2023-01-31T00:00:00"), HANOI)
    assert placed.end_us is None
    assert placed.problems == (impossible("2023-01-31T01:00:00 → 2023-01-31T00:00:00"),)


def test_utc_end_before_start_is_no_end() -> None:
    claim = Claim("x", start_utc=at("2024-01-24T14:58:30+00:00"), end_utc=at("2024-01-24T14:58:17+00:00"))
    placed = place(claim, HANOI)
    assert placed.end_us is None
    assert placed.problems == (impossible("2024-01-24T14:58:30+00:00 → 2024-01-24T14:58:17+00:00"),)


@pytest.mark.parametrize("start", ["2026-03-28T13:52:27", "2026-03-28T13:52:27.500000"])
def test_end_in_the_second_of_the_start_says_nothing(start: str) -> None:
    placed = place(local(start, "2026-03-28T13:52:27"), HANOI)
    assert placed.end_us is None
    assert placed.problems == ()


# ---- always ---------------------------------------------------------------------------------------------------

MOMENTS = st.datetimes(min_value=dt.datetime(1, 1, 3), max_value=dt.datetime(9999, 12, 28))


@given(start=MOMENTS, zone=ZONES)
def test_a_time_that_was_shown_comes_back(start: dt.datetime, zone: str) -> None:
    """Whatever is placed without complaint is shown by the zone's clock as it was claimed."""
    placed = place(Claim("x", start_local=start), ZoneInfo(zone))
    shown = (EPOCH + dt.timedelta(microseconds=placed.start_us)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if ProblemKind.CLAIM_IMPOSSIBLE not in {problem.kind for problem in placed.problems}:
        assert shown == start.replace(fold=0)


@given(
    start=MOMENTS,
    length=st.one_of(st.none(), st.timedeltas(min_value=-dt.timedelta(days=2), max_value=dt.timedelta(days=2))),
    utc=st.booleans(),
    clock_only=st.booleans(),
    dst=st.sampled_from([None, True, False]),
    zone=ZONES,
)
def test_an_end_is_after_its_start(
    start: dt.datetime, length: dt.timedelta | None, utc: bool, clock_only: bool, dst: bool | None, zone: str
) -> None:
    end = None if length is None else start + length
    if utc:
        aware_end = end and end.replace(tzinfo=dt.UTC)
        claim = Claim("x", start_utc=start.replace(tzinfo=dt.UTC), end_utc=aware_end)
    else:
        claim = Claim("x", start_local=start, end_local=end, dst=dst, end_clock_only=clock_only)
    placed = place(claim, ZoneInfo(zone))
    assert isinstance(placed.start_us, int)
    assert placed.end_us is None or placed.end_us > placed.start_us
    if length is None:
        assert placed.end_us is None
    elif length > dt.timedelta(hours=3):  # more than any clock is ever put back
        assert placed.end_us is not None


@given(
    start=st.datetimes(min_value=dt.datetime(2020, 1, 1), max_value=dt.datetime(2030, 1, 1)),
    seconds=st.integers(1, 7200),
)
def test_without_clock_changes_a_length_is_kept(start: dt.datetime, seconds: int) -> None:
    placed = place(Claim("x", start_local=start, end_local=start + dt.timedelta(seconds=seconds)), HANOI)
    assert placed.end_us == placed.start_us + seconds * 1_000_000
    assert placed.problems == ()
