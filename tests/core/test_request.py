import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camtool.core.request import (
    HEADINGS,
    Cell,
    Column,
    Known,
    Request,
    Requests,
    Row,
    bare,
    camera_numbers,
    columns_of,
    moment_text,
    read_requests,
)
from camtool.core.timetext import from_rfc3339
from camtool.errors import CamtoolError, CaseClosed, UnknownCase, UnreadableCameras

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW_US = from_rfc3339("2026-11-24T12:00:00+07:00")
HEAD = ("Hồ sơ", "Camera", "Từ", "Đến", "Lý do", "Cán bộ")
GOOD = ("Trộm xe máy", "3", "23/11/2026 17:03", "23/11/2026 17:05", "đơn của ông A", "Nguyễn Văn B")


def case_fault(number: str) -> CamtoolError | None:
    known = {"HS-2026-0001": None, "HS-2026-0002": CaseClosed(case=number)}
    return known.get(number, UnknownCase(case=number))


def known(officer: str | None = None) -> Known:
    return Known((1, 2, 3, 4), case_fault, officer, NOW_US, ZONE)


def table(*rows: tuple[str | Cell, ...], head: tuple[str, ...] = HEAD) -> list[Row]:
    cells = [tuple(each if isinstance(each, Cell) else Cell(each) for each in row) for row in (head, *rows)]
    return [Row(number, row) for number, row in enumerate(cells, 1)]


def one(*row: str | Cell, head: tuple[str, ...] = HEAD, officer: str | None = None) -> Request:
    read = read_requests(table(row, head=head), known(officer))
    assert read.faults == ()
    return read.requests[0]


def faults(read: Requests) -> list[tuple[int, str | None, str]]:
    assert read.requests == ()
    return [(fault.row, fault.column and str(fault.column), type(fault.error).__name__) for fault in read.faults]


def changed(**cells: str | Cell) -> tuple[str | Cell, ...]:
    places = dict(zip(("case", "camera", "start", "end", "reason", "officer"), range(6), strict=True))
    row: list[str | Cell] = list(GOOD)
    for name, cell in cells.items():
        row[places[name]] = cell
    return tuple(row)


def test_a_row_is_a_request():
    request = one(*GOOD)
    assert (request.row, request.case, request.title, request.kind) == (2, None, "Trộm xe máy", "other")
    assert request.cameras == (3,)
    assert request.window.start_us == from_rfc3339("2026-11-23T17:03:00+07:00")
    assert request.window.end_us == from_rfc3339("2026-11-23T17:05:00+07:00")
    assert (request.reason, request.officer) == ("đơn của ông A", "Nguyễn Văn B")


@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        ("CASE", "cameras", "From", "TO", "reason", "Officer"),
        ("số hồ sơ", "Cam", "Từ lúc", "đến  lúc", "LÍ DO", "Người yêu cầu"),
        ("ho so", "camera so", "tu", "den", "ly do", "can bo"),
        ("Case number", "Camera(s)", "Start", "End", "Why", "Requested by"),
    ],
)
def test_headings_are_vietnamese_or_english_however_they_are_typed(head):
    assert one(*GOOD, head=head).content == one(*GOOD).content


def test_columns_stand_in_any_order_and_others_are_named():
    head = ("Ghi chú", *reversed(HEAD), "STT")
    read = read_requests(table(("x", *reversed(GOOD), "1"), head=head), known())
    assert read.requests[0].content == one(*GOOD).content
    assert read.unused == ("Ghi chú", "STT")


def test_what_is_missing_or_twice_in_the_headings_is_said_with_what_means_nothing():
    read = read_requests(table(GOOD, head=("Hồ sơ", "Case", "Từ", "Đến", "Vì sao", "Cán bộ")), known())
    assert faults(read) == [
        (1, "case", "ColumnTwice"),
        (1, "camera", "ColumnMissing"),
        (1, "reason", "ColumnMissing"),
        (1, None, "ColumnUnknown"),
    ]
    assert "Vì sao" in str(read.faults[-1].error)
    assert faults(read_requests([], known()))[0] == (1, "case", "ColumnMissing")


def test_no_two_headings_mean_the_same():
    names = [bare(name) for vi, en, more in HEADINGS.values() for name in {bare(vi), bare(en), *map(bare, more)}]
    assert len(names) == len(set(names))
    assert tuple(HEADINGS) == tuple(Column)


def test_rows_without_text_are_passed_over_above_the_headings_too():
    rows = [Row(1, ()), Row(2, (Cell(),)), Row(3, table()[0].cells), Row(4, ()), Row(5, tuple(map(Cell, GOOD)))]
    read = read_requests(rows, known())
    assert [request.row for request in read.requests] == [5]


