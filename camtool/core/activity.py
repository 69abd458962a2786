"""From scores over time to events: hysteresis, joining, the ends of files. Pure.

Times are µs on the timeline of whoever gives the samples; boxes are fractions of the picture, so that 4K and 480p
behave alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from camtool.core.model import US_PER_S, Span

# A person who stops for a moment, or passes behind a post, is one event: pieces this close join.
JOIN_US = 4 * US_PER_S


class Cause(StrEnum):
    """What an event looks like. The first two are listed by default, the others with --all."""

    OBJECT = "object"
    UNSURE = "unsure"
    LIGHT = "light"
    CAMERA = "camera"
    WEATHER = "weather"


LISTED = (Cause.OBJECT, Cause.UNSURE)


class FoundBy(StrEnum):
    """The stage that set an event's start and end."""

    PACKETS = "packets"
    KEYFRAMES = "keyframes"
    FRAMES = "frames"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in fractions of the picture, 0 to 1, from its upper left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def middle(self) -> "Box":
        """Its middle, as a box without size."""
        return Box(self.x + self.w / 2, self.y + self.h / 2, 0.0, 0.0)

    def with_box(self, other: "Box") -> "Box":
        """Return the smallest box around both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        right, below = max(self.x + self.w, other.x + other.w), max(self.y + self.h, other.y + other.h)
        return Box(x, y, right - x, below - y)

    def overlap(self, other: "Box") -> float:
        """Return the common area over the area of both together, 0 to 1."""
        across = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        down = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        common = max(across, 0.0) * max(down, 0.0)
        both = self.w * self.h + other.w * other.h - common
        return common / both if both > 0 else 0.0

    def px(self, width_px: int, height_px: int) -> tuple[int, int, int, int]:
        """Return x, y, w, h in pixels, at least one pixel each way and inside the picture."""
        left, top = min(int(self.x * width_px), width_px - 1), min(int(self.y * height_px), height_px - 1)
        right, below = round((self.x + self.w) * width_px), round((self.y + self.h) * height_px)
        return left, top, min(max(right - left, 1), width_px - left), min(max(below - top, 1), height_px - top)


WHOLE = Box(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Sample:
    """What one picture shows: a score (1 is just visible, 0 nothing) and where.

    held says that what was seen moving still stands there: it keeps an event open without making it longer. again says
    that what moves is what stood there, or next to it: otherwise it is another event. cut marks a picture with which
    the scene began anew (the light was switched, the camera moved, a gap lies before it): no event lasts across it.
    """

    at_us: int
    score: float
    box: Box = WHOLE
    held: bool = False
    again: bool = True
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """How samples become events. open_at and stay_at are scores; confirm is how many samples must reach open_at.

    A silence longer than join_us between samples that stay ends an event, and so does one longer than blind_us between
    any two samples: nobody saw what was there.
    """

    open_at: float = 1.0
    stay_at: float = 0.7
    confirm: int = 1
    join_us: int = JOIN_US
    blind_us: int = 60 * US_PER_S


@dataclass(frozen=True, slots=True)
class Event:
    """A span in which something moved. start_us and end_us are half-open; box is the one at the peak.

    score is 1 for what is just visible at the camera's own noise and grows with size and contrast. touches_start and
    touches_end say that it reaches the first or last picture of the file, so that the next file may go on with it.
    """

    start_us: int
    end_us: int
    peak_us: int
    score: float
    box: Box
    cause: Cause
    found_by: FoundBy
    box_px: tuple[int, int, int, int] = (0, 0, 0, 0)
    touches_start: bool = False
    touches_end: bool = False

    @property
    def span(self) -> Span:
        """The event's time."""
        return Span(self.start_us, self.end_us)

    @property
    def listed(self) -> bool:
        """Whether it is shown without --all."""
        return self.cause in LISTED

    def shifted(self, by_us: int) -> "Event":
        """Return the same event by_us later: from a file's time to a camera's."""
        return replace(self, start_us=self.start_us + by_us, end_us=self.end_us + by_us, peak_us=self.peak_us + by_us)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of samples: first and last instant that show something, µs, the sample at the peak, how many were strong.

    reach is the box that the middles of all boxes lie in: how far the thing went.
    """

    first_us: int
    last_us: int
    peak: Sample
    strong: int
    reach: Box

    @property
    def travel(self) -> tuple[float, float]:
        """How far it went across and down, in fractions of the picture."""
        return self.reach.w, self.reach.h


class Hysteresis:
    """Takes samples in time order and gives back each piece as it ends.

    A piece opens with a sample of stay_at, goes on while samples of stay_at follow each other (or what moved is held)
    within join_us, and counts if `confirm` of them reach open_at. It never lasts across a cut or a blind stretch.
    """

    __slots__ = ("_held_us", "_piece", "_rules", "_seen_us")

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._piece: Piece | None = None
        self._held_us = 0
        self._seen_us: int | None = None

    def push(self, sample: Sample) -> Piece | None:
        """Take one sample; return the piece that it ends, if it ends one."""
        ended = self.finish() if self._ends(sample) else None
        self._seen_us = sample.at_us
        if sample.cut:
            return ended
        if sample.score < self._rules.stay_at:
            if sample.held:
                self._held_us = sample.at_us
            return ended
        self._held_us = sample.at_us
        strong = int(sample.score >= self._rules.open_at)
        before = self._piece
        if before is None:
            self._piece = Piece(sample.at_us, sample.at_us, sample, strong, sample.box.middle)
        else:
            peak = sample if sample.score > before.peak.score else before.peak
            self._piece = Piece(
                before.first_us, sample.at_us, peak, before.strong + strong, before.reach.with_box(sample.box.middle)
            )
        return ended

    def finish(self) -> Piece | None:
        """End the piece that is open, if one is; return it if it counts."""
        piece, self._piece = self._piece, None
        return piece if piece is not None and piece.strong >= self._rules.confirm else None

    def _ends(self, sample: Sample) -> bool:
        if self._piece is None or self._seen_us is None:
            return False
        blind = sample.at_us - self._seen_us > self._rules.blind_us
        still_us = sample.at_us - self._piece.last_us
        other = sample.score >= self._rules.stay_at and not sample.again and still_us > self._rules.join_us
        return blind or other or sample.cut or sample.at_us - self._held_us > self._rules.join_us


def pieces(samples: Iterable[Sample], rules: Rules) -> list[Piece]:
    """Turn samples in time order into pieces."""
    hysteresis = Hysteresis(rules)
    found = [hysteresis.push(sample) for sample in samples]
    return [piece for piece in (*found, hysteresis.finish()) if piece is not None]


def joined(events: Iterable[Event], join_us: int = JOIN_US) -> list[Event]:
    """Join events within join_us of each other: the listed ones together, those of each other cause by themselves.

    Returns them in time order. The joined event keeps the higher peak; object wins over unsure.
    """
    latest: dict[Cause, int] = {}
    out: list[Event] = []
    for event in sorted(events, key=lambda each: (each.start_us, each.end_us)):
        key = Cause.OBJECT if event.listed else event.cause
        place = latest.get(key)
        if place is not None and event.start_us - out[place].end_us <= join_us:
            out[place] = merged(out[place], event)
        else:
            latest[key] = len(out)
            out.append(event)
    return sorted(out, key=lambda each: (each.start_us, each.end_us))


def merged(a: Event, b: Event) -> Event:
    """Return two events as one: the higher peak with its box, object before unsure, the closer look before a lesser."""
    peak = a if a.score >= b.score else b
    last = a if a.end_us >= b.end_us else b
    cause = Cause.OBJECT if Cause.OBJECT in (a.cause, b.cause) else peak.cause
    found_by = FoundBy.FRAMES if FoundBy.FRAMES in (a.found_by, b.found_by) else peak.found_by
    return replace(
        peak,
        start_us=min(a.start_us, b.start_us),
        end_us=last.end_us,
        cause=cause,
        found_by=found_by,
        touches_start=a.touches_start or b.touches_start,
        touches_end=a.touches_end or b.touches_end,
    )


def without_covered(events: Sequence[Event]) -> list[Event]:
    """Leave out what only says again, as light or weather, what a listed event of the same time says."""
    listed = [event.span for event in events if event.listed]
    return [
        event
        for event in events
        if event.listed or not any(a.start_us <= event.start_us and event.end_us <= a.end_us for a in listed)
    ]


def watched_us(events: Iterable[Event]) -> int:
    """Return how long all events are together, µs; what overlaps counts once."""
    total_us, reached_us = 0, None
    for event in sorted(events, key=lambda each: each.start_us):
        start_us = event.start_us if reached_us is None else max(event.start_us, reached_us)
        if event.end_us > start_us:
            total_us += event.end_us - start_us
            reached_us = event.end_us
    return total_us
