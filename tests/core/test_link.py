"""How long a way takes: as stated, or by distance and speed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.core.link import DEFAULT_KMH, DETOUR, EARTH_M, Link, Travel, distance_m, travel

HERE, SOUTH = (20.9349, 105.5590), (20.9314, 105.5584)
PLACES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def test_stated_seconds_need_no_place():
    assert travel(Link(5, (40, 180)), None, None) == Travel(40_000_000, 180_000_000, None)
    assert travel(Link(5, (0.5, 1.5)), HERE, None) == Travel(500_000, 1_500_000, None)


def test_neither_seconds_nor_both_places_say_how_long():
    assert travel(Link(5), HERE, None) is None
    assert travel(Link(5, None, (5, 60)), None, HERE) is None


def test_distance_and_speed():
    length_m = distance_m(HERE, SOUTH)
    assert length_m == pytest.approx(394, abs=1)
    fast = travel(Link(5, None, (10, 36)), HERE, SOUTH)
    assert fast is not None
    assert fast.least_us == pytest.approx(length_m / 10 * 1e6, abs=1), "36 km/h are 10 m/s, straight on"
    assert fast.most_us == pytest.approx(length_m * DETOUR / (10 / 3.6) * 1e6, abs=1), "and 10 km/h, by the longer road"
    assert fast.distance_m == length_m
    assert travel(Link(5), HERE, SOUTH) == travel(Link(5, None, DEFAULT_KMH), HERE, SOUTH)


def test_a_known_distance():
    assert distance_m((0, 0), (0, 180)) == pytest.approx(EARTH_M * 3.14159265358979)
    # Hanoi to Ho Chi Minh City, about 1,140 km as the crow flies.
    assert distance_m((21.0285, 105.8542), (10.7769, 106.7009)) == pytest.approx(1_143_000, rel=0.005)


@given(PLACES, PLACES)
def test_there_is_as_far_as_back(one, other):
    assert distance_m(one, other) == pytest.approx(distance_m(other, one), abs=1e-3)
    assert 0 <= distance_m(one, other) <= 3.15 * EARTH_M
