"""The search by itself, with an eye that sees what the test says."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camtool.core.change import Axis, Kind, Reason
from camtool.core.looking import LIMIT
from camtool.core.model import Span
from camtool.core.stays import Search
from tests.core.seeing import S, Seeing

DAY = 86_400
WHOLE = (Span(0, DAY * S),)


def gone_at(second: float) -> Callable[[float], str]:
    return lambda s: "T" if s < second else "-"


@given(second=st.integers(200, DAY - 200), tenth=st.integers(0, 9))
@settings(max_examples=150, deadline=None)
def test_a_day_is_searched_to_the_frame_within_the_budget(second, tenth):
    moment = second + tenth / 10
    eye = Seeing(WHOLE, gone_at(moment))
    found = Search(eye, eye.axis).run()
    assert found.kind is Kind.VANISHED
    assert found.change is not None
    assert found.change.after_us == round(moment * S) - S // 10
    assert found.change.before_us == round(moment * S)
    assert found.keyframes <= LIMIT
    assert eye.frames <= 42, "a group of pictures at the end, and the two seconds before it"
    assert found.absences == ()


@given(second=st.integers(200, DAY - 200))
@settings(max_examples=60, deadline=None)
def test_what_appears_is_told_from_what_vanishes(second):
    eye = Seeing(WHOLE, lambda s: "-" if s < second else "T")
    found = Search(eye, eye.axis).run()
    assert found.kind is Kind.APPEARED
    assert found.change is not None
    assert (found.change.after_us, found.change.before_us) == (second * S - S // 10, second * S)


covers = st.lists(
    st.tuples(st.integers(0, DAY), st.integers(2, 120), st.sampled_from((0.4, 0.75, 1.0))), min_size=0, max_size=60
)


@given(second=st.integers(1_800, DAY - 1_800), cover=covers)
@settings(max_examples=150, deadline=None)
def test_who_stands_in_front_for_a_while_changes_nothing(second, cover):
    """Sixty passers-by a day of up to two minutes, but not at the very moment."""
    spans = [
        (start, start + length, share)
        for start, length, share in cover
        if not start - 30 < second < start + length + 30
    ]
    spans = [each for each in spans if each[0] > 300 and each[1] < DAY - 300]
    eye = Seeing(WHOLE, gone_at(second), covers=spans)
    found = Search(eye, eye.axis).run()
    assert found.kind is Kind.VANISHED
    assert found.change is not None
    assert found.change.after_us < second * S <= found.change.before_us
    assert found.keyframes <= LIMIT
    if Reason.BUDGET not in found.reasons:
        assert found.change.before_us - found.change.after_us <= S


@given(cover=covers)
@settings(max_examples=80, deadline=None)
def test_passers_by_are_no_change(cover):
    spans = [
        (start, start + length, share) for start, length, share in cover if start > 300 and start + length < DAY - 300
    ]
    eye = Seeing(WHOLE, lambda _s: "T", covers=spans)
    found = Search(eye, eye.axis).run()
    assert found.kind is Kind.UNCHANGED
    assert found.change is None


def test_hidden_at_the_moment_the_answer_is_as_wide_as_the_hiding():
    eye = Seeing(WHOLE, gone_at(40_000), covers=[(39_990, 40_010, 1.0)])
    found = Search(eye, eye.axis).run()
    assert found.kind is Kind.VANISHED
    assert found.change is not None
    assert Reason.HIDDEN in found.reasons
    assert (found.change.after_us, found.change.before_us) == (39_990 * S - S // 10, 40_010 * S)


def test_a_gap_widens_the_answer_and_says_so():
    eye = Seeing((Span(0, 30_000 * S), Span(36_000 * S, DAY * S)), gone_at(33_000))
    found = Search(eye, eye.axis).run()
    assert found.kind is Kind.VANISHED
    assert found.change is not None
    assert Reason.GAP in found.reasons
    assert found.change.after_us == 29_998 * S, "the last keyframe before the gap"
    assert found.change.before_us == 36_000 * S


@given(start=st.integers(15_000, 40_000), hours=st.floats(2.0, 6.0))
@settings(max_examples=60, deadline=None)
def test_what_left_and_came_back_is_told(start, hours):
    end = start + int(hours * 3600)
    eye = Seeing(WHOLE, lambda s: "-" if start <= s < end else "T")
    found = Search(eye, eye.axis).run()
    assert found.kind is Kind.UNCHANGED
    (absence,) = found.absences
    assert absence.after_us < start * S <= absence.before_us
    assert absence.back_after_us < end * S <= absence.back_before_us
    assert absence.empty


def test_left_came_back_and_left_for_good():
    eye = Seeing(WHOLE, lambda s: "-" if 20_000 <= s < 30_000 or s >= 60_000 else "T")
    found = Search(eye, eye.axis).run()
    assert found.kind is Kind.VANISHED
    assert found.change is not None
    assert found.change.before_us == 60_000 * S
    assert len(found.absences) == 1
    assert found.changes[-1] is found.change
    assert len(found.changes) >= 2, "the way back as far as the budget goes"


@given(second=st.integers(1_000, DAY - 1_000))
@settings(max_examples=60, deadline=None)
def test_slow_light_and_day_and_night_are_no_change(second):
    nights = [(0, 20_000), (64_000, DAY)]

    def light(s):
        return 0.25 * s / DAY

    still = Seeing(WHOLE, lambda _s: "T", nights=nights, light_at=light)
    assert Search(still, still.axis).run().kind is Kind.UNCHANGED
    if min(abs(second - edge) for edge in (20_000, 64_000)) < 120:
        return
    moved = Seeing(WHOLE, gone_at(second), nights=nights, light_at=light)
    found = Search(moved, moved.axis).run()
    assert found.kind is Kind.VANISHED
    assert found.change is not None
    assert found.change.before_us == second * S
    assert found.keyframes <= LIMIT


def test_every_change_is_listed_on_request():
    states = [(0, "-"), (10_000, "T"), (13_000, "-"), (50_000, "T"), (50_400, "-")]
    eye = Seeing(WHOLE, lambda s: next(name for start, name in reversed(states) if s >= start))
    found = Search(eye, eye.axis, every_us=60 * S).run()
    assert [change.kind for change in found.changes] == [Kind.APPEARED, Kind.VANISHED, Kind.APPEARED, Kind.VANISHED]
    assert [change.before_us for change in found.changes] == [start * S for start, _ in states[1:]]


def test_one_picture_a_flat_wall_and_a_restless_box_are_unclear():
    one = Seeing((Span(0, S),), lambda _s: "T", frame_us=S)
    assert Search(one, one.axis).run().reasons == (Reason.ONE_PICTURE,)
    flat = Seeing(WHOLE, lambda _s: "-", flat=True)
    assert Search(flat, flat.axis).run().reasons == (Reason.FLAT,)
    restless = Seeing(WHOLE, lambda s: str(int(s) // 2))
    found = Search(restless, restless.axis).run()
    assert (found.kind, found.reasons) == (Kind.UNCLEAR, (Reason.RESTLESS,))
    nothing = Seeing((), lambda _s: "T")
    assert Search(nothing, Axis.of(WHOLE)).run().kind is Kind.UNCLEAR


@pytest.mark.parametrize(
    ("first", "last", "at", "wide", "kind", "reasons"),
    [
        # Less than five minutes are left when it comes, and when it goes; then less than five have passed.
        ("-", "T", 7_000, 0.5, Kind.UNCLEAR, (Reason.IN_FRONT,)),
        ("-", "T", 7_000, 0.1, Kind.APPEARED, (Reason.BRIEF,)),
        ("T", "-", 7_000, 0.5, Kind.UNCLEAR, (Reason.IN_FRONT,)),
        ("T", "-", 7_000, 0.1, Kind.VANISHED, ()),
        ("T", "-", 260, 0.5, Kind.UNCLEAR, (Reason.IN_FRONT,)),
        ("-", "T", 260, 0.5, Kind.UNCLEAR, (Reason.IN_FRONT,)),
        ("-", "T", 260, 0.1, Kind.APPEARED, ()),
        # Who is there for longer than that is taken for a thing.
        ("-", "T", 3_600, 0.5, Kind.APPEARED, ()),
        ("T", "-", 3_600, 0.5, Kind.VANISHED, ()),
        ("A", "T", 7_000, 0.5, Kind.UNCLEAR, (Reason.EITHER_WAY,)),
    ],
)
def test_what_is_larger_than_the_box_has_to_stay_for_long(first, last, at, wide, kind, reasons):
    eye = Seeing((Span(0, 7_200 * S),), lambda s: first if s < at else last, wide=wide)
    found = Search(eye, eye.axis).run()
    assert (found.kind, found.reasons) == (kind, reasons)
    assert found.change is not None
    assert found.change.kind is kind
    assert (found.change.after_us, found.change.before_us) == (at * S - S // 10, at * S)
    assert found.changes == (found.change,)
    assert found.keyframes == eye.decoded <= LIMIT


def test_neither_came_nor_went():
    eye = Seeing(WHOLE, lambda s: "A" if s < 30_000 else "T")
    found = Search(eye, eye.axis).run()
    assert (found.kind, found.reasons) == (Kind.UNCLEAR, (Reason.EITHER_WAY,))
    assert found.change is not None
    assert found.change.before_us == 30_000 * S


@pytest.mark.parametrize("length", [4, 12, 45, 300, 1_500])
def test_short_windows(length):
    eye = Seeing((Span(0, length * S),), gone_at(length * 4 / 5), gop_us=10 * S)
    found = Search(eye, eye.axis).run()
    assert found.kind is Kind.VANISHED
    assert found.change is not None
    assert found.change.before_us == length * 4 * S // 5


@given(
    lengths=st.lists(st.tuples(st.integers(1, 1_000), st.integers(2, 1_000)), min_size=1, max_size=8),
    share=st.floats(0, 0.999),
)
def test_an_axis_goes_there_and_back(lengths, share):
    spans, at = [], 0
    for gap, length in lengths:
        spans.append(Span(at + gap, at + gap + length))
        at += gap + length
    axis = Axis.of(spans)
    position = int(axis.length_us * share)
    time = axis.time_us(position)
    assert any(span.start_us <= time < span.end_us for span in spans)
    assert axis.position_us(time) == position
    assert axis.time_us(-5) == spans[0].start_us
    assert axis.time_us(axis.length_us + 5) == spans[-1].end_us - 1
