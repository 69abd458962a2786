from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from camtool.core.activity import Box, Cause, Event, FoundBy, watched_us
from camtool.core.events import joined_over_files
from camtool.core.noise import CameraNoise, LightNoise, noise_from_json, noise_to_json

S = 1_000_000


def event(start_s: float, end_s: float, **more) -> Event:
    start_us, end_us = round(start_s * S), round(end_s * S)
    plain = Event(start_us, end_us, start_us, 2.0, Box(0.1, 0.1, 0.2, 0.2), Cause.OBJECT, FoundBy.FRAMES)
    return replace(plain, **more)


def test_what_a_file_border_cut_is_one_event_under_the_first_number():
    first = event(290, 300, touches_end=True, score=3.0)
    second = event(300, 310, touches_start=True, score=5.0, box=Box(0.5, 0.5, 0.1, 0.1), peak_us=305 * S)
    ((number, whole),) = joined_over_files([(7, first), (8, second)])
    assert number == 7
    assert (whole.start_us, whole.end_us, whole.peak_us, whole.score) == (290 * S, 310 * S, 305 * S, 5.0)
    assert whole.box == second.box
    assert (whole.touches_start, whole.touches_end) == (False, False)


def test_three_files_one_event():
    events = [
        (1, event(290, 300, touches_end=True)),
        (2, event(300, 600, touches_start=True, touches_end=True)),
        (3, event(600, 605, touches_start=True)),
    ]
    ((number, whole),) = joined_over_files(events)
    assert (number, whole.start_us, whole.end_us) == (1, 290 * S, 605 * S)


def test_files_join_only_where_an_event_reaches_the_border():
    events = [event(1, 2), event(50, 60, touches_end=True), event(60.2, 63, touches_start=True), event(64, 65)]
    found = joined_over_files(list(enumerate(events)))
    assert [(number, each.start_us / S, each.end_us / S) for number, each in found] == [
        (0, 1, 2),
        (1, 50, 63),
        (3, 64, 65),
    ]


def test_files_with_a_gap_between_them_do_not_join():
    apart = [(1, event(50, 60, touches_end=True)), (2, event(90, 95, touches_start=True))]
    assert joined_over_files(apart) == apart


def test_what_does_not_touch_stays_apart():
    apart = [(1, event(290, 299)), (2, event(300, 310, touches_start=True)), (3, event(311, 312))]
    assert joined_over_files(apart) == apart
    late = [(1, event(290, 300, touches_end=True)), (2, event(310, 320, touches_start=True))]
    assert joined_over_files(late) == late, "ten seconds without a recording lie between"


def test_light_does_not_go_on_in_an_object():
    pair = [(1, event(290, 300, touches_end=True, cause=Cause.LIGHT)), (2, event(300, 305, touches_start=True))]
    assert joined_over_files(pair) == pair
    alike = [(1, event(290, 300, touches_end=True, cause=Cause.UNSURE)), (2, event(300, 305, touches_start=True))]
    ((_number, whole),) = joined_over_files(alike)
    assert whole.cause is Cause.OBJECT


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 50), st.booleans(), st.booleans()), max_size=12))
def test_joining_loses_no_time_and_no_number_is_made_up(raw):
    events = sorted(
        (event(start, start + length, touches_start=first, touches_end=last) for start, length, first, last in raw),
        key=lambda each: each.start_us,
    )
    numbered = list(enumerate(events))
    joined = joined_over_files(numbered)
    assert {number for number, _event in joined} <= set(range(len(events)))
    assert watched_us(each for _number, each in joined) >= watched_us(events)
    for each in events:
        assert any(whole.start_us <= each.start_us and each.end_us <= whole.end_us for _number, whole in joined)


def test_noise_reads_back():
    noise = CameraNoise(LightNoise(1.5, 0.25, 40), LightNoise(4.0, 0.5, 12), (0.01, 0.02, 0.3, 0.05))
    assert noise_from_json(noise_to_json(noise)) == noise
    assert noise_from_json(noise_to_json(CameraNoise())) == CameraNoise()
