"""A list of requests as a file: CSV as Excel, LibreOffice and people write it, and XLSX; and templates of both."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from camtool.core.canonical import nfc
from camtool.core.request import Cell, Column, Row, moment_text
from camtool.errors import NoSuchFile, NotAFile, NotATable, UnfitName, mark
from camtool.media.whole import whole

ENDINGS = (".csv", ".xlsx")
# A list is typed by people: beyond this it is another kind of file.
_MOST_BYTES = 20_000_000
_MOST_ROWS = 20_000
_SEPARATORS = (";", ",", "\t")
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_NOT_UTF8 = mark("it is not UTF-8 text")
_NOT_XLSX = mark("it is not an XLSX file")
_TOO_LARGE = mark("it is too large for a list of requests")
_NO_SHEET = mark("it has no sheet that can be seen")
# Ours, headed by row 1; hints stand in a second sheet, so that every row below is a request.
_WIDTHS = {Column.CASE: 34, Column.CAMERA: 12, Column.FROM: 22, Column.TO: 22, Column.REASON: 40, Column.OFFICER: 24}
_EXAMPLE_ROWS = 500


def read_table(path: Path) -> list[Row]:
    """Read a .csv or .xlsx as rows. Raises UnfitName, NoSuchFile, NotAFile, NotATable."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise UnfitName(suffix=path.suffix, known=", ".join(ENDINGS))
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise NotATable(path=path, detail=_TOO_LARGE)
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise NoSuchFile(path=path) from error
    except IsADirectoryError as error:
        raise NotAFile(path=path) from error
    rows = list(_numbered(_csv(path, content) if ending == ".csv" else _xlsx(path, content)))
    if len(rows) > _MOST_ROWS:
        raise NotATable(path=path, detail=_TOO_LARGE)
    while rows and not any(cell.text for cell in rows[-1].cells):
        rows.pop()
    return rows


def _numbered(rows: Iterable[tuple[Cell, ...]]) -> Iterator[Row]:
    """Yield rows with the numbers that the spreadsheet shows."""
    for number, cells in enumerate(rows, 1):
        if number > _MOST_ROWS + 1:
            return
        yield Row(number, cells)


def _csv(path: Path, content: bytes) -> list[tuple[Cell, ...]]:
    coding = next((coding for bom, coding in _BOMS.items() if content.startswith(bom)), "utf-8")
    try:
        text = content.decode(coding)
    except UnicodeDecodeError as error:
        raise NotATable(path=path, detail=_NOT_UTF8) from error
    if "\0" in text:
        raise NotATable(path=path, detail=_NOT_UTF8)
    first, _, rest = text.partition("\n")
    separator = None
    if first.strip().lower().startswith("sep=") and len(first.strip()) <= 5:  # Excel's own line, which it hides
        separator, text = first.strip()[4:] or "\t", rest
    lines = text.splitlines()
    head = next((line for line in lines if line.strip()), "")
    # The separator is the one that the headings have most of; their names hold none of them.
    separator = separator or max(_SEPARATORS, key=head.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        return [tuple(Cell(_tidied(value)) for value in row) for row in reader]
    except csv.Error as error:
        raise NotATable(path=path, detail=str(error)) from error


def _tidied(text: str) -> str:
    # Excel writes a non-breaking space where a person pasted one.
    return nfc(text).replace("\xa0", " ").strip()


def _xlsx(path: Path, content: bytes) -> list[tuple[Cell, ...]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
        if sheet is None:
            raise NotATable(path=path, detail=_NO_SHEET)
        # The size that a file states may be wrong, or a million rows of formatted nothing.
        sheet.reset_dimensions()
        rows = [tuple(map(_cell, row)) for row in sheet.iter_rows(max_row=_MOST_ROWS + 2, values_only=True)]
        book.close()
    except NotATable:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers do: BadZipFile, KeyError, AttributeError …
        raise NotATable(path=path, detail=_NOT_XLSX) from error
    return rows


def _cell(value: Any) -> Cell:  # noqa: ANN401 - whatever a spreadsheet holds
    if value is None:
        return Cell()
    if isinstance(value, dt.datetime):
        return Cell(moment_text(value), value)
    if isinstance(value, dt.date):
        moment = dt.datetime.combine(value, dt.time())
        return Cell(moment_text(moment), moment)
    if isinstance(value, dt.time):
        return Cell(f"{value:%H:%M:%S}")
    if isinstance(value, float) and value.is_integer():
        return Cell(str(int(value)))
    return Cell(_tidied(str(value)))


def write_template(path: Path, headings: Sequence[str]) -> None:
    """Write an empty list with these headings, one for each column.

    Raises UnfitName, OutputExists, NoSuchFolder, NotAllowed, DiskFull.
    """
    if path.suffix.lower() not in ENDINGS:
        raise UnfitName(suffix=path.suffix, known=", ".join(ENDINGS))
    with whole(path.absolute()) as (draft,):
        if path.suffix.lower() == ".csv":
            draft.write_text(",".join(headings) + "\r\n", encoding="utf-8-sig", newline="")
        else:
            _write_xlsx(draft, headings)


def _write_xlsx(path: Path, headings: Sequence[str]) -> None:
    """Write the sheet: every cell is text, so that Excel makes no date of `1-4` and no month of a day."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "requests"
    sheet.append(list(headings))
    sheet.freeze_panes = "A2"
    for place, column in enumerate(Column, 1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(column, 20)
        for row in range(2, _EXAMPLE_ROWS + 2):
            sheet.cell(row, place).number_format = "@"
    with path.open("wb") as file:
        book.save(file)
