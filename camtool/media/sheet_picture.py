"""The picture of one cell: shrunk to its place, the box drawn, and what is in the box once more, larger."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from camtool.core.activity import WHOLE, Box
from camtool.media.letters import composed, font, put

Size = tuple[int, int]
Corners = tuple[int, int, int, int]

INK, GREY = (24, 28, 34), (105, 110, 118)
AROUND, EMPTY = (226, 228, 231), (240, 241, 243)
# Amber with a dark rim shows on asphalt and on a white wall, by day, and in the grey of an infrared lamp.
MARK, RIM = (255, 176, 0), (20, 20, 20)
# What is in the box is shown once more where it is smaller than this share of the picture and gains by it: at least
# half as large again. The copy takes this share of the cell's height.
SMALL_SHARE, GAIN, COPY_SHARE = 0.34, 1.5, 0.5


def pictured(
    image: NDArray[np.uint8] | None, box: Box | None, pixel_aspect: Fraction, note: str, size_px: Size, text_px: int
) -> Image.Image:
    """Return a cell's picture in the size given, in its own proportions; without an image, the note in its place."""
    if image is None:
        return _empty(note, size_px, text_px)
    whole = Image.fromarray(image)
    shown = _shape(whole.size, pixel_aspect, size_px)
    small = whole.resize(shown, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if box is not None and box != WHOLE:
        corners = _corners(box, shown)
        copy = _copy(whole, box, small.size)
        _frame(ImageDraw.Draw(small), corners, max(2, text_px // 9))
        if copy is not None:
            _paste_away(small, copy, corners)
    paper = Image.new("RGB", size_px, AROUND)
    paper.paste(small, ((size_px[0] - shown[0]) // 2, (size_px[1] - shown[1]) // 2))
    return paper


def _shape(stored_px: Size, pixel_aspect: Fraction, room_px: Size) -> Size:
    """Return the largest size in which a picture fits its room undistorted."""
    width, height = stored_px[0] * pixel_aspect, Fraction(stored_px[1])
    scale = min(room_px[0] / width, room_px[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _corners(box: Box, size_px: Size) -> Corners:
    """Return a box as left, top, right, bottom, with a little air around what moved."""
    x, y, w, h = box.px(*size_px)
    air = 3
    return max(0, x - air), max(0, y - air), min(size_px[0], x + w + air) - 1, min(size_px[1], y + h + air) - 1


def _frame(draw: ImageDraw.ImageDraw, corners: Corners, width_px: int) -> None:
    left, top, right, bottom = corners
    draw.rectangle((left - 1, top - 1, right + 1, bottom + 1), outline=RIM, width=width_px + 2)
    draw.rectangle(corners, outline=MARK, width=width_px)


def _copy(whole: Image.Image, box: Box, shown_px: Size) -> Image.Image | None:
    """Return what is in the box with its surroundings, enlarged; None where that would show nothing more."""
    if max(box.w, box.h) > SMALL_SHARE:
        return None
    across = shown_px[0] / shown_px[1]  # undistorted width to height
    side = min(max(box.w * 1.5, box.h * 1.5 / across, 0.08), 1.0, 1.0 / across)
    tall = side * across
    x0 = min(max(box.x + box.w / 2 - side / 2, 0.0), 1.0 - side)
    y0 = min(max(box.y + box.h / 2 - tall / 2, 0.0), 1.0 - tall)
    width, height = whole.size
    edge = round(shown_px[1] * COPY_SHARE)
    if edge < side * shown_px[0] * GAIN:
        return None
    part = whole.crop((int(x0 * width), int(y0 * height), round((x0 + side) * width), round((y0 + tall) * height)))
    return part.resize((edge, edge), Image.Resampling.LANCZOS)


def _paste_away(small: Image.Image, copy: Image.Image, corners: Corners) -> None:
    """Put the copy into the corner that lies farthest from the box, unless it would cover the box in each."""
    width, height = small.size[0] - copy.size[0], small.size[1] - copy.size[1]
    middle = (corners[0] + corners[2]) / 2, (corners[1] + corners[3]) / 2

    def away(at: Size) -> float:
        return abs(at[0] + copy.size[0] / 2 - middle[0]) + abs(at[1] + copy.size[1] / 2 - middle[1])

    at = max(((0, height), (width, height), (0, 0), (width, 0)), key=away)
    clear = (
        at[0] > corners[2]
        or at[1] > corners[3]
        or at[0] + copy.size[0] < corners[0]
        or at[1] + copy.size[1] < corners[1]
    )
    if not clear:
        return
    small.paste(copy, at)
    end = at[0] + copy.size[0] - 1, at[1] + copy.size[1] - 1
    ImageDraw.Draw(small).rectangle((*at, *end), outline=MARK, width=2)


def _empty(note: str, size_px: Size, text_px: int) -> Image.Image:
    paper = Image.new("RGB", size_px, EMPTY)
    draw = ImageDraw.Draw(paper)
    draw.rectangle((0, 0, size_px[0] - 1, size_px[1] - 1), outline=AROUND, width=2)
    lines = wrapped(note, text_px, size_px[0] - 2 * text_px)
    step = text_px * 4 // 3
    y = (size_px[1] - step * (len(lines) - 1)) // 2 + text_px // 3
    for line in lines:
        put(draw, (size_px[0] // 2, y), line, text_px, GREY, bold=False, anchor="ms")
        y += step
    return paper


def wrapped(text: str, size_px: int, width_px: int) -> list[str]:
    """Break a text into lines between its words. Raises NoGlyph."""
    lines: list[str] = []
    measure = font(size_px, False)
    for word in composed(text, False).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure.getlength(longer) <= width_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
