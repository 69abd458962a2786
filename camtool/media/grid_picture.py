"""A recorded picture under a grid of its own pixels, so that a box can be read off without a mouse.

The rulers lie outside the picture, where nothing disturbs their numbers; the lines are light with a dark edge, which
is seen on snow and at night alike. A picture is enlarged by whole numbers only, so every line lies on its pixel.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from camtool.errors import UnfitName
from camtool.media.letters import fitted, length_px, put
from camtool.media.sheet import NOTICE
from camtool.media.whole import whole

# Small pictures are enlarged to about this, so that a motorbike is large enough to be boxed.
WANTED_PX = 1280
# A numbered line at most so far apart on the page: between two the eye still finds its way, and the numbers have room.
APART_PX = 96
STEPS = (10, 20, 50, 100, 200, 500)
RULER_PX, FOOT_PX, TEXT_PX = 62, 74, 20
PAPER, INK, GREY = (255, 255, 255), (24, 28, 34), (105, 110, 118)
LIGHT, DARK, FAINT = (255, 255, 255, 150), (0, 0, 0, 120), (255, 255, 255, 50)
BOX = (240, 228, 66)

BoxPx = tuple[int, int, int, int]


def write_grid(
    image: NDArray[np.uint8], out: Path, *, caption: str = "", source: str = "", box_px: BoxPx | None = None
) -> None:
    """Write a picture (uint8 RGB) with numbered lines in its own pixels as PNG, all or nothing; a box is outlined.

    Raises UnfitName, NoGlyph, OutputExists, DiskFull, NotAllowed, NoSuchFolder.
    """
    if out.suffix.lower() != ".png":
        raise UnfitName(suffix=out.suffix, known=".png")
    height, width = image.shape[:2]
    scale = max(1, round(WANTED_PX / width))
    step = next((step for step in STEPS if step * scale * 2 > APART_PX), STEPS[-1])
    picture = Image.fromarray(image).resize((width * scale, height * scale), Image.Resampling.LANCZOS).convert("RGB")
    _lines(picture, step, scale)
    if box_px is not None:
        _box(picture, box_px, scale)
    page = _ruled(picture, (width, height), step, scale)
    _foot(page, caption, source)
    with whole(out) as (draft,):
        page.save(draft, format="PNG")


def _lines(picture: Image.Image, step: int, scale: int) -> None:
    """Draw a line at each step, and a faint one at each fifth of it."""
    draw = ImageDraw.Draw(picture, "RGBA")
    width, height = picture.size
    fine = max(1, step // 5)
    if fine * scale >= 12:
        for at in range(fine * scale, max(width, height), fine * scale):
            if at % (step * scale):
                draw.line((at, 0, at, height), fill=FAINT)
                draw.line((0, at, width, at), fill=FAINT)
    for at in range(step * scale, max(width, height), step * scale):
        for off, colour in ((1, DARK), (0, LIGHT)):
            draw.line((at + off, 0, at + off, height), fill=colour)
            draw.line((0, at + off, width, at + off), fill=colour)


def _box(picture: Image.Image, box_px: BoxPx, scale: int) -> None:
    x, y, w, h = (side * scale for side in box_px)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((x - 4, y - 4, x + w + 3, y + h + 3), outline=INK, width=6)
    draw.rectangle((x - 3, y - 3, x + w + 2, y + h + 2), outline=BOX, width=3)
    text = ",".join(map(str, box_px))
    wide = length_px(text, TEXT_PX) + 16
    left = min(max(0, x - 4), max(0, picture.width - wide))
    top = y - 36 if y >= 40 else min(y + h + 6, picture.height - 30)
    draw.rounded_rectangle((left, top, left + wide, top + 30), radius=5, fill=INK, outline=BOX, width=2)
    put(draw, (left + wide // 2, top + 22), text, TEXT_PX, PAPER, anchor="ms")


def _ruled(picture: Image.Image, size_px: tuple[int, int], step: int, scale: int) -> Image.Image:
    """Put the picture on paper with numbers along all four edges."""
    width, height = picture.size
    page = Image.new("RGB", (width + 2 * RULER_PX, height + 2 * RULER_PX + FOOT_PX), PAPER)
    page.paste(picture, (RULER_PX, RULER_PX))
    draw = ImageDraw.Draw(page)
    right, below = RULER_PX + width, RULER_PX + height
    fine = max(1, step // 5)
    for at in range(0, max(size_px) + 1, fine):
        numbered = at % step == 0
        stroke = 14 if numbered else 6
        if at <= size_px[0]:
            x = RULER_PX + min(at * scale, width - 1)
            draw.line((x, RULER_PX - stroke, x, RULER_PX - 1), fill=INK)
            draw.line((x, below, x, below + stroke - 1), fill=INK)
            if numbered:
                put(draw, (x, RULER_PX - 22), str(at), TEXT_PX, INK, anchor="ms")
                put(draw, (x, below + 22 + TEXT_PX * 3 // 4), str(at), TEXT_PX, INK, anchor="ms")
        if at <= size_px[1]:
            y = RULER_PX + min(at * scale, height - 1)
            draw.line((RULER_PX - stroke, y, RULER_PX - 1, y), fill=INK)
            draw.line((right, y, right + stroke - 1, y), fill=INK)
            if numbered:
                put(draw, (RULER_PX - 18, y + TEXT_PX // 3), str(at), TEXT_PX, INK, anchor="rs")
                put(draw, (right + 18, y + TEXT_PX // 3), str(at), TEXT_PX, INK)
    # Roboto has no arrows.
    put(draw, (6, 18), "x", TEXT_PX, GREY)
    draw.line((20, 13, 38, 13), fill=GREY, width=2)
    draw.polygon((38, 8, 38, 18, 46, 13), fill=GREY)
    put(draw, (6, 38), "y", TEXT_PX, GREY)
    draw.line((11, 43, 11, 52), fill=GREY, width=2)
    draw.polygon((6, 52, 16, 52, 11, 60), fill=GREY)
    return page


def _foot(page: Image.Image, caption: str, source: str) -> None:
    draw = ImageDraw.Draw(page)
    size, room = TEXT_PX - 2, page.width - 2 * RULER_PX
    top = page.height - FOOT_PX
    put(draw, (RULER_PX, top + 10), fitted(caption, size, room), size, INK)
    put(draw, (RULER_PX, top + 34), fitted(source, size - 2, room, bold=False), size - 2, GREY, bold=False)
    put(draw, (RULER_PX, top + 56), fitted(NOTICE, size - 2, room, bold=False), size - 2, GREY, bold=False)
