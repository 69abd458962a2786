"""Where a recording lies in camera time, held to the rule in words: the name's length, else the content's."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.core.model import MediaFacts, Span, State
from camtool.core.problem import Problem, ProblemKind
from camtool.core.settle import Settled, settle

S = 1_000_000
START_US = 1_795_431_600_000_000  # 2026-11-23T18:00:00+07:00

starts = st.integers(-(2**60), 2**60)
lengths = st.integers(1, 30 * 86_400 * S)
maybe_lengths = st.none() | lengths
PLAYED = (State.OK, State.TRUNCATED)


@given(maybe_lengths, maybe_lengths, st.sampled_from(list(State)))
def test_without_a_start_nothing_is_placed(wall_us, media_us, state):
    end_us = None if wall_us is None else START_US + wall_us
    assert settle(None, end_us, MediaFacts(state, media_us=media_us)) == Settled(None, None)


@given(starts, maybe_lengths, maybe_lengths)
def test_a_good_recording_is_as_long_as_its_name_else_as_its_content(start_us, wall_us, media_us):
    end_us = None if wall_us is None else start_us + wall_us
    settled = settle(start_us, end_us, MediaFacts(State.OK, media_us=media_us, playable_us=media_us))
    length_us = next((each for each in (wall_us, media_us) if each is not None), 0)
    assert settled.span == Span(start_us, start_us + length_us)
    assert settled.wall_us == wall_us
    kinds = [problem.kind for problem in settled.problems]
    if wall_us is None and media_us is None:
        assert kinds == [ProblemKind.NO_DURATION]
    elif wall_us is None or media_us is None:
        assert kinds == []
    else:
        apart = Fraction(abs(media_us - wall_us), wall_us)
        worth_telling = apart > Fraction(2, 100) and abs(media_us - wall_us) >= S // 2
        assert kinds == [ProblemKind.DURATION_MISMATCH] * worth_telling


@pytest.mark.parametrize(
    ("media_us", "wall_us", "told"),
    [
        (60 * S, 72 * S, {"media_s": "60.0", "wall_s": "72.0"}),  # 21 pictures a second stamped as 25
        (300 * S, 306 * S, None),  # 1.96 %
        (300 * S, 294_000_000, {"media_s": "300.0", "wall_s": "294.0"}),  # 2.04 %
        (102 * S, 100 * S, None),  # 2 % exactly
        (102 * S + 1, 100 * S, {"media_s": "102.0", "wall_s": "100.0"}),
        (10_499_999, 10 * S, None),  # 5 %, but less than the half second that a name cannot say
        (10_500_000, 10 * S, {"media_s": "10.5", "wall_s": "10.0"}),
        (9_950_000, 11 * S, {"media_s": "10.0", "wall_s": "11.0"}),
    ],
)
def test_a_picture_that_runs_longer_or_shorter_than_the_name_says(media_us, wall_us, told):
    settled = settle(START_US, START_US + wall_us, MediaFacts(State.OK, media_us=media_us))
    expected = () if told is None else (Problem(ProblemKind.DURATION_MISMATCH, facts=told),)
    assert settled == Settled(Span(START_US, START_US + wall_us), wall_us, expected)


def test_no_length_in_name_or_content_is_a_problem_of_its_own():
    for media_us in (None, 0):
        settled = settle(START_US, None, MediaFacts(State.OK, media_us=media_us))
        assert settled == Settled(Span(START_US, START_US), None, (Problem(ProblemKind.NO_DURATION),))


@given(starts, maybe_lengths, maybe_lengths, st.none() | st.integers(0, 30 * 86_400 * S))
def test_a_broken_off_recording_covers_its_playable_share_and_never_more_than_its_name(
    start_us, wall_us, media_us, playable_us
):
    end_us = None if wall_us is None else start_us + wall_us
    facts = MediaFacts(State.TRUNCATED, media_us=media_us, playable_us=playable_us)
    settled = settle(start_us, end_us, facts)
    assert settled.span is not None
    assert (settled.span.start_us, settled.wall_us, settled.problems) == (start_us, wall_us, ())
    length_us = settled.span.length_us
    if playable_us is None:
        assert length_us == 0
    elif wall_us is None or media_us is None:
        assert length_us == playable_us
    else:
        exact_us = min(Fraction(wall_us), Fraction(playable_us) * wall_us / media_us)
        assert exact_us - 1 < length_us <= exact_us


@given(starts, maybe_lengths, maybe_lengths, st.sampled_from([state for state in State if state not in PLAYED]))
def test_what_cannot_be_played_keeps_the_span_of_its_name(start_us, wall_us, media_us, state):
    end_us = None if wall_us is None else start_us + wall_us
    settled = settle(start_us, end_us, MediaFacts(state, media_us=media_us, playable_us=media_us))
    assert settled == Settled(Span(start_us, start_us + (wall_us or 0)), wall_us)
