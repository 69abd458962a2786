"""A contact sheet: one picture for each event, A4 pages to print or to look through on a screen.

A derivative, never evidence: it says so itself, and each cell names the recording that it was made from.

A page is A4 upright at 200 dots an inch. The smallest letters are 18 dots, 6.5 points, the least that reads well in
print; so a page takes 20 events in 4 columns, and what is more goes to F-2.jpg, F-3.jpg and so on.
"""

import io
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from camtool.core.activity import Box
from camtool.errors import NothingToShow, OutputExists, UnfitName
from camtool.media.letters import fitted, length_px, put
from camtool.media.sheet_picture import GREY, INK, Size, pictured
from camtool.media.whole import whole

NOTICE = "Ảnh xem nhanh, không phải chứng cứ  ·  For viewing, not evidence"
FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}

DPI = 200
PAGE_PX: Size = (1654, 2339)  # ISO 216: 210 mm x 297 mm
LYING_PX: Size = (2339, 1654)
MARGIN_PX = 50  # 6.4 mm; office printers leave 4 to 5 mm white
GAP_PX = 24
HEAD_PX, FOOT_PX = 96, 40
SMALLEST_PX = 18
LINES = 4
# On a page upright, and on one that lies: nine cameras side by side are still 230 pixels wide each.
MOST_COLUMNS, MOST_LYING = 6, 9
# Few events are shown large: in the fewest columns that take them all on one page, and never in more than four.
USUAL_COLUMNS = 4
PAPER, RULE = (255, 255, 255), (200, 200, 200)


