"""Notes on a clip: what is drawn, where, and from when to when. Pure.

Places are pixels of the picture as it is stored, times µs from the clip's first picture. A note that moves has two
places or more; between two of them it goes in a straight line at an even pace.
"""

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum

Colour = tuple[int, int, int]


class Kind(StrEnum):
    """What can be drawn; the values are the words of the notes file."""

    BOX = "box"
    ELLIPSE = "ellipse"
    ARROW = "arrow"
    POLYGON = "polygon"
    TEXT = "text"
    SPOTLIGHT = "spotlight"
    BLUR = "blur"
    MAGNIFIER = "magnifier"


# Numbers of a place: x, y, w, h; from x, y to x, y; x, y. A polygon has as many pairs as it has corners.
NUMBERS = {
    Kind.BOX: 4,
    Kind.ELLIPSE: 4,
    Kind.ARROW: 4,
    Kind.TEXT: 2,
    Kind.SPOTLIGHT: 4,
    Kind.BLUR: 4,
    Kind.MAGNIFIER: 4,
}


@dataclass(frozen=True, slots=True)
class Position:
    """Where a note is at one instant; numbers as in NUMBERS, in pixels."""

    at_us: int
    numbers: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """One note, shown in [start_us, end_us); end_us None: to the end of the clip. positions are in order, at least one.

    closed is of a polygon: whether the last corner leads back to the first. zoom is of a magnifier.
    """

    kind: Kind
    start_us: int
    end_us: int | None
    positions: tuple[Position, ...]
    colour: Colour
    label: str = ""
    closed: bool = True
    zoom: float = 2.0

    def shown_at(self, us: int) -> bool:
        """Whether the note is to be seen at an instant."""
        return self.start_us <= us and (self.end_us is None or us < self.end_us)

    def numbers_at(self, us: int) -> tuple[float, ...]:
        """Return the note's place at an instant; before the first position and after the last it stays where it is."""
        after = bisect_right(self.positions, us, key=lambda position: position.at_us)
        if after == 0:
            return self.positions[0].numbers
        before = self.positions[after - 1]
        if after == len(self.positions):
            return before.numbers
        coming = self.positions[after]
        share = (us - before.at_us) / (coming.at_us - before.at_us)
        return tuple(a + (b - a) * share for a, b in zip(before.numbers, coming.numbers, strict=True))
