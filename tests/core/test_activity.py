from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.core.activity import (
    WHOLE,
    Box,
    Cause,
    Event,
    FoundBy,
    Rules,
    Sample,
    joined,
    pieces,
    watched_us,
    without_covered,
)

S = 1_000_000


def at(second: float, score: float = 2.0, held: bool = False, again: bool = True, cut: bool = False) -> Sample:
    return Sample(int(second * S), score, held=held, again=again, cut=cut)


def event(
    start_s: float,
    end_s: float,
    cause: Cause = Cause.OBJECT,
    score: float = 1.0,
    touches_start: bool = False,
    touches_end: bool = False,
) -> Event:
    start_us, end_us = int(start_s * S), int(end_s * S)
    touches = (0, 0, 0, 0), touches_start, touches_end
    return Event(start_us, end_us, start_us, score, WHOLE, cause, FoundBy.FRAMES, *touches)


RULES = Rules()


def spans(samples: list[Sample], rules: Rules = RULES) -> list[tuple[float, float]]:
    return [(piece.first_us / S, piece.last_us / S) for piece in pieces(samples, rules)]


def test_a_piece_goes_from_its_first_sample_to_its_last() -> None:
    assert spans([at(1, 0), at(2), at(3, 3), at(4), at(5, 0), at(9, 0)]) == [(2, 4)]


def test_the_peak_is_the_highest_sample() -> None:
    (piece,) = pieces([at(2), at(3, 7), at(4, 7), at(5)], Rules())
    assert (piece.peak.at_us, piece.peak.score) == (3 * S, 7)


def test_what_stays_below_the_opening_score_is_no_event() -> None:
    assert spans([at(1, 0.8), at(2, 0.9), at(3, 0.8)]) == []


def test_a_weak_sample_carries_on_what_a_strong_one_opened() -> None:
    assert spans([at(1, 0.8), at(2, 1.5), at(3, 0.8)]) == [(1, 3)]


def test_one_sample_is_not_confirmed_by_itself() -> None:
    assert spans([at(1), at(2, 0), at(9, 0)], Rules(confirm=2)) == []
    assert spans([at(1), at(2), at(9, 0)], Rules(confirm=2)) == [(1, 2)]


def test_pieces_within_the_joining_time_are_one() -> None:
    assert spans([at(1), at(3, 0), at(5), at(10)]) == [(1, 5), (10, 10)]


@pytest.mark.parametrize("end", [at(2, 9, cut=True), at(70)])
def test_a_cut_or_a_gap_ends_what_was_open(end: Sample) -> None:
    assert spans([at(1), end, at(end.at_us / S + 1)])[0] == (1, 1)


def test_what_stands_still_keeps_a_piece_open_and_does_not_lengthen_it() -> None:
    waits = [at(second, 0, held=True) for second in range(2, 20)]
    assert spans([at(1), *waits, at(20)]) == [(1, 20)]
    assert spans([at(1), *waits, at(20, 0)]) == [(1, 1)]


def test_another_thing_beside_what_stands_still_is_another_piece() -> None:
    waits = [at(second, 0, held=True) for second in range(2, 20)]
    assert spans([at(1), *waits, at(20, again=False)]) == [(1, 1), (20, 20)]


def test_travel_is_how_far_the_middle_went() -> None:
    boxes = [Box(0.1, 0.5, 0.2, 0.2), Box(0.5, 0.5, 0.2, 0.2), Box(0.3, 0.6, 0.2, 0.2)]
    (piece,) = pieces([Sample(number * S, 2, box) for number, box in enumerate(boxes)], Rules())
    assert piece.travel == pytest.approx((0.4, 0.1))


def test_listed_causes_join_and_others_keep_to_their_own() -> None:
    found = joined([event(0, 2), event(3, 5, Cause.UNSURE, 9), event(4, 8, Cause.LIGHT), event(9, 10, Cause.WEATHER)])
    assert [(e.start_us / S, e.end_us / S, e.cause) for e in found] == [
        (0, 5, Cause.OBJECT),
        (4, 8, Cause.LIGHT),
        (9, 10, Cause.WEATHER),
    ]
    assert found[0].score == 9


def test_a_nuisance_inside_a_listed_event_says_nothing_new() -> None:
    outer, inner, beside = event(0, 9), event(2, 3, Cause.LIGHT), event(8, 12, Cause.WEATHER)
    assert without_covered([outer, inner, beside]) == [outer, beside]


def test_a_box_stays_inside_the_picture() -> None:
    assert Box(0.99, 0.5, 0.2, 0.25).px(100, 80) == (99, 40, 1, 20)
    assert Box(1.0, 1.0, 0.0, 0.0).px(100, 80) == (99, 79, 1, 1)


def test_overlap_is_over_both_together() -> None:
    assert Box(0, 0, 0.5, 0.5).overlap(Box(0.25, 0, 0.5, 0.5)) == pytest.approx(1 / 3)
    assert Box(0, 0, 0.1, 0.1).overlap(Box(0.5, 0.5, 0.1, 0.1)) == 0


SAMPLES = st.lists(
    st.builds(
        Sample,
        st.integers(0, 300 * S),
        st.sampled_from([0.0, 0.8, 1.0, 5.0]),
        held=st.booleans(),
        again=st.booleans(),
        cut=st.booleans(),
    ),
    max_size=60,
).map(lambda many: sorted(many, key=lambda one: one.at_us))
EVENTS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 40), st.sampled_from(list(Cause))).map(
        lambda one: event(one[0], one[0] + one[1], one[2])
    ),
    max_size=20,
)


@given(SAMPLES)
def test_pieces_are_ordered_apart_and_bounded_by_samples_that_show_something(samples: list[Sample]) -> None:
    found = pieces(samples, Rules())
    shown = {sample.at_us for sample in samples if sample.score >= Rules().stay_at and not sample.cut}
    assert all(piece.first_us in shown and piece.last_us in shown for piece in found)
    assert all(a.last_us <= b.first_us for a, b in pairwise(found))
    assert all(piece.peak.score >= Rules().open_at for piece in found)


@given(SAMPLES)
def test_no_piece_lasts_across_a_cut_or_a_blind_stretch(samples: list[Sample]) -> None:
    rules = Rules()
    for piece in pieces(samples, rules):
        inside = [sample for sample in samples if piece.first_us < sample.at_us < piece.last_us]
        assert not any(sample.cut for sample in inside)
        times = [piece.first_us, *(sample.at_us for sample in inside), piece.last_us]
        assert all(b - a <= rules.blind_us for a, b in pairwise(times))


@given(EVENTS, st.integers(0, 10 * S))
def test_joining_keeps_all_time_and_leaves_no_close_neighbours(events: list[Event], join_us: int) -> None:
    found = joined(events, join_us)
    for kind in (True, False):
        apart = [each for each in found if each.listed] if kind else [e for e in found if e.cause is Cause.LIGHT]
        assert all(b.start_us - a.end_us > join_us for a, b in pairwise(apart))
    assert all(any(a.start_us <= e.start_us and e.end_us <= a.end_us for a in found) for e in events)
    assert joined(found, join_us) == found


@given(EVENTS)
def test_watching_time_is_the_union(events: list[Event]) -> None:
    seconds = {second for e in events for second in range(e.start_us // S, e.end_us // S)}
    assert watched_us(events) == len(seconds) * S
