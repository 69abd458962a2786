"""One A4 page as PDF: Roboto, composed text (NFC), every sign checked, the same bytes for the same content.

A sign that the font lacks is an error, never an empty box. What fpdf2 does again for every document, and for every
measured word, is done once or done here: a list of a hundred requests makes two hundred pages (docs/speed.md).
"""

import datetime as dt
from functools import lru_cache
from typing import Literal

from camtool import __version__
from camtool.core.canonical import nfc
from camtool.core.pathtext import printable
from camtool.errors import NoGlyph
from camtool.evidence.lettering import FAMILY, Paper, Ready, lettering

Align = Literal["L", "C", "R"]

POINT_MM = 25.4 / 72
# The height of a line in sizes of its letters: room for stacked accents (Ễ).
LEADING = 1.28
# Where letters stand in a line's height, as fpdf2's cell() has it: half the height and 0.3 of their size down.
_BASELINE_HEIGHTS, _BASELINE_SIZES = 0.5, 0.3


@lru_cache(maxsize=4096)
def composed(text: str) -> str:
    """Return one line of text in NFC. Raises NoGlyph where it holds a sign that the page could not show."""
    text = nfc(printable(text))
    signs = lettering().signs
    for sign in text:
        if sign not in signs:
            raise NoGlyph(sign=printable(sign), text=text)
    return text


def spelt(text: str) -> str:
    r"""Return a text that nobody here chose (a recorder's file name); what cannot be shown is written as `\u5e02`."""
    text, signs = nfc(printable(text)), lettering().signs
    return "".join(sign if sign in signs else rf"\u{ord(sign):04x}" for sign in text)


class Page:
    """One A4 page in the making; lengths in mm, sizes of letters in points. left_mm counts from the left margin."""

    def __init__(self, title: str, made_us: int, margin_mm: float = 20) -> None:
        pdf = self._pdf = Paper()
        pdf.set_auto_page_break(False)
        pdf.set_margins(margin_mm, 12, margin_mm)
        pdf.c_margin = 0
        pdf.set_title(title)
        pdf.set_producer(f"camtool {__version__}")
        pdf.set_creator(f"camtool {__version__}")
        pdf.set_lang("vi")
        # The instant of sealing, not of printing: the same package gives the same bytes.
        pdf.set_creation_date(dt.datetime.fromtimestamp(made_us // 1_000_000, dt.UTC))
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
        return sum(map(lettering().widths[style].__getitem__, composed(text))) * size_pt * POINT_MM / 1000

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
        height_mm = height_mm or size_pt * POINT_MM * LEADING
        spare_mm = 0.0 if align == "L" else room_mm - self.length_mm(text, size_pt, style)
        x_mm = self.margin_mm + left_mm + (spare_mm / 2 if align == "C" else spare_mm)
        y_mm = self.y_mm
        self._pdf.set_font(FAMILY, style, size_pt)
        base_mm = y_mm + _BASELINE_HEIGHTS * height_mm + _BASELINE_SIZES * size_pt * POINT_MM
        self._pdf.text(x_mm, base_mm, text)
        self.to(y_mm if stay else y_mm + height_mm)

    def lines_of(self, text: str, size_pt: float, width_mm: float) -> list[str]:
        """Break a text into lines that fit a width; a word that is too long for one is broken."""
        lines: list[str] = []
        rest, rest_mm, space_mm = "", 0.0, self.length_mm(" ", size_pt)
        for word in composed(text).split(" "):
            word_mm = self.length_mm(word, size_pt)
            while word_mm > width_mm:
                cut = next(n for n in range(len(word), 0, -1) if self.length_mm(word[:n], size_pt) <= width_mm)
                if rest:
                    lines.append(rest)
                    rest = ""
                lines.append(word[:cut])
                word = word[cut:]
                word_mm = self.length_mm(word, size_pt)
            # Letters are set one after another, without kerning: widths add up.
            if not rest or rest_mm + space_mm + word_mm <= width_mm:
                rest, rest_mm = (f"{rest} {word}", rest_mm + space_mm + word_mm) if rest else (word, word_mm)
            else:
                lines.append(rest)
                rest, rest_mm = word, word_mm
        return [*lines, rest] if rest or not lines else lines

    def text(self, text: str, size_pt: float = 10, *, most: int | None = None) -> None:
        """Write a paragraph, of at most so many lines: the last ends in … where more would follow. Raises NoGlyph."""
        lines = self.lines_of(text, size_pt, self.width_mm)
        if most is not None and len(lines) > most:
            lines = [*lines[: most - 1], self.shortened(f"{lines[most - 1]} …", size_pt, self.width_mm)]
        for each in lines:
            self.line(each, size_pt)

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

    def rule(self, left_mm: float, width_mm: float, y_mm: float) -> None:
        """Draw a line."""
        self._pdf.set_line_width(0.2)
        self._pdf.line(self.margin_mm + left_mm, y_mm, self.margin_mm + left_mm + width_mm, y_mm)

    def box(self, left_mm: float, top_mm: float, width_mm: float, height_mm: float) -> None:
        """Draw a frame."""
        self._pdf.set_line_width(0.3)
        self._pdf.rect(self.margin_mm + left_mm, top_mm, width_mm, height_mm)

    def squares(self, rows: list[list[bool]], left_mm: float, top_mm: float, side_mm: float) -> None:
        """Draw a QR code's modules; the quiet zone is the caller's."""
        self._pdf.squares(rows, self.margin_mm + left_mm, top_mm, side_mm)

    def bytes(self) -> bytes:
        """Return the finished page."""
        return bytes(self._pdf.output(output_producer_class=Ready))