def test_every_fault_of_every_row_is_told_at_once():
    read = read_requests(
        table(
            GOOD,
            changed(case="", camera="9", start="32/13/2026"),
            changed(case="HS-2026-0002", camera="ba", end=""),
            changed(case="HS-2026-0009", end="23/11/2026 17:03"),
            changed(case="HS-26-1", reason="", officer="x" * 101),
            changed(case="a\u202eb", camera="4-1"),
        ),
        known(),
    )
    assert faults(read) == [
        (3, "case", "ValueMissing"),
        (3, "camera", "UnknownCamera"),
        (3, "from", "UnreadableTime"),
        (4, "case", "CaseClosed"),
        (4, "camera", "UnreadableCameras"),
        (4, "to", "ValueMissing"),
        (5, "case", "UnknownCase"),
        (5, "to", "BackwardsWindow"),
        (6, "case", "NotACaseNumber"),
        (6, "reason", "ValueMissing"),
        (6, "officer", "UnfitText"),
        (7, "case", "UnfitText"),
        (7, "camera", "UnreadableCameras"),
    ]


def test_the_same_request_twice_is_a_fault_even_where_it_is_put_otherwise():
    again = changed(start="17h03 ngày 23/11/2026", end="hôm qua 17:05", camera="3,3")
    assert faults(read_requests(table(GOOD, again), known())) == [(3, None, "RequestTwice")]


def test_a_case_number_in_any_letters_is_a_case_and_any_other_text_a_title():
    assert (one(*changed(case="hs-2026-0001")).case, one(*changed(case="hs-2026-0001")).title) == ("HS-2026-0001", "")
    assert one(*changed(case="Hồ sơ 12")).title == "Hồ sơ 12"
    assert one(*changed(case="<script>alert(1)</script>")).title == "<script>alert(1)</script>"


def test_who_answers_where_a_row_names_nobody():
    assert one(*changed(officer=""), officer="Trần C").officer == "Trần C"
    assert one(*GOOD[:5], head=HEAD[:5], officer="Trần C").officer == "Trần C"
    assert faults(read_requests(table(changed(officer="")), known())) == [(2, "officer", "ValueMissing")]


@pytest.mark.parametrize(
    ("text", "kind"), [("", "other"), ("theft", "theft"), ("Trộm cắp", "theft"), ("tai nạn giao thông", "traffic")]
)
def test_a_kind_may_be_named_in_either_language(text, kind):
    assert one(*GOOD, text, head=(*HEAD, "Loại")).kind == kind


def test_a_kind_that_there_is_not_is_a_fault():
    assert faults(read_requests(table((*GOOD, "x"), head=(*HEAD, "Kind")), known())) == [(2, "kind", "NoSuchKind")]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3", (3,)),
        ("3,4", (3, 4)),
        ("4; 3", (3, 4)),
        ("1-3", (1, 2, 3)),
        ("1 \u2013 3", (1, 2, 3)),
        ("2 4", (2, 4)),
        ("all", (1, 2, 3, 4)),
        ("Tất cả", (1, 2, 3, 4)),
        ("*", (1, 2, 3, 4)),
    ],
)
def test_cameras(text, numbers):
    assert one(*changed(camera=text)).cameras == numbers


@given(st.text(max_size=12))
def test_any_other_text_is_no_camera(text):
    try:
        numbers = camera_numbers(text)
    except UnreadableCameras:
        return
    assert numbers
    assert all(0 <= number <= 999_999 for number in numbers)


def test_a_date_in_the_camera_column_is_what_excel_made_of_1_4():
    cell = Cell("01/04/2026 00:00:00", dt.datetime(2026, 4, 1))
    assert faults(read_requests(table(changed(camera=cell)), known())) == [(2, "camera", "WasMadeADate")]


@pytest.mark.parametrize("microsecond", [0, 400_000, 999_999])
def test_a_real_date_is_read_as_the_second_that_was_meant(microsecond):
    moment = dt.datetime(2026, 11, 23, 17, 2 if microsecond == 999_999 else 3, 0)
    if microsecond == 999_999:
        moment = moment.replace(second=59)
    moment = moment.replace(microsecond=microsecond)
    cell = Cell(moment_text(moment), moment)
    assert one(*changed(start=cell)).window.start_us == from_rfc3339("2026-11-23T17:03:00+07:00")


def test_day_first_holds_in_a_list_too():
    assert one(*changed(start="05/11/2026 10:00")).window.start_us == from_rfc3339("2026-11-05T10:00:00+07:00")


def test_columns_of_an_empty_row():
    places, unused, wrong = columns_of(Row(1, ()))
    assert (places, unused, len(wrong)) == ({}, (), 5)
