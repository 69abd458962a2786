"""One A4 page as PDF: Roboto, composed text (NFC), every sign checked, the same bytes for the same content.

A sign that the font lacks is an error, never an empty box. The font is cut down once a process to the letters that
Vietnamese and English are written with, because fpdf2 reads the whole font again for every page otherwise (25 ms).
"""

import datetime as dt
import tempfile
import unicodedata
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Literal

import font_roboto
from fontTools import subset
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import CoreFont, TTFFont

from camtool import __version__
from camtool.core.pathtext import printable
from camtool.errors import NoGlyph

Align = Literal["L", "C", "R"]

FAMILY = "Roboto"
PAGE_MM = (210, 297)
POINT_MM = 25.4 / 72
# The height of a line in sizes of its letters: room for stacked accents (Ễ).
LEADING = 1.28
_STYLES = {"": font_roboto.Roboto, "B": font_roboto.RobotoBold}
# Basic Latin to Latin Extended-A (with ă â đ ê ô), ơ and ư, ạ to ỹ, dashes and quotation marks and …, đồng and euro.
_SHOWN = frozenset(
    (*range(0x20, 0x180), 0x1A0, 0x1A1, 0x1AF, 0x1B0, *range(0x1EA0, 0x1EFA), *range(0x2010, 0x2027), 0x20AB, 0x20AC)
)


@lru_cache(maxsize=2)
def _letters(style: str) -> frozenset[int]:
    """Return which of the letters we need a style of the font can draw."""
    with TTFont(_STYLES[style], lazy=True) as font:
        return _SHOWN & frozenset(font.getBestCmap())


@lru_cache(maxsize=2)
def _small_font(style: str) -> bytes:
    """Return the font with Latin and Vietnamese letters only, as TrueType; 25 kB of 300."""
    options = subset.Options(recalc_timestamp=False, hinting=False, notdef_outline=True)
    options.drop_tables = [*options.drop_tables, "GPOS", "GSUB", "GDEF"]
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=sorted(_letters(style)))
    with TTFont(_STYLES[style], lazy=True, recalcTimestamp=False) as font:
        chosen.subset(font)
        out = BytesIO()
        font.save(out)
    return out.getvalue()


@lru_cache(maxsize=1)
def _signs() -> frozenset[str]:
    """Return the signs that every style can draw."""
    return frozenset(map(chr, frozenset.intersection(*(_letters(style) for style in _STYLES))))


@lru_cache(maxsize=4096)
def composed(text: str) -> str:
    """Return one line of text in NFC. Raises NoGlyph where it holds a sign that the page could not show."""
    text = unicodedata.normalize("NFC", printable(text))
    if not _signs().issuperset(text):
        missing = next(sign for sign in text if sign not in _signs())
        raise NoGlyph(sign=printable(missing), text=text)
    return text


def spelt(text: str) -> str:
    r"""Return a text that nobody here chose (a recorder's file name); what cannot be shown is written as `\u5e02`."""
    text = unicodedata.normalize("NFC", printable(text))
    return "".join(sign if sign in _signs() else rf"\u{ord(sign):04x}" for sign in text)


