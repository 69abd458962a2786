"""An eye that sees what a test says: states over time, somebody in front, night, damaged stretches, noise."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from camtool.core.change import Axis, Glance, Shares
from camtool.core.model import Span

S = 1_000_000


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen: the state's name, how much of it is hidden (0 to 1), the light (levels drift slowly), night."""

    state: str
    hidden: float = 0.0
    light: float = 0.0
    night: bool = False


@dataclass(slots=True)
class Seeing:
    """state_at gives the state's name at a second; covers are (from, to, share hidden); nights (from, to)."""

    spans: tuple[Span, ...]
    state_at: Callable[[float], str]
    covers: Sequence[tuple[float, float, float]] = ()
    nights: Sequence[tuple[float, float]] = ()
    light_at: Callable[[float], float] = field(default=lambda _s: 0.0)
    gop_us: int = 2 * S
    frame_us: int = S // 10
    things: str = "AT"
    flat: bool = False
    wide: float = 0.0
    decoded: int = 0
    frames: int = 0
    seen: dict[int, Glance[Sight]] = field(default_factory=dict)

    @property
    def axis(self) -> Axis:
        return Axis.of(self.spans)

    def _glance(self, at_us: int) -> Glance[Sight]:
        s = at_us / S
        hidden = max((share for start, end, share in self.covers if start <= s < end), default=0.0)
        night = any(start <= s < end for start, end in self.nights)
        return Glance(at_us, night, Sight(self.state_at(s), hidden, self.light_at(s), night))

    def near(self, at_us: int) -> Glance[Sight] | None:
        if not self.spans:
            return None
        span = min(self.spans, key=lambda each: max(each.start_us - at_us, at_us - each.end_us + 1, 0))
        at_us = min(max(at_us, span.start_us), span.end_us - 1)
        at_us = span.start_us + (at_us - span.start_us) // self.gop_us * self.gop_us
        if at_us not in self.seen:
            self.decoded += 1
            self.seen[at_us] = self._glance(at_us)
        return self.seen[at_us]

    def at(self, at_us: int) -> Glance[Sight] | None:
        return self._glance(at_us // self.frame_us * self.frame_us)

    def ahead(self, at_us: Sequence[int]) -> None:
        for each in at_us:
            self.near(each)

    def every(self, after_us: int, before_us: int) -> Iterator[Glance[Sight]]:
        for span in self.spans:
            first_us = max(span.start_us, after_us - (after_us - span.start_us) % self.frame_us)
            for at_us in range(first_us, min(span.end_us, before_us + 1), self.frame_us):
                if at_us >= after_us:
                    self.frames += 1
                    yield self._glance(at_us)

    def likeness(self, one: Sight, other: Sight) -> float:
        same = 1.0 if one.state == other.state else 0.15
        if one.night != other.night:
            same *= 0.5
        return same * (1 - max(one.hidden, other.hidden)) * max(0.0, 1 - abs(one.light - other.light))

    def _part(self, look: Sight, of: Sight) -> float:
        return (1 - look.hidden) if look.state == of.state else 0.0

    def shares(self, look: Sight, first: Sequence[Sight], last: Sequence[Sight]) -> Shares:
        if first[-1].state == last[0].state:
            return Shares(0, 0)
        return Shares(self._part(look, first[-1]), self._part(look, last[0]))

    def series(self, looks: Sequence[Sight], first: Sight, last: Sight) -> list[Shares]:
        told = []
        for i, look in enumerate(looks):
            before, after = looks[max(0, i - 1)], looks[min(len(looks) - 1, i + 1)]
            # What is hidden falls by nothing in the middle of what is left; what moves falls altogether.
            lost = 0.6 if before.state == first.state != look.state and look.hidden < 1 and before.hidden < 1 else 0.0
            won = 0.6 if after.state == last.state != look.state and look.hidden < 1 and after.hidden < 1 else 0.0
            told.append(Shares(self._part(look, first), self._part(look, last), lost, won))
        return told

    def calm(self, looks: Sequence[Sight], stood: Sight, _gone: Sight) -> list[float | None]:
        return [None if look.hidden > 0.9 else float(look.state == stood.state) for look in looks]

    def substance(self, _look: Sight) -> float:
        return 0.0 if self.flat else 0.6

    def where(self, one: Sight, other: Sight) -> float:
        return float(one.state in self.things) - float(other.state in self.things)

    def beyond(self, one: Sight, other: Sight) -> float:
        return self.wide if one.state != other.state else 0.0
