import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.core.model import Span
from camtool.core.timeline import NAME_SLACK_US, clipped, covered_us, gaps, joined, overlaps, within

moments = st.integers(min_value=0, max_value=24)
span_lists = st.lists(st.tuples(moments, moments).map(lambda pair: Span(min(pair), max(pair))), max_size=8).map(sorted)
windows = st.tuples(moments, moments).map(lambda pair: Span(min(pair), max(pair)))


def instants(spans) -> list[int]:
    return [us for span in spans for us in range(span.start_us, span.end_us)]


def times_covered(spans, us: int) -> int:
    return sum(span.start_us <= us < span.end_us for span in spans)


def assert_apart(spans) -> None:
    """Sorted, none empty, none touching the next."""
    assert all(span.length_us > 0 for span in spans)
    assert all(before.end_us < after.start_us for before, after in itertools.pairwise(spans))


@given(span_lists, windows)
def test_covered_and_gaps_make_the_window(spans, window):
    missing = list(gaps(spans, window))
    assert_apart(missing)
    assert instants(missing) == [us for us in instants([window]) if times_covered(spans, us) == 0]
    assert covered_us(spans, window) + sum(gap.length_us for gap in missing) == window.length_us


@given(span_lists, windows)
def test_within_is_what_the_window_sees(spans, window):
    seen = list(within(spans, window))
    assert_apart(seen)
    assert instants(seen) == [us for us in instants([window]) if times_covered(spans, us)]
    assert covered_us(spans, window) == len(instants(seen))


@given(span_lists)
def test_overlaps_are_what_is_covered_twice(spans):
    doubled = list(overlaps(spans))
    assert_apart(doubled)
    assert instants(doubled) == [us for us in range(25) if times_covered(spans, us) > 1]


@given(span_lists, st.integers(min_value=0, max_value=4))
def test_joined_fills_only_what_the_slack_allows(spans, touch_us):
    whole = list(joined(spans, touch_us))
    assert all(after.start_us - before.end_us > touch_us for before, after in itertools.pairwise(whole))
    covered = [us for us in range(25) if times_covered(spans, us)]
    if covered:
        holes = list(gaps(spans, Span(covered[0], covered[-1] + 1)))
        filled = [us for hole in holes if hole.length_us <= touch_us for us in instants([hole])]
        assert instants(whole) == sorted(covered + filled)
    else:
        assert whole == []


@given(windows, windows)
def test_clipped_is_the_common_part(span, window):
    part = clipped(span, window)
    both = [us for us in instants([span]) if times_covered([window], us)]
    assert instants([part] if part else []) == both


def test_names_one_second_apart_are_one_recording():
    minute = 60_000_000
    names = [Span(0, 59_000_000), Span(minute, minute + 59_000_000), Span(2 * minute + 1, 3 * minute)]
    assert NAME_SLACK_US == 1_000_000
    assert list(joined(names)) == [Span(0, minute + 59_000_000), Span(2 * minute + 1, 3 * minute)]
    assert list(joined(names, touch_us=0)) == names
    assert list(gaps(joined(names), Span(0, 3 * minute))) == [Span(minute + 59_000_000, 2 * minute + 1)]


def test_a_recording_without_length_covers_nothing():
    spans = [Span(5, 5), Span(7, 9), Span(8, 8)]
    assert list(joined(spans, 0)) == [Span(7, 9)]
    assert list(joined([Span(5, 5), Span(6, 6)])) == []
    assert list(gaps(spans, Span(4, 10))) == [Span(4, 7), Span(9, 10)]
    assert list(overlaps(spans)) == []
    assert clipped(Span(5, 5), Span(0, 10)) is None


def test_an_empty_window_has_no_gap():
    assert list(gaps([], Span(5, 5))) == []
    assert covered_us([Span(0, 10)], Span(5, 5)) == 0


@pytest.mark.parametrize("read", [joined, overlaps, lambda spans: gaps(spans, Span(0, 9))])
def test_disorder_is_not_answered(read):
    with pytest.raises(ValueError, match="out of order: 2 after 3"):
        list(read([Span(3, 3), Span(2, 4)]))


def test_a_long_row_is_streamed():
    read = 0

    def endless() -> Iterator[Span]:
        nonlocal read
        for number in itertools.count():
            read += 1
            yield Span(number * 10, number * 10 + 9)

    assert covered_us(endless(), Span(0, 1_000)) == 900
    assert read < 105  # stopped behind the window
    assert next(joined(endless(), touch_us=0)) == Span(0, 9)
