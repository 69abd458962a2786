from hypothesis import given
from hypothesis import strategies as st

from camtool.core.clipclock import ClipStretch, camera_us_at

S = 1_000_000
# Ten seconds at the camera's pace, then 8 s that a recorder made of 10.
PARTS = [ClipStretch(0, 10 * S, 1000 * S, 1010 * S), ClipStretch(10 * S, 18 * S, 2000 * S, 2010 * S)]


def test_each_part_by_its_own_recording():
    assert [camera_us_at(PARTS, at) for at in (0, 4 * S, 10 * S - 1, 10 * S, 14 * S)] == [
        1000 * S,
        1004 * S,
        1010 * S - 1,
        2000 * S,
        2005 * S,
    ]


def test_before_and_behind_the_clock_goes_on():
    assert camera_us_at(PARTS, -S) == 999 * S
    assert camera_us_at(PARTS, 20 * S) == 2010 * S
    assert camera_us_at([], 5) is None
    assert camera_us_at([ClipStretch(0, 0, 7, 7)], 5) == 12


@given(st.lists(st.integers(-(10**7), 3 * 10**7), min_size=2).map(sorted))
def test_the_clock_of_one_part_never_runs_back(times):
    shown = [camera_us_at(PARTS[:1], at) or 0 for at in times]
    assert shown == sorted(shown)