class Page:
    """One A4 page in the making; lengths in mm, sizes of letters in points. Where it ends up too long: `left_mm`."""

    def __init__(self, title: str, made_us: int, margin_mm: float = 20, language: str = "vi") -> None:
        pdf = self._pdf = FPDF(format="A4")
        pdf.set_auto_page_break(False)
        pdf.set_margins(margin_mm, 12, margin_mm)
        pdf.c_margin = 0
        pdf.set_title(title)
        pdf.set_producer(f"camtool {__version__}")
        pdf.set_creator(f"camtool {__version__}")
        pdf.set_lang(language)
        # The instant of sealing, not of printing: the same package gives the same bytes.
        pdf.set_creation_date(dt.datetime.fromtimestamp(made_us // 1_000_000, dt.UTC))
        with tempfile.TemporaryDirectory(prefix="camtool-") as folder:
            for style in _STYLES:
                path = Path(folder, f"{FAMILY}{style}.ttf")
                path.write_bytes(_small_font(style))
                pdf.add_font(FAMILY, style, path)
                _read_whole(pdf.fonts[f"{FAMILY.lower()}{style}"])
        pdf.add_page()

    @property
    def width_mm(self) -> float:
        """The width between the margins."""
        return float(self._pdf.epw)

    @property
    def margin_mm(self) -> float:
        """The left margin."""
        return float(self._pdf.l_margin)

    @property
    def y_mm(self) -> float:
        """How far down the page the next line begins."""
        return float(self._pdf.get_y())

    def to(self, y_mm: float) -> None:
        """Go to a height of the page."""
        self._pdf.set_xy(self.margin_mm, y_mm)

    def down(self, by_mm: float) -> None:
        """Leave room."""
        self.to(self.y_mm + by_mm)

    def length_mm(self, text: str, size_pt: float, style: str = "") -> float:
        """Return how wide one line is."""
        self._pdf.set_font(FAMILY, style, size_pt)
        return float(self._pdf.get_string_width(composed(text)))

    def line(
        self,
        text: str,
        size_pt: float = 10,
        style: str = "",
        align: Align = "L",
        *,
        left_mm: float = 0,
        width_mm: float | None = None,
        height_mm: float | None = None,
        fit: bool = False,
        stay: bool = False,
    ) -> None:
        """Write one line from left_mm of the margin on, and go below it, unless it is to stay.

        With fit, letters are made smaller until the line goes in. Raises NoGlyph.
        """
        text = composed(text)
        room_mm = self.width_mm - left_mm if width_mm is None else width_mm
        if fit:
            wide_mm = self.length_mm(text, size_pt, style)
            size_pt = size_pt * min(1.0, room_mm / wide_mm) if wide_mm else size_pt
        self._pdf.set_font(FAMILY, style, size_pt)
        y_mm = self.y_mm
        self._pdf.set_x(self.margin_mm + left_mm)
        height_mm = height_mm or size_pt * POINT_MM * LEADING
        self._pdf.cell(room_mm, height_mm, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.to(y_mm if stay else y_mm + height_mm)

    def lines_of(self, text: str, size_pt: float, width_mm: float, style: str = "") -> list[str]:
        """Break a text into lines that fit a width; a word that is too long for one is broken."""
        lines: list[str] = []
        rest, rest_mm, space_mm = "", 0.0, self.length_mm(" ", size_pt, style)
        for word in composed(text).split(" "):
            word_mm = self.length_mm(word, size_pt, style)
            while word_mm > width_mm:
                cut = next(n for n in range(len(word), 0, -1) if self.length_mm(word[:n], size_pt, style) <= width_mm)
                if rest:
                    lines.append(rest)
                    rest = ""
                lines.append(word[:cut])
                word = word[cut:]
                word_mm = self.length_mm(word, size_pt, style)
            # Letters are set one after another, without kerning: widths add up.
            if not rest or rest_mm + space_mm + word_mm <= width_mm:
                rest, rest_mm = (f"{rest} {word}", rest_mm + space_mm + word_mm) if rest else (word, word_mm)
            else:
                lines.append(rest)
                rest, rest_mm = word, word_mm
        return [*lines, rest] if rest or not lines else lines

    def text(
        self,
        text: str,
        size_pt: float = 10,
        style: str = "",
        align: Align = "L",
        *,
        left_mm: float = 0,
        width_mm: float | None = None,
        most: int | None = None,
    ) -> None:
        """Write a paragraph, of at most so many lines: the last ends in … where more would follow. Raises NoGlyph."""
        room_mm = self.width_mm - left_mm if width_mm is None else width_mm
        lines = self.lines_of(text, size_pt, room_mm, style)
        if most is not None and len(lines) > most:
            lines = [*lines[: most - 1], self.shortened(f"{lines[most - 1]} …", size_pt, room_mm, style)]
        for each in lines:
            self.line(each, size_pt, style, align, left_mm=left_mm, width_mm=room_mm)

    def shortened(self, text: str, size_pt: float, width_mm: float, style: str = "") -> str:
        """Return a line that goes into a width, its end cut off with … where it must be."""
        text = composed(text)
        if self.length_mm(text, size_pt, style) <= width_mm:
            return text
        while text and self.length_mm(f"{text}…", size_pt, style) > width_mm:
            text = text[:-1].rstrip("… ")
        return f"{text}…"

    def blank(self, left_mm: float, width_mm: float, y_mm: float) -> None:
        """Draw a dotted line to write on."""
        self._pdf.set_dash_pattern(dash=0.3, gap=0.9)
        self._pdf.set_line_width(0.25)
        self._pdf.line(self.margin_mm + left_mm, y_mm, self.margin_mm + left_mm + width_mm, y_mm)
        self._pdf.set_dash_pattern()

    def rule(self, left_mm: float, width_mm: float, y_mm: float, thick_mm: float = 0.2) -> None:
        """Draw a line."""
        self._pdf.set_line_width(thick_mm)
        self._pdf.line(self.margin_mm + left_mm, y_mm, self.margin_mm + left_mm + width_mm, y_mm)

    def box(self, left_mm: float, top_mm: float, width_mm: float, height_mm: float) -> None:
        """Draw a frame."""
        self._pdf.set_line_width(0.3)
        self._pdf.rect(self.margin_mm + left_mm, top_mm, width_mm, height_mm)

    def squares(self, rows: list[list[bool]], left_mm: float, top_mm: float, side_mm: float) -> None:
        """Draw a QR code's modules; the quiet zone is the caller's."""
        each_mm = side_mm / len(rows)
        for down, row in enumerate(rows):
            across = 0
            while across < len(row):
                if not row[across]:
                    across += 1
                    continue
                end = next((n for n in range(across, len(row)) if not row[n]), len(row))
                x_mm, y_mm = self.margin_mm + left_mm + across * each_mm, top_mm + down * each_mm
                self._pdf.rect(x_mm, y_mm, (end - across) * each_mm, each_mm, style="F")
                across = end

    def bytes(self) -> bytes:
        """Return the finished page."""
        return bytes(self._pdf.output())


def _read_whole(font: CoreFont | TTFFont) -> None:
    """Read the tables that a font still has on the disk, and close its file: it goes away now."""
    if isinstance(font, TTFFont):
        font.ttfont.ensureDecompiled(recurse=False)
        font.ttfont.close()
