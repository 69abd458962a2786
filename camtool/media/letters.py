"""Words on pictures: Pillow and Roboto, which has every Vietnamese letter. A missing glyph is an error, never a box.

OpenCV's own font draws `ờ` as `ớ`, and many fonts lack stacked accents; Roboto was checked letter by letter. Text is
composed (NFC) first, because accents of their own land beside their letters.
"""

import unicodedata
from functools import lru_cache

import numpy as np
from font_roboto import RobotoBold, RobotoMedium
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from camtool.core.pathtext import printable
from camtool.errors import NoGlyph

Ink = NDArray[np.uint8]

# A noncharacter: no font has a glyph for it (Unicode 15, 23.7).
NO_SIGN = "\uffff"
ELLIPSIS = "…"


@lru_cache(maxsize=32)
def font(size_px: int, bold: bool = True) -> ImageFont.FreeTypeFont:
    """Return Roboto at a size, bold or medium.

    Pillow's own layout: every letter as wide as it is drawn. Raqm's places letters on fractions of a pixel while their
    hinted pictures fall on whole ones, so that `thật 23/11` lost its space; and not every machine has Raqm.
    """
    return ImageFont.truetype(RobotoBold if bold else RobotoMedium, size_px, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1024)
def has_glyph(sign: str, bold: bool = True) -> bool:
    """Whether the font draws a sign as itself, not as its empty box; an accent without a letter is none."""
    if sign == " ":
        return True
    if not sign.isprintable() or unicodedata.combining(sign):
        return False
    drawn = font(32, bold)
    return bytes(drawn.getmask(sign)) != bytes(drawn.getmask(NO_SIGN))


def composed(text: str, bold: bool = True) -> str:
    """Return one line of text in NFC. Raises NoGlyph where it holds a sign that the font cannot draw."""
    text = unicodedata.normalize("NFC", text)
    for sign in text:
        if not has_glyph(sign, bold):
            raise NoGlyph(sign=printable(sign), text=printable(text))
    return text


def spelt(text: str) -> str:
    r"""Return a file's name so that it can be drawn: what the font lacks is written out as `\u5e02`.

    For names that nobody here chose; the names in site.toml can be mended, so those go through `composed`.
    """
    text = unicodedata.normalize("NFC", printable(text))
    return "".join(sign if has_glyph(sign) and has_glyph(sign, False) else rf"\u{ord(sign):04x}" for sign in text)


def length_px(text: str, size_px: int, bold: bool = True) -> int:
    """Return how wide one line is."""
    return round(font(size_px, bold).getlength(composed(text, bold)))


def fitted(text: str, size_px: int, width_px: int, bold: bool = True) -> str:
    """Return a line that is at most so wide, ending in … where it had to be cut."""
    text = composed(text, bold)
    if length_px(text, size_px, bold) <= width_px:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if length_px(text[:middle].rstrip() + ELLIPSIS, size_px, bold) <= width_px:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS


def coverage(text: str, size_px: int, bold: bool = True) -> Ink:
    """Return the letters of one line as coverage 0-255 (h, w). Raises NoGlyph."""
    text = composed(text, bold)
    drawn = font(size_px, bold)
    ascent, descent = drawn.getmetrics()
    # Stacked accents such as Ễ reach above the ascent that the font states.
    rise = size_px // 4
    image = Image.new("L", (max(1, round(drawn.getlength(text))) + 2, ascent + descent + rise))
    ImageDraw.Draw(image).text((1, rise), text, fill=255, font=drawn)
    return np.asarray(image, np.uint8).copy()


def put(
    draw: ImageDraw.ImageDraw,
    at_px: tuple[int, int],
    text: str,
    size_px: int,
    fill: tuple[int, int, int] | int,
    *,
    bold: bool = True,
    anchor: str = "ls",
) -> None:
    """Write one line; at_px is a point of its baseline: the left end (ls), the middle (ms) or the right end (rs).

    Raises NoGlyph.
    """
    draw.text(at_px, composed(text, bold), fill=fill, font=font(size_px, bold), anchor=anchor)
