"""Ways through a place, and where something is on its way."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from math import atan2, degrees, hypot

US_PER_S = 1_000_000


@dataclass(frozen=True)
class Way:
    """A line on the ground in metres, its corners cut round; from outside the picture to outside it, as a rule."""

    points: tuple[tuple[float, float], ...]

    @cached_property
    def _marks_m(self) -> list[float]:
        """The distance of each point from the start."""
        pieces = (hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(self.points))
        return list(accumulate(pieces, initial=0.0))

    @property
    def length_m(self) -> float:
        """Length along the line."""
        return self._marks_m[-1]

    def at(self, distance_m: float) -> tuple[float, float, float]:
        """Return x, y and the heading (clockwise from north) at a distance from the start."""
        i = min(max(bisect_right(self._marks_m, distance_m), 1), len(self.points) - 1)
        (ax, ay), (bx, by) = self.points[i - 1], self.points[i]
        share = (distance_m - self._marks_m[i - 1]) / (self._marks_m[i] - self._marks_m[i - 1])
        share = min(max(share, 0.0), 1.0)
        return ax + (bx - ax) * share, ay + (by - ay) * share, degrees(atan2(bx - ax, by - ay))


def way(*points: tuple[float, float], rounds: int = 3) -> Way:
    """Return a way through points, its corners cut (Chaikin's scheme) as often as rounds says."""
    line: Sequence[tuple[float, float]] = points
    for _ in range(rounds if len(points) > 2 else 0):
        cut = [line[0]]
        for (ax, ay), (bx, by) in pairwise(line):
            cut += [(ax * 0.75 + bx * 0.25, ay * 0.75 + by * 0.25), (ax * 0.25 + bx * 0.75, ay * 0.25 + by * 0.75)]
        line = [*cut, line[-1]]
    return Way(tuple(line))


def eased(share: float, ease: str) -> float:
    """Return the share of the way done at a share of time: 'in' sets off from rest, 'out' comes to it, '' is even."""
    if ease == "out":
        return 1 - eased(1 - share, "in")
    if ease == "in":
        slow = 0.5  # speeding up for this share of the time
        scale = 1 / (1 - slow / 2)
        return scale * (share**2 / (2 * slow) if share < slow else share - slow / 2)
    return share
