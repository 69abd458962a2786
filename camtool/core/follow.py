"""Where to look next after an event: windows on the cameras that the way leads to, and their order. Pure.

Everything is true time. Nothing here says who or what was seen: only where somebody could have been by then.
"""

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from camtool.core.link import LatLon, Link, Travel, travel
from camtool.core.model import US_PER_S, Camera, Span

# An event at the very ends of a window still counts for more than none.
LEAST_FIT = 0.05


@dataclass(frozen=True, slots=True)
class Step:
    """A camera that can be reached: over the camera `via`, as the hop-th one, so long after it, and when.

    left is when the camera before was left, window when this one can have been reached.
    """

    camera: Camera
    via: int
    hop: int
    link: Link
    travel: Travel
    left: Span
    window: Span


@dataclass(frozen=True, slots=True)
class Broken:
    """A link that leads nowhere: to a camera that site.toml does not have, or without a way to tell how long."""

    start: int
    end: int
    known: bool


def steps(cameras: Mapping[int, Camera], start: int, seen: Span, hops: int) -> tuple[list[Step], list[Broken]]:
    """Return the cameras that can be reached from `start` in up to `hops` links, nearest first, each one once.

    seen is when it was on the first camera: it left some time in that span, so the first arrival is counted from its
    start, the last from its end. Links that cannot be followed are returned apart.
    """
    found: list[Step] = []
    broken: list[Broken] = []
    reached = {start}
    todo = deque([(start, seen, 0)])
    while todo:
        number, span, hop = todo.popleft()
        if hop == hops:
            continue
        camera = cameras[number]
        for link in camera.links:
            if link.to in reached:
                continue
            there = cameras.get(link.to)
            takes = None if there is None else travel(link, place_of(camera), place_of(there))
            if there is None or takes is None:
                broken.append(Broken(number, link.to, there is not None))
                continue
            window = Span(span.start_us + takes.least_us, span.end_us + takes.most_us)
            reached.add(link.to)
            found.append(Step(there, number, hop + 1, link, takes, span, window))
            todo.append((link.to, window, hop + 1))
    return found, broken


def place_of(camera: Camera) -> LatLon | None:
    """Return where a camera stands, degrees; None where site.toml does not say both."""
    return None if camera.lat is None or camera.lon is None else (camera.lat, camera.lon)


def fit(step: Step, event: Span) -> float:
    """Return how well an event's time suits the way, LEAST_FIT to 1.

    The time a way usually takes is taken as the geometric mean of its least and most: as many times the one as it is
    short of the other. An event that could be an arrival after just that time has 1; from there it falls evenly, on a
    logarithmic scale, to nothing at both ends of the window. Somebody may be unusually slow or fast, hence LEAST_FIT.
    """
    least_us, most_us = max(step.travel.least_us, US_PER_S), max(step.travel.most_us, 2 * US_PER_S)
    usual_us = math.sqrt(least_us * most_us)
    # The shortest and longest time that may lie between leaving there and being seen here.
    shortest_us, longest_us = event.start_us - step.left.end_us, event.end_us - step.left.start_us
    taken_us = min(max(usual_us, shortest_us), longest_us)
    if taken_us <= 0 or most_us <= least_us:
        return LEAST_FIT if taken_us <= 0 else 1.0
    away = abs(math.log(taken_us / usual_us)) / math.log(most_us / usual_us)
    return max(LEAST_FIT, 1 - away)


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a window: its events' scores times their fit; what nobody has skimmed or can see of it, µs."""

    weights: tuple[float, ...]
    unskimmed_us: int
    gaps_us: int


def order(step: Step, found: Found) -> tuple[object, ...]:
    """Return what windows are sorted by, first first.

    Nearer cameras before farther ones by links. Then by the weightiest event, of equals by how many there are. Windows
    without events follow: first those with footage nobody has skimmed, then those with gaps, then those in which
    nothing moved; of equals the one that is reached first.
    """
    weightiest = max(found.weights, default=0.0)
    unknown = 0 if found.unskimmed_us else 1 if found.gaps_us else 2
    return (step.hop, -weightiest, -len(found.weights), unknown, step.window.start_us, step.camera.number)
