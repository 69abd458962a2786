"""One picture of a reel: the recording's picture letterboxed above a bar of words, in the planes that x264 takes.

Nothing is drawn over the picture but the box, thin and half transparent: the camera's own clock stays readable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from av.video.frame import VideoFrame
from PIL import Image, ImageDraw

from camtool.core.activity import WHOLE, Box
from camtool.media.letters import fitted, length_px, put
from camtool.media.planes import BLACK, Plane, Planes, video_range
from camtool.media.sheet_picture import wrapped

PICTURE_W, PICTURE_H, BAR_H = 1280, 720, 104
WIDTH, HEIGHT = PICTURE_W, PICTURE_H + BAR_H
_BAR_GREY, _DIM, _WHITE = 30, 165, 255
# sheet_picture.MARK, amber, as BT.709 video: luma, blue and red difference.
_AMBER = (182, 34, 164)
_LINE_PX, _RIM_PX = 3, 1


@dataclass(frozen=True, slots=True)
class Words:
    """What the bar says: badge (event's number or speed), camera, details, both times, and the small print."""

    badge: str
    camera: str
    details: str
    true_time: str
    camera_time: str
    small: str


class Canvas:
    """The planes of one picture, drawn anew for each; `planes` is contiguous yuv420p."""

    def __init__(self) -> None:
        self._planes = Planes(WIDTH, HEIGHT)
        self.planes = self._planes.all

    def draw(self, frame: VideoFrame, pixel_aspect: Fraction, boxes: Sequence[tuple[Box, float]], words: Words) -> None:
        """Draw a picture, its boxes with how strongly each shows (0 to 1), and the bar. Raises NoGlyph."""
        inside = self._planes.fit(frame, pixel_aspect, (0, 0, PICTURE_W, PICTURE_H))
        for box, strength in boxes:
            if box != WHOLE:
                self._box(box, inside, strength)
        self._bar(words)

    def draw_note(self, note: str, words: Words) -> None:
        """Draw a note in the place of the picture. Raises NoGlyph."""
        self._planes.clear((0, 0, WIDTH, HEIGHT))
        image = Image.new("L", (PICTURE_W, PICTURE_H), _BAR_GREY)
        draw = ImageDraw.Draw(image)
        lines = wrapped(note, 34, PICTURE_W * 3 // 4)
        for place, line in enumerate(lines):
            y = PICTURE_H // 2 + 48 * place - 24 * (len(lines) - 1)
            put(draw, (PICTURE_W // 2, y), line, 34, _DIM, bold=False, anchor="ms")
        self._planes.y[:PICTURE_H] = video_range(image)
        self._bar(words)

    def _box(self, box: Box, inside: tuple[int, int, int, int], strength: float) -> None:
        """Blend the rim and the line of a box into the planes."""
        x, y, w, h = box.px(inside[2], inside[3])
        outer = (inside[0] + x - 4, inside[1] + y - 4, inside[0] + x + w + 4, inside[1] + y + h + 4)
        for grow, luma, share in ((_RIM_PX, BLACK, 0.6), (0, _AMBER[0], 0.9), (-_LINE_PX, BLACK, 0.3)):
            thick = _LINE_PX if grow == 0 else _RIM_PX
            for edge in _edges(tuple(v - grow if i < 2 else v + grow for i, v in enumerate(outer)), thick):
                _blend(self._planes.y, edge, luma, share * strength, inside)
        for edge in _edges(outer, _LINE_PX):
            halved = tuple(v // 2 if i < 2 else -(-v // 2) for i, v in enumerate(edge))
            room = tuple(v // 2 for v in inside)
            _blend(self._planes.u, halved, _AMBER[1], 0.9 * strength, room)
            _blend(self._planes.v, halved, _AMBER[2], 0.9 * strength, room)

    def _bar(self, words: Words) -> None:
        self._planes.y[PICTURE_H:] = _bar_luma(words)


Edge = tuple[int, ...]


def _edges(corners: Edge, thick: int) -> tuple[Edge, ...]:
    """Return the four sides of a rectangle as rectangles that do not overlap: left, top, right, bottom."""
    left, top, right, bottom = corners
    return (
        (left, top, right, top + thick),
        (left, bottom - thick, right, bottom),
        (left, top + thick, left + thick, bottom - thick),
        (right - thick, top + thick, right, bottom - thick),
    )


def _blend(plane: Plane, corners: Edge, value: int, share: float, inside: Edge) -> None:
    """Mix a value into a rectangle of a plane, as far as it lies inside (x, y, w, h) of it."""
    left, right = max(corners[0], inside[0]), min(corners[2], inside[0] + inside[2])
    top, bottom = max(corners[1], inside[1]), min(corners[3], inside[1] + inside[3])
    if left >= right or top >= bottom:
        return
    part = plane[top:bottom, left:right]
    part[:] = np.rint(part * (1 - share) + value * share).astype(np.uint8)


# The words change once a second; several pictures share them.
@lru_cache(maxsize=4)
def _bar_luma(words: Words) -> Plane:
    """Draw the bar: number and camera at the left, the clocks at the right, each on a line of its own."""
    image = Image.new("L", (WIDTH, BAR_H), _BAR_GREY)
    draw = ImageDraw.Draw(image)
    width = max(length_px(words.badge, 40) + 28, 64)
    draw.rounded_rectangle((16, 12, 16 + width, 64), radius=8, fill=_WHITE)
    put(draw, (16 + width // 2, 52), words.badge, 40, _BAR_GREY, anchor="ms")
    left, right = 16 + width + 18, WIDTH - 16
    clocks = max(length_px(words.true_time, 30), length_px(words.camera_time, 24, bold=False))
    room = right - clocks - 24 - left
    put(draw, (left, 36), fitted(words.camera, 30, room), 30, _WHITE)
    put(draw, (left, 66), fitted(words.details, 22, room, bold=False), 22, _DIM, bold=False)
    put(draw, (right, 36), words.true_time, 30, _WHITE, anchor="rs")
    put(draw, (right, 66), words.camera_time, 24, _DIM, bold=False, anchor="rs")
    put(draw, (16, 94), fitted(words.small, 17, WIDTH - 32, bold=False), 17, _DIM, bold=False)
    return video_range(image)
