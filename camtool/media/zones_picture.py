"""A camera's zones and masks drawn on a picture of it, with rulers of fractions, so that a person can check them.

The rulers lie outside the picture: a corner's place is read off and typed into site.toml as it is.
"""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from camtool.core.zone import Zone
from camtool.errors import UnfitName
from camtool.media.letters import fitted, length_px, put
from camtool.media.sheet import NOTICE
from camtool.media.whole import whole

# Small pictures are enlarged and huge ones shrunk, so that letters and rulers keep their proportion.
NARROWEST_PX, WIDEST_PX = 1280, 1920
TEXT_PX, FOOT_PX = 20, 58
RULER_PX = 58
PAPER, INK, GREY, GRID = (255, 255, 255), (24, 28, 34), (105, 110, 118), (255, 255, 255, 56)
# Told apart by people who do not see red from green, too (Okabe and Ito, "Color Universal Design", 2008).
ZONE_COLOURS = ((86, 180, 233), (0, 158, 115), (240, 228, 66), (230, 159, 0), (204, 121, 167), (0, 114, 178))
MASK_COLOUR = (213, 60, 40)
FILL_ALPHA, MASK_ALPHA = 70, 120
HATCH_PX = 14

Colour = tuple[int, int, int]
Corner = tuple[float, float]
Corners = tuple[int, int, int, int]


def write_zones(
    image: NDArray[np.uint8],
    zones: Sequence[Zone],
    masks: Sequence[Zone],
    out: Path,
    *,
    pixel_aspect: Fraction = Fraction(1),
    caption: str = "",
) -> None:
    """Write a picture (uint8 RGB) with named zones filled in colour and masks hatched in red, as PNG, all or nothing.

    Corners outside 0 to 1 are drawn as far as the picture goes. caption stands below, small. Raises UnfitName, NoGlyph,
    OutputExists, DiskFull, NotAllowed, NoSuchFolder.
    """
    if out.suffix.lower() != ".png":
        raise UnfitName(suffix=out.suffix, known=".png")
    picture = _scaled(Image.fromarray(image), pixel_aspect)
    _grid(picture)
    for place, zone in enumerate(zones):
        _fill(picture, zone, (*_colour(place), FILL_ALPHA))
    for mask in masks:
        _hatch(picture, mask)
    drawn = [(zone, _colour(place)) for place, zone in enumerate(zones)] + [(mask, MASK_COLOUR) for mask in masks]
    for zone, colour in drawn:
        _outline(picture, zone, colour)
    # Names last: no other zone's colour may lie over them.
    taken: list[Corners] = []
    for zone, colour in drawn:
        _name(picture, zone, colour, taken)
    page = _ruled(picture, caption)
    with whole(out) as (draft,):
        page.save(draft, format="PNG")


def _colour(place: int) -> Colour:
    return ZONE_COLOURS[place % len(ZONE_COLOURS)]


def _scaled(picture: Image.Image, pixel_aspect: Fraction) -> Image.Image:
    width = picture.width * pixel_aspect
    scale = min(max(Fraction(1), NARROWEST_PX / width), WIDEST_PX / width)
    size = max(1, round(width * scale)), max(1, round(picture.height * scale))
    return picture.resize(size, Image.Resampling.LANCZOS).convert("RGB")


def _points(picture: Image.Image, zone: Zone) -> list[Corner]:
    return [(x * picture.width, y * picture.height) for x, y in zone.corners]


def _grid(picture: Image.Image) -> None:
    draw = ImageDraw.Draw(picture, "RGBA")
    for tenth in range(1, 10):
        x, y = picture.width * tenth // 10, picture.height * tenth // 10
        draw.line((x, 0, x, picture.height), fill=GRID)
        draw.line((0, y, picture.width, y), fill=GRID)


def _fill(picture: Image.Image, zone: Zone, colour: tuple[int, int, int, int]) -> None:
    ImageDraw.Draw(picture, "RGBA").polygon(_points(picture, zone), fill=colour)


