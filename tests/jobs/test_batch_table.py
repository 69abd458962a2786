import datetime as dt
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from camtool.core.request import HEADINGS, Column
from camtool.errors import NoSuchFile, NotAFile, NotATable, OutputExists, UnfitName
from camtool.jobs.batch_table import read_table, write_template

TEXT = 'Hồ sơ;Camera;Từ\r\n"Trộm ""xe""; nhà A";3;23/11/2026 17:03\r\n;;\r\nHai\u00a0dòng;"1,\n2";\r\n'
ROWS = [
    (1, ["Hồ sơ", "Camera", "Từ"]),
    (2, ['Trộm "xe"; nhà A', "3", "23/11/2026 17:03"]),
    (3, ["", "", ""]),
    (4, ["Hai dòng", "1,\n2", ""]),
]


def read(path: Path) -> list[tuple[int, list[str]]]:
    return [(row.number, [cell.text for cell in row.cells]) for row in read_table(path)]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_csv_as_excel_libreoffice_and_people_write_it(tmp_path, coding, end):
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.replace("\r\n", end).encode(coding))
    assert read(path) == ROWS


def test_separators(tmp_path):
    path = tmp_path / "a.csv"
    for text in ('A,B\n"x;y",2\n', "A;B\nx;y;2\n", "A\tB\nx\t2\n", "sep=;\nA;B\nx;2\n", "\nA,B\n1,2"):
        path.write_text(text, encoding="utf-8")
        assert [row[1][:2] for row in read(path)][-2] == ["A", "B"]
    path.write_text("sep=;\r\nA;B\r\nx,1;2\r\n", encoding="utf-8")
    assert read(path)[1] == (2, ["x,1", "2"])


@pytest.mark.parametrize("content", ["Lý do,Camera\n".encode("latin-1"), b"a,b\n\xff\xfe\x00", b"\0\0\0", b'a,"b\n'])
def test_what_is_no_table_is_said(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(NotATable):
        read_table(path)


def test_files_that_are_not_there_or_of_another_kind(tmp_path):
    with pytest.raises(NoSuchFile):
        read_table(tmp_path / "a.csv")
    with pytest.raises(UnfitName):
        read_table(tmp_path / "a.xls")
    (tmp_path / "b.xlsx").mkdir()
    with pytest.raises(NotAFile):
        read_table(tmp_path / "b.xlsx")
    (tmp_path / "c.xlsx").write_text("x", encoding="utf-8")
    with pytest.raises(NotATable):
        read_table(tmp_path / "c.xlsx")
    with zipfile.ZipFile(tmp_path / "d.xlsx", "w") as archive:
        archive.writestr("x", "x")
    with pytest.raises(NotATable):
        read_table(tmp_path / "d.xlsx")


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(20_000_001)
    with pytest.raises(NotATable):
        read_table(path)
    path.write_text("a\n" * 20_002, encoding="utf-8")
    with pytest.raises(NotATable):
        read_table(path)


def test_xlsx_with_real_dates_numbers_and_hidden_sheets(tmp_path):
    book = Workbook()
    hidden = book.worksheets[0]
    hidden.sheet_state = "hidden"
    sheet = book.create_sheet("yêu cầu")
    sheet.append(["Hồ sơ", "Camera", "Từ", "Đến"])
    sheet.append(["Trộm", 3, dt.datetime(2026, 11, 23, 17, 3), dt.date(2026, 11, 24)])
    sheet.append([None, 3.0, dt.time(17, 5), "=1+1"])
    sheet.cell(400, 1).number_format = "@"  # an empty cell that was formatted
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx") == [
        (1, ["Hồ sơ", "Camera", "Từ", "Đến"]),
        (2, ["Trộm", "3", "23/11/2026 17:03:00", "24/11/2026 00:00:00"]),
        (3, ["", "3", "17:05:00", ""]),  # a formula that was never computed holds nothing
    ]
    moments = [cell.moment for cell in read_table(tmp_path / "a.xlsx")[1].cells]
    assert moments == [None, None, dt.datetime(2026, 11, 23, 17, 3), dt.datetime(2026, 11, 24)]


def test_a_book_without_a_sheet_to_be_seen(tmp_path):
    book = Workbook()
    book.create_chartsheet("c")
    book.remove(book.worksheets[0])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(NotATable):
        read_table(tmp_path / "a.xlsx")


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_template_is_read_back(tmp_path, name):
    headings = [vi for vi, _, _ in HEADINGS.values()]
    write_template(tmp_path / name, headings)
    assert read(tmp_path / name) == [(1, headings)]
    with pytest.raises(OutputExists):
        write_template(tmp_path / name, headings)
    with pytest.raises(UnfitName):
        write_template(tmp_path / "a.txt", headings)
    if name == "a.xlsx":  # text cells: Excel makes no date of 1-4
        sheet = load_workbook(tmp_path / name).worksheets[0]
        assert [sheet.cell(2, place).number_format for place in range(1, len(Column) + 1)] == ["@"] * len(Column)
