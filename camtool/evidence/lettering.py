"""The letters of a page: Roboto, cut down to Latin and Vietnamese, made ready for embedding once a process.

fpdf2 parses, subsets and compresses each font again for every document (50 ms a page). Here every letter that a page
may show has its code from the start, so that the font is the same in all of them: fpdf2 makes its objects once, and
each document writes them. 27 kB a style in each document.
"""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import font_roboto
from fontTools import subset
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.fonts import CoreFont, TTFFont
from fpdf.output import OutputProducer, PDFFont, PDFType3Font
from fpdf.syntax import PDFObject

FAMILY = "Roboto"
_STYLES = {"": font_roboto.Roboto, "B": font_roboto.RobotoBold}
# Basic Latin to Latin Extended-A (with ă â đ ê ô), ơ and ư, ạ to ỹ, dashes and quotation marks and …, đồng and euro.
_SHOWN = frozenset(
    (*range(0x20, 0x180), 0x1A0, 0x1A1, 0x1AF, 0x1B0, *range(0x1EA0, 0x1EFA), *range(0x2010, 0x2027), 0x20AB, 0x20AC)
)

# Squares of a row that are set, side by side.
_RUN = re.compile(b"\x01+")


@dataclass(frozen=True, slots=True)
class Lettering:
    """Both styles. signs: what either can draw. widths: of a sign in 1/1000 of its size, by style.

    fonts are fpdf2's, by its keys; objects what stands for them in a document, roots which of these is a font's own.
    """

    signs: frozenset[str]
    widths: Mapping[str, Mapping[str, int]]
    fonts: Mapping[str, CoreFont | TTFFont]
    objects: tuple[PDFObject, ...]
    roots: Mapping[int, int]


@lru_cache(maxsize=1)
def lettering() -> Lettering:
    """Return the letters, made ready at the first call: about 0.2 s."""
    pdf = FPDF()
    letters = {style: _letters(style) for style in _STYLES}
    widths = {}
    with tempfile.TemporaryDirectory(prefix="camtool-") as folder:
        for style in _STYLES:
            path = Path(folder, f"{FAMILY}{style}.ttf")
            path.write_bytes(_small_font(style, letters[style]))
            pdf.add_font(FAMILY, style, path)
            font = pdf.fonts[f"{FAMILY.lower()}{style}"]
            if isinstance(font, TTFFont):  # it is; fpdf2's own fonts are of another kind
                font.ttfont.ensureDecompiled(recurse=False)  # its file goes away now
                for letter in sorted(letters[style]):
                    font.subset.pick(letter)
                widths[style] = {chr(letter): int(font.cw[letter]) for letter in letters[style]}
        objects, roots = _FontsAlone(pdf).made()
    signs = frozenset(map(chr, frozenset.intersection(*letters.values())))
    return Lettering(signs, widths, dict(pdf.fonts), objects, roots)


def _letters(style: str) -> frozenset[int]:
    """Return which of the letters we need a style of the font can draw."""
    with TTFont(_STYLES[style], lazy=True) as font:
        return _SHOWN & frozenset(font.getBestCmap())


def _small_font(style: str, letters: frozenset[int]) -> bytes:
    """Return the font with these letters only, as TrueType; 25 kB of 300."""
    options = subset.Options(recalc_timestamp=False, hinting=False, notdef_outline=True)
    options.drop_tables = [*options.drop_tables, "GPOS", "GSUB", "GDEF"]
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=sorted(letters))
    with TTFont(_STYLES[style], lazy=True, recalcTimestamp=False) as font:
        chosen.subset(font)
        out = BytesIO()
        font.save(out)
    return out.getvalue()


class _FontsAlone(OutputProducer):
    """Makes the fonts' objects, and no document."""

    def made(self) -> tuple[tuple[PDFObject, ...], dict[int, int]]:
        """Return the objects, and the place of each font among them by fpdf2's number of it."""
        fonts = self._add_fonts({}, {}, {})
        objects: list[Any] = self.pdf_objs
        return tuple(objects), {number: objects.index(font) for number, font in fonts.items()}


class Ready(OutputProducer):
    """Writes a document whose fonts are ready. One document at a time: the objects get their numbers from it."""

    def _add_fonts(self, *_others: object) -> dict[int, PDFFont | PDFType3Font]:
        ready = lettering()
        objects: tuple[Any, ...] = ready.objects
        for each in objects:
            self._add_pdf_obj(each, "fonts")
        return {number: objects[place] for number, place in ready.roots.items()}


class Paper(FPDF):
    """A4 with our letters."""

    def __init__(self) -> None:
        super().__init__(format="A4")
        self.fonts.update(lettering().fonts)

    def squares(self, rows: list[list[bool]], left_mm: float, top_mm: float, side_mm: float) -> None:
        """Fill the squares that are set, as one path: a rectangle for each run of them in a row.

        fpdf2's own rect() takes 10 ms for the 400 of one QR code. The unit of length is a square's side meanwhile.
        """
        each_pt, left_pt, below_pt = side_mm * self.k / len(rows), left_mm * self.k, (self.h - top_mm) * self.k
        drawn = [f"q {each_pt:.6f} 0 0 {each_pt:.6f} {left_pt:.3f} {below_pt:.3f} cm"]
        for down, row in enumerate(rows, 1):
            runs = (run.span() for run in _RUN.finditer(bytes(row)))
            drawn += [f"{start} {-down} {end - start} 1 re" for start, end in runs]
        self._out("\n".join([*drawn, "f", "Q"]))
