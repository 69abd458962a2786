"""How found events are held against the truth.

A true event is found if a listed event overlaps it. A listed event is false if it overlaps no true event. Start and
end error: of the earliest start and the latest end among those that overlap it, in absolute seconds. Time to watch: the
union of all listed events, false ones too, over the sum of the true events. `shorter` leaves true events under 3 s out.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts and seconds; starts_s and ends_s hold one error for each event found."""

    true: int
    found: int
    false: int
    watched_s: float
    real_s: float
    starts_s: tuple[float, ...]
    ends_s: tuple[float, ...]

    @property
    def to_watch(self) -> float:
        """Seconds flagged over real seconds."""
        return self.watched_s / self.real_s

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.true + other.true,
            self.found + other.found,
            self.false + other.false,
            self.watched_s + other.watched_s,
            self.real_s + other.real_s,
            self.starts_s + other.starts_s,
            self.ends_s + other.ends_s,
        )


def score(said: Sequence[Span], truth: Sequence[Span], least_s: float = 0.0) -> Score:
    """Hold what was said against the truth; both in seconds of the file."""
    wanted = [one for one in truth if one[1] - one[0] >= least_s]
    starts, ends = [], []
    for true in wanted:
        if mine := [one for one in said if _overlap(one, true)]:
            starts.append(abs(min(start for start, _ in mine) - true[0]))
            ends.append(abs(max(end for _, end in mine) - true[1]))
    false = sum(not any(_overlap(one, true) for true in truth) for one in said)
    real_s = sum(end - start for start, end in truth)
    return Score(len(wanted), len(starts), false, _union_s(said), real_s, tuple(starts), tuple(ends))


def median(values: Sequence[float]) -> float:
    """Return the median, or not-a-number where nothing was found."""
    return statistics.median(values) if values else float("nan")


def _overlap(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _union_s(spans: Sequence[Span]) -> float:
    total_s, reached_s = 0.0, float("-inf")
    for start, end in sorted(spans):
        total_s += max(0.0, end - max(start, reached_s))
        reached_s = max(reached_s, end)
    return total_s
