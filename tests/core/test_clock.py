import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.core.clock import ClockModel, Observation
from camtool.core.model import Span

MINUTE_US = 60_000_000

instants = st.integers(min_value=-(2**61), max_value=2**61)
looks = st.builds(
    Observation, camera=st.just(3), shows_us=instants, true_us=instants, photo=st.none(), noted_us=st.integers(0, 5)
)


def look(true_us: int, offset_us: int, noted_us: int = 0, camera: int = 3) -> Observation:
    return Observation(camera, true_us - offset_us, true_us, None, noted_us)


def test_a_clock_nobody_checked_is_taken_on_trust():
    for model in (ClockModel(), ClockModel.from_observations([])):
        assert not model.observed
        assert model.newest is None
        assert model.offset_us == 0
        assert model.to_true_us(77) == model.to_camera_us(77) == 77


def test_a_slow_camera_clock():
    # The camera shows 18:25 when it is 18:30.
    model = ClockModel.from_observations([Observation(3, 25 * MINUTE_US, 30 * MINUTE_US, "photo.jpg", 99)])
    assert model.observed
    assert model.offset_us == 5 * MINUTE_US
    assert model.to_true_us(25 * MINUTE_US) == 30 * MINUTE_US
    assert model.to_camera_us(30 * MINUTE_US) == 25 * MINUTE_US
    assert model.span_to_true(Span(0, MINUTE_US)) == Span(5 * MINUTE_US, 6 * MINUTE_US)
    assert model.span_to_camera(Span(5 * MINUTE_US, 6 * MINUTE_US)) == Span(0, MINUTE_US)


def test_the_newest_look_counts_in_any_order():
    older, newer, corrected = look(100, 7, noted_us=900), look(200, -3, noted_us=300), look(200, 4, noted_us=301)
    for order in itertools.permutations([older, newer, corrected]):
        model = ClockModel.from_observations(order)
        assert model.newest == corrected
        assert model.offset_us == 4
        assert model.observations == (older, newer, corrected)


def test_of_equal_looks_the_later_given_counts():
    assert ClockModel.from_observations([look(200, 1), look(200, 2)]).offset_us == 2


def test_two_cameras_have_two_clocks():
    with pytest.raises(ValueError, match="more than one camera"):
        ClockModel.from_observations([look(1, 1), look(1, 1, camera=4)])


@given(st.lists(looks, max_size=4), instants, st.integers(0, 2**40))
def test_there_and_back_is_nothing(observations, us, length_us):
    model = ClockModel.from_observations(observations)
    span = Span(us, us + length_us)
    assert model.to_true_us(model.to_camera_us(us)) == us
    assert model.to_camera_us(model.to_true_us(us)) == us
    assert model.span_to_true(model.span_to_camera(span)) == span
    assert model.span_to_camera(model.span_to_true(span)) == span


@given(st.lists(looks, min_size=1, max_size=4))
def test_the_newest_look_is_reproduced(observations):
    model = ClockModel.from_observations(observations)
    assert model.newest is not None
    assert model.newest.true_us == max(seen.true_us for seen in observations)
    assert model.to_true_us(model.newest.shows_us) == model.newest.true_us
