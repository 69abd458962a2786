"""Parts of a camera's picture that count or do not, as polygons in fractions of the picture."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Zone:
    """A named polygon; corners are (x, y) in fractions of the picture, 0 to 1, at least three of them."""

    name: str
    corners: tuple[tuple[float, float], ...]
