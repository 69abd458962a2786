"""One picture of a reel: the recording's picture letterboxed above a bar of words, in the planes that x264 takes.

Nothing is drawn over the picture but the box, thin and half transparent: the camera's own clock stays readable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from camtool.core.activity import WHOLE, Box
from camtool.media.letters import fitted, length_px, put
from camtool.media.sheet_picture import wrapped

Plane = NDArray[np.uint8]

PICTURE_W, PICTURE_H, BAR_H = 1280, 720, 104
WIDTH, HEIGHT = PICTURE_W, PICTURE_H + BAR_H
# Luma of video: 16 is black, 235 white (ITU-R BT.709); chroma without colour is 128.
BLACK, NO_COLOUR = 16, 128
_BAR_GREY, _DIM, _WHITE = 30, 165, 255
# sheet_picture.MARK, amber, as BT.709 video: luma, blue and red difference.
_AMBER = (182, 34, 164)
_LINE_PX, _RIM_PX = 3, 1
# AVCOL_SPC_UNSPECIFIED of libavutil/pixfmt.h. What does not say is taken as players take it: BT.709 from 720 lines on.
_UNSPECIFIED, _HD_LINES = 2, 720


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
        self.planes = np.empty(WIDTH * HEIGHT * 3 // 2, np.uint8)
        luma, quarter = WIDTH * HEIGHT, WIDTH * HEIGHT // 4
        self._y: Plane = self.planes[:luma].reshape(HEIGHT, WIDTH)
        self._u: Plane = self.planes[luma : luma + quarter].reshape(HEIGHT // 2, WIDTH // 2)
        self._v: Plane = self.planes[luma + quarter :].reshape(HEIGHT // 2, WIDTH // 2)
        self._reformatter = VideoReformatter()
        self._clear()

    def _clear(self) -> None:
        self._y[:], self._u[:], self._v[:] = BLACK, NO_COLOUR, NO_COLOUR

    def draw(self, frame: VideoFrame, pixel_aspect: Fraction, boxes: Sequence[tuple[Box, float]], words: Words) -> None:
        """Draw a picture, its boxes with how strongly each shows (0 to 1), and the bar. Raises NoGlyph."""
        width, height = _shape(frame.width, frame.height, pixel_aspect)
        unstated = Colorspace.ITU709 if frame.height >= _HD_LINES else Colorspace.ITU601
        fit = self._reformatter.reformat(
            frame,
            width,
            height,
            "yuv420p",
            src_colorspace=unstated if frame.colorspace == _UNSPECIFIED else None,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation="BILINEAR",
        )
        # Both even, and so is what lies around: chroma is half the size.
        x, y = (PICTURE_W - width) // 4 * 2, (PICTURE_H - height) // 4 * 2
        self._y[:PICTURE_H], self._u[: PICTURE_H // 2], self._v[: PICTURE_H // 2] = BLACK, NO_COLOUR, NO_COLOUR
        self._y[y : y + height, x : x + width] = _plane(fit, 0, width, height)
        half = (slice(y // 2, (y + height) // 2), slice(x // 2, (x + width) // 2))
        self._u[half] = _plane(fit, 1, width // 2, height // 2)
        self._v[half] = _plane(fit, 2, width // 2, height // 2)
        for box, strength in boxes:
            if box != WHOLE:
                self._box(box, (x, y, width, height), strength)
        self._bar(words)

    def draw_note(self, note: str, words: Words) -> None:
        """Draw a note in the place of the picture. Raises NoGlyph."""
        self._clear()
        image = Image.new("L", (PICTURE_W, PICTURE_H), _BAR_GREY)
        draw = ImageDraw.Draw(image)
        lines = wrapped(note, 34, PICTURE_W * 3 // 4)
        for place, line in enumerate(lines):
            y = PICTURE_H // 2 + 48 * place - 24 * (len(lines) - 1)
            put(draw, (PICTURE_W // 2, y), line, 34, _DIM, bold=False, anchor="ms")
        self._y[:PICTURE_H] = _video_range(image)
        self._bar(words)

    def _box(self, box: Box, inside: tuple[int, int, int, int], strength: float) -> None:
        """Blend the rim and the line of a box into the planes."""
        x, y, w, h = box.px(inside[2], inside[3])
        outer = (inside[0] + x - 4, inside[1] + y - 4, inside[0] + x + w + 4, inside[1] + y + h + 4)
        for grow, luma, share in ((_RIM_PX, BLACK, 0.6), (0, _AMBER[0], 0.9), (-_LINE_PX, BLACK, 0.3)):
            thick = _LINE_PX if grow == 0 else _RIM_PX
            for edge in _edges(tuple(v - grow if i < 2 else v + grow for i, v in enumerate(outer)), thick):
                _blend(self._y, edge, luma, share * strength, inside)
        for edge in _edges(outer, _LINE_PX):
            halved = tuple(v // 2 if i < 2 else -(-v // 2) for i, v in enumerate(edge))
            room = tuple(v // 2 for v in inside)
            _blend(self._u, halved, _AMBER[1], 0.9 * strength, room)
            _blend(self._v, halved, _AMBER[2], 0.9 * strength, room)

    def _bar(self, words: Words) -> None:
        self._y[PICTURE_H:] = _bar_luma(words)


def _shape(width: int, height: int, pixel_aspect: Fraction) -> tuple[int, int]:
    """Return the largest even size in which a picture fits undistorted."""
    scale = min(PICTURE_W / (width * pixel_aspect), Fraction(PICTURE_H, height))
    return max(2, int(width * pixel_aspect * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


def _plane(frame: VideoFrame, index: int, width: int, height: int) -> Plane:
    plane = frame.planes[index]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return np.asarray(rows[:height, :width])


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


def _video_range(image: Image.Image) -> Plane:
    """Return grey 0-255 as luma 16-235."""
    return (BLACK + np.asarray(image, np.uint16) * 219 // 255).astype(np.uint8)


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
    return _video_range(image)