def _hatch(picture: Image.Image, mask: Zone) -> None:
    """Cover a mask with slanting lines: nothing in it is looked at."""
    covered = Image.new("L", picture.size)
    ImageDraw.Draw(covered).polygon(_points(picture, mask), fill=255)
    lines = Image.new("L", picture.size, MASK_ALPHA // 3)
    draw = ImageDraw.Draw(lines)
    for x in range(-picture.height, picture.width, HATCH_PX):
        draw.line((x, picture.height, x + picture.height, 0), fill=255 - MASK_ALPHA // 3, width=3)
    share = Image.fromarray((np.asarray(covered, np.uint16) * np.asarray(lines, np.uint16) // 255).astype(np.uint8))
    picture.paste(Image.new("RGB", picture.size, MASK_COLOUR), (0, 0), share)


def _outline(picture: Image.Image, zone: Zone, colour: Colour) -> None:
    draw = ImageDraw.Draw(picture)
    points = _points(picture, zone)
    closed = [*points, points[0]]
    draw.line(closed, fill=INK, width=5, joint="curve")
    draw.line(closed, fill=colour, width=3, joint="curve")
    for x, y in points:
        draw.ellipse((x - 6, y - 6, x + 6, y + 6), fill=colour, outline=INK, width=2)


def _name(picture: Image.Image, zone: Zone, colour: Colour, taken: list[Corners]) -> None:
    """Write a zone's name at its middle, in a plate of its colour, below names that are there already."""
    points = _points(picture, zone)
    size = TEXT_PX * 6 // 5
    width, height = length_px(zone.name, size) + size, size * 7 // 4
    x = sum(x for x, _ in points) / len(points) - width / 2
    y = sum(y for _, y in points) / len(points) - height / 2
    left = round(min(max(x, 2), max(2, picture.width - width - 2)))
    top = round(min(max(y, 2), max(2, picture.height - height - 2)))
    for before in sorted(taken, key=lambda each: each[1]):
        if left < before[2] and before[0] < left + width and top < before[3] and before[1] < top + height:
            top = before[3] + 2
    taken.append((left, top, left + width, top + height))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((left, top, left + width, top + height), radius=6, fill=INK, outline=colour, width=3)
    put(draw, (left + width // 2, top + size * 5 // 4), zone.name, size, PAPER, anchor="ms")


def _ruled(picture: Image.Image, caption: str) -> Image.Image:
    """Put the picture on paper with a ruler along each edge, a longer stroke and a number at each tenth."""
    width, height = picture.size
    page = Image.new("RGB", (width + 2 * RULER_PX, height + 2 * RULER_PX + FOOT_PX), PAPER)
    page.paste(picture, (RULER_PX, RULER_PX))
    draw = ImageDraw.Draw(page)
    right, below = RULER_PX + width, RULER_PX + height
    for step in range(101):
        stroke = 16 if step % 10 == 0 else 10 if step % 5 == 0 else 5
        x, y = RULER_PX + min(width * step // 100, width - 1), RULER_PX + min(height * step // 100, height - 1)
        draw.line((x, RULER_PX - stroke, x, RULER_PX - 1), fill=INK)
        draw.line((x, below, x, below + stroke - 1), fill=INK)
        draw.line((RULER_PX - stroke, y, RULER_PX - 1, y), fill=INK)
        draw.line((right, y, right + stroke - 1, y), fill=INK)
        if step % 10:
            continue
        text = f"{step // 100}" if step % 100 == 0 else f"0.{step // 10}"
        put(draw, (x, RULER_PX - 24), text, TEXT_PX, INK, anchor="ms")
        put(draw, (x, below + 24 + TEXT_PX * 3 // 4), text, TEXT_PX, INK, anchor="ms")
        put(draw, (RULER_PX - 22, y + TEXT_PX // 3), text, TEXT_PX, INK, anchor="rs")
        put(draw, (right + 22, y + TEXT_PX // 3), text, TEXT_PX, INK)
    size = TEXT_PX - 2
    put(draw, (RULER_PX, below + RULER_PX + 14), fitted(caption, size, width, bold=False), size, INK, bold=False)
    put(draw, (RULER_PX, below + RULER_PX + 42), NOTICE, size, GREY, bold=False)
    return page
