"""Timelines of cameras that never were: rows with known spans and events, and the pages drawn from them."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from camtool.core.activity import Box, Cause, Event, FoundBy
from camtool.core.clock import ClockModel, Observation
from camtool.core.model import Camera, Recording, Span, State
from camtool.jobs.search import Sighting
from camtool.jobs.timeline import Drawn, Row, draw
from camtool.jobs.timeline_data import Tongue

S = 1_000_000
HOUR_US = 3600 * S
# 23/11/2026 00:00 in Vietnam.
DAY_US = 1_795_366_800 * S
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ENGLISH = Tongue("en", lambda text: text, str, lambda clock: f"true time = camera time {clock.offset_us // S} s")


def span(from_s: float, to_s: float) -> Span:
    return Span(DAY_US + round(from_s * S), DAY_US + round(to_s * S))


def event(from_s: float, to_s: float, score: float = 5.0, cause: Cause = Cause.OBJECT, offset_s: int = 0) -> Event:
    """Make an event at a true time; its own times are the camera's."""
    own = span(from_s - offset_s, to_s - offset_s)
    middle_us = (own.start_us + own.end_us) // 2
    return Event(own.start_us, own.end_us, middle_us, score, Box(0.1, 0.1, 0.2, 0.2), cause, FoundBy.FRAMES)


def damaged(camera: int, state: State, path: str, from_s: float, to_s: float) -> Sighting:
    return Sighting(Recording(1, camera, path, state, span(from_s, to_s), 1, 1, 1), span(from_s, to_s))


def row(
    number: int,
    name: str = "Chợ",
    *,
    place: str = "",
    offset_s: int = 0,
    covered: Sequence[Span] = (),
    gaps: Sequence[Span] = (),
    unskimmed: Sequence[Span] = (),
    broken: Sequence[Sighting] = (),
    events: Sequence[tuple[int, Event]] = (),
    unplaced: int = 0,
) -> Row:
    seen = [Observation(number, DAY_US - offset_s * S, DAY_US, None, DAY_US)] if offset_s else []
    clock = ClockModel.from_observations(seen)
    return Row(
        Camera(number, name, place, "x"),
        clock,
        tuple(covered),
        tuple(gaps),
        tuple(unskimmed),
        tuple(broken),
        tuple(events),
        unplaced,
    )


def write(rows: Sequence[Row], window: Span, out: Path, **more: Any) -> Drawn:
    given: dict[str, Any] = {"title": "Timeline · Xã", "made": "made", "command": "camtool", "zone": ZONE}
    return draw(rows, window, out, **(given | {"tongue": ENGLISH} | more))


def busy(cameras: int, hours: int, events: int, seed: int = 1) -> list[Row]:
    """Return rows as full as a market's: so many events in all, a gap an hour, a broken file every six."""
    dice = random.Random(seed)
    whole_s = hours * 3600
    rows = []
    for number in range(1, cameras + 1):
        count = events // cameras + (number <= events % cameras)
        starts = sorted(dice.uniform(0, whole_s - 60) for _ in range(count))
        found = [
            (number * 1_000_000 + place, event(at_s, at_s + dice.uniform(1, 60), dice.paretovariate(0.7)))
            for place, at_s in enumerate(starts)
        ]
        gaps = [span(hour * 3600 + 1800, hour * 3600 + 1860) for hour in range(hours)]
        edges = [
            0.0,
            *(each for gap in gaps for each in ((gap.start_us - DAY_US) / S, (gap.end_us - DAY_US) / S)),
            whole_s,
        ]
        covered = [span(*pair) for pair in zip(edges[::2], edges[1::2], strict=True)]
        broken = [
            damaged(number, State.TRUNCATED, f"{hour}.mp4", hour * 3600, hour * 3600 + 300)
            for hour in range(0, hours, 6)
        ]
        rows.append(row(number, f"Camera {number}", covered=covered, gaps=gaps, broken=broken, events=found))
    return rows
