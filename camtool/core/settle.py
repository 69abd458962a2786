"""Where a recording lies in camera time, from what its name claims and what its content says."""

from dataclasses import dataclass

from camtool.core.model import US_PER_S, MediaFacts, Span, State
from camtool.core.problem import Problem, ProblemKind

# A picture that runs more than this share longer or shorter than the name says is worth a Problem: a recorder that
# stamps 25 pictures a second and delivers 21 turns 72 s into 60 (DESIGN §6).
MISMATCH_SHARE = 50  # one in fifty, 2 %

# Names carry whole seconds, so a difference below half a second says nothing.
MISMATCH_LEAST_US = US_PER_S // 2


@dataclass(frozen=True, slots=True)
class Settled:
    """span is camera time (None: no time is known); wall_us is the name's own length, where it has an end."""

    span: Span | None
    wall_us: int | None
    problems: tuple[Problem, ...] = ()


def settle(start_us: int | None, end_us: int | None, facts: MediaFacts) -> Settled:
    """Place a recording, given the claimed start and end (camera time, µs) and what the content says.

    A broken-off recording covers what can be played of it, in proportion where the name gives the whole length. One
    that cannot be played keeps the span its name claims, so that a search lists it, though it covers nothing there.
    """
    if start_us is None:
        return Settled(None, None)
    wall_us = None if end_us is None else end_us - start_us
    if facts.state is State.TRUNCATED:
        return Settled(Span(start_us, start_us + _playable_wall_us(facts, wall_us)), wall_us)
    if facts.state is not State.OK:
        return Settled(Span(start_us, start_us + (wall_us or 0)), wall_us)
    length_us = wall_us if wall_us is not None else facts.media_us
    if not length_us:
        return Settled(Span(start_us, start_us), wall_us, (Problem(ProblemKind.NO_DURATION),))
    return Settled(Span(start_us, start_us + length_us), wall_us, mismatch(wall_us, facts.media_us))


def _playable_wall_us(facts: MediaFacts, wall_us: int | None) -> int:
    playable_us = facts.playable_us or 0
    if wall_us is None or not facts.media_us:
        return playable_us
    return min(wall_us, playable_us * wall_us // facts.media_us)


def mismatch(wall_us: int | None, media_us: int | None) -> tuple[Problem, ...]:
    """Return a Problem where the picture runs more than 2 % longer or shorter than the name says, µs."""
    if wall_us is None or media_us is None:
        return ()
    apart_us = abs(media_us - wall_us)
    if apart_us * MISMATCH_SHARE <= wall_us or apart_us < MISMATCH_LEAST_US:
        return ()
    facts = {"media_s": _seconds(media_us), "wall_s": _seconds(wall_us)}
    return (Problem(ProblemKind.DURATION_MISMATCH, facts=facts),)


def _seconds(length_us: int) -> str:
    tenths = (length_us + US_PER_S // 20) // (US_PER_S // 10)
    return f"{tenths // 10}.{tenths % 10}"
