"""The planes of one picture of a film, yuv420p as x264 takes it: pictures fitted in, grey words put beside them."""

from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.uint8]
# x, y, width, height
Area = tuple[int, int, int, int]

# Luma of video: 16 is black, 235 white (ITU-R BT.709); chroma without colour is 128.
BLACK, NO_COLOUR = 16, 128
# AVCOL_SPC_UNSPECIFIED of libavutil/pixfmt.h. What does not say is taken as players take it: BT.709 from 720 lines on.
_UNSPECIFIED, _HD_LINES = 2, 720


class Planes:
    """One picture of an even size; `all` is contiguous: luma, blue and red difference."""

    def __init__(self, width_px: int, height_px: int) -> None:
        self.width_px, self.height_px = width_px, height_px
        self.all = np.empty(width_px * height_px * 3 // 2, np.uint8)
        luma, quarter = width_px * height_px, width_px * height_px // 4
        self.y: Plane = self.all[:luma].reshape(height_px, width_px)
        self.u: Plane = self.all[luma : luma + quarter].reshape(height_px // 2, width_px // 2)
        self.v: Plane = self.all[luma + quarter :].reshape(height_px // 2, width_px // 2)
        self._reformatter = VideoReformatter()
        self.clear((0, 0, width_px, height_px))

    def clear(self, area: Area, luma: int = BLACK) -> None:
        """Make an area black, or an even grey; all its numbers are even."""
        x, y, width, height = area
        self.y[y : y + height, x : x + width] = luma
        half = (slice(y // 2, (y + height) // 2), slice(x // 2, (x + width) // 2))
        self.u[half] = self.v[half] = NO_COLOUR

    def fit(self, frame: VideoFrame, pixel_aspect: Fraction, area: Area) -> Area:
        """Draw a picture as large as it fits an area undistorted, black around it; return where it is."""
        width, height = fitting(frame.width, frame.height, pixel_aspect, area[2:])
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
        x, y = area[0] + (area[2] - width) // 4 * 2, area[1] + (area[3] - height) // 4 * 2
        self.clear(area)
        self.y[y : y + height, x : x + width] = _plane(fit, 0, width, height)
        half = (slice(y // 2, (y + height) // 2), slice(x // 2, (x + width) // 2))
        self.u[half] = _plane(fit, 1, width // 2, height // 2)
        self.v[half] = _plane(fit, 2, width // 2, height // 2)
        return x, y, width, height

    def put(self, luma: Plane, x: int, y: int) -> None:
        """Put grey words, as `video_range` makes them, over what is there; only where no colour is below."""
        self.y[y : y + luma.shape[0], x : x + luma.shape[1]] = luma


def fitting(width: int, height: int, pixel_aspect: Fraction, room_px: tuple[int, int]) -> tuple[int, int]:
    """Return the largest even size in which a picture fits its room undistorted."""
    scale = min(room_px[0] / (width * pixel_aspect), Fraction(room_px[1], height))
    return max(2, int(width * pixel_aspect * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


def _plane(frame: VideoFrame, index: int, width: int, height: int) -> Plane:
    plane = frame.planes[index]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return np.asarray(rows[:height, :width])


def video_range(image: Image.Image) -> Plane:
    """Return grey 0-255 as luma 16-235."""
    return (BLACK + np.asarray(image, np.uint16) * 219 // 255).astype(np.uint8)
