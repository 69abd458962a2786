from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.core.model import Recording, Span, State
from camtool.core.place import camera_us, pace, place_us

START_US = 1_795_431_600_000_000


def recording(
    length_us: int, media_us: int | None = None, wall_us: int | None = None, state: State = State.OK
) -> Recording:
    span = Span(START_US, START_US + length_us)
    return Recording(1, 1, "a", state, span, 1, 1, 1, media_us=media_us, wall_us=wall_us)


def test_the_known_recorder():
    """72 s of wall time in 60 s of media (DESIGN, known facts)."""
    row = recording(72_000_000, 60_000_000, 72_000_000)
    assert pace(row) == Fraction(6, 5)
    assert place_us(row, START_US + 36_000_000) == 30_000_000
    assert camera_us(row, 30_000_000) == START_US + 36_000_000


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (recording(60, None, 60), Fraction(1)),
        (recording(60, 0, 60), Fraction(1)),
        (recording(60, 60, 0), Fraction(1)),
        (recording(60, 50, None), Fraction(6, 5)),
        (recording(60, 50, 40), Fraction(4, 5)),
        # What is left of a broken-off recording says nothing about its pace: the row's own lengths do.
        (recording(30, 50, None, State.TRUNCATED), Fraction(1)),
        (recording(30, 50, 60, State.TRUNCATED), Fraction(6, 5)),
        (recording(30, 50, None, State.GROWING), Fraction(1)),
    ],
)
def test_the_pace(row, expected):
    assert pace(row) == expected


def test_a_broken_off_recording_keeps_the_times_of_what_is_left():
    whole = recording(72_000_000, 60_000_000, 72_000_000)
    broken = recording(43_200_000, 60_000_000, 72_000_000, State.TRUNCATED)
    assert camera_us(broken, 12_345_678) == camera_us(whole, 12_345_678)


def test_without_a_time():
    row = Recording(1, 1, "a", State.OK, None, 1, 1, 1)
    with pytest.raises(ValueError, match="no time"):
        place_us(row, 0)
    with pytest.raises(ValueError, match="no time"):
        camera_us(row, 0)


lengths = st.integers(1, 10**11)


@given(lengths, lengths, st.fractions(0, 10**11, max_denominator=90_000))
def test_the_time_that_is_told_finds_the_same_picture(media_us, wall_us, place):
    row = recording(wall_us, media_us, wall_us)
    told = camera_us(row, place)
    assert place_us(row, told) >= place
    assert place_us(row, told - 1) < place
    assert camera_us(row, place_us(row, told)) == told