@dataclass(frozen=True, slots=True)
class Cell:
    """One event. image is uint8 RGB (height, width, 3), or None where there is none: then note says why.

    number is the event's; lines are what is to be read, four at most, the first in bold; source is the recording's
    path, drawn small. pixel_aspect is a pixel's width to its height.
    """

    image: NDArray[np.uint8] | None
    number: str
    camera: str
    lines: tuple[str, ...]
    source: str = ""
    box: Box | None = None
    pixel_aspect: Fraction = Fraction(1)
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where cells lie on a page; all in pixels of the page."""

    page: Size
    lines: int
    columns: int
    rows: int
    width_px: int
    picture_px: int
    name_px: int
    text_px: int
    height_px: int

    @property
    def cells(self) -> int:
        """How many cells a page holds."""
        return self.columns * self.rows


def write_sheet(
    cells: Iterable[Cell],
    out: Path,
    *,
    columns: int | None = None,
    lying: bool = False,
    lines: int = LINES,
    title: str,
    subtitle: str = "",
    total: int | None = None,
) -> tuple[Path, ...]:
    """Write a contact sheet, all its pages or none; return the pages' paths in order.

    cells may be made one by one: one page of small pictures is held. total is how many there will be, where that is
    known: it chooses the columns (1 to 6) unless they are given, and is what "page 1 of 3" is counted from. lying turns
    the page on its side, for up to 9 columns. lines is how many of a cell's lines there is room for.
    Raises UnfitName, NothingToShow, NoGlyph, OutputExists, DiskFull, NotAllowed, NoSuchFolder.
    """
    kind = FORMATS.get(out.suffix.lower())
    if kind is None:
        raise UnfitName(suffix=out.suffix, known=".jpg, .png")
    if out.exists():
        raise OutputExists(path=out)
    grid = _grid(columns or columns_for(total, lines), lying, lines)
    pages_total = None if total is None else math.ceil(total / grid.cells)
    # Encoded pages are a megabyte each at most; all are kept, because none may be named before the last is drawn.
    pages: list[bytes] = []
    coming = iter(cells)
    while held := list(islice(_drawn(coming, grid), grid.cells)):
        number = len(pages) + 1
        label = _label(number, pages_total)
        pages.append(_encoded(_page(held, grid, title, subtitle, label), kind))
    if not pages:
        raise NothingToShow
    paths = tuple(out if page == 1 else page_path(out, page) for page in range(1, len(pages) + 1))
    # The first page is named last: where it is, all are.
    with whole(*reversed(paths)) as drafts:
        for draft, page_bytes in zip(reversed(drafts), pages, strict=True):
            draft.write_bytes(page_bytes)
    return paths


def _label(page: int, pages: int | None) -> str:
    """Return which page it is of how many; nothing on one that is alone."""
    if pages is None:
        return str(page)
    return "" if pages == 1 else f"{page}/{max(pages, page)}"


def page_path(out: Path, page: int) -> Path:
    """Return the name of a page from the second on: F-2.jpg."""
    return out.with_name(f"{out.stem}-{page}{out.suffix}")


def columns_for(total: int | None, lines: int = LINES) -> int:
    """Return how many columns show so many cells as large as they go on one page; USUAL_COLUMNS on several."""
    if total is None:
        return USUAL_COLUMNS
    return next(
        (columns for columns in range(1, USUAL_COLUMNS) if total <= _grid(columns, lines=lines).cells), USUAL_COLUMNS
    )


def cell_width_px(columns: int, lying: bool = False) -> int:
    """Return how wide the pictures of a sheet of so many columns are."""
    return _grid(columns, lying).width_px


def _grid(columns: int, lying: bool = False, lines: int = LINES) -> _Grid:
    page = LYING_PX if lying else PAGE_PX
    columns = min(max(columns, 1), MOST_LYING if lying else MOST_COLUMNS)
    width_px = (page[0] - 2 * MARGIN_PX - (columns - 1) * GAP_PX) // columns
    picture_px = width_px * 9 // 16
    # Letters grow with the cell, but slower: a page of one picture is no poster.
    text_px = max(SMALLEST_PX, min(26, width_px // 21))
    name_px = text_px * 5 // 4
    height_px = picture_px + name_px * 7 // 4 + (lines + 1) * _step(text_px) + text_px // 3
    room_px = page[1] - 2 * MARGIN_PX - HEAD_PX - FOOT_PX
    rows = max(1, (room_px + GAP_PX) // (height_px + GAP_PX))
    return _Grid(page, lines, columns, rows, width_px, picture_px, name_px, text_px, height_px)


def _step(text_px: int) -> int:
    """From one line of text to the next; Vietnamese capitals carry two storeys of accents."""
    return text_px * 4 // 3


def _drawn(cells: Iterator[Cell], grid: _Grid) -> Iterator[Image.Image]:
    """Draw cell after cell, so that of the pictures given only one is held at a time."""
    for cell in cells:
        yield _cell(cell, grid)


def _cell(cell: Cell, grid: _Grid) -> Image.Image:
    image = Image.new("RGB", (grid.width_px, grid.height_px), PAPER)
    size: Size = (grid.width_px, grid.picture_px)
    image.paste(pictured(cell.image, cell.box, cell.pixel_aspect, cell.note, size, grid.text_px), (0, 0))
    draw = ImageDraw.Draw(image)
    y = grid.picture_px + grid.name_px * 3 // 2
    left = _badge(draw, cell.number, y, grid)
    put(draw, (left, y), fitted(cell.camera, grid.name_px, grid.width_px - left), grid.name_px, INK)
    y += grid.name_px // 4
    for place, line in enumerate(cell.lines[: grid.lines]):
        y += _step(grid.text_px)
        bold = place == 0
        put(draw, (0, y), fitted(line, grid.text_px, grid.width_px, bold), grid.text_px, INK, bold=bold)
    y += _step(grid.text_px)
    small = max(SMALLEST_PX - 2, grid.text_px * 3 // 4)
    put(draw, (0, y), fitted(cell.source, small, grid.width_px, bold=False), small, GREY, bold=False)
    return image


def _badge(draw: ImageDraw.ImageDraw, number: str, baseline_px: int, grid: _Grid) -> int:
    """Draw the event's number, white on dark; return where the name may begin."""
    size = grid.name_px
    width = length_px(number, size) + size * 3 // 4
    draw.rounded_rectangle(
        (0, baseline_px - size * 21 // 20, width, baseline_px + size * 5 // 20), radius=size // 4, fill=INK
    )
    put(draw, (width // 2, baseline_px), number, size, PAPER, anchor="ms")
    return width + size // 2


def _page(cells: list[Image.Image], grid: _Grid, title: str, subtitle: str, label: str) -> Image.Image:
    """Put cells on a page, which ends below the last row: nobody scrolls through white paper."""
    rows = math.ceil(len(cells) / grid.columns)
    width = grid.page[0]
    foot = MARGIN_PX + HEAD_PX + rows * (grid.height_px + GAP_PX)
    page = Image.new("RGB", (width, min(grid.page[1], foot + FOOT_PX + MARGIN_PX // 2)), PAPER)
    draw = ImageDraw.Draw(page)
    right = width - MARGIN_PX
    put(draw, (right, MARGIN_PX + 34), label, 30, INK, anchor="rs")
    room = right - MARGIN_PX - length_px(label, 30) - GAP_PX
    put(draw, (MARGIN_PX, MARGIN_PX + 34), fitted(title, 36, room), 36, INK)
    put(draw, (MARGIN_PX, MARGIN_PX + 72), fitted(subtitle, 24, right - MARGIN_PX, bold=False), 24, GREY, bold=False)
    for place, cell in enumerate(cells):
        row, column = divmod(place, grid.columns)
        page.paste(
            cell,
            (
                MARGIN_PX + column * (grid.width_px + GAP_PX),
                MARGIN_PX + HEAD_PX + row * (grid.height_px + GAP_PX),
            ),
        )
    draw.line((MARGIN_PX, foot, right, foot), fill=RULE, width=1)
    put(draw, (width // 2, foot + 28), NOTICE, SMALLEST_PX, GREY, bold=False, anchor="ms")
    return page


def _encoded(page: Image.Image, kind: str) -> bytes:
    """Return a page as JPEG or PNG with its resolution, so that it prints as A4."""
    held = io.BytesIO()
    if kind == "JPEG":
        # Without chroma subsampling: it frays thin coloured lines and small letters.
        page.save(held, kind, quality=90, subsampling=0, dpi=(DPI, DPI), comment=NOTICE.encode())
    else:
        page.save(held, kind, dpi=(DPI, DPI), compress_level=3)
    return held.getvalue()
